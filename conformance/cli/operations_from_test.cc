#include "conformance/cli/operations_from.h"

#include <gmock/gmock.h>

#include "conformance/cli/case_data.h"

namespace conformance::operations_from_test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

harness::Result<CalledOperations> called(std::string_view text) {
  static const auto model = load_built_in_model();
  return called_operations(text, *model, terraform_types());
}

std::set<std::string> words(std::string_view text) {
  const auto found = called(text);
  return found ? found->words : std::set<std::string>{found.error().message};
}

TEST(OperationsFrom, AList) {
  EXPECT_THAT(words("# what we call\r\nGetParameter  # by name\r\n\r\nPut*\r\n"),
              ElementsAre("GetParameter", "Put*"));
  EXPECT_THAT(words(R"(["GetParameter", "PutParameter"])"), ElementsAre("GetParameter", "PutParameter"));
}

TEST(OperationsFrom, AListThatIsWrong) {
  EXPECT_THAT(words("GetParameter\nGetParamter\n"),
              ElementsAre(HasSubstr("line 2: there is no operation GetParamter; "
                                    "the nearest is GetParameter")));
  EXPECT_THAT(words("GetParameter\nand some prose\n"), ElementsAre(HasSubstr("line 2: \"and some prose\"")));
  EXPECT_THAT(words("# nothing\n"), ElementsAre("names no operation"));
  EXPECT_THAT(words(""), ElementsAre("names no operation"));
}

TEST(OperationsFrom, CloudTrail) {
  const std::string ours = R"({"eventSource":"ssm.amazonaws.com","eventName":"GetParameter"})";
  const std::string other = R"({"eventSource":"rds.amazonaws.com","eventName":"ListTagsForResource"})";
  EXPECT_THAT(words("{\"Records\":[" + ours + "," + other + "]}"), ElementsAre("GetParameter"));
  EXPECT_THAT(words(ours + "\n" + other + "\n"), ElementsAre("GetParameter"));
  EXPECT_THAT(words(R"({"Events":[{"EventSource":"ssm.amazonaws.com","EventName":"PutParameter"}]})"),
              ElementsAre("PutParameter"));
}

TEST(OperationsFrom, CallsInALog) {
  EXPECT_THAT(
      words("botocore.endpoint [DEBUG] Making request for OperationModel(name=ListTagsForResource) with "
            "params: {'headers': {'X-Amz-Target': 'AmazonRDS.ListTagsForResource'}}\n"
            "botocore.endpoint [DEBUG] Making request for OperationModel(name=GetParameter) with params: "
            "{'headers': {'X-Amz-Target': 'AmazonSSM.GetParameter'}}\n"),
      ElementsAre("GetParameter"));
  EXPECT_THAT(words("AWS ssm.PutParameter => 200\nhost ssm.amazonaws.com\n"), ElementsAre("PutParameter"));
}

TEST(OperationsFrom, APolicy) {
  EXPECT_THAT(
      words(R"({"Statement":[{"Action":["ssm:GetParameter*","ssm:DescribeParameters","s3:GetObject"]}]})"),
      ElementsAre("DescribeParameters", "GetParameter*"));
}

TEST(OperationsFrom, Terraform) {
  EXPECT_THAT(words("resource \"aws_ssm_patch_group\" \"a\" {\n}\ndata \"aws_ssm_parameter\" \"b\" {}\n"),
              ElementsAre("DeregisterPatchBaselineForPatchGroup", "DescribePatchGroups", "GetParameter",
                          "RegisterPatchBaselineForPatchGroup"));
  EXPECT_THAT(words(R"({"resources":[{"mode":"data","type":"aws_ssm_parameters_by_path"}]})"),
              ElementsAre("GetParametersByPath"));
}

TEST(OperationsFrom, WhatTheModelLacks) {
  const auto found = called("ssm:GetParameter ssm:NoSuchCall resource \"aws_ssm_quantum\" \"q\" {}");
  ASSERT_TRUE(found);
  EXPECT_THAT(found->words, ElementsAre("GetParameter"));
  EXPECT_THAT(found->unknown, ElementsAre("NoSuchCall", "aws_ssm_quantum"));
}

// Every operation of the table of Terraform is in the model.
TEST(OperationsFrom, TheTableOfTerraform) {
  const auto types = harness::wire::Json::parse(terraform_types(), nullptr, false);
  ASSERT_FALSE(types.is_discarded());
  std::size_t count = 0;
  for (const auto& [sort, word] : {std::pair{"resources", "resource"}, std::pair{"data", "data"}}) {
    ASSERT_TRUE(types.contains(sort));
    for (const auto& [type, operations] : types[sort].items()) {
      const auto found = called(std::string(word) + " \"" + type + "\" \"x\" {}");
      ASSERT_TRUE(found) << type;
      EXPECT_THAT(found->unknown, IsEmpty()) << type;
      EXPECT_EQ(found->words.size(), operations.size()) << type;
      ++count;
    }
  }
  EXPECT_GT(count, 10U);
}

}  // namespace
}  // namespace conformance::operations_from_test
