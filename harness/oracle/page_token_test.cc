#include "harness/oracle/page_token.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/model/built_in_for_test.h"
#include "harness/oracle/evidence.h"
#include "harness/oracle/test_support.h"

// Page tokens of operations whose rules say nothing of them.
namespace harness::oracle::page_token_test {
namespace {

using namespace testing_support;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const model::Model& things() {
  static const auto model = model::testing_support::small_model(R"("operations":{
    "List":{"input":{"shape":"In"},"output":{"shape":"Out"},
            "errors":[{"shape":"NoSuchThing"},{"shape":"InvalidNextToken"}]},
    "Scan":{"input":{"shape":"In"},"output":{"shape":"Out"},"errors":[{"shape":"NoSuchThing"}]},
    "Ping":{"input":{"shape":"In"},"errors":[{"shape":"InvalidNextToken"}]}},
   "shapes":{"T":{"type":"string"},"Short":{"type":"string","max":8},
    "In":{"type":"structure","members":{"NextToken":{"shape":"Short"},"Name":{"shape":"T"}}},
    "Out":{"type":"structure","members":{"NextToken":{"shape":"T"}}},
    "NoSuchThing":{"type":"structure","members":{}},"InvalidNextToken":{"type":"structure","members":{}}})");
  return model;
}

Knowledge all_known() {
  Knowledge k;
  k.knows_all_tokens = true;
  k.tokens = {{"issued", "List"}};
  return k;
}

Classification asked(const std::string& operation, const std::string& body,
                     const Knowledge& known = all_known(), const ServiceRules& rules = {}) {
  auto request = request_for(operation, body);
  request.headers.set("X-Amz-Target", "X." + operation);
  return classify(things(), rules, wire::to_bytes(request), known, kNow);
}

Classification with_token(const std::string& operation) {
  return asked(operation, R"({"NextToken":"made-up"})");
}

std::vector<std::string> findings(const Classification& request, const wire::Exchange& answered,
                                  Level level = Level::documented) {
  std::vector<std::string> out;
  for (const auto& f : judge(request, admissible(request, level), answered, all_known()))
    out.push_back(std::string(to_string(f.severity)) + " " + f.rule);
  return out;
}

TEST(PageToken, BreaksARuleIfNoAnswerIssuedIt) {
  EXPECT_EQ(with_token("List").kind(), "page-token:NextToken");
  EXPECT_EQ(with_token("Scan").kind(), "page-token-undeclared:NextToken");
  EXPECT_EQ(with_token("Ping").kind(), "valid") << "it has no pages";
  for (const char* body : {R"({"NextToken":"issued"})", R"({"NextToken":""})", R"({"NextToken":null})", "{}"})
    EXPECT_EQ(asked("List", body).kind(), "valid") << body;
}

TEST(PageToken, IsNotLookedAtWhereItBreaksAConstraint) {
  EXPECT_EQ(asked("List", R"({"NextToken":7})").kind(), "type:NextToken");
  EXPECT_EQ(asked("List", R"({"NextToken":"too long a token"})").kind(), "length:NextToken");
  EXPECT_EQ(asked("List", R"({"NextToken":"a\u0000"})").kind(), "unusual-text:NextToken");
}

TEST(PageToken, IsUnknownWhereItMayBeOlderThanTheRun) {
  EXPECT_EQ(asked("List", R"({"NextToken":"made-up"})", {}).kind(), "valid");
}

TEST(PageToken, OfAnotherOperationIsNoneOfThisOne) {
  Knowledge known = all_known();
  known.issued("of-scan", "Scan");
  known.issued("a-thing", "thing-1");
  const auto with = [&](const char* operation, const char* body) { return asked(operation, body, known); };
  EXPECT_EQ(with("List", R"({"NextToken":"of-scan"})").kind(), "page-token:NextToken");
  EXPECT_EQ(with("Scan", R"({"NextToken":"of-scan"})").kind(), "valid");
  EXPECT_EQ(with("List", R"({"NextToken":"a-thing"})").kind(), "valid") << "of what it lists, maybe";
}

TEST(PageToken, ThatSeveralIssuedMayBeTakenOrRefused) {
  Knowledge known = all_known();
  known.issued("10", "Scan");
  known.issued("10", "List");
  known.issued("10", "List");
  for (const char* operation : {"List", "Scan"}) {
    const auto request = asked(operation, R"({"NextToken":"10"})", known);
    EXPECT_EQ(request.kind(), "valid");
    EXPECT_THAT(findings(request, answer(200, "{}")), IsEmpty());
    EXPECT_THAT(findings(request, error(400, "InvalidNextToken")), IsEmpty());
  }
}

TEST(PageToken, IsLeftToTheRulesThatJudgeIt) {
  OperationRules own;
  const ServiceRules silent({{"List", own}});
  EXPECT_EQ(asked("List", R"({"NextToken":"x"})", all_known(), silent).kind(), "page-token:NextToken");
  own.judges_tokens = true;
  const ServiceRules judging({{"List", own}});
  EXPECT_EQ(asked("List", R"({"NextToken":"x"})", all_known(), judging).kind(), "valid");
}

TEST(PageToken, IsRefusedWithTheErrorThatSpeaksOfItOrAsInvalid) {
  const auto request = with_token("List");
  EXPECT_THAT(request.token_errors, ElementsAre("InvalidNextToken"));
  for (const char* code : {"InvalidNextToken", "ValidationException", "ValidationError"})
    EXPECT_THAT(findings(request, error(400, code)), IsEmpty()) << code;
  EXPECT_THAT(findings(request, answer(200, "{}")), ElementsAre("defect outcome/accepted"));
  EXPECT_THAT(findings(request, error(400, "NoSuchThing")), ElementsAre("advice outcome/other-refusal"));
  EXPECT_THAT(findings(request, error(400, "Whatever")), ElementsAre("defect outcome/wrong-code"));
  EXPECT_THAT(findings(request, error(404, "InvalidNextToken")), ElementsAre("defect outcome/wrong-status"));
  EXPECT_THAT(findings(request, error(400, "Whatever"), Level::rejects), IsEmpty());
  EXPECT_THAT(findings(request, answer(200, "{}"), Level::rejects), ElementsAre("defect outcome/accepted"));
}

TEST(PageToken, MayBeRefusedAnyhowWhereNothingIsDeclaredOfIt) {
  const auto request = with_token("Scan");
  EXPECT_THAT(request.token_errors, ElementsAre("InvalidNextToken")) << "as other operations declare it";
  for (const char* code : {"InvalidNextToken", "ValidationException", "ValidationError", "NoSuchThing"})
    EXPECT_THAT(findings(request, error(400, code)), IsEmpty()) << code;
  EXPECT_THAT(findings(request, answer(200, "{}")), ElementsAre("advice outcome/accepted"));
  EXPECT_THAT(findings(request, error(400, "Whatever")), ElementsAre("advice outcome/wrong-code"));
  EXPECT_THAT(findings(request, error(500, "InternalServerError")),
              ElementsAre("defect availability/server-error"));
}

TEST(PageToken, MakesNoOtherRuleWeaker) {
  const auto request = asked("Scan", R"({"NextToken":"made-up","Name":7})");
  EXPECT_EQ(request.kind(), "type:Name+page-token-undeclared:NextToken");
  EXPECT_THAT(findings(request, answer(200, "{}")), ElementsAre("defect outcome/accepted"));
  EXPECT_THAT(findings(request, error(400, "Whatever")), ElementsAre("defect outcome/wrong-code"));
}

// The rows of evidence.h that are about tokens.
TEST(PageTokenEvidence, TheTokensOwnErrorProvesThatItIsLookedAt) {
  const auto of = [](const wire::Exchange& answered, const wire::Exchange& control) {
    const auto request = with_token("List");
    const auto found = judge(request, admissible(request, Level::documented), answered, all_known());
    return proves_nothing(request, answered, control_answer(control), found);
  };
  const auto token = error(400, "InvalidNextToken");
  const auto absent = error(400, "NoSuchThing");
  const auto accepted = answer(200, "{}");
  EXPECT_THAT(of(token, absent), IsEmpty());
  EXPECT_THAT(of(token, accepted), IsEmpty());
  EXPECT_THAT(of(accepted, absent), IsEmpty());
  EXPECT_THAT(of(accepted, accepted), IsEmpty());
  EXPECT_THAT(of(absent, absent), HasSubstr("must exist to tell"));
  EXPECT_THAT(of(token, token), HasSubstr("must exist to tell")) << "what is refused without a token too";
  EXPECT_THAT(of(token, error(400, "ValidationException")), HasSubstr("the model alone"));
}

TEST(PageToken, OfTheBuiltInModelHasAnErrorInMostOperations) {
  std::size_t declared = 0, undeclared = 0;
  for (const auto& operation : built_in_model().operations()) {
    const auto rule = rule_of_token(operation);
    if (!rule) continue;
    ++(*rule == Rule::page_token ? declared : undeclared);
    EXPECT_THAT(token_errors(built_in_model(), operation), ElementsAre("InvalidNextToken")) << operation.name;
  }
  EXPECT_EQ(undeclared, 21U);
  EXPECT_EQ(declared, 35U);
}

}  // namespace
}  // namespace harness::oracle::page_token_test
