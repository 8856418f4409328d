#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/oracle/test_support.h"

// Services differ in how they answer, and their models say how: the media type, the status of an error, no
// output at all, events instead of JSON.
namespace harness::oracle::other_service_test {
namespace {

using namespace testing_support;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kModel = R"({
  "metadata": {"serviceId": "Desk", "targetPrefix": "Desk", "jsonVersion": "1.0"},
  "operations": {
    "Cancel": {"input": {"shape": "Input"}, "errors": [{"shape": "Absent"}]},
    "Listen": {"input": {"shape": "Input"}, "output": {"shape": "Stream"}},
    "Look": {"input": {"shape": "Input"}, "output": {"shape": "Output"}}
  },
  "shapes": {
    "Input": {"type": "structure", "members": {"Name": {"shape": "Name"}}},
    "Output": {"type": "structure", "members": {"Name": {"shape": "Name"}}},
    "Stream": {"type": "structure", "members": {"Events": {"shape": "Events"}}},
    "Events": {"type": "structure", "members": {"One": {"shape": "Output"}}, "eventstream": true},
    "Name": {"type": "string", "min": 1, "max": 3},
    "Absent": {"type": "structure", "members": {}, "exception": true, "error": {"httpStatusCode": 404}}
  }})";

Classification asked(const std::string& operation, const std::string& body,
                     const std::string& type = "application/x-amz-json-1.0") {
  static const auto model = model::load(kModel).value();
  static const ServiceRules none;
  wire::Request request = request_for(operation, body);
  request.headers.set("X-Amz-Target", "Desk." + operation);
  request.headers.set("Content-Type", type);
  return classify(model, none, wire::to_bytes(request), {}, kNow);
}

wire::Exchange answered(int status, std::string body, const char* type = "application/x-amz-json-1.0") {
  auto e = answer(status, std::move(body));
  e.response.headers.set("Content-Type", type);
  return e;
}

std::vector<std::string> findings(const Classification& request, const wire::Exchange& exchange) {
  return rules(judge(request, admissible(request, Level::documented), exchange, {}));
}

TEST(OtherServiceMediaType, IsTheOneOfItsModel) {
  EXPECT_EQ(asked("Look", "{}").kind(), "valid");
  EXPECT_TRUE(asked("Look", "{}", "application/x-amz-json-1.1").breaks(Rule::content_type));
  EXPECT_THAT(findings(asked("Look", "{}"), answered(200, "{}")), IsEmpty());
  const auto other = answered(200, "{}", "application/x-amz-json-1.1");
  EXPECT_THAT(findings(asked("Look", "{}"), other), ElementsAre("advice header/content-type"));
}

TEST(OtherServiceErrors, AreAnsweredWithTheStatusOfTheModel) {
  const auto valid = asked("Cancel", "{}");
  EXPECT_THAT(admissible(valid, Level::documented).text(), HasSubstr("404 Absent (API reference)"));
  EXPECT_THAT(findings(valid, answered(404, R"({"__type":"Absent"})")), IsEmpty());
  const auto wrong = asked("Cancel", R"({"Name":"long"})");
  EXPECT_THAT(findings(wrong, answered(404, R"({"__type":"Absent"})")),
              ElementsAre("advice outcome/other-refusal"));
}

TEST(OtherServiceOutput, IsNothingWhereTheModelHasNone) {
  const auto valid = asked("Cancel", "{}");
  EXPECT_THAT(findings(valid, answered(200, "")), IsEmpty());
  EXPECT_THAT(findings(valid, answered(200, "{}")), IsEmpty());
  EXPECT_THAT(findings(valid, answered(200, "", "text/html")), ElementsAre("advice header/content-type"));
  EXPECT_THAT(findings(valid, answered(200, "done")), ElementsAre("defect shape/not-json"));
  EXPECT_THAT(findings(asked("Cancel", R"({"Name":"long"})"), answered(200, "")),
              ElementsAre("defect outcome/accepted"));
  EXPECT_THAT(findings(asked("Look", "{}"), answered(200, "")), ElementsAre("defect shape/not-json"));
}

TEST(OtherServiceOutput, OfEventsIsNotReadAsJson) {
  const auto events = answered(200, std::string("\0\0\0\x10", 4), "application/vnd.amazon.eventstream");
  EXPECT_THAT(findings(asked("Listen", "{}"), events), IsEmpty());
  EXPECT_THAT(findings(asked("Look", "{}"), events),
              ElementsAre("defect header/content-type", "defect shape/not-json"));
}

}  // namespace
}  // namespace harness::oracle::other_service_test
