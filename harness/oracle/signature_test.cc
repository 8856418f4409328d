#include "harness/oracle/signature.h"

#include <gtest/gtest.h>

namespace harness::oracle::signature_test {
namespace {

TEST(Signature, ReadsTheSameAsItIsWritten) {
  const Signature one{"ListTables", "outcome/accepted", "range:Limit+required:Name", "200 {A:[],B:string}"};
  EXPECT_EQ(to_string(one), "ListTables|outcome/accepted|range:Limit+required:Name|200 {A:[],B:string}");
  EXPECT_EQ(parse_signature(to_string(one)), one);
  EXPECT_EQ(parse_signature("|||"), (Signature{"", "", "", ""}));
}

TEST(Signature, HasFourParts) {
  for (const char* text : {"", "a", "a|b|c", "a|b|c|d|e"}) EXPECT_FALSE(parse_signature(text)) << text;
}

}  // namespace
}  // namespace harness::oracle::signature_test
