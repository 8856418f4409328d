#include "harness/wire/shell_quote.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "harness/wire/shell_for_test.h"

namespace harness::wire::shell_quote_test {
namespace {

using namespace std::string_literals;
using testing_shell::run_bash;

const std::vector<std::string>& hostile_words() {
  static const std::vector<std::string> words{
      "",
      "plain",
      "two words",
      "it's",
      "'",
      "''",
      "$HOME `id` $(id) \"x\" \\ \\n !! !x #",
      "-n",
      "~",
      "*",
      "{\"a\":[1,2]}",
      "a\nb\tc\rd",
      "quote ' and \n newline ! and \\ backslash",
      "\x1b[31m\x07",
      "é漢🙂",
      "\xff\xfe"
      "0a",
      "\u202e\u200b\ufeff",
      "\xed\xa0\x80",
      "%s %% %",
      "a\x01"
      "f",
      "= @x",
  };
  return words;
}

TEST(ShellWord, IsReadableWhereItCanBe) {
  EXPECT_EQ(shell_word("http://127.0.0.1:80/"), "http://127.0.0.1:80/");
  EXPECT_EQ(shell_word(""), "''");
  EXPECT_EQ(shell_word(R"({"Name":"it's"})"), R"('{"Name":"it'\''s"}')");
  EXPECT_EQ(shell_word("a\n'!\\\xff"), R"($'a\n\x27\x21\\\xff')");
  EXPECT_EQ(shell_word("é"), "'é'");
  EXPECT_EQ(shell_word("\u202e"), R"($'\xe2\x80\xae')");
}

TEST(ShellWord, BashReadsBackTheBytes) {
  for (const std::string& word : hostile_words()) {
    for (const char* locale : {"C", "C.UTF-8"}) {
      EXPECT_EQ(run_bash("export LC_ALL="s + locale + "\nprintf %s " + shell_word(word)).output, word)
          << shell_word(word);
    }
  }
}

TEST(ShellOutput, IsReadableWhereItCanBe) {
  EXPECT_EQ(shell_output(""), "printf ''");
  EXPECT_EQ(shell_output("-50%\\ it's\n\0"s), R"(printf '\x2d50%%\\ it\x27s\n\x00')");
  EXPECT_EQ(shell_output(std::string(1'048'576, 'a')), R"(head -c 1048576 /dev/zero | tr '\0' a)");
  EXPECT_EQ(shell_output(std::string(1'000, '\0')), "head -c 1000 /dev/zero");
  EXPECT_EQ(shell_output("{\"Name\":\"" + std::string(2'000, '"') + "\"}"),
            R"({ printf '{"Name":'; head -c 2002 /dev/zero | tr '\0' '\042'; printf '}'; })");
  std::string nested;
  for (int i = 0; i < 1'000; ++i) nested += "{\"a\":";
  EXPECT_EQ(shell_output(nested + "1"), R"({ yes -- '{"a":' | head -n 1000 | tr -d '\n'; printf '1'; })");
}

TEST(ShellOutput, BashWritesTheBytes) {
  std::vector<std::string> all = hostile_words();
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  all.push_back(bytes);
  all.push_back(bytes + bytes);
  for (const std::string& unit : {"a"s, "é"s, "ab"s, "\\"s, "'"s, "\n"s, "\0"s, "\xff"s, "\x01\x02"s, "a\n"s,
                                  "a\0"s, "-e"s, "{\"Name\":\"x\","s, "漢字"s}) {
    for (const std::size_t count : {1U, 255U, 256U, 600U, 5'000U}) {
      std::string repeated;
      for (std::size_t i = 0; i < count; ++i) repeated += unit;
      all.push_back(repeated);
      all.push_back("[" + repeated + "]");
      all.push_back(repeated + repeated.substr(0, 1) + std::string(600, 'z') + unit);
    }
  }
  for (const std::string& wanted : all) {
    const std::string command = shell_output(wanted);
    const std::string got = run_bash("export LC_ALL=C.UTF-8\n" + command).output;
    EXPECT_TRUE(got == wanted) << command.substr(0, 200);
  }
}

TEST(ShellOutput, BashWritesRandomBytes) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int round = 0; round < 20; ++round) {
    std::string wanted;
    const std::size_t parts = random() % 8;
    for (std::size_t i = 0; i < parts; ++i) {
      std::string unit;
      const std::size_t size = 1 + random() % 18;
      for (std::size_t j = 0; j < size; ++j)
        unit += static_cast<char>(random() % 4 == 0 ? random() : 'a' + random() % 2);
      const std::size_t count = random() % 3 == 0 ? random() % 2'000 : 1;
      for (std::size_t j = 0; j < count; ++j) wanted += unit;
    }
    EXPECT_TRUE(run_bash(shell_output(wanted)).output == wanted) << shell_output(wanted);
  }
}

TEST(ShellOutput, IsOnePrintableLine) {
  for (const std::string& word : hostile_words()) {
    for (const std::string& text : {shell_word(word), shell_output(word)}) {
      for (const char c : text) EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) << text;
    }
  }
}

}  // namespace
}  // namespace harness::wire::shell_quote_test
