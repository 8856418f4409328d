#include "conformance/ssm/rules.h"

#include <gmock/gmock.h>

#include "harness/oracle/test_support.h"

namespace conformance::ssm::parameters_test {
namespace {

namespace testing = harness::oracle::testing_support;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> findings(const std::string& label, const harness::wire::Exchange& answer) {
  const auto request = testing::post(
      "LabelParameterVersion", R"({"Name":"run-x","ParameterVersion":1,"Labels":[")" + label + R"("]})");
  return testing::rules(testing::judged(request, answer, {}));
}

TEST(LabelParameterVersion, MayTakeALabelThatIsTooLongForOneThatIsInvalid) {
  const std::string too_long(101, 'a');
  EXPECT_THAT(findings(too_long, testing::error(400, "ValidationException")), IsEmpty());
  EXPECT_THAT(findings(too_long, testing::answer(200, R"({"InvalidLabels":[")" + too_long + R"("]})")),
              ElementsAre("advice outcome/accepted"));
}

TEST(LabelParameterVersion, MayStillBeRefusedByWhatItDeclares) {
  EXPECT_THAT(findings("label", testing::error(400, "ParameterNotFound")), IsEmpty())
      << "what it needs is not known";
  EXPECT_THAT(findings("label", testing::answer(200, "{}")), IsEmpty());
}

}  // namespace
}  // namespace conformance::ssm::parameters_test
