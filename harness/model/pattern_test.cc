#include "harness/model/pattern.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace harness::model {

using Match = Pattern::Match;

void PrintTo(Match match, std::ostream* out) {
  static constexpr const char* kNames[] = {"matches", "differs", "ambiguous", "unsupported"};
  *out << kNames[static_cast<int>(match)];
}

namespace {

using namespace std::string_literals;
using Strings = std::vector<std::string>;

void expect_all(const Pattern& pattern, Match expected, const Strings& strings) {
  for (const auto& s : strings) {
    EXPECT_EQ(pattern.match(s), expected)
        << pattern.text() << " on \"" << ::testing::PrintToString(s) << "\"";
  }
}

TEST(Pattern, DocumentNamesAreCertainOnEveryString) {
  const Pattern name("^[a-zA-Z0-9_\\-.]{3,128}$");
  EXPECT_EQ(name.text(), "^[a-zA-Z0-9_\\-.]{3,128}$");
  EXPECT_EQ(name.why_unsupported(), "");
  expect_all(name, Match::matches, {"abc", "A-9", "...", "a_b", std::string(128, 'x')});
  expect_all(name, Match::differs,
             {"", "ab", std::string(129, 'x'), "a b", "abc!", "!abc", "a/b", "abc:1", "a\\bc", "abc$"});
}

TEST(Pattern, AFinalNewlineIsNotLetThrough) {
  const Pattern name("^[a-z]{3,8}$");
  expect_all(name, Match::differs, {"abc\n", "abc\r\n", "\nabc", "abc\nabc", "abc\0"s, "\0abc"s});
}

TEST(Pattern, LettersAndDigitsBeyondAsciiAreNoneInAClass) {
  const Pattern name("^[a-zA-Z0-9_\\-.]{3,128}$");
  // An accent, a Cyrillic a, full-width and Arabic digits, the Kelvin sign, a letter of four bytes.
  expect_all(name, Match::differs,
             {"ab\u00e9", "\u0430bc", "ab\uff11", "ab\u0663", "ab\u212a", "ab\U00020000"});
  // The same for \w and \d, which are ASCII unless a pattern says otherwise.
  expect_all(Pattern("^\\w{1,9}$"), Match::differs, {"\u00e9", "\u0430"});
  expect_all(Pattern("^\\d$"), Match::differs, {"\u0663", "\uff11"});
}

TEST(Pattern, ACharacterIsOneWhateverItsBytes) {
  const Pattern two("^.{2}$");
  expect_all(two, Match::matches, {"ab", "\u00e9\u00e9", "\u4e2d\u4e2d", "\U0001f600\U0001f600"});
  expect_all(two, Match::differs, {"\u00e9", "\U0001f600", "\u00e9\u00e9\u00e9"});
}

TEST(Pattern, UnicodeClassesAreUnderstood) {
  const Pattern tag("^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)$");
  expect_all(tag, Match::matches, {"", "a b", "\u00e9\u0663\u4e2d", "x:y/z=+-@"});
  expect_all(tag, Match::differs, {"!", "a\n", "\U0001f600"});
}

// Smithy reads it as a part, AWS as the whole: only where both agree is it certain.
TEST(Pattern, UnanchoredIsCertainOnlyWhereTheReadingsAgree) {
  const Pattern account("(?i)all|[0-9]{12}");
  expect_all(account, Match::matches, {"all", "ALL", "All", "123456789012"});
  expect_all(account, Match::differs, {"", "al", "12345678901", "a11", "12345678901a"});
  expect_all(account, Match::ambiguous,
             {"allx", "xall", "all\n", "1234567890123", "x123456789012", "all all"});
}

TEST(Pattern, AnchorsGluedOntoAlternativesAreAmbiguousWhereTheyBind) {
  const Pattern account("^(?i)all|[0-9]{12}$");
  expect_all(account, Match::matches, {"all", "aLL", "123456789012"});
  expect_all(account, Match::differs, {"", "xall", "123456789012x", "123456789012\n"});
  // "starts with all", "ends in twelve digits".
  expect_all(account, Match::ambiguous, {"allx", "ALLOW", "x123456789012", "1234567890123"});

  const Pattern version("^([$]LATEST)|([1-9][0-9]*)$");
  expect_all(version, Match::matches, {"$LATEST", "1", "90"});
  expect_all(version, Match::ambiguous, {"$LATEST1", "$LATESTx", "01", "x7", "-1"});
  expect_all(version, Match::differs, {"", "0", "x$LATEST", "$DEFAULT", "1x"});

  const Pattern key("^tag:.+|Name|Type$");
  expect_all(key, Match::matches, {"tag:a", "Name", "Type"});
  expect_all(key, Match::ambiguous, {"xNamex", "Names", "SubType"});
  expect_all(key, Match::differs, {"tag:", "Types", "name"});
}

TEST(Pattern, AnchorsInsideAnAlternativeHoldThere) {
  const Pattern version("([$]LATEST|[$]DEFAULT|^[1-9][0-9]*$)");
  expect_all(version, Match::matches, {"$LATEST", "$DEFAULT", "12"});
  expect_all(version, Match::differs, {"", "0", "12x", "latest"});
  expect_all(version, Match::ambiguous, {"x$LATEST", "$DEFAULT "});
}

TEST(Pattern, APrefixAloneIsAmbiguousOnWhatIsLonger) {
  const Pattern arn("^arn:");
  expect_all(arn, Match::matches, {"arn:"});
  expect_all(arn, Match::ambiguous, {"arn:aws:x"});
  expect_all(arn, Match::differs, {"", "arn", "xarn:"});
}

TEST(Pattern, NotBlankWithoutLookAhead) {
  const Pattern text("^(?!\\s*$).+$");
  EXPECT_EQ(text.why_unsupported(), "");
  EXPECT_EQ(text.text(), "^(?!\\s*$).+$");
  expect_all(text, Match::matches, {"a", " a", "a ", " a b ", "\u00e9", "\t."});
  expect_all(text, Match::differs, {"", " ", "   ", "\t", " \t ", "a\nb", "\n"});
}

TEST(Pattern, NotBlankWithoutLookAheadAndWithoutAnEnd) {
  const Pattern text("^(?!\\s*$).+");
  EXPECT_EQ(text.why_unsupported(), "");
  expect_all(text, Match::matches, {"a", " a", "a ", "\u00e9"});
  expect_all(text, Match::differs, {"", " ", "\t ", "\n", " \n ", "\na", "\n a"});
  expect_all(text, Match::ambiguous, {"a\n", "a\nb", " \nb", " a\n\n"});
}

TEST(Pattern, AWholeRepetitionOverAThousandIsPeeledOff) {
  const Pattern value("^.{1,100000}$");
  EXPECT_EQ(value.why_unsupported(), "");
  expect_all(value, Match::matches, {"a", std::string(1001, 'a'), std::string(100000, 'a')});
  expect_all(value, Match::differs, {"", "a\nb", "\n", std::string(100001, 'a')});
  // Characters count, not bytes.
  std::string wide;
  for (int i = 0; i < 100000; ++i) wide += "\u00e9";
  EXPECT_EQ(value.match(wide), Match::matches);
  EXPECT_EQ(value.match(wide + "a"), Match::differs);

  const Pattern letters("^[a-c]{2,2000}$");
  expect_all(letters, Match::matches, {"ab", std::string(2000, 'c')});
  expect_all(letters, Match::differs, {"", "a", "ad", std::string(2001, 'c'), std::string(1999, 'c') + "d"});
}

// RE2 would match the very characters "{02}".
TEST(Pattern, LeadingZerosOfARepetitionAreNotSupported) {
  for (const char* text : {"^a{02}$", "^a{0,02}$", "^a{00,2}$", "^a{01,}$", "^.{0,075248}n$"}) {
    EXPECT_NE(Pattern(text).why_unsupported(), "") << text;
    EXPECT_EQ(Pattern(text).match("aa"), Match::unsupported) << text;
  }
  for (const char* text : {"^a{0}$", "^a{0,2}$", "^a{10,20}$", "^a{0,}$", "^{02$"}) {
    EXPECT_EQ(Pattern(text).why_unsupported(), "") << text;
  }
}

TEST(Pattern, ARepetitionOverAThousandInsideIsUnrolled) {
  const Pattern url("^https://x\\.com/.{1,2000}$");
  EXPECT_EQ(url.why_unsupported(), "");
  const std::string base = "https://x.com/";
  expect_all(url, Match::matches, {base + "a", base + std::string(1000, 'a'), base + std::string(2000, 'a')});
  expect_all(url, Match::differs, {base, base + std::string(2001, 'a'), "http://x.com/a", base + "a\n"});

  const Pattern least("^x[ab]{1500,2500}y$");
  EXPECT_EQ(least.why_unsupported(), "");
  const auto framed = [](std::size_t n) { return "x" + std::string(n, 'a') + "y"; };
  expect_all(least, Match::matches, {framed(1500), framed(2500)});
  expect_all(least, Match::differs, {framed(1499), framed(2501)});
}

// What is repeated is one atom, and where it starts must be found from the left.
TEST(Pattern, TheRepeatedAtomIsFoundBehindEscapesAndInsideClasses) {
  const Pattern backslash(R"(^\\.{1,2000}$)");  // a backslash, then anything
  expect_all(backslash, Match::matches, {"\\a", "\\ab", "\\" + std::string(2000, 'z')});
  expect_all(backslash, Match::differs, {"\\", "a", "..", "\\" + std::string(2001, 'z')});

  const Pattern bracket(R"(^x[\[a]{1,2000}$)");
  expect_all(bracket, Match::matches, {"x[", "x[a[a", "x" + std::string(2000, '[')});
  expect_all(bracket, Match::differs, {"x", "xb", "x" + std::string(2001, '[')});

  const Pattern first("^x[]a]{1,2000}$");
  expect_all(first, Match::matches, {"x]", "xa]"});
  expect_all(first, Match::differs, {"x", "xb"});

  const Pattern property(R"(^\p{L}{1,2000}$)");
  expect_all(property, Match::matches, {"\u00e9", "abc", std::string(2000, 'a')});
  expect_all(property, Match::differs, {"", "1", "a1", std::string(2001, 'a')});
  const Pattern letter(R"(^\pL{1,2000}$)");
  expect_all(letter, Match::matches, {"\u00e9", "abc"});
  expect_all(letter, Match::differs, {"", "1", std::string(2001, 'a')});
  // Not told apart, so not run: better unknown than wrong.
  EXPECT_EQ(Pattern(R"(^\x41{1,2000}$)").match("A"), Match::unsupported);
}

TEST(Pattern, WhatNoEngineRunsIsUnsupportedAndSaysWhy) {
  for (const char* text :
       {"(a)\\1", "a(?=b)", "a(?!b)", "(?<=a)b", "^(?!aws).+$", "(ab){1,2000}", "[", "a{2,1}"}) {
    const Pattern pattern(text);
    EXPECT_NE(pattern.why_unsupported(), "") << text;
    expect_all(pattern, Match::unsupported, {"", "a", "ab", "aa"});
  }
}

TEST(Pattern, AnEmptyPatternRequiresNothing) {
  const Pattern pattern("");
  EXPECT_EQ(pattern.match(""), Match::matches);
  EXPECT_EQ(pattern.match("x"), Match::ambiguous);
}

TEST(Pattern, OneOfAMegabyteIsNotRun) {
  const Pattern pattern(std::string(1 << 20, 'x'));
  EXPECT_EQ(pattern.match("x"), Pattern::Match::unsupported);
  EXPECT_NE(pattern.why_unsupported(), "");
}

}  // namespace
}  // namespace harness::model
