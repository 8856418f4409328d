#include "harness/oracle/operation_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/oracle/test_support.h"

// The engine with rules that a test makes, and with none: what a pack says is judged, and nothing else is.
namespace harness::oracle::operation_rules_test {
namespace {

using namespace testing_support;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kOperation = "DeleteDocument";

Classification classified_by(const ServiceRules& rules, const std::string& body,
                             const Knowledge& known = {}) {
  return classify(built_in_model(), rules, post(kOperation, body), known, {});
}

std::vector<std::string> findings(const Classification& request, const wire::Exchange& exchange) {
  return testing_support::rules(judge(request, admissible(request, Level::documented), exchange, {}));
}

TEST(OperationWithoutRules, IsNotExpectedToNeedAnyState) {
  const ServiceRules none;
  Knowledge known;
  known.absent_prefix = "run-";
  const auto request = classified_by(none, R"({"Name":"run-1"})", known);
  EXPECT_EQ(request.kind(), "valid");
  EXPECT_EQ(request.rules, nullptr);
  const auto expected = admissible(request, Level::documented);
  EXPECT_TRUE(expected.success);
  EXPECT_THAT(expected.text(), HasSubstr("InvalidDocumentOperation (API reference)"));
  EXPECT_THAT(findings(request, answer(200, "{}")), IsEmpty());
  for (const char* declared : {"InvalidDocument", "InvalidDocumentOperation", "AssociatedInstances"})
    EXPECT_THAT(findings(request, error(400, declared)), IsEmpty()) << declared;
  EXPECT_THAT(findings(request, error(400, "AccessDeniedException")), IsEmpty()) << "a common error";
  EXPECT_THAT(findings(request, error(400, "InvalidFilterKey")), ElementsAre("advice outcome/undeclared"))
      << "what the operation needs is not known, nor what it answers then";
  EXPECT_THAT(findings(request, error(500, "InvalidDocument")),
              ElementsAre("defect availability/server-error"));
}

TEST(OperationWithoutRules, MustStillRefuseWhatItsModelForbids) {
  const ServiceRules none;
  const auto request = classified_by(none, R"({"Name":"a b"})");
  EXPECT_EQ(request.kind(), "pattern:Name");
  EXPECT_THAT(findings(request, answer(200, "{}")), ElementsAre("defect outcome/accepted"));
  EXPECT_THAT(findings(request, error(400, "ValidationException")), IsEmpty());
  EXPECT_THAT(findings(request, error(400, "AssociatedInstances")),
              ElementsAre("advice outcome/other-refusal"))
      << "which of two reasons to refuse comes first is not known";
  EXPECT_THAT(findings(request, error(400, "InvalidFilterKey")), ElementsAre("defect outcome/wrong-code"))
      << "it does not declare that";
}

ServiceRules of_boxes() {
  OperationRules box;
  box.rows = {{Rule::state,
               "box-closed",
               Force::rejects,
               {{400, "BoxClosed", Provenance::recorded}},
               {},
               "a box is opened first"},
              {Rule::pattern,
               "Name",
               Force::rejects,
               {{400, "NoSuchBox", Provenance::disputed}},
               {},
               "boxes have names"}};
  box.check_state = [](StateCheck& c) {
    const Resource* known = c.known().find("box", c.text("Name"));
    if (known != nullptr && !known->exists) c.breaks("box-closed", "the box is closed", "Name");
  };
  box.check_answer = [](AnswerCheck& c) {
    if (c.required("Lid") != nullptr) c.advice("relation/lid", "an open box has no lid");
  };
  return ServiceRules({{kOperation, box}});
}

TEST(OperationRules, SayWhichStateARequestNeeds) {
  const ServiceRules rules = of_boxes();
  Knowledge known;
  known.of("box")["a-box"].exists = false;
  const auto closed = classified_by(rules, R"({"Name":"a-box"})", known);
  EXPECT_EQ(closed.kind(), "box-closed:Name");
  EXPECT_TRUE(closed.breaks_state("box-closed"));
  EXPECT_FALSE(closed.breaks_state("box-open"));
  EXPECT_THAT(findings(closed, error(400, "BoxClosed")), IsEmpty());
  EXPECT_THAT(findings(closed, error(400, "InvalidDocument")), ElementsAre("defect outcome/wrong-code"));
  EXPECT_EQ(row_for(closed, closed.violations.front()).because, "a box is opened first");
  EXPECT_EQ(classified_by(rules, R"({"Name":"b-box"})", known).kind(), "valid")
      << "what is not known is not judged";
}

TEST(OperationRules, GoBeforeTheEnginesRows) {
  const ServiceRules rules = of_boxes();
  const auto request = classified_by(rules, R"({"Name":"a b"})");
  EXPECT_THAT(findings(request, error(400, "NoSuchBox")), IsEmpty());
  EXPECT_THAT(findings(request, error(400, "ValidationException")), ElementsAre("defect outcome/wrong-code"));
  const auto version = classified_by(rules, R"({"Name":"a-box","DocumentVersion":"x"})");
  EXPECT_THAT(findings(version, error(400, "ValidationException")), IsEmpty())
      << "of another member: the engine's";
}

TEST(OperationRules, JudgeAnswersOfTheRightShape) {
  const ServiceRules rules = of_boxes();
  const auto request = classified_by(rules, R"({"Name":"a-box"})");
  EXPECT_THAT(findings(request, answer(200, "{}")), ElementsAre("defect shape/missing"));
  EXPECT_THAT(findings(request, answer(200, R"({"Lid":1})")), Contains("advice relation/lid"));
  EXPECT_THAT(findings(request, answer(200, "[]")), ElementsAre("defect shape/not-an-object"));
}

TEST(ServiceRules, AdmitTheDocumentedSpellingBesideTheOneOnTheWire) {
  OperationRules own;
  own.rows = {
      {Rule::pattern, "Name", Force::rejects, {{400, "ValidationException", Provenance::recorded}}, {}, "x"}};
  const ServiceRules rules({{kOperation, own}});
  EXPECT_THAT(findings(classified_by(rules, R"({"Name":"a b"})"), error(400, "ValidationError")), IsEmpty());
  EXPECT_EQ(rules.find("CreateDocument"), nullptr);
}

TEST(StateCheck, ReadsMembersOfTheRequest) {
  const wire::Json input = {{"Name", "x"}, {"Count", 1}, {"Nothing", nullptr}};
  const Knowledge known;
  std::vector<RequestViolation> violations = {{Rule::pattern, "Count", "", ""}};
  StateCheck check(input, known, violations);
  EXPECT_EQ(check.text("Name"), "x");
  EXPECT_EQ(check.text("Count"), "");
  EXPECT_EQ(check.text("Absent"), "");
  EXPECT_TRUE(check.has("Count"));
  EXPECT_FALSE(check.has("Nothing"));
  EXPECT_TRUE(check.is_wrong("Count"));
  EXPECT_FALSE(check.is_wrong("Name"));
}

TEST(Knowledge, OfAResourceIsWhatWasSaidOfIt) {
  Knowledge known;
  known.absent_prefix = "run-";
  known.of("box")["a"].holds["lids"] = {"red"};
  known.of("box")["run-made"].ours = true;
  ASSERT_NE(known.find("box", "a"), nullptr);
  EXPECT_EQ(known.find("box", "a")->known("nails"), nullptr);
  EXPECT_THAT(*known.find("box", "a")->known("lids"), ElementsAre("red"));
  EXPECT_EQ(known.find("lid", "a"), nullptr);
  EXPECT_TRUE(known.find("box", "run-made")->exists);
  ASSERT_NE(known.find("box", "run-other"), nullptr);
  EXPECT_FALSE(known.find("box", "run-other")->exists);
}

}  // namespace
}  // namespace harness::oracle::operation_rules_test
