#include "harness/run/minimise.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "harness/run/json_tree.h"
#include "harness/run/shrink_text.h"
#include "harness/run/test_support.h"
#include "harness/wire/http_text.h"

namespace harness::run::minimise_test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kHead =
    "POST / HTTP/1.1\nX-Amz-Target: AmazonSSM.DescribeDocumentPermission\n"
    "Content-Type: application/x-amz-json-1.1\n\n";

std::string minimised(const std::string& text, const std::function<bool(const std::string&)>& still,
                      std::size_t tries = 1000) {
  return minimise(text, still, {tries, std::chrono::hours(1)}, testing::built_in_examples());
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// What the text is for an endpoint.
std::string body_of(const std::string& http_text) {
  const auto expanded =
      wire::expand(http_text, [](auto name, auto) -> Result<std::string> { return std::string(name); });
  const auto text = expanded ? wire::parse_http_text(*expanded) : fail("");
  return text ? text->request.body : std::string();
}

TEST(JsonTree, WritesWhatItRead) {
  for (const char* text : {"{}",
                           "[ ]",
                           " { \"a\" : [1, 2.50 ,-3e+9],\"a\":null } ",
                           "{\"a\":\"x\\\"y\\u0000\"}",
                           "tru",
                           "{\"a\":1,}",
                           "{,,}",
                           "[,]",
                           "{\"a\":}",
                           "{'a': 1}",
                           "{a:1}",
                           "[1,[2",
                           "{\"a\":\"b",
                           "{\"a\"",
                           "{{body}}",
                           "{\"a\":{{node}}}",
                           "{} trailing",
                           "[1]]",
                           "{\"\xff\":\"\xc3\xa9\"}",
                           "\"{\\\"a\\\":1}\""}) {
    const auto read = read_json_tree(text);
    ASSERT_TRUE(read) << text;
    EXPECT_EQ(to_text(*read), text);
  }
  for (const char* text : {"", "  ", ":", "[1:2]", "[1}"}) EXPECT_FALSE(read_json_tree(text)) << text;
  EXPECT_FALSE(read_json_tree(std::string(100'000, '[')));
}

TEST(TextRuns, AreCharactersEscapesAndRepetitions) {
  EXPECT_THAT(text_runs("ab\\u0000\\n", Escapes::json),
              ElementsAre(TextRun{"a", 1}, TextRun{"b", 1}, TextRun{"\\u0000", 1}, TextRun{"\\n", 1}));
  EXPECT_THAT(text_runs("{{node}}\xc3\xa9\xff", Escapes::none),
              ElementsAre(TextRun{"{{node}}", 1}, TextRun{"\xc3\xa9", 1}, TextRun{"\xff", 1}));
  EXPECT_THAT(text_runs(std::string(50, 'x') + "y", Escapes::none),
              ElementsAre(TextRun{"x", 50}, TextRun{"y", 1}));
  EXPECT_THAT(text_runs("{{repeat 7 ab}}", Escapes::none), ElementsAre(TextRun{"ab", 7}));
  std::string nested;
  for (int i = 0; i < 100; ++i) nested += "[{\"a\":";
  EXPECT_EQ(to_text(text_runs(nested, Escapes::none)), "{{repeat 100 [{\"a\":}}");
}

TEST(TextRuns, StandForTheSameText) {
  for (const std::string& text :
       {std::string(40, '}'), std::string(40, '\n'), std::string("{{repeat 0 a}}"),
        std::string("{{repeat 99999999999999999999 a}}"), std::string("{{repeat x}}"),
        std::string("{{unfinished"), std::string("{{repeat 5 {{a}}"), std::string(30, '{') + "1",
        std::string("abababababababababababababab")}) {
    const auto expand = [](const std::string& t) {
      const auto out = wire::expand(t, nullptr);
      return out ? *out : "cannot: " + t;
    };
    EXPECT_EQ(expand(to_text(text_runs(text, Escapes::none))), expand(text)) << text;
  }
}

TEST(Minimise, WhatDoesNotMatterIsGone) {
  const auto text =
      "# a comment\nPOST /?x=1 HTTP/1.1\nAccept: */*\nX-Amz-Target: AmazonSSM.GetConnectionStatus\n"
      "X-Token: abcdefghijk\n\n{\"a\":[1,{\"b\":\"needle in \\u00e9 hay\"}],\"c\":null}\n";
  EXPECT_EQ(minimised(text, [](const auto& t) { return has(t, "needle"); }),
            "POST / HTTP/1.1\n\n{\"\":\"needle\"}\n");
  EXPECT_EQ(minimised(text, [](const auto& t) { return has(t, "X-Token"); }), "POST / HTTP/1.1\nX-Token:\n");
  EXPECT_EQ(minimised(text, [](const auto&) { return true; }), "POST / HTTP/1.1\n");
}

TEST(Minimise, NothingIsDoneWhereNothingHelps) {
  const std::string text = kHead + std::string("{\"Name\":\"needle\"}\n");
  EXPECT_EQ(minimised(text, [](const auto&) { return false; }), text);
}

TEST(Minimise, KeepsPlaceholdersWhole) {
  const std::string text =
      kHead +
      std::string(
          "{\"Name\":\"{{shared-document}}\",\"NextToken\":\"{{token}}x\",\"PermissionType\":\"Share\"}\n");
  const auto result = minimised(
      text, [](const auto& t) { return wire::placeholders(t).size() == 2 && has(body_of(t), "\"token"); });
  EXPECT_THAT(result, HasSubstr("\"NextToken\":\"{{token}}\""));
  EXPECT_THAT(result, HasSubstr("{{document}}"));
}

TEST(Minimise, PrefersTheValuesOfTheExamples) {
  const std::string text =
      // It may not become larger than it is.
      "# found by a fuzzer in the night\n" +
      (kHead + std::string("{\"Name\":\"\\u0000q\",\"PermissionType\":\"share\",\"MaxResults\":\"12\"}\n"));
  EXPECT_EQ(
      minimised(text,
                [](const auto& t) {
                  return has(t, kHead) && has(t, "Name\":\"") && has(t, "PermissionType") &&
                         has(t, "MaxResults\":\"");
                }),
      kHead + std::string(
                  "{\"Name\":\"{{document}}\",\"PermissionType\":\"Share\",\"MaxResults\":\"Example\"}\n"));
}

TEST(Minimise, FindsTheSmallestNumber) {
  for (const auto& [number, least] :
       {std::pair{"73856", std::int64_t{201}}, {"9000000000000000", 2147483648}, {"-5", -1}}) {
    const auto still = [least = least](const std::string& t) {
      const auto body = wire::Json::parse(body_of(t), nullptr, false);
      if (!body.is_object() || !body.contains("MaxResults") || !body["MaxResults"].is_number_integer())
        return false;
      const auto n = body["MaxResults"].template get<std::int64_t>();
      return least < 0 ? n <= least : n >= least;
    };
    const std::string text = kHead + std::string("{\"x\":1,\"MaxResults\":") + number + "}\n";
    EXPECT_THAT(minimised(text, still), HasSubstr("{\"MaxResults\":" + std::to_string(least) + "}"));
  }
}

TEST(Minimise, WritesLongTextAsARepetition) {
  const std::string text = kHead + std::string("{\"Name\":\"") + std::string(3000, 'q') + "\"}\n";
  const auto still = [](const std::string& t) {
    const auto body = wire::Json::parse(body_of(t), nullptr, false);
    return body.is_object() && body.contains("Name") && body["Name"].is_string() &&
           body["Name"].get<std::string>().size() > 2048;
  };
  EXPECT_THAT(minimised(text, still), HasSubstr("{\"Name\":\"{{repeat 2049 a}}\"}"));
}

TEST(Minimise, RawBytesThatAreARequestBecomeOne) {
  const std::string text =
      "# @raw\nPOST / HTTP/1.1\nHost: a\nX-Amz-Target: AmazonSSM.GetConnectionStatus\nContent-Length: "
      "6\n\nneedle\n";
  EXPECT_EQ(minimised(text, [](const auto& t) { return has(t, "needle") && has(t, "Target"); }),
            "POST / HTTP/1.1\nX-Amz-Target: AmazonSSM.GetConnectionStatus\n\nneedle\n");
  EXPECT_EQ(minimised("# @raw\nGARBAGE needle\nmore\n", [](const auto& t) { return has(t, "needle"); }),
            "# @raw\nneedle\n");
}

TEST(Minimise, TakesWhatIsNoHttpText) {
  EXPECT_EQ(minimised("no http\xff\x01 needle at all", [](const auto& t) { return has(t, "needle"); }),
            "needle");
  EXPECT_EQ(minimised("", [](const auto&) { return true; }), "");
}

TEST(Minimise, StaysWithinItsLimits) {
  std::string text = kHead + std::string("{\"Name\":\"");
  for (int i = 0; i < 5000; ++i) text += static_cast<char>('a' + i % 23);
  text += "\"}\n";
  std::size_t tries = 0;
  const auto counted = [&](const std::string& t) {
    ++tries;
    return t.size() % 3 == 0;
  };
  EXPECT_LE(minimised(text, counted, 50).size(), text.size());
  EXPECT_LE(tries, 50U);
  tries = 0;
  EXPECT_EQ(minimise(text, counted, {1000, std::chrono::milliseconds(0)}), text);
  EXPECT_EQ(tries, 0U);
}

TEST(Minimise, IsTheSameEveryTimeAndAskedTwiceChangesNothing) {
  const std::string text =
      kHead +
      std::string("{\"Name\":\"a/b/c\",\"Other\":[1,2,3],\"NextToken\":\"\\u0007token\",\"x\":{\"y\":{}}}\n");
  const auto still = [](const std::string& t) { return has(t, "/b") && has(t, "\\u0007"); };
  const auto once = minimised(text, still);
  EXPECT_EQ(minimised(text, still), once);
  EXPECT_EQ(minimised(once, still), once);
}

}  // namespace
}  // namespace harness::run::minimise_test
