#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "harness/generate/values.h"
#include "harness/wire/json.h"

namespace harness::generate::truncations_test {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

std::vector<std::pair<std::string, std::string>> cuts(const std::string& text) {
  std::vector<std::pair<std::string, std::string>> out;
  for (const auto& t : truncations(text)) out.emplace_back(t.label, t.text);
  return out;
}

const char* const kTexts[] = {
    R"({"Target":"i-1"})",
    R"({"Name":"Example","PermissionType":"Share"})",
    R"({ "Name" : "Example" , "MaxResults" : 20 })",
    R"({"A":[1,true,{"B":null}],"C":"x\"y","D":{},"E":[],"F":-1.5e3})",
    R"({"A":"\u00e9\\"})",
    R"({"Name":"abc","Names":"abc"})",
};

TEST(Truncations, AreNeverJsonAndNeverTheWhole) {
  for (const std::string text : kTexts) {
    const auto all = truncations(text);
    EXPECT_GE(all.size(), 5U) << text;
    for (const auto& t : all) {
      EXPECT_FALSE(wire::parse_json(t.text)) << t.label << ": " << t.text;
      EXPECT_LT(t.text.size(), text.size());
      EXPECT_TRUE(text.starts_with(t.text)) << t.label;
      EXPECT_NE(t.text, "");
    }
  }
}

TEST(Truncations, HaveLabelsOfTheirOwnAndAreTheSameEveryTime) {
  for (const std::string text : kTexts) {
    std::set<std::string> labels;
    for (const auto& t : truncations(text)) {
      EXPECT_TRUE(labels.insert(t.label).second) << t.label;
      EXPECT_EQ(t.label.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-"), std::string::npos)
          << t.label;
    }
    EXPECT_EQ(cuts(text), cuts(text));
  }
}

TEST(Truncations, StandAtEveryChangeOfAReadersState) {
  EXPECT_THAT(
      cuts(R"({"Ab":"cd","E":12})"),
      ElementsAre(
          Pair("after-open-body", "{"), Pair("after-quote-of-name-ab", R"({")"),
          Pair("inside-name-of-ab", R"({"A)"), Pair("after-name-of-ab", R"({"Ab")"),
          Pair("after-colon-of-ab", R"({"Ab":)"), Pair("after-quote-of-value-ab", R"({"Ab":")"),
          Pair("inside-value-of-ab", R"({"Ab":"c)"), Pair("after-value-of-ab", R"({"Ab":"cd")"),
          Pair("after-comma-of-ab", R"({"Ab":"cd",)"), Pair("after-quote-of-name-e", R"({"Ab":"cd",")"),
          Pair("inside-name-of-e", R"({"Ab":"cd","E)"), Pair("after-name-of-e", R"({"Ab":"cd","E")"),
          Pair("after-colon-of-e", R"({"Ab":"cd","E":)"), Pair("inside-value-of-e", R"({"Ab":"cd","E":1)"),
          Pair("after-value-of-e", R"({"Ab":"cd","E":12)")));
}

TEST(Truncations, APlaceholderIsNotCutInTwo) {
  for (const auto& t : truncations(R"({"Name":"{{document}}","PermissionType":"Share"})")) {
    EXPECT_EQ(t.text.find("{{") == std::string::npos, t.text.find("}}") == std::string::npos) << t.text;
  }
}

TEST(Truncations, OfNothingThereAreNone) {
  EXPECT_TRUE(truncations("").empty());
  EXPECT_THAT(cuts("{}"), ElementsAre(Pair("after-open-body", "{")));
}

}  // namespace
}  // namespace harness::generate::truncations_test
