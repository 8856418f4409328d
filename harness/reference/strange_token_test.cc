#include "harness/reference/strange_token.h"

#include <gtest/gtest.h>

#include "harness/model/built_in_for_test.h"

namespace harness::reference::strange_token_test {
namespace {

std::string code_for(const char* errors, const wire::Json& input) {
  const auto model = model::testing_support::small_model(
      std::string(R"("operations":{"List":{"input":{"shape":"P"},"output":{"shape":"P"},"errors":)") +
      errors +
      R"(},"Ping":{"input":{"shape":"E"}}},"shapes":{"T":{"type":"string"},
      "P":{"type":"structure","members":{"NextToken":{"shape":"T"}}},"E":{"type":"structure","members":{}},
      "Busy":{"type":"structure","members":{}},"InvalidNextToken":{"type":"structure","members":{}}})");
  EXPECT_FALSE(refusal_of_token(*model.find_operation("Ping"), input)) << "it has no pages";
  const auto refusal = refusal_of_token(*model.find_operation("List"), input);
  return refusal ? refusal->code : "";
}

TEST(StrangeToken, IsRefusedWithTheErrorThatTheOperationDeclares) {
  const wire::Json token = {{"NextToken", "t"}};
  EXPECT_EQ(code_for(R"([{"shape":"Busy"},{"shape":"InvalidNextToken"}])", token), "InvalidNextToken");
  EXPECT_EQ(code_for(R"([{"shape":"Busy"}])", token), "ValidationException");
  EXPECT_EQ(code_for("[]", token), "ValidationException");
}

TEST(StrangeToken, NoTokenIsNone) {
  const char* errors = R"([{"shape":"InvalidNextToken"}])";
  EXPECT_EQ(code_for(errors, wire::Json::object()), "");
  EXPECT_EQ(code_for(errors, wire::Json{{"NextToken", nullptr}}), "");
  EXPECT_EQ(code_for(errors, {{"NextToken", ""}}), "");
}

}  // namespace
}  // namespace harness::reference::strange_token_test
