#include "harness/generate/valid_input.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "harness/model/built_in_for_test.h"
#include "harness/model/validate.h"
#include "harness/wire/json.h"

namespace harness::generate::valid_input_test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using wire::Json;

// A service with one operation, whose input has these members; botocore's form.
model::Model with_input(const std::string& members, const std::string& required = "[]",
                        const std::string& shapes = "") {
  auto loaded = model::load(
      R"({"version":"2.0","metadata":{"apiVersion":"2020-01-01","endpointPrefix":"x","jsonVersion":"1.1",
      "protocol":"json","serviceId":"X","signatureVersion":"v4","targetPrefix":"X"},
      "operations":{"Make":{"name":"Make","http":{"method":"POST","requestUri":"/"},"input":{"shape":"In"}}},
      "shapes":{"In":{"type":"structure","required":)" +
      required + R"(,"members":{)" + members + "}}" + (shapes.empty() ? "" : "," + shapes) + "}}");
  EXPECT_TRUE(loaded) << (loaded ? "" : loaded.error().message);
  return *std::move(loaded);
}

// The input with the member, of the shape that is given as JSON.
Result<Json> of_shape(const std::string& shape, const std::string& more = "") {
  const auto model =
      with_input(R"("A":{"shape":"A"})", "[]", R"("A":)" + shape + (more.empty() ? "" : "," + more));
  const auto* operation = model.find_operation("Make");
  auto input = valid_input(*operation, "A");
  if (input) {
    const auto text = wire::parse_json(wire::to_text(*input));
    EXPECT_TRUE(text);
    const auto validation = model::validate(*operation->input, *text);
    for (const auto& v : validation.violations) ADD_FAILURE() << v.path << ": " << v.constraint;
    for (const auto& u : validation.uncertainties) ADD_FAILURE() << u.path << ": " << u.reason;
  }
  return input;
}

Json value(const std::string& shape, const std::string& more = "") {
  const auto input = of_shape(shape, more);
  EXPECT_TRUE(input) << (input ? "" : input.error().message);
  return input ? (*input)["A"] : Json();
}

TEST(ValidInput, HasTheRequiredMembersAndTheOneThatIsAskedFor) {
  const auto model = with_input(R"("A":{"shape":"S"},"B":{"shape":"S"},"C":{"shape":"S"})", R"(["B"])",
                                R"("S":{"type":"string"})");
  const auto& make = *model.find_operation("Make");
  EXPECT_EQ(*valid_input(make), Json::parse(R"({"B":"example"})"));
  EXPECT_EQ(*valid_input(make, "A"), Json::parse(R"({"A":"example","B":"example2"})"));
  EXPECT_EQ(valid_input(make, "D").error().message, "Make: the model has no member D");
}

TEST(ValidInput, KeepsTheBoundsOfEveryType) {
  EXPECT_EQ(value(R"({"type":"integer"})"), 1);
  EXPECT_EQ(value(R"({"type":"integer","min":5})"), 5);
  EXPECT_EQ(value(R"({"type":"long","max":0})"), 0);
  EXPECT_EQ(value(R"({"type":"boolean"})"), true);
  EXPECT_EQ(value(R"({"type":"timestamp"})"), 1700000000);
  EXPECT_EQ(value(R"({"type":"double"})"), 1);
  EXPECT_EQ(value(R"({"type":"blob"})"), "AAAA");
  EXPECT_EQ(value(R"({"type":"blob","max":1})"), "");
  EXPECT_EQ(value(R"({"type":"blob","min":4})"), "AAAAAA==");
  EXPECT_EQ(value(R"({"type":"string"})"), "example");
  EXPECT_EQ(value(R"({"type":"string","max":3})"), "exa");
  EXPECT_EQ(value(R"({"type":"string","min":12})"), "examplexxxxx");
  EXPECT_EQ(value(R"({"type":"string","enum":["One","Two"]})"), "One");
}

TEST(ValidInput, FindsStringsOfPatterns) {
  EXPECT_EQ(value(R"({"type":"string","pattern":"^[a-z]+$"})"), "example")
      << "a readable one, if there is one";
  EXPECT_EQ(value(R"({"type":"string","pattern":"^[A-Z]{3,8}$"})"), "EXAMPLE");
  EXPECT_EQ(value(R"({"type":"string","pattern":"^[0-9]+$"})"), "1");
  EXPECT_EQ(value(R"({"type":"string","pattern":"^[0-9]{12}$"})").get<std::string>().size(), 12U);
  EXPECT_THAT(
      value(R"({"type":"string","pattern":"^arn:[a-z]+:[0-9]{4}/.+$","min":20,"max":40})").get<std::string>(),
      ::testing::StartsWith("arn:"));
  EXPECT_EQ(value(R"({"type":"string","pattern":"^[0-9]{12}$"})"),
            value(R"({"type":"string","pattern":"^[0-9]{12}$"})"))
      << "the same on every machine";
}

TEST(ValidInput, FillsListsMapsStructuresAndUnions) {
  EXPECT_EQ(value(R"({"type":"list","member":{"shape":"S"}})", R"("S":{"type":"string"})"),
            Json::parse(R"(["example"])"));
  EXPECT_EQ(value(R"({"type":"list","member":{"shape":"S"},"min":2})", R"("S":{"type":"string"})"),
            Json::parse(R"(["example","example2"])"));
  EXPECT_EQ(value(R"({"type":"list","member":{"shape":"S"},"max":0})", R"("S":{"type":"string"})"),
            Json::array());
  EXPECT_EQ(value(R"({"type":"map","key":{"shape":"S"},"value":{"shape":"N"},"min":2})",
                  R"("S":{"type":"string"},"N":{"type":"integer"})"),
            Json::parse(R"({"example":1,"example2":1})"));
  EXPECT_EQ(value(R"({"type":"structure","required":["B"],"members":{"B":{"shape":"N"},"C":{"shape":"N"}}})",
                  R"("N":{"type":"integer"})"),
            Json::parse(R"({"B":1})"));
  EXPECT_EQ(value(R"({"type":"structure","union":true,"members":{"B":{"shape":"N"},"C":{"shape":"N"}}})",
                  R"("N":{"type":"integer"})"),
            Json::parse(R"({"B":1})"));
}

TEST(ValidInput, SaysWhatCannotBeMade) {
  EXPECT_THAT(of_shape(R"({"type":"string","pattern":"^(?!x).*$"})").error().message, HasSubstr("A: "));
  EXPECT_THAT(of_shape(R"({"type":"string","pattern":"^[a-z]{3}$","min":9})").error().message,
              HasSubstr("A: no string of its pattern and length was found"));
  EXPECT_EQ(of_shape(R"({"type":"structure","required":["B"],"members":{"B":{"shape":"A"}}})")
                .error()
                .message.substr(0, 8),
            "A.B.B.B.");
  EXPECT_THAT(
      of_shape(R"({"type":"structure","required":["B"],"members":{"B":{"shape":"A"}}})").error().message,
      HasSubstr("it requires itself"));
}

TEST(ValidInput, OfEveryOperationOfTheBuiltInModelIsValid) {
  std::size_t inputs = 0;
  for (const auto& operation : model::testing_support::built_in_model().operations()) {
    std::vector<std::string> optional = {""};
    for (const auto& member : operation.input->members) optional.push_back(member.name);
    for (const auto& member : optional) {
      const auto input = valid_input(operation, member);
      ASSERT_TRUE(input) << operation.name << " " << input.error().message;
      const auto text = wire::parse_json(wire::to_text(*input));
      ASSERT_TRUE(text);
      const auto validation = model::validate(*operation.input, *text);
      EXPECT_THAT(validation.violations, IsEmpty()) << operation.name << " " << wire::to_text(*input);
      EXPECT_THAT(validation.uncertainties, IsEmpty()) << operation.name << " " << wire::to_text(*input);
      ++inputs;
    }
  }
  EXPECT_GT(inputs, 20U);
}

}  // namespace
}  // namespace harness::generate::valid_input_test
