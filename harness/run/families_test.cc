#include "harness/run/families.h"

#include <gmock/gmock.h>

namespace harness::run::families_test {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kJson = R"({
  "queues": {"title": "Message queues", "operations": ["*Queue*"]},
  "things": {"title": "Things", "operations": ["*Thing", "ListQueuesOfThings"]}})";

TEST(Families, AnOperationIsInTheFirstThatHasIt) {
  const auto families = load_families(kJson);
  ASSERT_TRUE(families.has_value()) << families.error().message;
  EXPECT_EQ(families->of("SendToQueue").key, "queues");
  EXPECT_EQ(families->of("GetThing").title, "Things");
  EXPECT_EQ(families->of("ListQueuesOfThings").key, "queues");
}

TEST(Families, WhatNoFamilyNamesIsInTheLast) {
  EXPECT_EQ(load_families(kJson)->of("GetThings").key, kOtherFamily);
  EXPECT_EQ(load_families(kJson)->all().back().key, kOtherFamily);
  EXPECT_EQ(Families().of("GetThing").key, kOtherFamily);
}

TEST(LoadFamilies, ErrorsNameTheFamily) {
  struct Row {
    const char* json;
    const char* says;
  };
  for (const Row& row : {Row{"[]", "not a JSON object"}, Row{"{", "not a JSON object"},
                         Row{R"({"a": 1})", "family a"}, Row{R"({"a": {"title": "A"}})", "family a needs"},
                         Row{R"({"a": {"title": "A", "operations": []}})", "family a needs"},
                         Row{R"({"a": {"title": "A", "operations": ["X", 1]}})", "family a needs"},
                         Row{R"({"a": {"operations": ["X"]}})", "family a needs"},
                         Row{R"({"other": {"title": "A", "operations": ["X"]}})", "family other holds"}}) {
    const auto families = load_families(row.json);
    ASSERT_FALSE(families.has_value()) << row.json;
    EXPECT_THAT(families.error().message, HasSubstr(row.says)) << row.json;
  }
}

}  // namespace
}  // namespace harness::run::families_test
