#include "harness/report/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace harness::report::text_test {
namespace {

using namespace std::string_literals;
using testing::ElementsAre;

TEST(OneLine, LeavesPlainAndForeignTextAsItIs) {
  EXPECT_EQ(one_line("Name \\n \"é漢🙂\""), "Name \\n \"é漢🙂\"");
  EXPECT_EQ(one_line(""), "");
}

TEST(OneLine, ShowsControlsInsteadOfSendingThem) {
  EXPECT_EQ(one_line("a\x1b[31mb\rc\nd\te\0f\x7f"s), R"(a\x1b[31mb\rc\nd\te\x00f\x7f)");
  EXPECT_EQ(one_line("\xc2\x9b"
                     "2J"),
            R"(\u{9b}2J)");
}

TEST(OneLine, ShowsInvisibleAndReversingCharacters) {
  EXPECT_EQ(one_line("a\u202eb\u200bc\ufeff\u2028"), R"(a\u{202e}b\u{200b}c\u{feff}\u{2028})");
}

TEST(OneLine, ShowsBytesThatAreNotUtf8) {
  EXPECT_EQ(one_line("\xff\xc3(\xed\xa0\x80\xe2\x82"), R"(\xff\xc3(\xed\xa0\x80\xe2\x82)");
}

TEST(ManyLines, KeepsLineEndsAndNothingElse) {
  EXPECT_EQ(many_lines("a\r\nb\nc\rd\te\x1b"), "a\nb\nc\\rd  e\\x1b");
}

TEST(IsUnsafe, KnowsEveryControlOfAsciiAndLatin1) {
  for (char32_t code = 0; code < 0x100; ++code) {
    const bool control = code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0xAD;
    EXPECT_EQ(is_unsafe(code), control) << static_cast<unsigned>(code);
  }
}

TEST(DisplayWidth, CountsColumns) {
  EXPECT_EQ(display_width("abc"), 3U);
  EXPECT_EQ(display_width("é漢🙂"), 5U);
  EXPECT_EQ(display_width("e\u0301"), 1U);
}

TEST(Cut, KeepsWhatFits) {
  EXPECT_EQ(cut("abcdef", 6), "abcdef");
  EXPECT_EQ(cut("abcdefg", 6), "abc...");
  EXPECT_EQ(cut("漢漢漢漢", 7), "漢漢...");
  EXPECT_EQ(cut("漢漢漢漢", 6), "漢...");
  EXPECT_EQ(cut("abc", 2), "..");
  EXPECT_EQ(cut("", 0), "");
  EXPECT_EQ(cut(std::string(1 << 20, 'a'), 5), "aa...");
  // 100 combining marks on one letter: bounded, and never the half of a character.
  std::string stacked = "e";
  for (int i = 0; i < 100; ++i) stacked += "\u0301";
  EXPECT_TRUE(is_utf8(cut(stacked, 4)));
  EXPECT_LT(cut(stacked, 4).size(), 60U);
}

TEST(Pad, CountsColumnsNotBytes) {
  EXPECT_EQ(pad_right("é漢", 5), "é漢  ");
  EXPECT_EQ(pad_left("12", 4), "  12");
  EXPECT_EQ(pad_left("12345", 4), "12345");
}

TEST(Excerpt, ShowsShortTextWhole) {
  EXPECT_THAT(excerpt("a\r\nb\n", {}), ElementsAre("a", "b"));
  EXPECT_THAT(excerpt("", {}), ElementsAre(""));
  EXPECT_THAT(excerpt("a\n\nb", {}), ElementsAre("a", "", "b"));
}

TEST(Excerpt, SaysWhatIsLeftOut) {
  EXPECT_THAT(excerpt("1\n2\n3\n4\n", {2, 80}), ElementsAre("1", "2", "... (2 more lines; 8 bytes in all)"));
  EXPECT_THAT(excerpt("1\n2\n3", {2, 80}), ElementsAre("1", "2", "... (1 more line; 5 bytes in all)"));
  EXPECT_THAT(excerpt(std::string(1 << 20, 'a'), {2, 8}),
              ElementsAre("aaaaa...", "... (1,048,576 bytes in all)"));
}

TEST(Numbers, AreForPeople) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1597), "1,597");
  EXPECT_EQ(grouped(1234567), "1,234,567");
  EXPECT_EQ(counted(1, "case", "cases"), "1 case");
  EXPECT_EQ(counted(0, "case", "cases"), "0 cases");
}

TEST(Durations, AreForPeople) {
  using namespace std::chrono_literals;
  EXPECT_EQ(duration_text(0us), "0 us");
  EXPECT_EQ(duration_text(340ms), "340 ms");
  EXPECT_EQ(duration_text(12340ms), "12.3 s");
  EXPECT_EQ(duration_text(125s), "2 min 5 s");
  EXPECT_EQ(duration_text(3h + 59s), "3 h 0 min");
}

TEST(XmlText, ReplacesWhatXmlForbids) {
  EXPECT_EQ(xml_text("a\0b\x1b\xff\ufffe\t\n\r]]>é"s), "a\ufffdb\ufffd\ufffd\ufffd\t\n\r]]>é");
}

}  // namespace
}  // namespace harness::report::text_test
