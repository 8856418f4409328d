#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "harness/oracle/admissible.h"
#include "harness/oracle/test_support.h"

// What is judged less than fully: advice, availability and liveness; and how several rules go together.
namespace harness::oracle::admissible_scope_test {
namespace {

using namespace testing_support;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using wire::Transport;

std::string status(const std::string& json) {
  return post("GetConnectionStatus", json);
}
std::string describe(const std::string& name, const std::string& more = "") {
  return post("DescribeDocumentPermission",
              R"({"Name":")" + name + R"(","PermissionType":"Share")" + more + "}");
}
Expectation expected(const std::string& bytes, Level level = Level::documented) {
  return admissible(classified(bytes, world()), level);
}
std::vector<std::string> findings(const std::string& bytes, const wire::Exchange& exchange) {
  return rules(judged(bytes, exchange, world()));
}

TEST(Advice, ANodeThatDoesNotExistMayBeRefused) {
  const std::string bytes = status(R"({"Target":"i-none"})");
  EXPECT_EQ(expected(bytes).scope, Force::advises);
  EXPECT_TRUE(expected(bytes).success);
  EXPECT_THAT(findings(bytes, answer(200, R"({"Target":"i-none","Status":"notconnected"})")), IsEmpty());
  EXPECT_THAT(findings(bytes, error(400, "TargetNotConnected")), ElementsAre("advice outcome/rejected"));
  EXPECT_THAT(findings(bytes, error(404, "ResourceNotFoundException")),
              ElementsAre("advice outcome/rejected"));
  EXPECT_THAT(findings(bytes, answer(400, "<html>")), ElementsAre("advice envelope/not-json"));
  // What it says is still judged, and so is that it answers.
  EXPECT_THAT(findings(bytes, answer(200, R"({"Target":"i-other","Status":"notconnected"})")),
              ElementsAre("defect relation/echo"));
  EXPECT_THAT(findings(bytes, answer(200, R"({"Target":"i-none","Status":"NotConnected"})")),
              ElementsAre("defect shape/enum"));
  EXPECT_THAT(findings(bytes, error(500, "InternalServerError")),
              ElementsAre("defect availability/server-error"));
}

TEST(Advice, ADocumentOfAwsMayBeDescribedOrRefused) {
  const std::string bytes = describe("AWS-RunShellScript");
  EXPECT_THAT(
      findings(bytes,
               answer(200, R"({"AccountIds":["all"],"AccountSharingInfoList":[{"AccountId":"all"}]})")),
      IsEmpty());
  for (int code : {400, 403}) {
    EXPECT_THAT(findings(bytes, error(code, "InvalidDocument")), IsEmpty());
    EXPECT_THAT(findings(bytes, error(code, "AccessDeniedException")), IsEmpty());
    EXPECT_THAT(findings(bytes, error(code, "LimitExceededException")),
                ElementsAre("advice outcome/wrong-code"));
  }
  EXPECT_THAT(findings(bytes, error(404, "InvalidDocument")), ElementsAre("advice outcome/wrong-status"));
  EXPECT_THAT(findings(bytes, error(500, "InvalidDocument")),
              ElementsAre("defect availability/server-error"));
}

TEST(Path, AnotherOneMayNameAnOperationThatIsNotImplemented) {
  auto request = request_for("DescribeDocumentPermission", R"({"Name":"ours","PermissionType":"Share"})");
  request.target = "/?Action=Foo";
  EXPECT_THAT(findings(wire::to_bytes(request), error(501, "InternalFailure")), IsEmpty());
  EXPECT_THAT(findings(wire::to_bytes(request), error(500, "InternalFailure")),
              ElementsAre("defect availability/server-error"));
}

TEST(Advice, DoesNotSoftenARuleThatRejects) {
  const std::string bytes =
      post("DescribeDocumentPermission", R"({"Name":"AWS-Run","PermissionType":"Edit"})");
  const auto e = expected(bytes);
  EXPECT_EQ(e.scope, Force::rejects);
  EXPECT_FALSE(e.success);
  EXPECT_THAT(findings(bytes, error(400, "LimitExceededException")),
              ElementsAre("defect outcome/wrong-code"));
  EXPECT_THAT(findings(bytes, error(400, "InvalidPermissionType")), IsEmpty());
  EXPECT_THAT(findings(bytes, error(400, "AccessDeniedException")), IsEmpty());
}

/// One request for each rule under which only availability is judged.
std::vector<std::string> barely_judged() {
  const auto with = [](auto change) {
    auto r = request_for("GetConnectionStatus", R"({"Target":"i-up"})");
    change(r);
    return wire::to_bytes(r);
  };
  return {
      with([](auto& r) { r.method = "GET"; }),
      with([](auto& r) { r.target = "/x"; }),
      with([](auto& r) { r.headers.set("Content-Type", "text/plain"); }),
      with([](auto& r) { r.headers.add("X-Pad", std::string(9000, 'p')); }),
      with([](auto& r) { r.headers.add("X-Amz-Target", "AmazonSSM.GetConnectionStatus"); }),
      status(R"({"Target":"i-up","Target":"i-up"})"),
      status("\xef\xbb\xbf{}"),
      status(R"({"Target":"a\u0000b"})"),
      describe("ours", R"(,"MaxResults":1.5)"),
      describe("ours", R"(,"MaxResults":1e1)"),
      post("ModifyDocumentPermission",
           R"({"Name":"ours","PermissionType":"Share","AccountIdsToAdd":[null]})"),
      post("ModifyDocumentPermission",
           R"({"Name":"ours","PermissionType":"Share","AccountIdsToAdd":["allow"]})"),
  };
}

TEST(Availability, AnyProperAnswerBelow500WillDo) {
  for (const std::string& bytes : barely_judged()) {
    EXPECT_EQ(expected(bytes).scope, Force::availability) << bytes.substr(0, 300);
    EXPECT_EQ(expected(bytes).text(), "any HTTP answer below 500");
    for (int code : {200, 204, 301, 400, 403, 404, 405, 415, 431}) {
      EXPECT_THAT(findings(bytes, answer(code, "<Error/>")), IsEmpty()) << code << bytes.substr(0, 300);
    }
    EXPECT_THAT(findings(bytes, answer(200, "")), IsEmpty());
  }
}

TEST(Availability, NoAnswerOrAServersFaultIsADefect) {
  for (const std::string& bytes : barely_judged()) {
    EXPECT_THAT(findings(bytes, answer(500, "{}")), ElementsAre("defect availability/server-error"));
    EXPECT_THAT(findings(bytes, answer(503, "")), ElementsAre("defect availability/server-error"));
    EXPECT_THAT(findings(bytes, unanswered(Transport::timed_out)), ElementsAre("defect availability/hang"));
    // The answer to a large head may be lost in a reset.
    const bool large = classified(bytes, world()).breaks(Rule::large_head);
    EXPECT_THAT(findings(bytes, unanswered(Transport::reset)),
                ElementsAre(large ? "advice availability/reset" : "defect availability/reset"));
    EXPECT_THAT(findings(bytes, unanswered(Transport::closed)), ElementsAre("defect availability/closed"));
  }
}

TEST(Availability, AServerMaySayThatItDoesNotKnowAMethodOrACoding) {
  auto method = request_for("GetConnectionStatus", R"({"Target":"i-up"})");
  method.method = "BREW";
  EXPECT_THAT(findings(wire::to_bytes(method), answer(501, "")), IsEmpty());
  auto coded = request_for("GetConnectionStatus", "11\r\n{\"Target\":\"i-up\"}\r\n0\r\n\r\n");
  coded.headers.remove("Content-Length");
  coded.headers.add("Transfer-Encoding", "chunked");
  EXPECT_THAT(findings(wire::to_bytes(coded), answer(501, "")), IsEmpty());
  EXPECT_THAT(findings(wire::to_bytes(coded), answer(500, "")),
              ElementsAre("defect availability/server-error"));
  auto path = request_for("GetConnectionStatus", R"({"Target":"i-up"})");
  path.target = "/x";
  EXPECT_THAT(findings(wire::to_bytes(path), answer(501, "")),
              ElementsAre("defect availability/server-error"));
}

TEST(Availability, AnUncertainValueBesideABrokenRuleStillForbidsSuccess) {
  const std::string bytes = post("DescribeDocumentPermission", R"({"Name":"ours","MaxResults":1.5})");
  EXPECT_THAT(findings(bytes, answer(200, R"({"AccountIds":[],"AccountSharingInfoList":[]})")),
              ElementsAre("defect outcome/accepted"));
  for (const char* code :
       {"ValidationException", "ValidationError", "SerializationException", "InvalidPermissionType"}) {
    EXPECT_THAT(findings(bytes, error(400, code)), IsEmpty()) << code;
  }
  EXPECT_THAT(findings(bytes, error(400, "InvalidDocument")), ElementsAre("defect outcome/wrong-code"));
}

TEST(Availability, OnProtocolBesideABrokenRuleJudgesNoMore) {
  auto r = request_for("GetConnectionStatus", "{}");
  r.method = "GET";
  EXPECT_EQ(expected(wire::to_bytes(r)).scope, Force::availability);
  EXPECT_THAT(findings(wire::to_bytes(r), answer(200, "{}")), IsEmpty());
}

TEST(Liveness, BrokenHttpMayBeAnsweredInAnyWayOrByClosing) {
  for (const std::string bytes :
       {"HELLO\r\n\r\n", "POST / HTTP/1.1\r\nHost: h\r\nHost: i\r\nContent-Length: 2\r\n\r\n{}",
        "POST / HTTP/1.1\r\nNo colon\r\n\r\n"}) {
    EXPECT_EQ(expected(bytes).scope, Force::liveness) << bytes;
    EXPECT_EQ(expected(bytes).text(),
              "any answer below 500, or the connection's end, as long as the endpoint goes on answering");
    for (int code : {200, 302, 400, 404, 501, 505})
      EXPECT_THAT(findings(bytes, answer(code, "x")), IsEmpty()) << code;
    for (Transport t : {Transport::reset, Transport::closed, Transport::truncated, Transport::not_http}) {
      EXPECT_THAT(findings(bytes, unanswered(t)), IsEmpty()) << wire::to_string(t);
    }
    EXPECT_THAT(findings(bytes, unanswered(Transport::timed_out)), ElementsAre("defect availability/hang"));
    for (int code : {500, 502, 503}) {
      EXPECT_THAT(findings(bytes, answer(code, "x")), ElementsAre("defect availability/server-error"));
    }
  }
}

TEST(Liveness, WaitingForTheRestIsRight) {
  const std::string cut = status(R"({"Target":"i-up"})").substr(0, 60);
  EXPECT_EQ(expected(cut).scope, Force::liveness);
  EXPECT_THAT(findings(cut, unanswered(Transport::timed_out)), IsEmpty());
  EXPECT_THAT(findings(cut, unanswered(Transport::closed)), IsEmpty());
  EXPECT_THAT(findings(cut, answer(408, "")), IsEmpty());
  EXPECT_THAT(findings(cut, answer(500, "")), ElementsAre("defect availability/server-error"));
}

TEST(Expectation, SaysForPeopleWhatIsAdmissible) {
  EXPECT_EQ(expected(status(R"({"Target":"i-up"})")).text(), "200");
  EXPECT_EQ(expected(describe("gone")).text(), "400 InvalidDocument (recorded from AWS)");
  EXPECT_EQ(
      expected(describe("ours", R"(,"NextToken":"x")")).text(),
      "400 InvalidNextToken (API reference), or 400 ValidationException (inferred), or 400 ValidationError "
      "(API reference, Common Errors)");
  EXPECT_EQ(expected(describe("never-heard")).text(), "200, or 400 InvalidDocument (API reference)");
  EXPECT_EQ(expected(describe("gone"), Level::rejects).text(), "any 4xx error");
}

TEST(Expectation, NamesTheRowsItComesFromOnce) {
  const auto e =
      expected(post("DescribeDocumentPermission", R"({"Name":7,"PermissionType":7,"MaxResults":0})"));
  ASSERT_EQ(e.rows.size(), 2U);
  EXPECT_EQ(e.rows[0]->rule, Rule::type);
  EXPECT_EQ(e.rows[1]->rule, Rule::range);
  EXPECT_TRUE(expected(status(R"({"Target":"i-up"})")).rows.empty());
}

TEST(Expectation, ListsEachOutcomeOnce) {
  const auto e = expected(post("DescribeDocumentPermission", R"({"Name":7,"MaxResults":0})"));
  std::set<std::pair<int, std::string_view>> seen;
  for (const Outcome& o : e.errors) EXPECT_TRUE(seen.emplace(o.status, o.code).second) << o.code;
}

TEST(Expectation, ARuleThatNoRowSpeaksOfIsJudgedForAvailabilityOnly) {
  const std::vector<Row> empty;
  const auto e = admissible(classified(status("{"), world()), Level::documented, empty);
  EXPECT_TRUE(e.success);
  EXPECT_EQ(e.scope, Force::availability);
}

}  // namespace
}  // namespace harness::oracle::admissible_scope_test
