#include "harness/oracle/judge_output.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conformance/ssm/resources.h"
#include "harness/oracle/test_support.h"
#include "harness/wire/content_coding.h"

// Findings about what a successful answer says.
namespace harness::oracle::judge_output_test {
namespace {

using namespace testing_support;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Le;
using ::testing::SizeIs;

std::vector<std::string> status(const std::string& target, const std::string& body) {
  return rules(
      judged(post("GetConnectionStatus", R"({"Target":")" + target + "\"}"), answer(200, body), world()));
}

std::vector<std::string> describe(const std::string& name, const std::string& body,
                                  const std::string& more = "") {
  return rules(judged(post("DescribeDocumentPermission",
                           R"({"Name":")" + name + R"(","PermissionType":"Share")" + more + "}"),
                      answer(200, body), world()));
}

/// A page with these accounts in both lists.
std::string page(const std::vector<std::string>& accounts, const std::string& token = "") {
  std::string ids;
  std::string infos;
  for (const auto& a : accounts) {
    ids += (ids.empty() ? "\"" : ",\"") + a + "\"";
    infos += std::string(infos.empty() ? "" : ",") + R"({"AccountId":")" + a +
             R"(","SharedDocumentVersion":"$DEFAULT"})";
  }
  return R"({"AccountIds":[)" + ids + R"(],"AccountSharingInfoList":[)" + infos + "]" +
         (token.empty() ? "" : R"(,"NextToken":)" + token) + "}";
}

const std::string kOne = "111122223333";
const std::string kTwo = "444455556666";
const std::string kStranger = "999900001111";

TEST(OutputShape, MembersThatNoModelKnowsAreAdviceEachOnce) {
  const auto findings =
      judged(post("DescribeDocumentPermission", R"({"Name":"own","PermissionType":"Share"})"),
             answer(200, R"({"AccountIds":[],"Owner":"x","__type":"y","AccountSharingInfoList":[
                                 {"AccountId":"111122223333","Since":1},{"AccountId":"444455556666","Since":2}]})"),
             world());
  std::vector<std::string> messages;
  for (const auto& f : findings) {
    if (f.rule == "shape/unknown-member") messages.push_back(f.message);
  }
  EXPECT_THAT(messages, ElementsAre("AccountSharingInfoList[].Since is no member that the model knows",
                                    "Owner is no member that the model knows"));
  EXPECT_THAT(status("i-up", R"({"Target":"i-up","Status":"connected","Status2":{}})"),
              ElementsAre("advice shape/unknown-member"));
}

TEST(OutputShape, MustBeAJsonObject) {
  for (const char* body : {"", "<html>", "{", "{}x"}) {
    EXPECT_THAT(status("i-up", body), ElementsAre("defect shape/not-json")) << body;
  }
  EXPECT_THAT(status("i-up", "{\"Target\":\"\xff\",\"Status\":\"connected\"}"),
              Contains("defect shape/not-json"));
  for (const char* body : {"[]", "null", "7", "\"connected\""}) {
    EXPECT_THAT(status("i-up", body), ElementsAre("defect shape/not-an-object")) << body;
  }
}

TEST(OutputShape, MembersHaveTheirTypes) {
  for (const char* value : {"7", "true", "[]", "{}", "[\"connected\"]"}) {
    EXPECT_THAT(status("i-up", R"({"Target":"i-up","Status":)" + std::string(value) + "}"),
                ElementsAre("defect shape/type"))
        << value;
  }
  EXPECT_THAT(describe("other", R"({"AccountIds":"all","AccountSharingInfoList":[]})"),
              ElementsAre("defect shape/type"));
  EXPECT_THAT(describe("other", R"({"AccountIds":[123456789012],"AccountSharingInfoList":[]})"),
              ElementsAre("defect shape/type"));
  EXPECT_THAT(describe("other", R"({"AccountIds":[],"AccountSharingInfoList":{}})"),
              ElementsAre("defect shape/type"));
  EXPECT_THAT(describe("other", R"({"AccountIds":[],"AccountSharingInfoList":[],"NextToken":7})"),
              ElementsAre("defect shape/type"));
}

TEST(OutputShape, AMemberThatStandsTwiceIsADefectWhateverItIs) {
  EXPECT_THAT(status("i-up", R"({"Target":"i-up","Status":"connected","Status":"connected"})"),
              ElementsAre("defect shape/type"));
  // Of another type the second time: nothing more can be said, and nothing may crash.
  EXPECT_THAT(status("i-up", R"({"Target":"i-up","Status":"connected","Status":5})"),
              ElementsAre("defect shape/type"));
  EXPECT_THAT(describe("shared", R"({"AccountIds":[],"AccountIds":7,"AccountSharingInfoList":[]})"),
              ElementsAre("defect shape/type"));
}

TEST(OutputShape, AMemberThatIsMissingOrNullIsMissing) {
  EXPECT_THAT(status("i-up", R"({"Target":"i-up"})"), ElementsAre("defect shape/missing"));
  EXPECT_THAT(status("i-up", R"({"Status":"connected"})"), ElementsAre("defect shape/missing"));
  EXPECT_THAT(status("i-up", R"({"Status":null,"Target":"i-up"})"), ElementsAre("defect shape/missing"));
  EXPECT_THAT(status("i-up", "{}"), ElementsAre("defect shape/missing", "defect shape/missing"));
  EXPECT_THAT(describe("ours", R"({"AccountIds":[]})"), ElementsAre("defect shape/missing"));
  EXPECT_THAT(describe("ours", R"({"AccountSharingInfoList":[]})"), ElementsAre("defect shape/missing"));
}

TEST(OutputShape, TheEnumIsSpeltAsDocumented) {
  for (const char* value : {"Connected", "NotConnected", "not_connected", "CONNECTED", "online", ""}) {
    EXPECT_THAT(status("i-up", R"({"Target":"i-up","Status":")" + std::string(value) + "\"}"),
                ElementsAre("defect shape/enum"))
        << value;
  }
}

TEST(OutputShape, WhatIsEmptyIsNotTooShort) {
  EXPECT_THAT(status("i-up", R"({"Target":"","Status":"connected"})"),
              ElementsAre("defect relation/echo"));  // and no advice
}

TEST(OutputShape, OtherConstraintsAreAdvice) {
  EXPECT_THAT(describe("other", page({"not-an-account"})),
              ElementsAre("advice shape/constraint", "advice shape/constraint"));
  std::vector<std::string> many;
  for (int i = 0; i < 21; ++i) many.push_back("1234567890" + std::to_string(10 + i));
  EXPECT_THAT(describe("other", page(many)), ElementsAre("advice shape/constraint"));
  many.pop_back();
  EXPECT_THAT(describe("other", page(many)), IsEmpty());
}

TEST(OutputShape, OfALongListTheFirstFaultsAreEnough) {
  std::string numbers = "1";
  for (int i = 0; i < 5000; ++i) numbers += ",1";
  EXPECT_THAT(describe("ours", R"({"AccountIds":[)" + numbers + R"(],"AccountSharingInfoList":[]})"),
              AllOf(SizeIs(Le(20U)), Contains("defect shape/type")));
}

/// The answer as the endpoint layer hands it on: with Content-Encoding, and decoded where it was asked for.
wire::Exchange coded(wire::Exchange e, std::string_view coding, const std::string& request,
                     bool really = true) {
  if (really) e.response.body = wire::encode(coding, e.response.body);
  e.response.headers.set("Content-Encoding", std::string(coding));
  wire::decode_content(e, request);
  return e;
}

TEST(OutputCoding, AnAnswerInACodingThatWasAskedForIsJudgedByItsContent) {
  auto request = request_for("GetConnectionStatus", R"({"Target":"i-up"})");
  request.headers.add("Accept-Encoding", "gzip, deflate");
  const std::string bytes = wire::to_bytes(request);
  for (const char* coding : {"gzip", "deflate"}) {
    const auto judged_as = [&](const wire::Exchange& e) {
      return rules(judged(bytes, coded(e, coding, bytes), world()));
    };
    EXPECT_THAT(judged_as(answer(200, R"({"Target":"i-up","Status":"connected"})")), IsEmpty());
    EXPECT_THAT(judged_as(answer(200, R"({"Target":"i-up","Status":"notconnected"})")),
                ElementsAre("defect relation/status"));
    EXPECT_THAT(judged_as(answer(200, "no")), ElementsAre("defect shape/not-json"));
    EXPECT_THAT(judged_as(error(400, "ValidationException")), ElementsAre("defect outcome/rejected"));
  }
}

TEST(OutputCoding, ACodingThatWasNotAskedForIsADefect) {
  const std::string plain = post("GetConnectionStatus", R"({"Target":"i-up"})");
  const auto success =
      judged(plain, coded(answer(200, R"({"Target":"i-up","Status":"connected"})"), "gzip", plain), world());
  EXPECT_THAT(rules(success), ElementsAre("defect shape/not-json"));
  EXPECT_THAT(success.front().message,
              HasSubstr("Content-Encoding is gzip, which the request did not ask for"));
  const std::string invalid = post("GetConnectionStatus", "{}");
  EXPECT_THAT(rules(judged(invalid, coded(error(400, "ValidationException"), "gzip", invalid), world())),
              ElementsAre("defect envelope/not-json"));
}

TEST(OutputCoding, ContentThatIsNotInItsCodingIsADefect) {
  for (const char* accept : {"gzip", "identity"}) {
    auto request = request_for("GetConnectionStatus", R"({"Target":"i-up"})");
    request.headers.add("Accept-Encoding", accept);
    const std::string bytes = wire::to_bytes(request);
    const auto e = coded(answer(200, R"({"Target":"i-up","Status":"connected"})"), "gzip", bytes, false);
    EXPECT_THAT(rules(judged(bytes, e, world())), ElementsAre("defect shape/not-json")) << accept;
    EXPECT_EQ(answer_kind(e), "200 not-json");
  }
}

TEST(OutputCoding, OfContentThatCannotBeDecodedHereOnlyTheStatusIsJudged) {
  for (const auto& [body, accepted] : {std::pair{R"({"Target":"i-up"})", true}, {"{}", false}}) {
    auto request = request_for("GetConnectionStatus", body);
    request.headers.add("Accept-Encoding", "br");
    const std::string bytes = wire::to_bytes(request);
    const auto success = coded(answer(200, "x"), "br", bytes);
    EXPECT_EQ(rules(judged(bytes, success, world())).empty(), accepted);
    EXPECT_THAT(rules(judged(bytes, coded(answer(400, "x"), "br", bytes), world())), IsEmpty());
    EXPECT_THAT(rules(judged(bytes, coded(answer(500, "x"), "br", bytes), world())),
                ElementsAre("defect availability/server-error"));
    EXPECT_EQ(answer_kind(success), "200 coded");
  }
}

TEST(OutputShape, AFindingIsShortHoweverLongTheAnswer) {
  const auto findings = judged(post("GetConnectionStatus", R"({"Target":"i-up"})"),
                               answer(400, R"({"__type":")" + std::string(100'000, 'x') + "\"}"), world());
  ASSERT_FALSE(findings.empty());
  for (const auto& f : findings) EXPECT_LT(f.message.size() + f.signature.size(), 2000U);
}

TEST(ConnectionStatus, TheTargetIsEchoed) {
  EXPECT_THAT(status("i-up", R"({"Target":"i-up","Status":"connected"})"), IsEmpty());
  for (const char* other : {"i-down", "I-UP", "i-up ", ""}) {
    EXPECT_THAT(status("i-up", R"({"Target":")" + std::string(other) + R"(","Status":"connected"})"),
                Contains("defect relation/echo"))
        << other;
  }
}

TEST(ConnectionStatus, SaysWhatIsKnownOfTheNode) {
  EXPECT_THAT(status("i-up", R"({"Target":"i-up","Status":"notconnected"})"),
              ElementsAre("defect relation/status"));
  EXPECT_THAT(status("i-down", R"({"Target":"i-down","Status":"notconnected"})"), IsEmpty());
}

TEST(ConnectionStatus, ThatANodeWhichNobodyKnowsIsConnectedIsAdvice) {
  EXPECT_THAT(status("i-down", R"({"Target":"i-down","Status":"connected"})"),
              ElementsAre("advice relation/status"));
}

TEST(ConnectionStatus, AWrongSpellingIsOneDefect) {
  for (const char* node : {"i-up", "i-down"}) {
    for (const char* value : {"Connected", "NotConnected"}) {
      EXPECT_THAT(status(node, R"({"Target":")" + std::string(node) + R"(","Status":")" + value + "\"}"),
                  ElementsAre("defect shape/enum"))
          << node << " " << value;
    }
  }
}

TEST(ConnectionStatus, OfAnUnknownNodeEitherIsRight) {
  EXPECT_THAT(status("i-1", R"({"Target":"i-1","Status":"notconnected"})"), IsEmpty());
  EXPECT_THAT(status("i-1", R"({"Target":"i-1","Status":"connected"})"), IsEmpty());
}

TEST(Permission, BothListsNameTheSameAccounts) {
  EXPECT_THAT(describe("shared", page({kOne, kTwo})), IsEmpty());
  EXPECT_THAT(describe("shared", page({kTwo, kOne})), IsEmpty()) << "in any order";
  EXPECT_THAT(describe("other", R"({"AccountIds":["111122223333"],"AccountSharingInfoList":[]})"),
              ElementsAre("defect relation/lists-agree"));
  EXPECT_THAT(
      describe("other", R"({"AccountIds":[],"AccountSharingInfoList":[{"AccountId":"111122223333"}]})"),
      ElementsAre("defect relation/lists-agree"));
  EXPECT_THAT(
      describe("other",
               R"({"AccountIds":["111122223333"],"AccountSharingInfoList":[{"AccountId":"444455556666"}]})"),
      ElementsAre("defect relation/lists-agree"));
  EXPECT_THAT(
      describe(
          "other",
          R"({"AccountIds":["111122223333"],"AccountSharingInfoList":[{"SharedDocumentVersion":"$ALL"}]})"),
      ElementsAre("defect relation/lists-agree"));
}

TEST(Permission, AllIsAllInAnyCase) {
  EXPECT_THAT(describe("public", page({"all"})), IsEmpty());
  EXPECT_THAT(describe("public", page({"All"})), IsEmpty());
  EXPECT_THAT(describe("public", R"({"AccountIds":["All"],"AccountSharingInfoList":[{"AccountId":"all"}]})"),
              IsEmpty());
  EXPECT_THAT(describe("public", page({})), ElementsAre("defect relation/accounts"));
  EXPECT_THAT(describe("public", page({kOne})), ElementsAre("defect relation/accounts"));
  EXPECT_THAT(describe("shared", page({"all"})), ElementsAre("defect relation/accounts"));
}

TEST(Permission, APageHoldsAtMostMaxResults) {
  EXPECT_THAT(describe("shared", page({kOne, kTwo}), R"(,"MaxResults":2)"), IsEmpty());
  EXPECT_THAT(describe("shared", page({kOne}, "\"t\""), R"(,"MaxResults":2)"), IsEmpty())
      << "fewer is legitimate";
  EXPECT_THAT(describe("shared", page({kOne, kTwo}), R"(,"MaxResults":1)"),
              ElementsAre("defect relation/page-size"));
  EXPECT_THAT(describe("shared", page({kOne}, "\"t\""), R"(,"MaxResults":1)"), IsEmpty());
}

TEST(Permission, KnownAccountsAreThere) {
  EXPECT_THAT(describe("ours", page({})), IsEmpty());
  EXPECT_THAT(describe("ours", page({kOne})), ElementsAre("defect relation/accounts"));
  EXPECT_THAT(describe("shared", page({kOne, kTwo, kStranger})), ElementsAre("defect relation/accounts"));
  EXPECT_THAT(describe("shared", page({kOne, kStranger})), ElementsAre("defect relation/accounts"));
}

TEST(Permission, OnlyAPageThatIsTheOnlyOneMustBeComplete) {
  EXPECT_THAT(describe("shared", page({kOne})), ElementsAre("defect relation/accounts"));
  EXPECT_THAT(describe("shared", page({})), ElementsAre("defect relation/accounts"));
  EXPECT_THAT(describe("shared", page({kOne}, "null")), ElementsAre("defect relation/accounts"))
      << "null is absent";
  EXPECT_THAT(describe("shared", page({kOne}, "\"more\"")), IsEmpty());
  EXPECT_THAT(describe("shared", page({kTwo}), R"(,"NextToken":"T-shared")"), IsEmpty());
  EXPECT_THAT(describe("shared", page({kTwo}), R"(,"NextToken":null)"),
              ElementsAre("defect relation/accounts"));
}

TEST(Permission, AnAccountStandsOnceOnAPage) {
  EXPECT_THAT(describe("other", page({kOne, kOne})), ElementsAre("defect relation/accounts"));
  EXPECT_THAT(describe("shared", page({kOne, kOne, kTwo})), ElementsAre("defect relation/accounts"));
}

TEST(Permission, OfADocumentOfWhichNothingIsKnownAnyAccountsAreRight) {
  EXPECT_THAT(describe("other", page({})), IsEmpty());
  EXPECT_THAT(describe("other", page({kStranger})), IsEmpty());
  EXPECT_THAT(describe("never-heard", page({kStranger})), IsEmpty());
}

TEST(Permission, AnEmptyTokenIsAdvice) {
  EXPECT_THAT(describe("ours", page({}, "\"\"")), ElementsAre("advice relation/token"));
  EXPECT_THAT(describe("ours", page({}, "null")), IsEmpty());
}

TEST(Outputs, OfTheOtherOperationsAreCheckedByTheirShape) {
  const std::string create = post("CreateDocument", R"({"Name":"run-1","Content":"{}"})");
  Knowledge k = world();
  EXPECT_THAT(rules(judged(post("DeleteDocument", R"({"Name":"ours"})"), answer(200, "{}"), k)), IsEmpty());
  k.of(conformance::ssm::kDocument)["run-1"].exists = false;
  EXPECT_THAT(rules(judged(create, answer(200, R"({"DocumentDescription":{"Name":"run-1"}})"), k)),
              IsEmpty());
  EXPECT_THAT(rules(judged(create, answer(200, R"({"DocumentDescription":{"Name":7}})"), k)),
              ElementsAre("defect shape/type"));
  EXPECT_THAT(rules(judged(create, answer(200, R"({"DocumentDescription":{"Status":"active"}})"), k)),
              ElementsAre("defect shape/enum"));
}

}  // namespace
}  // namespace harness::oracle::judge_output_test
