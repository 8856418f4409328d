#include "harness/model/paginator.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "harness/model/built_in_for_test.h"

// What a model says of pages, and what its names say where it does not.
namespace harness::model::paginator_test {
namespace {

using ::testing::ElementsAre;

// A service whose operation List has these members, all of these shapes; `traits` are Smithy's, of the
// operation and of the service.
Model smithy(const std::string& members, const std::string& of_operation = "{}",
             const std::string& of_service = "{}") {
  auto loaded = load(fmt::format(R"({{"smithy":"2.0","shapes":{{
    "a#S":{{"type":"service","traits":{2}}},
    "a#List":{{"type":"operation","input":{{"target":"a#In"}},"output":{{"target":"a#Out"}},"traits":{1}}},
    "a#In":{{"type":"structure","members":{0}}},
    "a#Out":{{"type":"structure","members":{0}}},
    "a#Names":{{"type":"list","member":{{"target":"smithy.api#String"}}}}}}}})",
                                 members, of_operation, of_service));
  EXPECT_TRUE(loaded) << loaded.error().message;
  return *std::move(loaded);
}

std::optional<Paginator> of(const Model& model) {
  return model.find_operation("List")->paginator;
}

constexpr const char* kUsual = R"({"NextToken":{"target":"smithy.api#String"},
  "MaxResults":{"target":"smithy.api#Integer"},"Names":{"target":"a#Names"}})";
constexpr const char* kUnusual = R"({"StartAfter":{"target":"smithy.api#String"},
  "Most":{"target":"smithy.api#Integer"},"Names":{"target":"a#Names"}})";

TEST(Paginator, IsThatOfTheTrait) {
  const auto model = smithy(kUnusual, R"({"smithy.api#paginated":
    {"inputToken":"StartAfter","outputToken":"Last.Name","pageSize":"Most","items":"Names"}})");
  EXPECT_EQ(of(model), (Paginator{"StartAfter", "Last.Name", "Most", "Names"}));
}

TEST(Paginator, TakesFromTheServiceWhatTheOperationLeavesOut) {
  const char* all = R"({"smithy.api#paginated":
    {"inputToken":"StartAfter","outputToken":"StartAfter","pageSize":"Most"}})";
  EXPECT_EQ(of(smithy(kUnusual, R"({"smithy.api#paginated":{"items":"Names"}})", all)),
            (Paginator{"StartAfter", "StartAfter", "Most", "Names"}));
  EXPECT_EQ(of(smithy(kUnusual, R"({"smithy.api#paginated":{"pageSize":"Names"}})", all)),
            (Paginator{"StartAfter", "StartAfter", "Names", ""}))
      << "its own goes first";
  EXPECT_EQ(of(smithy(kUnusual, "{}", all)), std::nullopt) << "an operation without the trait has no pages";
}

TEST(Paginator, IsInferredWhereTheTraitIsMissingOrNamesNoMember) {
  const Paginator usual{"NextToken", "NextToken", "MaxResults", "Names"};
  EXPECT_EQ(of(smithy(kUsual)), usual);
  EXPECT_EQ(of(smithy(kUsual, R"({"smithy.api#paginated":{"inputToken":"Gone"}})")), usual);
}

struct Inferred {
  const char* input;
  const char* output;
  std::optional<Paginator> paginator;
};

TEST(Paginator, IsInferredFromTheNamesOfMembers) {
  const Inferred samples[] = {
      {R"("nextToken":{"shape":"T"},"maxResults":{"shape":"I"})",
       R"("nextToken":{"shape":"T"},"items":{"shape":"L"})",
       Paginator{"nextToken", "nextToken", "maxResults", "items"}},
      {R"("Marker":{"shape":"T"},"Limit":{"shape":"I"})",
       R"("NextMarker":{"shape":"T"},"Names":{"shape":"L"})",
       Paginator{"Marker", "NextMarker", "Limit", "Names"}},
      {R"("PageToken":{"shape":"T"})", R"("NextPageToken":{"shape":"T"})",
       Paginator{"PageToken", "NextPageToken", "", ""}},
      {R"("NextToken":{"shape":"T"})", R"("NextToken":{"shape":"T"},"A":{"shape":"L"},"B":{"shape":"L"})",
       Paginator{"NextToken", "NextToken", "", ""}},  // which of two lists is not known
      {R"("NextToken":{"shape":"T"})", R"("Names":{"shape":"L"})", std::nullopt},
      {R"("Names":{"shape":"L"})", R"("NextToken":{"shape":"T"})", std::nullopt},
      {R"("NextToken":{"shape":"I"})", R"("NextToken":{"shape":"I"})", std::nullopt},
      {R"("ClientToken":{"shape":"T"})", R"("ClientToken":{"shape":"T"})", std::nullopt},
      {"", "", std::nullopt},
  };
  for (const Inferred& s : samples) {
    SCOPED_TRACE(s.input);
    const Model model = testing_support::small_model(fmt::format(
        R"("operations":{{"List":{{"input":{{"shape":"In"}},"output":{{"shape":"Out"}}}}}},"shapes":{{
        "T":{{"type":"string"}},"I":{{"type":"integer"}},"L":{{"type":"list","member":{{"shape":"T"}}}},
        "In":{{"type":"structure","members":{{{}}}}},"Out":{{"type":"structure","members":{{{}}}}}}})",
        s.input, s.output));
    EXPECT_EQ(of(model), s.paginator);
  }
}

TEST(Paginator, ATokenThatIsRequiredIsNoPageToken) {
  const char* members = R"({"NextToken":{"target":"smithy.api#String","traits":{"smithy.api#required":{}}}})";
  EXPECT_EQ(of(smithy(members)), std::nullopt);
  EXPECT_EQ(of(smithy(members, R"({"smithy.api#paginated":{"inputToken":"NextToken"}})")), std::nullopt);
}

TEST(Paginator, NamesOfTheBuiltInModelSayWhatItsTraitsSay) {
  const Model& model = testing_support::built_in_model();
  std::ifstream file(SSMC_SOURCE_DIR "/conformance/ssm/model/ssm.json", std::ios::binary);
  const auto json = wire::parse_json(std::string{std::istreambuf_iterator<char>(file), {}});
  ASSERT_TRUE(json);
  std::size_t paginated = 0;
  std::vector<std::string> without_trait;
  for (const Operation& op : model.operations()) {
    EXPECT_EQ(op.paginator, infer_paginator(*op.input, *op.output)) << op.name;
    if (!op.paginator) continue;
    ++paginated;
    const auto& shape = json->value.at("shapes").at(model.identity().shape_namespace + "#" + op.name);
    const wire::Json* traits = wire::member(shape, "traits");
    if (traits == nullptr || !traits->contains("smithy.api#paginated")) without_trait.push_back(op.name);
  }
  EXPECT_GT(paginated, 50U);
  EXPECT_THAT(without_trait, ElementsAre("DescribeDocumentPermission", "GetOpsMetadata",
                                         "ListDocumentMetadataHistory", "ListInventoryEntries"));
}

TEST(Paginator, ATokenIsWhatClientsMakeNothingOf) {
  for (const char* token : {"NextToken", "nextToken", "Marker", "PaginationToken", "ContinuationToken"})
    EXPECT_TRUE(names_page_token(token)) << token;
  for (const char* other : {"", "ExclusiveStartTableName", "ClientToken", "Token", "NextTokens"})
    EXPECT_FALSE(names_page_token(other)) << other;
}

TEST(IssuedToken, IsFoundAtItsPath) {
  const Paginator flat{"NextToken", "NextToken", "", ""};
  EXPECT_EQ(issued_token(flat, {{"NextToken", "t"}}), "t");
  EXPECT_EQ(issued_token(flat, wire::Json{{"NextToken", nullptr}}), "");
  EXPECT_EQ(issued_token(flat, wire::Json::object()), "");
  EXPECT_EQ(issued_token(flat, wire::Json::array()), "");
  const Paginator deep{"NextToken", "Page.NextToken", "", ""};
  EXPECT_EQ(issued_token(deep, {{"Page", {{"NextToken", "t"}}}}), "t");
  EXPECT_EQ(issued_token(deep, {{"NextToken", "t"}}), "");
  EXPECT_EQ(issued_token(deep, {{"Page", "t"}}), "");
}

}  // namespace
}  // namespace harness::model::paginator_test
