#include "harness/oracle/recorded_values.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conformance/ssm/rules.h"
#include "harness/oracle/test_support.h"

// A model that says otherwise than AWS was recorded to.
namespace harness::oracle::recorded_values_test {
namespace {

using namespace testing_support;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// As botocore had it in 2022.
constexpr std::string_view kOldModel = R"({
  "metadata": {"jsonVersion": "1.1", "protocol": "json", "targetPrefix": "AmazonSSM", "serviceId": "SSM"},
  "operations": {
    "GetConnectionStatus": {
      "name": "GetConnectionStatus",
      "input": {"shape": "GetConnectionStatusRequest"},
      "output": {"shape": "GetConnectionStatusResponse"}
    }
  },
  "shapes": {
    "GetConnectionStatusRequest": {"type": "structure", "required": ["Target"], "members": {"Target": {"shape": "Target"}}},
    "GetConnectionStatusResponse": {
      "type": "structure",
      "members": {"Target": {"shape": "Target"}, "Status": {"shape": "ConnectionStatus"}}
    },
    "Target": {"type": "string", "min": 1, "max": 400},
    "ConnectionStatus": {"type": "string", "enum": ["Connected", "NotConnected"]}
  }
})";

model::Model old_model() {
  auto model = model::load(kOldModel);
  EXPECT_TRUE(model) << (model ? "" : model.error().message);
  return std::move(*model);
}

std::vector<std::string> answered(const model::Model& model, const std::string& status) {
  const auto request = classify(model, conformance::ssm::rules(),
                                post("GetConnectionStatus", R"({"Target":"i-up"})"), world(), {});
  return rules(judge(request, admissible(request, Level::documented),
                     answer(200, R"({"Target":"i-up","Status":")" + status + "\"}"), world()));
}

TEST(RecordedValues, WinOverAnOldModel) {
  const auto model = old_model();
  EXPECT_THAT(answered(model, "connected"), IsEmpty());
  EXPECT_THAT(answered(model, "notconnected"), ElementsAre("defect relation/status"));
  EXPECT_THAT(answered(model, "Connected"), ElementsAre("defect shape/enum"));
  EXPECT_THAT(answered(model, "NotConnected"), ElementsAre("defect shape/enum"));
  EXPECT_THAT(answered(built_in_model(), "connected"), IsEmpty());
  EXPECT_THAT(answered(built_in_model(), "Connected"), ElementsAre("defect shape/enum"));
}

TEST(RecordedValues, AModelThatSaysOtherwiseIsNamed) {
  EXPECT_THAT(contradictions(old_model(), conformance::ssm::rules()),
              ElementsAre(AllOf(HasSubstr("Status of GetConnectionStatus"),
                                HasSubstr("Connected, NotConnected"), HasSubstr("connected, notconnected"))));
  EXPECT_THAT(contradictions(built_in_model(), conformance::ssm::rules()), IsEmpty());
}

}  // namespace
}  // namespace harness::oracle::recorded_values_test
