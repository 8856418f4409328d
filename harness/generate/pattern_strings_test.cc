#include "harness/generate/pattern_strings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "harness/generate/pattern_tree.h"
#include "harness/generate/string_values.h"
#include "harness/model/pattern.h"
#include "harness/wire/json.h"

namespace harness::generate::pattern_strings_test {
namespace {

using model::Pattern;

// Patterns of published models, and what is special in each.
constexpr const char* kPatterns[] = {
    R"(^[a-zA-Z0-9_\-.]{3,128}$)",
    R"((?i)all|[0-9]{12})",
    R"(^(?i)all|[0-9]{12}$)",
    R"(([$]LATEST|[$]DEFAULT|[$]ALL))",
    R"(([$]LATEST|[$]DEFAULT|^[1-9][0-9]*$))",
    R"(^[\w\.\-\:\/ ]*$)",
    R"(^\/[\w\.\-\:\/]*$)",
    R"(^(?!\s*$).+$)",
    R"(^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$)",
    R"(^[\s\S]*\S[\s\S]*$)",
    R"(^(^i-(\w{8}|\w{17})$)|(^mi-\w{17}$)$)",
    R"(^(^mi-[0-9a-f]{17}$)|(^eks_c:[0-9A-Za-z][A-Za-z0-9\-_]{0,99}_\w{17}$)$)",
    R"(^https:\/\/[-a-zA-Z0-9@:%._\+~#=]{1,253}\.s3(\.[a-z\d-]{9,16})?\.amazonaws\.com\/.{1,2000}$)",
    R"(^https://.+$|^s3://([^/]+)/(.*?([^/]+))$)",
    R"(^arn:(aws[a-zA-Z-]*)?:ssm:[a-z0-9-\.]{0,63}:[a-z0-9-\.]{0,63}:opsmetadata\/([a-zA-Z0-9-_\.\/]*)$)",
    R"(^arn:)",
    R"(^.{1,100000}$)",
    R"(^[0-9]{1,6}(\.[0-9]{1,6}){2,3}$)",
    // RE2 folds before it takes the opposite: the Kelvin sign and the long s are in neither.
    R"((?i)\W{1,200})",
    R"((?i)[^a-z]{1,200})",
    R"((?i)[\W]{1,200})",
    R"((?i)\P{L}{1,200})",
};

const PatternNode& only_set(const PatternNode& node) {
  return node.kind == PatternNode::Kind::set ? node : only_set(node.children.at(0));
}

// Chance seldom meets the two characters that matter: the Kelvin sign and the long s.
TEST(PatternStrings, FoldedOppositesLeaveOutWhatFoldsToALetter) {
  for (const char* text : {R"((?i)\W)", R"((?i)[\W])", R"((?i)[^a-z])", R"((?i)\P{L})"}) {
    SCOPED_TRACE(text);
    const auto tree = read_pattern(text);
    ASSERT_TRUE(tree);
    const PatternNode& set = only_set(*tree);
    EXPECT_TRUE(set.inside.contains(U'!'));
    for (const char32_t c : {char32_t{0x212a}, char32_t{0x017f}}) {
      EXPECT_FALSE(set.inside.contains(c)) << static_cast<unsigned>(c);
      EXPECT_EQ(Pattern(text).match(utf8_of(c)), Pattern::Match::differs);
    }
  }
  EXPECT_TRUE(only_set(*read_pattern(R"(\W)")).inside.contains(0x212a))
      << "without folding it is no letter of ASCII";
}

TEST(PatternStrings, MembersMatchAndNonMembersDoNot) {
  for (const char* text : kPatterns) {
    SCOPED_TRACE(text);
    const auto strings = PatternStrings::of(text);
    ASSERT_TRUE(strings);
    const Pattern pattern(text);
    ASSERT_EQ(pattern.why_unsupported(), "");
    Random random(1);
    std::set<std::string> members;
    for (int i = 0; i < 500; ++i) {
      const std::string in = strings->member(random);
      members.insert(in);
      EXPECT_EQ(pattern.match(in), Pattern::Match::matches) << in;
      EXPECT_GE(wire::scalar_count(in), strings->shortest());
      EXPECT_LE(wire::scalar_count(in), strings->longest());
      const auto out = strings->non_member(random);
      EXPECT_TRUE(!out || pattern.match(*out) != Pattern::Match::matches) << *out;
    }
    EXPECT_GT(members.size(), text == std::string(R"(^arn:)") ? 0U : 2U);
  }
}

TEST(PatternStrings, NonMembersAreOfEveryKind) {
  const auto strings = *PatternStrings::of("^[a-z]{3,128}$");
  Random random(1);
  bool short_one = false;
  bool long_one = false;
  bool foreign = false;
  bool newline = false;
  for (int i = 0; i < 3000; ++i) {
    const std::string out = *strings.non_member(random);
    short_one = short_one || out.size() < 3;
    long_one = long_one || out.size() == 129;
    foreign = foreign || out.find('A') != std::string::npos;
    newline = newline || out.ends_with('\n');
  }
  EXPECT_TRUE(short_one && long_one && foreign && newline);
}

TEST(PatternStrings, EveryLengthComesUp) {
  const auto strings = *PatternStrings::of("^[a-z]{3,128}$");
  EXPECT_TRUE(strings.is_plain());
  Random random(1);
  std::set<std::size_t> lengths;
  for (int i = 0; i < 5000; ++i) lengths.insert(strings.member(random).size());
  EXPECT_EQ(lengths.size(), 126U);
  EXPECT_EQ(*lengths.begin(), 3U);
  EXPECT_EQ(*lengths.rbegin(), 128U);
}

TEST(PatternStrings, KnowsWhatItDoesNotSupport) {
  for (const char* text : {"(?=a)b",      "(?!a)b", R"((a)\1)", R"(\bx)",     "a^b",        "a$b",
                           "[[:alpha:]]", "(",      ")",        "[",          "a{2",        "*",
                           "a**",         "{1}",    "(?<x>a)",  R"(\p{Han})", "a{3,2}",     "(a{1000}){1000}",
                           "[b-a]",       "\\",     "\xff",     "a{02}",      "a{0,075248}"}) {
    EXPECT_FALSE(PatternStrings::of(text)) << text;
  }
  Random random(1);
  EXPECT_TRUE(PatternStrings::of(""));
  EXPECT_FALSE(PatternStrings::of(".*|\n|[\\s\\S]*")->non_member(random));
}

}  // namespace
}  // namespace harness::generate::pattern_strings_test
