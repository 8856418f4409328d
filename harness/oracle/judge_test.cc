#include "harness/oracle/judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "harness/oracle/test_support.h"

// Findings about the answer as a whole: whether one came, its status, its error envelope, its headers.
namespace harness::oracle {
namespace {

using namespace testing_support;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using wire::Transport;

const std::string kValid = post("GetConnectionStatus", R"({"Target":"i-up"})");
const std::string kInvalid = post("GetConnectionStatus", R"({})");
constexpr const char* kConnected = R"({"Target":"i-up","Status":"connected"})";

std::vector<std::string> findings(const std::string& bytes, const wire::Exchange& exchange) {
  return rules(judged(bytes, exchange, world()));
}

TEST(JudgeTransport, EachWayOfNotAnsweringIsADefect) {
  const std::pair<Transport, const char*> ways[] = {
      {Transport::timed_out, "defect availability/hang"},
      {Transport::reset, "defect availability/reset"},
      {Transport::closed, "defect availability/closed"},
      {Transport::truncated, "defect availability/truncated"},
      {Transport::not_http, "defect availability/not-http"},
      {Transport::too_large, "defect availability/too-large"},
      {Transport::connect_failed, "defect availability/connect"},
      {Transport::connect_timeout, "defect availability/connect"},
      {Transport::tls_failed, "defect availability/tls"},
  };
  for (const auto& [transport, rule] : ways) {
    EXPECT_THAT(findings(kValid, unanswered(transport)), ElementsAre(rule));
    EXPECT_THAT(findings(kInvalid, unanswered(transport)), ElementsAre(rule));
  }
}

TEST(JudgeTransport, SaysWhy) {
  auto exchange = unanswered(Transport::reset);
  exchange.detail = "connection reset by peer";
  const auto all = judged(kValid, exchange, world());
  ASSERT_EQ(all.size(), 1U);
  EXPECT_THAT(all[0].message, HasSubstr("(connection reset by peer)"));
}

TEST(JudgeTransport, WhatWeStoppedOurselvesSaysNothing) {
  EXPECT_THAT(findings(kValid, unanswered(Transport::cancelled)), IsEmpty());
}

TEST(JudgeOutcome, AnsweredAsDocumented) {
  EXPECT_THAT(findings(kValid, answer(200, kConnected)), IsEmpty());
  EXPECT_THAT(findings(kInvalid, error(400, "ValidationException")), IsEmpty());
}

TEST(JudgeOutcome, AcceptedRejectedAndWrong) {
  EXPECT_THAT(findings(kInvalid, answer(200, kConnected)), ElementsAre("defect outcome/accepted"));
  EXPECT_THAT(findings(kInvalid, answer(204, "")), ElementsAre("defect outcome/accepted"));
  EXPECT_THAT(findings(kValid, error(400, "ValidationException")), ElementsAre("defect outcome/rejected"));
  EXPECT_THAT(findings(kInvalid, error(400, "InvalidDocument")), ElementsAre("defect outcome/wrong-code"));
  EXPECT_THAT(findings(kInvalid, error(404, "ValidationException")),
              ElementsAre("defect outcome/wrong-status"));
  EXPECT_THAT(findings(kValid, answer(201, kConnected)), ElementsAre("defect outcome/wrong-status"));
}

TEST(JudgeOutcome, ARedirectIsNoAnswer) {
  for (int status : {300, 301, 302, 307, 308}) {
    EXPECT_THAT(findings(kValid, answer(status, "")), ElementsAre("defect outcome/redirect"));
    EXPECT_THAT(findings(kInvalid, answer(status, "")), ElementsAre("defect outcome/redirect"));
  }
}

TEST(JudgeOutcome, A5xxIsADefectAndNothingElseIsSaidOfIt) {
  for (int status : {500, 501, 502, 503, 504, 599}) {
    EXPECT_THAT(findings(kValid, answer(status, "<html>")), ElementsAre("defect availability/server-error"));
    EXPECT_THAT(findings(kInvalid, error(status, "InternalServerError")),
                ElementsAre("defect availability/server-error"));
  }
}

TEST(JudgeOutcome, SaysWhatIsWrongWithTheRequest) {
  const auto all = judged(kInvalid, answer(200, kConnected), world());
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].message, "the request was accepted (200) although Target: Member must not be null");
}

TEST(JudgeOutcome, NamesOnlyTheRulesThatForbidSuccess) {
  // That the name is AWS's permits a refusal; that the type is unknown demands one.
  const std::string bytes =
      post("DescribeDocumentPermission", R"({"Name":"AWS-Run","PermissionType":"Edit"})");
  const auto all = judged(bytes, answer(200, R"({"AccountIds":[],"AccountSharingInfoList":[]})"), world());
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(
      all[0].message,
      "the request was accepted (200) although PermissionType: Member must satisfy enum value set: [Share], "
      "and is 'Edit'");
}

TEST(JudgeEnvelope, AnErrorNeedsAJsonBodyWithAType) {
  for (const char* body : {"", "<html>", "no", "[]", "\"x\"", "7"}) {
    EXPECT_THAT(findings(kInvalid, answer(400, body)), ElementsAre("defect envelope/not-json")) << body;
  }
  for (const char* body :
       {"{}", R"({"message":"x"})", R"({"code":"ValidationException"})", R"({"__type":7})"}) {
    EXPECT_THAT(findings(kInvalid, answer(400, body)), ElementsAre("defect envelope/no-type")) << body;
  }
  auto header_only = answer(400, "{}");
  header_only.response.headers.add("X-Amzn-Errortype", "ValidationException");
  EXPECT_THAT(findings(kInvalid, header_only), ElementsAre("defect envelope/no-type"));
}

TEST(JudgeEnvelope, CarriersMustAgreeOnceTheyAreResolved) {
  const auto with_header = [](const char* body, const char* header) {
    auto e = answer(400, body);
    e.response.headers.add("X-Amzn-Errortype", header);
    return e;
  };
  const char* const plain = R"({"__type":"ValidationException","message":"m"})";
  EXPECT_THAT(findings(kInvalid, with_header(plain, "ValidationException")), IsEmpty());
  EXPECT_THAT(findings(kInvalid, with_header(plain, "ValidationException:http://internal.amazon.com/x/")),
              IsEmpty());
  EXPECT_THAT(findings(kInvalid, with_header(plain, "com.amazonaws.ssm#ValidationException")), IsEmpty());
  EXPECT_THAT(
      findings(kInvalid,
               answer(400, R"({"__type":"com.amazonaws.ssm#ValidationException:http://x","Message":"m"})")),
      IsEmpty());
  EXPECT_THAT(findings(kInvalid, with_header(plain, "InvalidDocument")),
              ElementsAre("defect envelope/carriers-disagree"));
  EXPECT_THAT(findings(kInvalid, answer(400, R"({"__type":"ValidationException","code":"InvalidDocument"})")),
              ElementsAre("defect envelope/carriers-disagree"));
  EXPECT_THAT(
      findings(kInvalid, answer(400, R"({"__type":"ValidationException","code":"ValidationException"})")),
      IsEmpty());
}

TEST(JudgeEnvelope, TheTextIsNeverJudged) {
  for (const char* body :
       {R"({"__type":"ValidationException"})", R"({"__type":"ValidationException","message":""})",
        R"({"__type":"ValidationException","message":7})",
        R"({"__type":"ValidationException","Message":"Success"})"}) {
    EXPECT_THAT(findings(kInvalid, answer(400, body)), IsEmpty()) << body;
  }
}

TEST(JudgeHeaders, WhatIsMissingIsAdvice) {
  for (const auto& [bytes, whole] :
       {std::pair{kValid, answer(200, kConnected)}, std::pair{kInvalid, error(400, "ValidationException")}}) {
    auto e = whole;
    e.response.headers.remove("x-amzn-RequestId");
    EXPECT_THAT(findings(bytes, e), ElementsAre("advice header/request-id"));
    e.response.headers.add("x-amz-request-id", "1");
    EXPECT_THAT(findings(bytes, e), IsEmpty());
    e.response.headers.remove("Content-Type");
    EXPECT_THAT(findings(bytes, e), ElementsAre("advice header/content-type"));
    e.response.headers.set("Content-Type", "text/html");
    EXPECT_THAT(findings(bytes, e), ElementsAre("advice header/content-type"));
    for (const char* fine :
         {"application/json", "application/x-amz-json-1.0", "application/x-amz-json-1.1; charset=utf-8"}) {
      e.response.headers.set("Content-Type", fine);
      EXPECT_THAT(findings(bytes, e), IsEmpty()) << fine;
    }
  }
}

TEST(JudgeStray, BytesBehindTheAnswerAreAdvice) {
  auto e = answer(200, kConnected);
  e.stray = "HTTP/1.1 200 OK";
  EXPECT_THAT(findings(kValid, e), ElementsAre("advice connection/stray-bytes"));
}

TEST(JudgeTooLarge, AnyServerInFrontMayRefuseALargeBody) {
  const std::string large = post("GetConnectionStatus", R"({"Target":"i-up"})" + std::string(140000, ' '));
  EXPECT_THAT(findings(large, answer(413, "<html>")), IsEmpty());
  EXPECT_THAT(findings(large, answer(413, "")), IsEmpty());
  EXPECT_THAT(findings(large, answer(400, "<html>")), ElementsAre("defect envelope/not-json"));
  EXPECT_THAT(findings(kValid, answer(413, "")), ElementsAre("defect envelope/not-json"));
}

TEST(JudgeUnimplemented, IsSaidOnceWhereItWasFound) {
  Knowledge k = world();
  k.unimplemented["GetConnectionStatus"] = "400 InvalidAction";
  const auto with = [&](const std::string& bytes, const wire::Exchange& e) {
    return rules(judged(bytes, e, k));
  };
  EXPECT_THAT(with(kValid, error(400, "InvalidAction")), IsEmpty());
  EXPECT_THAT(with(kInvalid, error(400, "InvalidAction")), IsEmpty());
  // Anything else is judged for availability only.
  EXPECT_THAT(with(kValid, error(400, "Other")), IsEmpty());
  EXPECT_THAT(with(kInvalid, answer(200, "{}")), IsEmpty());
  EXPECT_THAT(with(kValid, answer(500, "<html>")), ElementsAre("defect availability/server-error"));
  EXPECT_THAT(with(kValid, unanswered(Transport::timed_out)), ElementsAre("defect availability/hang"));
  // Another operation is not excused.
  const std::string other = post("DeleteDocument", R"({"Name":"ours"})");
  EXPECT_THAT(with(other, error(400, "InvalidAction")), ElementsAre("defect outcome/rejected"));
}

TEST(JudgeUnimplemented, TheSame500AsBeforeIsNotReportedAgain) {
  Knowledge k = world();
  k.unimplemented["GetConnectionStatus"] = "500 not-json";
  EXPECT_TRUE(judged(kValid, answer(500, "<html>"), k).empty());
  EXPECT_TRUE(has_defect(judged(kValid, answer(500, "{}"), k)));
}

TEST(Signature, IsOperationRuleKindOfRequestAndKindOfAnswer) {
  const auto all = judged(kInvalid, error(400, "InvalidDocument"), world());
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].signature, "GetConnectionStatus|outcome/wrong-code|required:Target|400 InvalidDocument");
  const auto unknown = judged(post("Nothing", "{}"), answer(200, "{}"), world());
  ASSERT_EQ(unknown.size(), 1U);
  EXPECT_EQ(unknown[0].signature, "-|outcome/accepted|unknown-target|200");
}

TEST(Signature, DoesNotDependOnValues) {
  std::set<std::string> signatures;
  for (const char* value : {"201", "202", "999", "0", "-5"}) {
    for (const auto& f :
         judged(post("DescribeDocumentPermission",
                     R"({"Name":"ours","PermissionType":"Share","MaxResults":)" + std::string(value) + "}"),
                answer(200, R"({"AccountIds":[],"AccountSharingInfoList":[]})"), world())) {
      signatures.insert(f.signature);
    }
  }
  EXPECT_EQ(signatures.size(), 1U);
}

TEST(Judge, IsAPureFunction) {
  const auto once = judged(kInvalid, answer(200, kConnected), world());
  const auto twice = judged(kInvalid, answer(200, kConnected), world());
  ASSERT_EQ(once.size(), twice.size());
  EXPECT_EQ(once[0].signature, twice[0].signature);
  EXPECT_EQ(once[0].message, twice[0].message);
}

TEST(HasDefect, LooksAtTheSeverity) {
  EXPECT_FALSE(has_defect({}));
  EXPECT_FALSE(has_defect({{"a", Severity::advice, "", ""}}));
  EXPECT_TRUE(has_defect({{"a", Severity::advice, "", ""}, {"b", Severity::defect, "", ""}}));
  EXPECT_EQ(to_string(Severity::defect), "defect");
  EXPECT_EQ(to_string(Severity::advice), "advice");
}

}  // namespace
}  // namespace harness::oracle
