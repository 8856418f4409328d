#include "harness/oracle/novelty.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <random>
#include <set>
#include <vector>

#include "harness/oracle/test_support.h"

namespace harness::oracle::novelty_test {
namespace {

using namespace testing_support;
using wire::Json;
using wire::Transport;

std::string kind(const wire::Exchange& exchange) {
  static const Novelty novelty(built_in_model());
  return novelty.of(exchange);
}

std::string said(const std::string& message, std::string_view code = "ValidationException") {
  return kind(answer(400, wire::to_text(Json{{"__type", code}, {"message", message}})));
}

// What AWS writes.
std::string aws(std::string_view value, std::string_view path, std::string_view constraint, int n = 1) {
  return fmt::format(
      "{} validation error{} detected: Value '{}' at '{}' failed to satisfy constraint: Member must {}", n,
      n == 1 ? "" : "s", value, path, constraint);
}

TEST(NoveltyKind, IsAsDocumented) {
  EXPECT_EQ(said(aws("201", "maxResults", "have value less than or equal to 200")),
            "400 ValidationException {__type:string,message:string} 1*MaxResults:value-most");
  EXPECT_EQ(kind(answer(200, R"({"AccountIds":[],"AccountSharingInfoList":[]})")),
            "200 {AccountIds:[],AccountSharingInfoList:[]}");
  EXPECT_EQ(kind(unanswered(Transport::timed_out)), "timed_out");
  EXPECT_EQ(kind(answer(500, "<html>")), "500 markup");
  EXPECT_EQ(kind(answer(500, "x")), "500 not-json");
  EXPECT_EQ(kind(answer(404, "")), "404 empty");
  EXPECT_EQ(kind(answer(200, "[]")), "200 array");
  EXPECT_EQ(said("no"), "400 ValidationException {__type:string,message:string} -:-");
  EXPECT_EQ(said("The document does not exist.", "InvalidDocument"),
            "400 InvalidDocument {__type:string,message:string} -:does not exist");
  EXPECT_EQ(novelty(answer(200, "{}"), built_in_model()), "200 {:{}}");
}

// Whatever differs in what the endpoint did is a kind of its own.
TEST(NoveltyKind, DiffersByFieldConstraintCodeStatusAndShape) {
  std::vector<std::string> all;
  for (const char* field : {"name", "permissionType", "maxResults", "nextToken", "target",
                            "accountIdsToAdd.1.member", "accountIdsToRemove", "documentVersion"}) {
    for (const char* constraint :
         {"not be null", "have length greater than or equal to 3", "have length less than or equal to 8",
          "have value greater than or equal to 1", "have value less than or equal to 200",
          "satisfy regular expression pattern: ^[0-9]{12}$", "satisfy enum value set: [Share]"}) {
      all.push_back(said(aws("x", field, constraint)));
    }
  }
  all.push_back(said(aws("x", "name", "not be null", 2)));
  for (const char* code :
       {"ValidationException", "InvalidDocument", "InvalidNextToken", "InternalServerError",
        "InvalidPermissionType", "SerializationException", "InternalFailure", "unheard-of"}) {
    all.push_back(said("no", code));
  }
  for (const int status : {401, 403, 404, 500, 503})
    all.push_back(kind(error(status, "ValidationException")));
  for (const char* body :
       {R"({"AccountIds":["1"],"AccountSharingInfoList":[]})",
        R"({"AccountIds":[],"AccountSharingInfoList":[]})",
        R"({"AccountIds":["1"],"AccountSharingInfoList":[{"AccountId":"1"}]})", R"({"AccountIds":[7]})",
        R"({"AccountIds":null})", R"({"Target":"x","Status":"connected"})", R"({"Target":"x"})",
        R"({"AccountIds":[],"AccountSharingInfoList":[],"NextToken":"x"})", "{}", "[]", "null", "7", "\"x\"",
        "x", ""}) {
    all.push_back(kind(answer(200, body)));
  }
  for (const char* message :
       {"Name is required", "PermissionType is required", "Name: too long", "'maxResults' is invalid",
        "missing parameter \"NextToken\"", "The document does not exist", "Unexpected end: not JSON"}) {
    all.push_back(said(message));
  }
  for (const auto transport :
       {Transport::closed, Transport::reset, Transport::truncated, Transport::timed_out})
    all.push_back(kind(unanswered(transport)));
  EXPECT_THAT(std::set<std::string>(all.begin(), all.end()), testing::SizeIs(all.size()));
}

// Texts that a fuzzer sends, and worse.
std::vector<std::string> echoes() {
  std::vector<std::string> out = {"",
                                  "x",
                                  "201",
                                  "'",
                                  "''",
                                  "' at 'name",
                                  "\"",
                                  "}{][)(",
                                  "it's",
                                  "{\"Name\":\"x\",\"MaxResults\":1}",
                                  "is required",
                                  "does not exist",
                                  "a Name b",
                                  "\xff\xfe",
                                  "\xf0\x9f\x98\x80",
                                  "\n\r\t",
                                  std::string("\0", 1),
                                  aws("x", "nextToken", "not be null"),
                                  aws("x", "target", "have length less than or equal to 9", 7),
                                  std::string(5000, 'a')};
  std::mt19937 random(1);
  const std::vector<std::string> pieces = {"'",    "\"",   "{", "}",      "[",          "Name", "maxResults",
                                           " at ", "null", "1", " ",      "is missing", "\xc3", "é",
                                           "<b>",  "\\",   ":", "Target", "a",          "must"};
  for (int i = 0; i < 5000; ++i) {
    std::string text;
    for (auto n = random() % 12; n > 0; --n) text += pieces[random() % pieces.size()];
    out.push_back("(" + text + ") x");
  }
  for (int i = 0; i < 5000; ++i) {
    std::string text;
    for (auto n = random() % 40; n > 0; --n) text += static_cast<char>(random() % 256);
    out.push_back(text);
  }
  return out;
}

std::size_t kinds_of(const std::function<wire::Exchange(const std::string&)>& endpoint) {
  std::set<std::string> seen;
  for (const auto& echo : echoes()) seen.insert(kind(endpoint(echo)));
  if (seen.size() > 1) {
    for (const auto& one : seen) ADD_FAILURE() << one;
  }
  return seen.size();
}

std::string error_body(const std::string& message) {
  return wire::to_text(Json{{"__type", "ValidationException"}, {"message", message}});
}

TEST(NoveltyKind, NoEchoMakesANewOne) {
  using Answer = std::function<wire::Exchange(const std::string&)>;
  const std::vector<std::pair<const char*, Answer>> endpoints = {
      {"AWS's words",
       [](const auto& e) {
         return answer(400, error_body(aws(e, "name", "have length less than or equal to 128")));
       }},
      {"AWS's words, twice",
       [](const auto& e) {
         return answer(400,
                       error_body(aws(e, "name", "not be null", 2) + "; Value '" + e +
                                  "' at 'maxResults' failed to satisfy constraint: Member must not be null"));
       }},
      {"a value",
       [](const auto& e) {
         return answer(200, wire::to_text(Json{{"Target", e}, {"Status", e}}));
       }},
      {"an unknown member's name",
       [](const auto& e) {
         return answer(200, wire::to_text(Json{{"x" + e, 1}}));
       }},
      {"in quotes",
       [](const auto& e) { return answer(400, error_body("The value '" + e + "' is invalid")); }},
      {"in double quotes",
       [](const auto& e) { return answer(400, error_body("The value \"" + e + "\" is invalid")); }},
      {"in brackets",
       [](const auto& e) { return answer(400, error_body("The value [" + e + "] is invalid")); }},
      {"in markup", [](const auto& e) { return answer(404, "<html>" + e + "</html>"); }},
      {"in a header",
       [](const auto& e) {
         auto a = error(400, "ValidationException");
         a.response.headers.add("X-Echo", e);
         a.response.reason = e;
         return a;
       }},
      {"in an error's unknown members",
       [](const auto& e) {
         return answer(400,
                       wire::to_text(Json{{"__type", "ValidationException"}, {"echo", e}, {"y" + e, e}}));
       }},
      {"as a code",
       [](const auto& e) {
         return answer(400, wire::to_text(Json{{"__type", "x" + e}}));
       }},
      {"as a code behind what is known",
       [](const auto& e) {
         return answer(400, wire::to_text(Json{{"__type", "ValidationException:" + e}}));
       }},
      {"in a list",
       [](const auto& e) {
         return answer(200, wire::to_text(Json{{"AccountIds", {e, e}}}));
       }},
  };
  for (const auto& [name, endpoint] : endpoints) {
    SCOPED_TRACE(name);
    EXPECT_EQ(kinds_of(endpoint), 1U);
  }
}

// Where nothing marks what is an echo, there is an end to what it can do.
TEST(NoveltyKind, AnEchoWithoutQuotesMakesFew) {
  std::set<std::string> seen;
  for (const auto& echo : echoes()) seen.insert(said("No document " + echo));
  EXPECT_LT(seen.size(), 100U);
}

TEST(NoveltyKind, IsPrintableAndShortWhateverComes) {
  for (const auto& echo : echoes()) {
    for (const auto& text :
         {echo, "{\"" + echo + "\":" + echo, wire::to_text(Json{{echo, {{echo, echo}}}})}) {
      const std::string k = kind(answer(400, text));
      EXPECT_LT(k.size(), 2000U);
      EXPECT_TRUE(std::all_of(k.begin(), k.end(), [](char c) { return c >= ' ' && c <= '~'; })) << k;
    }
  }
}

}  // namespace
}  // namespace harness::oracle::novelty_test
