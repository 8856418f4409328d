#include "harness/model/model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

// The model that is built in, and the two public ones where a copy of them lies beside the project.
namespace harness::model::model_test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string text_of_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class BuiltIn : public ::testing::Test {
 protected:
  void SetUp() override {
    auto loaded = load(text_of_file(SSMC_SOURCE_DIR "/conformance/ssm/model/ssm.json"));
    ASSERT_TRUE(loaded) << loaded.error().message;
    model_.emplace(*std::move(loaded));
  }
  const Operation& operation(std::string_view name) const {
    const Operation* found = model_->find_operation(name);
    EXPECT_NE(found, nullptr) << name;
    return found != nullptr ? *found : model_->operations().front();
  }
  const Member& input(std::string_view op, std::string_view name) const {
    return member(*operation(op).input, name);
  }
  const Member& output(std::string_view op, std::string_view name) const {
    return member(*operation(op).output, name);
  }
  static const Member& member(const Shape& shape, std::string_view name) {
    static const Member none;
    const Member* found = shape.find_member(name);
    EXPECT_NE(found, nullptr) << shape.id << " " << name;
    return found != nullptr ? *found : none;
  }
  template <class List, class Name>
  static std::vector<std::string> names(const List& list, Name name) {
    std::vector<std::string> out;
    for (const auto& one : list) out.emplace_back(name(one));
    return out;
  }
  static std::vector<std::string> member_names(const Shape& shape) {
    return names(shape.members, [](const Member& m) { return m.name; });
  }
  std::vector<std::string> error_names(std::string_view op) const {
    return names(operation(op).errors, [](const Shape* s) { return s->name(); });
  }

  std::optional<Model> model_;
};

TEST_F(BuiltIn, HasEveryOperationSorted) {
  const auto all = names(model_->operations(), [](const Operation& o) { return o.name; });
  EXPECT_GE(all.size(), 150U);
  EXPECT_TRUE(std::is_sorted(all.begin(), all.end()));
  EXPECT_EQ(all.front(), "AddTagsToResource");
  EXPECT_THAT(all,
              ::testing::IsSupersetOf({"DescribeDocumentPermission", "GetConnectionStatus", "PutParameter"}));
  EXPECT_EQ(model_->target_prefix(), "AmazonSSM");
}

TEST_F(BuiltIn, FindsOperationsByTheirExactName) {
  for (const Operation& op : model_->operations()) EXPECT_EQ(model_->find_operation(op.name), &op);
  for (const char* name : {"", "A", "getConnectionStatus", "GetConnectionStatu", "GetConnectionStatus ",
                           "GetConnectionStatuses", "Z"}) {
    EXPECT_EQ(model_->find_operation(name), nullptr) << name;
  }
}

TEST_F(BuiltIn, FindsShapesByTheirFullId) {
  const Shape* name = model_->find_shape("com.amazonaws.ssm#DocumentName");
  ASSERT_NE(name, nullptr);
  EXPECT_EQ(name->id, "com.amazonaws.ssm#DocumentName");
  EXPECT_EQ(name->name(), "DocumentName");
  EXPECT_EQ(name->type, ShapeType::string);
  EXPECT_EQ(model_->find_shape("DocumentName"), nullptr);
  EXPECT_EQ(model_->find_shape("com.amazonaws.ssm#"), nullptr);
}

TEST_F(BuiltIn, GetConnectionStatusIsAsDocumented) {
  const Operation& op = operation("GetConnectionStatus");
  EXPECT_THAT(member_names(*op.input), ElementsAre("Target"));
  const Member& target = input("GetConnectionStatus", "Target");
  EXPECT_EQ(target.target->type, ShapeType::string);
  EXPECT_TRUE(target.constraints.required);
  EXPECT_EQ(target.constraints.min_length, 1);
  EXPECT_EQ(target.constraints.max_length, 400);
  EXPECT_EQ(target.constraints.pattern, nullptr);
  EXPECT_THAT(target.constraints.enum_values, IsEmpty());
  EXPECT_FALSE(target.constraints.sensitive);

  EXPECT_THAT(member_names(*op.output), testing::UnorderedElementsAre("Status", "Target"));
  const Member& status = output("GetConnectionStatus", "Status");
  EXPECT_EQ(status.target->type, ShapeType::enumeration);
  EXPECT_THAT(status.constraints.enum_values, ElementsAre("connected", "notconnected"));
  EXPECT_FALSE(status.constraints.required);
  EXPECT_THAT(error_names("GetConnectionStatus"), ElementsAre("InternalServerError"));
}

TEST_F(BuiltIn, DescribeDocumentPermissionIsAsDocumented) {
  const char* const op = "DescribeDocumentPermission";
  EXPECT_THAT(member_names(*operation(op).input),
              ElementsAre("Name", "PermissionType", "MaxResults", "NextToken"));

  const Member& name = input(op, "Name");
  EXPECT_TRUE(name.constraints.required);
  ASSERT_NE(name.constraints.pattern, nullptr);
  EXPECT_EQ(name.constraints.pattern->text(), "^[a-zA-Z0-9_\\-.]{3,128}$");
  EXPECT_EQ(name.constraints.max_length, std::nullopt);

  const Member& type = input(op, "PermissionType");
  EXPECT_TRUE(type.constraints.required);
  EXPECT_EQ(type.target->type, ShapeType::enumeration);
  EXPECT_THAT(type.constraints.enum_values, ElementsAre("Share"));

  const Member& most = input(op, "MaxResults");
  EXPECT_FALSE(most.constraints.required);
  EXPECT_EQ(most.target->type, ShapeType::integer);
  EXPECT_EQ(most.constraints.min_value, 1);
  EXPECT_EQ(most.constraints.max_value, 200);
  EXPECT_EQ(most.constraints.min_length, std::nullopt);

  const Member& token = input(op, "NextToken");
  EXPECT_FALSE(token.constraints.required);
  EXPECT_EQ(token.target->type, ShapeType::string);
  EXPECT_EQ(token.constraints.min_length, std::nullopt);
  EXPECT_EQ(token.constraints.max_length, std::nullopt);
  EXPECT_EQ(token.constraints.pattern, nullptr);

  EXPECT_THAT(member_names(*operation(op).output),
              testing::UnorderedElementsAre("AccountIds", "AccountSharingInfoList", "NextToken"));
  EXPECT_THAT(error_names(op),
              ElementsAre("InternalServerError", "InvalidDocument", "InvalidDocumentOperation",
                          "InvalidNextToken", "InvalidPermissionType"));
}

TEST_F(BuiltIn, ListsNestAsDocumented) {
  const Member& ids = output("DescribeDocumentPermission", "AccountIds");
  EXPECT_EQ(ids.target->type, ShapeType::list);
  EXPECT_EQ(ids.constraints.max_length, 20);
  ASSERT_THAT(ids.target->members, SizeIs(1));
  EXPECT_EQ(ids.target->members[0].name, "member");
  ASSERT_NE(ids.target->members[0].constraints.pattern, nullptr);
  EXPECT_EQ(ids.target->members[0].constraints.pattern->text(), "(?i)all|[0-9]{12}");

  const Member& infos = output("DescribeDocumentPermission", "AccountSharingInfoList");
  ASSERT_EQ(infos.target->type, ShapeType::list);
  const Shape& info = *infos.target->members.at(0).target;
  EXPECT_EQ(info.type, ShapeType::structure);
  EXPECT_THAT(member_names(info), ElementsAre("AccountId", "SharedDocumentVersion"));
}

TEST_F(BuiltIn, TheHashIsOfTheTextAndNothingElse) {
  const std::string text = text_of_file(SSMC_SOURCE_DIR "/conformance/ssm/model/ssm.json");
  EXPECT_EQ(load(text)->hash(), model_->hash());
  EXPECT_THAT(model_->hash(), testing::MatchesRegex("[0-9a-f]{64}"));
  EXPECT_NE(load(text + "\n")->hash(), model_->hash());
}

TEST(ModelHash, IsSha256) {
  // sha256sum of exactly this text.
  const auto model =
      load(R"({"smithy":"2.0","shapes":{"a#S":{"type":"service"},"a#O":{"type":"operation"}}})");
  ASSERT_TRUE(model) << model.error().message;
  EXPECT_EQ(model->hash(), "c5bf4ad1a5cb231a819ed157f7edd0afd3b5a1c94138b0f9d8e32c4d4ae832d0");
}

TEST_F(BuiltIn, ACopyOutlivesTheOriginal) {
  const Model copy = *model_;
  model_.reset();
  ASSERT_NE(copy.find_operation("GetConnectionStatus"), nullptr);
  EXPECT_EQ(copy.find_operation("GetConnectionStatus")->input->members.at(0).name, "Target");
}

TEST(ShapeTypes, HaveTheNamesOfSmithy) {
  EXPECT_EQ(to_string(ShapeType::byte_), "byte");
  EXPECT_EQ(to_string(ShapeType::big_decimal), "bigDecimal");
  EXPECT_EQ(to_string(ShapeType::enumeration), "enum");
  EXPECT_EQ(to_string(ShapeType::union_), "union");
}

// The public models are not part of the project; where a copy lies beside it, both must load whole.
struct PublicModel {
  const char* file;
  std::size_t operations;
};

class Public : public ::testing::TestWithParam<PublicModel> {};

TEST_P(Public, LoadsWhole) {
  const std::string text = text_of_file(std::string(SSMC_SOURCE_DIR "/../shared/models/") + GetParam().file);
  if (text.empty()) GTEST_SKIP() << "no copy of the public model beside the project";
  const auto model = load(text);
  ASSERT_TRUE(model) << model.error().message;
  EXPECT_THAT(model->operations(), SizeIs(GetParam().operations));
  ServiceIdentity wanted;
  wanted.id = "SSM";
  wanted.version = "2014-11-06";
  wanted.signing_name = "ssm";
  wanted.target_prefix = "AmazonSSM";
  wanted.shape_namespace = "com.amazonaws.ssm";
  wanted.content_type = "application/x-amz-json-1.1";
  EXPECT_EQ(model->identity(), wanted);
  EXPECT_EQ(model->identity().endpoint_variable(), "AWS_ENDPOINT_URL_SSM");
  const Operation* status = model->find_operation("GetConnectionStatus");
  ASSERT_NE(status, nullptr);
  EXPECT_EQ(status->input->find_member("Target")->constraints.max_length, 400);
  EXPECT_THAT(status->output->find_member("Status")->constraints.enum_values,
              ElementsAre("connected", "notconnected"));
  std::size_t members = 0;
  for (const Operation& op : model->operations()) members += op.input->members.size();
  if (GetParam().operations == 146) {
    EXPECT_EQ(members, 633U);
  }
}

void collect_patterns(const Shape& shape, std::set<const Shape*>& seen, std::map<std::string, bool>& out) {
  if (!seen.insert(&shape).second) return;
  for (const Member& m : shape.members) {
    if (m.constraints.pattern)
      out[m.constraints.pattern->text()] = m.constraints.pattern->why_unsupported().empty();
    collect_patterns(*m.target, seen, out);
  }
}

// The one that stays is an ISO 8601 date with back-references, and stands in outputs only.
TEST_P(Public, EveryPatternOfAnInputCanRun) {
  const std::string text = text_of_file(std::string(SSMC_SOURCE_DIR "/../shared/models/") + GetParam().file);
  if (text.empty()) GTEST_SKIP() << "no copy of the public model beside the project";
  const auto model = load(text);
  ASSERT_TRUE(model) << model.error().message;
  std::map<std::string, bool> inputs;
  std::map<std::string, bool> all;
  std::set<const Shape*> seen_inputs;
  std::set<const Shape*> seen;
  for (const Operation& op : model->operations()) {
    collect_patterns(*op.input, seen_inputs, inputs);
    collect_patterns(*op.input, seen, all);
    collect_patterns(*op.output, seen, all);
  }
  EXPECT_GT(inputs.size(), 40U);
  for (const auto& [pattern, runs] : inputs) EXPECT_TRUE(runs) << pattern;
  const auto refused = std::count_if(all.begin(), all.end(), [](const auto& p) { return !p.second; });
  EXPECT_EQ(refused, 1);
}

INSTANTIATE_TEST_SUITE_P(Models, Public,
                         ::testing::Values(PublicModel{"smithy-ssm-2014-11-06.json", 146},
                                           PublicModel{"botocore-ssm-service-2.json", 152}),
                         [](const auto& test) {
                           return test.param.operations == 146 ? "Smithy" : "Botocore";
                         });

}  // namespace
}  // namespace harness::model::model_test
