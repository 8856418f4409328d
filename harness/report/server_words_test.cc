#include "harness/report/server_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace harness::report::server_words_test {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string words(const std::string& body, const std::string& line = "HTTP/1.1 500 Internal Server Error") {
  return server_words(line + "\r\nContent-Length: 7\r\n\r\n" + body);
}

TEST(ServerWords, AreTheMessageOfTheError) {
  EXPECT_EQ(words(R"({"__type":"InternalError","message":"maximum recursion depth exceeded"})"),
            R"(500 "maximum recursion depth exceeded")");
  EXPECT_EQ(words(R"({"Message":"out of memory"})"), R"(500 "out of memory")");
  EXPECT_EQ(words(R"({"__type":"InternalError"})"), R"(500 "InternalError")");
}

TEST(ServerWords, AreTheTextOfAPage) {
  EXPECT_EQ(words("<!doctype html>\n<html lang=en>\n<title>Oops</title>\n<h1>It\n failed</h1>"),
            R"(500 "Oops It failed")");
  EXPECT_EQ(words("panic: nil map"), R"(500 "panic: nil map")");
  EXPECT_EQ(words(""), R"(500 "Internal Server Error")");
  EXPECT_EQ(server_words("HTTP/1.1 502\n\n"), "502");
}

TEST(ServerWords, DoNotDependOnWhatWasSent) {
  for (const auto& [one, other] : std::initializer_list<std::pair<const char*, const char*>>{
           {"can't decode byte 0xc3 in position 18: bad", "can't decode byte 0xff in position 4: bad"},
           {"'utf-8' codec can't decode", "'latin 1' codec can't decode"},
           {"value has 5000 digits", "value has 17 digits"},
           {"no key \"Name\" in object", "no key \"PermissionType\" in object"},
           {"object at 7f3a9c001234 is gone", "object at 1f00deadbeef is gone"},
           {"request 5b2f0c1a-3c1d-4f6e-9a0b-00112233aabb", "request 11111111-2222-3333-4444-555555555555"},
       }) {
    EXPECT_EQ(words(one), words(other));
  }
  EXPECT_EQ(words("'utf-8' codec can't decode byte 0xc3 in position 18"),
            R"(500 "'...' codec can't decode byte # in position #")");
  EXPECT_EQ(words("a facade of a decade, they're bad"), R"(500 "a facade of a decade, they're bad")");
}

TEST(ServerWords, TellDifferentFailuresApart) {
  EXPECT_NE(words("maximum recursion depth exceeded"), words("out of memory"));
  EXPECT_NE(words("out of memory"), words("out of memory", "HTTP/1.1 503 Service Unavailable"));
}

TEST(ServerWords, AreShortAndSafe) {
  EXPECT_LT(words(std::string(1 << 20, 'x')).size(), 200U);
  EXPECT_THAT(words("\x1b]0;owned\x07"), Not(HasSubstr("\x1b")));
  EXPECT_EQ(server_words("(no answer: reset)"), "");
  EXPECT_EQ(server_words(""), "");
  EXPECT_EQ(server_words("HTTP/"), "");
}

}  // namespace
}  // namespace harness::report::server_words_test
