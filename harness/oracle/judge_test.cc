#include "harness/oracle/judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "harness/oracle/test_support.h"

// Findings about the answer as a whole: whether one came, its status, its error envelope, its headers.
namespace harness::oracle::judge_test {
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

TEST(JudgeTransport, ABodyThatIsHeldBackMustBeAskedFor) {
  auto exchange = answer(200, kConnected);
  exchange.held_in_vain = true;
  EXPECT_THAT(findings(kValid, exchange), ElementsAre("defect availability/no-continue"));
  auto silent = unanswered(Transport::timed_out);
  silent.held_in_vain = true;
  EXPECT_THAT(findings(kValid, silent),
              ElementsAre("defect availability/no-continue", "defect availability/hang"));
}

TEST(JudgeOutcome, ForTooManyAccountsThereIsACodeOfItsOwn) {
  std::string accounts = "\"100000000001\"";
  for (int i = 2; i <= 21; ++i) accounts += ",\"1000000000" + std::to_string(10 + i) + "\"";
  const std::string request =
      post("ModifyDocumentPermission",
           R"({"Name":"ours","PermissionType":"Share","AccountIdsToAdd":[)" + accounts + "]}");
  EXPECT_THAT(findings(request, error(400, "DocumentPermissionLimit")), IsEmpty());
  EXPECT_THAT(findings(request, error(400, "ValidationException")), IsEmpty());
  EXPECT_THAT(findings(request, answer(200, "{}")), ElementsAre("defect outcome/accepted"));
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
  }
}

TEST(JudgeHeaders, ASuccessHasTheMediaTypeOfTheProtocol) {
  const auto with = [](std::string type) {
    auto e = answer(200, kConnected);
    e.response.headers.set("Content-Type", std::move(type));
    return findings(kValid, e);
  };
  for (const char* fine : {"application/x-amz-json-1.1", "application/x-amz-json-1.1; charset=utf-8",
                           "Application/X-Amz-JSON-1.1"}) {
    EXPECT_THAT(with(fine), IsEmpty()) << fine;
  }
  for (const char* json : {"application/json", "application/x-amz-json-1.0", "text/json; a=b"})
    EXPECT_THAT(with(json), ElementsAre("advice header/content-type")) << json;
  for (const char* other : {"text/html", "text/plain; x=json", "application/xml", "application/octet-stream"})
    EXPECT_THAT(with(other), ElementsAre("defect header/content-type")) << other;
}

TEST(JudgeHeaders, TheMediaTypeOfAnErrorIsAdviceAtMost) {
  for (const auto& [type, matcher] :
       {std::pair{"application/json", 0}, {"application/x-amz-json-1.0", 0}, {"text/html", 1}}) {
    auto e = error(400, "ValidationException");
    e.response.headers.set("Content-Type", type);
    EXPECT_THAT(findings(kInvalid, e), ::testing::SizeIs(static_cast<std::size_t>(matcher))) << type;
    EXPECT_FALSE(has_defect(judged(kInvalid, e, world()))) << type;
  }
}

TEST(JudgeTarget, AnotherCaseOrFormOfThePrefixThatIsAcceptedIsAdvice) {
  const auto targeted = [](std::string_view target) {
    auto request = request_for("GetConnectionStatus", R"({"Target":"i-up"})");
    request.headers.set("X-Amz-Target", std::string(target));
    return wire::to_bytes(request);
  };
  for (const char* form :
       {"amazonssm.GetConnectionStatus", "AMAZONSSM.GetConnectionStatus",
        "com.amazonaws.ssm#AmazonSSM.GetConnectionStatus", "AmazonSSM_20141106.GetConnectionStatus"}) {
    EXPECT_THAT(findings(targeted(form), answer(200, kConnected)), ElementsAre("advice outcome/accepted"))
        << form;
    EXPECT_THAT(findings(targeted(form), error(400, "UnknownOperationException")), IsEmpty()) << form;
    EXPECT_THAT(findings(targeted(form), error(400, "ValidationException")),
                ElementsAre("defect outcome/wrong-code"))
        << form;
  }
  for (const char* foreign :
       {"NoSuchService_20200101.GetConnectionStatus", "DynamoDB_20120810.GetConnectionStatus",
        "GetConnectionStatus", "ssm.GetConnectionStatus", ".GetConnectionStatus",
        "amazonssm.getconnectionstatus", "AmazonSSM..GetConnectionStatus", "AmazonSSM_x.GetConnectionStatus",
        "amazonssm.NoSuchOperation"}) {
    EXPECT_THAT(findings(targeted(foreign), answer(200, kConnected)), ElementsAre("defect outcome/accepted"))
        << foreign;
  }
}

TEST(JudgeTarget, A501ForWhatDoesNotExistIsAWrongStatusAtMost) {
  for (const char* body :
       {"<html>", R"({"__type":"NotImplemented"})", R"({"__type":"UnknownOperationException"})"}) {
    EXPECT_THAT(findings(post("NoSuchOperation", "{}"), answer(501, body)),
                ElementsAre("defect outcome/wrong-status"));
    EXPECT_THAT(findings(post("NoSuchOperation", ""), answer(501, body)),
                ElementsAre("defect outcome/wrong-status"));
    EXPECT_THAT(findings(post("ListThings", "{}"), answer(501, body)), IsEmpty())
        << "an operation of the service";
    EXPECT_THAT(findings(kValid, answer(501, body)), ElementsAre("defect availability/server-error"));
  }
  EXPECT_THAT(findings(post("NoSuchOperation", "{}"), answer(500, "{}")),
              ElementsAre("defect availability/server-error"));
}

TEST(JudgeTarget, AnUnknownOperationWithoutABodyMayBeCalledUnknownAtEveryLevel) {
  for (const Level level : {Level::rejects, Level::documented, Level::aws}) {
    for (const char* code : {"UnknownOperationException", "SerializationException"}) {
      EXPECT_THAT(judged(post("NoSuchOperation", ""), error(400, code), world(), level), IsEmpty()) << code;
    }
  }
  EXPECT_THAT(rules(judged(post("GetConnectionStatus", ""), error(400, "UnknownOperationException"), world(),
                           Level::aws)),
              ElementsAre("defect outcome/wrong-code"))
      << "an operation that exists";
}

TEST(JudgeLargeHead, ClosingCitesTheSentenceAndAResetIsAdvice) {
  auto path = request_for("GetConnectionStatus", R"({"Target":"i-up"})");
  path.target = "/" + std::string(65536, 'a');
  auto headers = request_for("GetConnectionStatus", R"({"Target":"i-up"})");
  headers.headers.add("X-Filler", std::string(1 << 20, 'a'));
  for (const auto& request : {path, headers}) {
    const std::string bytes = wire::to_bytes(request);
    const auto closed = judged(bytes, unanswered(Transport::closed), world());
    EXPECT_THAT(rules(closed), ElementsAre("defect availability/closed"));
    EXPECT_THAT(closed.at(0).message, ::testing::AllOf(HasSubstr("RFC 9112 §3"), HasSubstr("RFC 9110 §5.4")));
    const auto reset = judged(bytes, unanswered(Transport::reset), world());
    EXPECT_THAT(rules(reset), ElementsAre("advice availability/reset"));
    EXPECT_THAT(reset.at(0).message, HasSubstr("RFC 9112 §9.6"));
    EXPECT_THAT(findings(bytes, unanswered(Transport::timed_out)), ElementsAre("defect availability/hang"));
    for (int status : {414, 431}) EXPECT_THAT(findings(bytes, answer(status, "")), IsEmpty()) << status;
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
}  // namespace harness::oracle::judge_test
