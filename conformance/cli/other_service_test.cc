#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "conformance/cli/case_data.h"
#include "conformance/cli/sample_situation.h"
#include "conformance/pack.h"
#include "harness/files/input_file.h"
#include "harness/run/situation.h"

// Which service a model is of decides what a run goes by: the pack, or the model alone.
namespace conformance::other_service_test {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;
namespace run = harness::run;

constexpr const char* kSmithy = R"json({"smithy": "2.0", "shapes": {
  "a.b#Desk_2020": {"type": "service", "version": "2020-01-02", "traits": {
    "aws.api#service": {"sdkId": "Front Desk"}, "aws.protocols#awsJson1_0": {}}},
  "a.b#Book": {"type": "operation", "input": {"target": "a.b#BookInput"}, "output": {"target": "a.b#BookOutput"}},
  "a.b#GetParameter": {"type": "operation"},
  "a.b#BookInput": {"type": "structure", "members": {
    "Name": {"target": "a.b#Name", "traits": {"smithy.api#required": {}}}}},
  "a.b#BookOutput": {"type": "structure", "members": {}},
  "a.b#Name": {"type": "string", "traits": {"smithy.api#length": {"min": 1, "max": 99}}}
}})json";

constexpr const char* kBotocore = R"json({
  "metadata": {"serviceId": "Front Desk", "targetPrefix": "Desk_2020", "jsonVersion": "1.0"},
  "operations": {"Book": {"input": {"shape": "BookInput"}, "output": {"shape": "BookOutput"}}, "GetParameter": {}},
  "shapes": {
    "BookInput": {"type": "structure", "required": ["Name"], "members": {"Name": {"shape": "Name"}}},
    "BookOutput": {"type": "structure", "members": {}},
    "Name": {"type": "string", "min": 1, "max": 99}}})json";

std::vector<std::string> ids(const CaseData& data) {
  std::vector<std::string> out;
  for (const auto& c : data.cases) out.push_back(c.id);
  return out;
}

std::string built_in_text() {
  return harness::files::read_file(std::string(SSMC_SOURCE_DIR) + "/conformance/ssm/model/ssm.json").value();
}

std::string problem_with(const std::string& model) {
  const auto data = load_case_data(model);
  return data ? "" : data.error().message;
}

TEST(ModelOfThePack, IsJudgedByThePackWhateverItsVersion) {
  std::string text = built_in_text();
  const auto version = text.find("\"2014-11-06\"");
  ASSERT_NE(version, std::string::npos);
  text.replace(version, 12, "\"2099-11-06\"");
  const auto newer = load_case_data(text);
  ASSERT_TRUE(newer) << newer.error().message;
  const auto built_in = load_case_data();
  EXPECT_NE(newer->model.identity().version, built_in->model.identity().version);
  EXPECT_TRUE(pack::is_of(newer->model.identity()));
  EXPECT_EQ(ids(*newer), ids(*built_in));
  EXPECT_EQ(newer->clauses.size(), built_in->clauses.size());
  EXPECT_EQ(newer->rules.by_operation().size(), pack::rules().by_operation().size());
  EXPECT_EQ(newer->catalogue.kinds().size(), built_in->catalogue.kinds().size());
  for (const auto& [operation, example] : newer->examples) EXPECT_FALSE(example.by_model) << operation;
}

TEST(ModelOfThePack, NeedsTheOperationsOfItsExamplesAndMayLackOthers) {
  EXPECT_THAT(
      problem_with(R"({"metadata":{"targetPrefix":"AmazonSSM"},"operations":{"Ping":{}},"shapes":{}})"),
      AllOf(HasSubstr("has no operation"), HasSubstr("a model of SSM")));
  std::string text = built_in_text();
  const std::string name = "com.amazonaws.ssm#ListNodes";
  for (std::size_t at = 0; (at = text.find(name + "\"", at)) != std::string::npos; at += 3)
    text.replace(at, name.size(), "com.amazonaws.ssm#ListKnots");
  const auto other = load_case_data(text);
  ASSERT_TRUE(other) << other.error().message;
  EXPECT_THAT(other->other_operations, ElementsAre("ListNodes"));
}

TEST(ModelOfAnotherService, IsAllThatIsKnown) {
  for (const char* text : {kSmithy, kBotocore}) {
    const auto data = load_case_data(text);
    ASSERT_TRUE(data) << data.error().message;
    EXPECT_FALSE(pack::is_of(data->model.identity()));
    EXPECT_THAT(data->rules.by_operation(), IsEmpty());
    EXPECT_THAT(data->catalogue.kinds(), IsEmpty());
    EXPECT_THAT(data->catalogue.fixtures(), IsEmpty());
    EXPECT_THAT(data->other_operations, IsEmpty());
    std::set<std::string> operations;
    for (const run::Case& c : data->cases) {
      operations.insert(c.operation);
      EXPECT_TRUE(c.by_model) << c.id << ": also of an operation whose name the pack's service has";
      EXPECT_THAT(c.request, HasSubstr("X-Amz-Target: Desk_2020." + c.operation)) << c.id;
      EXPECT_THAT(c.request, HasSubstr("application/x-amz-json-1.0")) << c.id;
      EXPECT_THAT(c.clauses, Each(StartsWith("protocol/model/"))) << c.id;
    }
    EXPECT_THAT(operations, ElementsAre("Book", "GetParameter"));
    for (const auto& [operation, example] : data->examples) EXPECT_TRUE(example.by_model) << operation;
    EXPECT_EQ(data->examples.size(), 2U);
  }
}

TEST(ModelOfAnotherService, HasClausesOfItsOwnForEachCase) {
  const auto data = load_case_data(kBotocore);
  ASSERT_TRUE(data) << data.error().message;
  for (const Clause& clause : data->clauses)
    EXPECT_THAT(clause.source, Not(HasSubstr("systems-manager"))) << clause.id;
  for (const run::Case& c : data->cases) {
    ASSERT_THAT(c.clauses, Not(IsEmpty())) << c.id;
    for (const auto& id : c.clauses) {
      EXPECT_TRUE(std::any_of(data->clauses.begin(), data->clauses.end(), [&](const Clause& clause) {
        return clause.id == id;
      })) << id;
    }
  }
}

TEST(ModelOfAnotherService, GivesRequestsThatCanBeShown) {
  const auto data = load_case_data(kSmithy);
  ASSERT_TRUE(data) << data.error().message;
  const auto situation = sample_situation(*data);
  for (const run::Case& c : data->cases) {
    const auto prepared = run::prepare(situation, c.request);
    ASSERT_TRUE(prepared) << c.id << ": " << prepared.error().message;
    EXPECT_EQ(prepared->classification.kind() == "valid", c.is_valid_by_model()) << c.id;
  }
}

TEST(ModelOfAnotherService, IsRefusedWhereThereIsNothingToSend) {
  EXPECT_THAT(
      problem_with(R"({"metadata":{"targetPrefix":"Desk","protocol":"rest-json","serviceId":"Front Desk"},
                              "operations":{"Ping":{}},"shapes":{}})"),
      HasSubstr("Front Desk does not speak AWS JSON"));
  EXPECT_THAT(
      problem_with(R"({"metadata":{"targetPrefix":"Desk"},"operations":{"Loop":{"input":{"shape":"L"}}},
                              "shapes":{"L":{"type":"structure","required":["L"],"members":{"L":{"shape":"L"}}}}})"),
      HasSubstr("no input can be made"));
}

}  // namespace
}  // namespace conformance::other_service_test
