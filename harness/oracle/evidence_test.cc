#include "harness/oracle/evidence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/oracle/test_support.h"

// The table of evidence.h, row by row, for an operation without rules.
namespace harness::oracle::evidence_test {
namespace {

using namespace testing_support;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Kind = ControlAnswer::Kind;

constexpr const char* kValid = R"({"Name":"run-x"})";
constexpr const char* kWrong = R"({"Name":"a b"})";

Classification classified_alone(const std::string& body) {
  static const ServiceRules none;
  return classify(built_in_model(), none, post("DeleteDocument", body), {}, {});
}

std::string of(const std::string& body, const wire::Exchange& answered, const wire::Exchange& control) {
  const auto request = classified_alone(body);
  const auto findings = judge(request, admissible(request, Level::documented), answered, {});
  return proves_nothing(request, answered, control_answer(control), findings);
}

const wire::Exchange kAccepted = answer(200, "{}");
const wire::Exchange kInvalid = error(400, "ValidationException");
const wire::Exchange kAbsent = error(400, "InvalidDocument");       // declared
const wire::Exchange kInUse = error(400, "AssociatedInstances");    // declared
const wire::Exchange kUndeclared = error(400, "InvalidFilterKey");  // not

TEST(ControlAnswer, IsToldByStatusAndName) {
  EXPECT_EQ(control_answer(kAccepted).kind, Kind::accepted);
  EXPECT_EQ(control_answer(kInvalid).kind, Kind::invalid);
  EXPECT_EQ(control_answer(error(400, "SerializationException")).kind, Kind::invalid);
  EXPECT_EQ(control_answer(kAbsent).kind, Kind::refused);
  EXPECT_EQ(control_answer(kAbsent).code, "InvalidDocument");
  EXPECT_EQ(control_answer(error(500, "InternalServerError")).kind, Kind::none);
  EXPECT_EQ(control_answer(answer(400, "<html>")).kind, Kind::none) << "nobody can read that";
  EXPECT_EQ(control_answer(unanswered(wire::Transport::timed_out)).kind, Kind::none);
}

TEST(Evidence, BesideAnAcceptedControlEveryAnswerProvesSomething) {
  for (const auto& answered : {kInvalid, kAccepted, kAbsent, kUndeclared})
    EXPECT_THAT(of(kWrong, answered, kAccepted), IsEmpty()) << answered.response.body;
}

TEST(Evidence, BesideARefusedControlAValidationErrorAndASuccessProveSomething) {
  EXPECT_THAT(of(kWrong, kInvalid, kAbsent), IsEmpty());
  EXPECT_THAT(of(kWrong, kAccepted, kAbsent), IsEmpty());
  EXPECT_THAT(of(kWrong, kUndeclared, kAbsent), IsEmpty()) << "no reason that the operation has";
}

TEST(Evidence, TheSameRefusalOrAnotherDeclaredOneProvesNothing) {
  EXPECT_THAT(of(kWrong, kAbsent, kAbsent), HasSubstr("must exist to tell"));
  EXPECT_THAT(of(kWrong, kInUse, kAbsent), HasSubstr("may be for something else"));
}

TEST(Evidence, NothingIsProvedWhereTheInputItselfIsRefused) {
  for (const auto& answered : {kInvalid, kAccepted, kAbsent})
    EXPECT_THAT(of(kWrong, answered, kInvalid), HasSubstr("the model alone")) << answered.response.body;
  EXPECT_THAT(of(kValid, kInvalid, kInvalid), HasSubstr("the model alone"));
}

TEST(Evidence, AValidRequestProvesSomethingWhereItIsAnsweredAsTheControl) {
  EXPECT_THAT(of(kValid, kAccepted, kAccepted), IsEmpty());
  EXPECT_THAT(of(kValid, kAbsent, kAbsent), IsEmpty());
  EXPECT_THAT(of(kValid, kAccepted, kAbsent), IsEmpty());
  EXPECT_THAT(of(kValid, kInvalid, kAccepted), HasSubstr("may know more than its model"));
  EXPECT_THAT(of(kValid, kInUse, kAbsent), HasSubstr("may know more than its model"));
}

TEST(Evidence, ARefusalOfAValidRequestIsNoDefect) {
  const Finding rejected{"outcome/rejected", Severity::defect, "a valid request was refused", ""};
  EXPECT_THAT(proves_nothing(classified_alone(kValid), kUndeclared, control_answer(kUndeclared), {rejected}),
              HasSubstr("may know more than its model"));
}

TEST(Evidence, AFailingServerIsProvedByItself) {
  const auto failing = error(500, "InternalServerError");
  for (const auto& control : {kAccepted, kAbsent, kInvalid}) {
    EXPECT_THAT(of(kWrong, failing, control), IsEmpty());
    EXPECT_THAT(of(kValid, failing, control), IsEmpty());
  }
}

TEST(Evidence, WhatTheStateAsksForIsNoBreachOfTheForm) {
  const auto request = classified(post("DeleteDocument", R"({"Name":"gone"})"), world());
  ASSERT_TRUE(request.breaks(Rule::state));
  EXPECT_THAT(proves_nothing(request, kAbsent, control_answer(kAbsent), {}), IsEmpty());
}

}  // namespace
}  // namespace harness::oracle::evidence_test
