#include "conformance/ssm/documents/reference_store.h"

#include <gtest/gtest.h>

namespace conformance::ssm::documents::reference_store_test {
namespace {

TEST(CanonicalAccount, IsTwelveDigitsOrAll) {
  EXPECT_EQ(canonical_account("012345678901"), "012345678901");
  for (const char* all : {"all", "All", "ALL", "aLL"}) EXPECT_EQ(canonical_account(all), "all") << all;
  for (const char* wrong : {"", "al", "allx", "xall", "01234567890", "0123456789012", "01234567890a", "all\n",
                            "x012345678901", " 012345678901"}) {
    EXPECT_EQ(canonical_account(wrong), std::nullopt) << wrong;
  }
}

TEST(ReservedName, HasAPrefixOfAws) {
  for (const char* name :
       {"AWS-RunShellScript", "aws-x", "awsx", "amazon-x", "AmazonCloudWatch-ManageAgent", "amzn-x"}) {
    EXPECT_TRUE(reserved_name(name)) << name;
  }
  for (const char* name : {"Example", "my-aws", "AW", "ama", "xAWS-"})
    EXPECT_FALSE(reserved_name(name)) << name;
}

}  // namespace
}  // namespace conformance::ssm::documents::reference_store_test
