#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "harness/oracle/judge.h"
#include "harness/oracle/test_support.h"

// Kinds of answers: nothing that a request says may make a new one; and "not implemented" is told from
// errors.
namespace harness::oracle::answer_kind_test {
namespace {

TEST(AnswerKindFor, OfASuccessTheStatusIsEnoughUnlessItsShapeIsWrong) {
  wire::Exchange e;
  e.transport = wire::Transport::answered;
  e.response.status = 200;
  e.response.body = R"({"Status":"connected"})";
  EXPECT_EQ(answer_kind_for("outcome/accepted", e), "200");
  EXPECT_EQ(answer_kind_for("shape/member", e), answer_kind(e));
  EXPECT_NE(answer_kind(e), "200");
  e.response.status = 500;
  EXPECT_EQ(answer_kind_for("availability/server-error", e), answer_kind(e));
}

using namespace testing_support;
using wire::Json;
using wire::Transport;

std::string ok(const std::string& body) {
  return answer_kind(answer(200, body));
}

TEST(AnswerKind, IsAsDocumented) {
  EXPECT_EQ(answer_kind(error(400, "ValidationException")), "400 ValidationException");
  EXPECT_EQ(answer_kind(error(400, "com.amazonaws.ssm#ValidationException:http://x")),
            "400 ValidationException");
  EXPECT_EQ(ok(R"({"AccountIds":[],"AccountSharingInfoList":[]})"),
            "200 {AccountIds:[],AccountSharingInfoList:[]}");
  EXPECT_EQ(ok(R"({"Target":"i-1","Status":"connected"})"), "200 {Status:string,Target:string}");
  EXPECT_EQ(answer_kind(answer(500, "<html>")), "500 not-json");
  EXPECT_EQ(answer_kind(answer(200, "")), "200 empty");
  EXPECT_EQ(answer_kind(answer(200, "[]")), "200 array");
  EXPECT_EQ(answer_kind(answer(400, "{}")), "400 no-type");
  EXPECT_EQ(answer_kind(unanswered(Transport::timed_out)), "timed_out");
  EXPECT_EQ(answer_kind(unanswered(Transport::reset)), "reset");
}

TEST(AnswerKind, DiffersByStatusCodeAndShape) {
  const std::set<std::string> kinds = {
      answer_kind(error(400, "ValidationException")),
      answer_kind(error(404, "ValidationException")),
      answer_kind(error(400, "InvalidDocument")),
      answer_kind(answer(400, "{}")),
      answer_kind(answer(400, "no")),
      answer_kind(answer(400, "")),
      ok(R"({"Target":"x"})"),
      ok(R"({"Target":7})"),
      ok(R"({"Target":["x"]})"),
      ok(R"({"Target":true})"),
      ok(R"({"Target":null})"),
      ok(R"({"Target":{}})"),
      ok(R"({"Target":[]})"),
      ok(R"({"Status":"x"})"),
      ok(R"({"Target":"x","Status":"x"})"),
      ok("{}"),
      answer_kind(answer(201, R"({"Target":"x"})")),
  };
  EXPECT_EQ(kinds.size(), 17U);
}

TEST(AnswerKind, DoesNotDependOnTheOrderOrTheNumberOfElements) {
  EXPECT_EQ(ok(R"({"A":"x","B":7})"), ok(R"({"B":1,"A":"y"})"));
  EXPECT_EQ(ok(R"({"AccountIds":["1"]})"), ok(R"({"AccountIds":["1","2","3"]})"));
}

// Whatever a request says, an endpoint that writes it back anywhere must not look new.
TEST(AnswerKind, IsEchoProof) {
  const unsigned seed = 20261122;
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const auto pick = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
  const auto text = [&] {
    std::string out;
    const unsigned n = 1 + pick(60);
    for (unsigned i = 0; i < n; ++i) out += static_cast<char>(0x20 + pick(0x5f));
    return out;
  };
  // What stands before `:` or behind `#` may be the name of an error, which is a kind.
  const auto unresolved = [](std::string echo) {
    std::erase_if(echo, [](char c) { return c == ':' || c == '#'; });
    return echo;
  };
  std::set<std::string> kinds;
  constexpr int kRounds = 2000;
  for (int i = 0; i < kRounds; ++i) {
    const std::string echo = text() + std::to_string(i);
    // As a value, in a message, as the name of a member, as a list's element, as plain text, in a header.
    kinds.insert(ok(wire::to_text(Json{{"Target", echo}, {"Status", "connected"}})));
    kinds.insert(
        answer_kind(answer(400, wire::to_text(Json{{"__type", "ValidationException"}, {"message", echo}}))));
    kinds.insert(
        answer_kind(answer(400, wire::to_text(Json{{"__type", "ValidationException"}, {echo, echo}}))));
    kinds.insert(ok(wire::to_text(Json{{"AccountIds", {echo, echo}}})));
    kinds.insert(ok(wire::to_text(Json{{echo, 7}})));
    kinds.insert(answer_kind(answer(400, wire::to_text(Json{{"__type", unresolved(echo)}}))));
    kinds.insert(answer_kind(answer(404, "no such thing: " + echo)));
    auto with_header = error(400, "ValidationException");
    with_header.response.headers.add("X-Echo", echo);
    with_header.response.reason = echo;
    kinds.insert(answer_kind(with_header));
    auto detailed = unanswered(Transport::not_http);
    detailed.detail = echo;
    kinds.insert(answer_kind(detailed));
  }
  // The message, the member and the header do not change the kind of their error: seven for nine places.
  EXPECT_EQ(kinds.size(), 7U) << ::testing::PrintToString(kinds);
}

TEST(AnswerKind, NumbersAreNotTold) {
  std::set<std::string> kinds;
  for (const char* n : {"0", "-1", "7", "2147483648", "1.5", "1e300", "99999999999999999999"}) {
    kinds.insert(ok(R"({"MaxResults":)" + std::string(n) + "}"));
  }
  EXPECT_EQ(kinds.size(), 1U);
}

TEST(AnswerKind, OfAHugeAnswerIsSmall) {
  std::string body = "{";
  for (int i = 0; i < 5000; ++i) {
    body += (i ? ",\"" : "\"") + std::string(1, static_cast<char>('A' + i % 26)) +
            std::string(static_cast<std::size_t>(i % 30), 'x') + "\":" + std::to_string(i);
  }
  EXPECT_LT(ok(body + "}").size(), 4000U);
  EXPECT_LT(ok(R"({"A":)" + times(500, R"({"A":)") + "1" + times(500, "}") + "}").size(), 200U);
}

TEST(NotImplemented, IsRecognisedByItsOwnWords) {
  const auto unknown = error(400, "UnknownOperationException");
  for (const char* code : {"UnknownOperationException", "InvalidAction", "UnsupportedOperation",
                           "UnsupportedOperationException", "NotImplemented", "NotImplementedException"}) {
    EXPECT_TRUE(means_not_implemented(error(400, code), unknown)) << code;
  }
  EXPECT_TRUE(means_not_implemented(answer(501, ""), unknown));
  EXPECT_TRUE(means_not_implemented(error(501, "InternalFailure"), unknown));
  EXPECT_TRUE(
      means_not_implemented(error(404, "com.amazon.coral.service#UnknownOperationException"), unknown));
}

TEST(NotImplemented, IsRecognisedByTheAnswerToAnUnknownOperation) {
  EXPECT_TRUE(
      means_not_implemented(answer(500, "<html>GetConnectionStatus"), answer(500, "<html>NoSuchOperation")));
  EXPECT_TRUE(means_not_implemented(error(404, "ResourceNotFound"), error(404, "ResourceNotFound")));
}

// A slow endpoint may leave the question for an unknown operation unanswered.
TEST(NotImplemented, IsRecognisedAloneWhereItSaysSo) {
  const auto silence = unanswered(Transport::timed_out);
  EXPECT_TRUE(means_not_implemented(answer(501, ""), silence));
  EXPECT_TRUE(means_not_implemented(error(400, "UnknownOperationException"), silence));
  EXPECT_FALSE(means_not_implemented(answer(500, "<html>"), silence));
  EXPECT_FALSE(means_not_implemented(error(400, "ValidationException"), silence));
}

TEST(NotImplemented, AGenuineErrorIsNot) {
  const auto html = answer(500, "<html>");
  const auto unknown = error(400, "UnknownOperationException");
  EXPECT_FALSE(means_not_implemented(error(400, "ValidationException"), unknown));
  EXPECT_FALSE(means_not_implemented(error(400, "InvalidDocument"), html));
  EXPECT_FALSE(means_not_implemented(error(500, "InternalServerError"), unknown));
  EXPECT_FALSE(means_not_implemented(error(500, "InternalServerError"), html));
  EXPECT_FALSE(means_not_implemented(html, unknown));
  EXPECT_FALSE(means_not_implemented(answer(404, "<html>"), html));
}

TEST(NotImplemented, SuccessAndSilenceAreNot) {
  EXPECT_FALSE(means_not_implemented(answer(200, "{}"), answer(200, "{}")));
  EXPECT_FALSE(means_not_implemented(unanswered(Transport::timed_out), unanswered(Transport::timed_out)));
  EXPECT_FALSE(means_not_implemented(unanswered(Transport::reset), error(400, "InvalidAction")));
}

}  // namespace
}  // namespace harness::oracle::answer_kind_test
