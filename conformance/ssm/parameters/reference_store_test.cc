#include "conformance/ssm/parameters/reference_store.h"

#include <gtest/gtest.h>

namespace conformance::ssm::parameters::reference_store_test {
namespace {

TEST(ParameterNames, WithAndWithoutASlashAreOneButInHierarchies) {
  EXPECT_EQ(key_of("x"), "x");
  EXPECT_EQ(key_of("/x"), "x");
  EXPECT_EQ(key_of("/a/b"), "/a/b");
  EXPECT_EQ(key_of(""), "");
}

TEST(ParameterNames, AreReadWithSelectorsAndAsArns) {
  const auto expect = [](const char* text, const char* key, const char* shown, const char* selector) {
    const Asked asked = read_name(text);
    EXPECT_EQ(asked.key, key) << text;
    EXPECT_EQ(asked.shown, shown) << text;
    EXPECT_EQ(asked.selector, selector) << text;
  };
  expect("x", "x", "x", "");
  expect("/x:3", "x", "/x", "3");
  expect("/a/b:label", "/a/b", "/a/b", "label");
  expect("arn:aws:ssm:us-east-1:123456789012:parameter/x", "x", "x", "");
  expect("arn:aws:ssm:us-east-1:123456789012:parameter/a/b:2", "/a/b", "/a/b", "2");
}

TEST(ParameterNames, AreLevelsOfPlainCharacters) {
  for (const char* name : {"x", "/x", "/a/b", "A.b-c_9"}) EXPECT_FALSE(why_no_name(name)) << name;
  for (const char* name : {"", "/", "a b", "{x}", "a/b", "/a//b", "/a/", "\u00e9"})
    EXPECT_TRUE(why_no_name(name)) << name;
  EXPECT_EQ(levels_of("x"), 1U);
  EXPECT_EQ(levels_of("/a/b/c"), 3U);
  EXPECT_TRUE(begins_with_word("/AWS-x", "aws"));
  EXPECT_TRUE(begins_with_word("Ssm", "ssm"));
  EXPECT_FALSE(begins_with_word("/x/aws", "aws"));
}

TEST(ParameterPaths, BeginWithASlash) {
  for (const char* path : {"/", "/a", "/a/", "/a/b"}) EXPECT_TRUE(is_path(path)) << path;
  for (const char* path : {"", "a", "//", "/a//", "/###"}) EXPECT_FALSE(is_path(path)) << path;
}

TEST(ParameterPaths, HoldWhatIsBelowThemAndNoSibling) {
  EXPECT_TRUE(is_below("/app/a", "/app", false));
  EXPECT_TRUE(is_below("/app/a", "/app/", false));
  EXPECT_FALSE(is_below("/app/a/b", "/app", false));
  EXPECT_TRUE(is_below("/app/a/b", "/app", true));
  EXPECT_FALSE(is_below("/app2/a", "/app", true));
  EXPECT_FALSE(is_below("/app", "/app", true));
  EXPECT_TRUE(is_below("x", "/", false)) << "created without a slash";
}

TEST(ParameterLabels, BeginWithALetterThatIsNoReservedWord) {
  for (const char* label : {"a", "prod", "_x", "v1.0-b_c"}) EXPECT_TRUE(is_label(label)) << label;
  for (const char* label : {"", "1st", "aws-x", "SSM", "a label", "a/b"})
    EXPECT_FALSE(is_label(label)) << label;
  EXPECT_TRUE(is_label(std::string(100, 'l')));
  EXPECT_FALSE(is_label(std::string(101, 'l')));
}

TEST(ParameterVersions, AreFoundByNumberAndByLabel) {
  Parameter p;
  for (const int number : {1, 2, 3}) {
    Version v;
    v.number = number;
    if (number == 2) v.labels = {"chosen"};
    p.versions.push_back(v);
  }
  EXPECT_EQ(p.latest().number, 3);
  EXPECT_EQ(p.find("1")->number, 1);
  EXPECT_EQ(p.find("chosen")->number, 2);
  EXPECT_EQ(p.find(std::int64_t{3})->number, 3);
  EXPECT_EQ(p.find("99"), nullptr);
  EXPECT_EQ(p.find("another"), nullptr);
}

}  // namespace
}  // namespace conformance::ssm::parameters::reference_store_test
