#include "harness/run/derive.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "conformance/ssm/rules.h"
#include "harness/run/test_support.h"
#include "harness/wire/http_text.h"
#include "harness/wire/json.h"

namespace harness::run::derive_test {
namespace {

using testing::built_in_examples;
using testing::built_in_model;
using testing::derived;
using ::testing::StartsWith;

std::string body_of(const Case& c) {
  const auto text = wire::parse_http_text(c.request);
  return text ? text->request.body : "(" + text.error().message + ")";
}

const Case& find(const std::vector<Case>& cases, std::string_view id) {
  static const Case none;
  const auto it = std::find_if(cases.begin(), cases.end(), [&](const Case& c) { return c.id == id; });
  EXPECT_NE(it, cases.end()) << "there is no case " << id;
  return it == cases.end() ? none : *it;
}

TEST(Derive, EveryCaseIsWellFormed) {
  const auto cases = derived("*");
  ASSERT_GT(cases.size(), 200U);
  std::set<std::string> ids;
  for (const Case& c : cases) {
    EXPECT_TRUE(ids.insert(c.id).second) << "twice: " << c.id;
    EXPECT_THAT(c.id, StartsWith(c.operation + "/"));
    EXPECT_EQ(c.source, Source::derived) << c.id;
    EXPECT_FALSE(c.title.empty()) << c.id;
    EXPECT_EQ(c.control, request_text(built_in_model().identity(), c.operation,
                                      to_body(built_in_examples().find(c.operation)->second.input)))
        << c.id;
    EXPECT_THAT(c.request, StartsWith("POST / HTTP/1.1\nX-Amz-Target: AmazonSSM." + c.operation + "\n"))
        << c.id;
  }
}

TEST(Derive, WhetherTheOperationIsThereAtAll) {
  for (const char* operation : {"GetConnectionStatus", "DescribeDocumentPermission"}) {
    const auto cases = derived(std::string(operation) + "/implemented");
    ASSERT_EQ(cases.size(), 1U);
    EXPECT_EQ(cases.front().request, cases.front().control);
  }
}

TEST(Derive, TheNearestValuesOfARange) {
  const auto cases = derived("DescribeDocumentPermission/MaxResults/*");
  const auto max_results = [&](const std::string& label) {
    const auto json =
        wire::parse_json(body_of(find(cases, "DescribeDocumentPermission/MaxResults/" + label)));
    return json && json->value.contains("MaxResults") ? json->value["MaxResults"].dump() : "(absent)";
  };
  EXPECT_EQ(max_results("range/below-minimum"), "0");
  EXPECT_EQ(max_results("range/minimum"), "1");
  EXPECT_EQ(max_results("range/above-minimum"), "2");
  EXPECT_EQ(max_results("range/below-maximum"), "199");
  EXPECT_EQ(max_results("range/maximum"), "200");
  EXPECT_EQ(max_results("range/above-maximum"), "201");
  EXPECT_EQ(max_results("range/minus-one"), "-1");
  EXPECT_EQ(max_results("range/int32-maximum"), "2147483647");
  EXPECT_EQ(max_results("range/above-int32"), "2147483648");
  EXPECT_EQ(max_results("range/below-int32"), "-2147483649");
  EXPECT_EQ(max_results("optional/null"), "null");
  EXPECT_EQ(max_results("optional/missing"), "(absent)");
}

TEST(Derive, OneMemberAtATime) {
  // A case that changed a second member would not say which of the two was refused.
  const std::string example = R"({"Name":"{{document}}","PermissionType":"Share"})";
  for (const Case& c : derived("DescribeDocumentPermission/*/*")) {
    if (c.id.find("/json/") != std::string::npos) continue;
    const std::string member =
        c.id.substr(c.operation.size() + 1, c.id.find('/', c.operation.size() + 1) - c.operation.size() - 1);
    const std::string body = body_of(c);
    const auto holds = [&](const char* text) { return body.find(text) != std::string::npos; };
    EXPECT_TRUE(member == "Name" || holds(R"("Name":"{{document}}")")) << c.id << " " << body;
    EXPECT_TRUE(member == "PermissionType" || holds(R"("PermissionType":"Share")")) << c.id << " " << body;
    EXPECT_TRUE(member == "MaxResults" || !holds("MaxResults")) << c.id << " " << body;
    EXPECT_TRUE(member == "NextToken" || !holds("NextToken")) << c.id << " " << body;
  }
}

TEST(Derive, EveryTypeInPlaceOfEachMember) {
  for (const std::string member : {"Name", "PermissionType", "MaxResults", "NextToken"}) {
    EXPECT_GE(derived("DescribeDocumentPermission/" + member + "/type/*").size(), 6U) << member;
  }
  EXPECT_GE(derived("GetConnectionStatus/Target/type/*").size(), 6U);
}

TEST(Derive, TruncationsAreNeverTheWholeBody) {
  for (const Case& c : derived("*/json/truncated/*")) {
    const auto example = to_body(built_in_examples().find(c.operation)->second.input);
    EXPECT_LT(body_of(c).size(), example.size()) << c.id;
    EXPECT_THAT(example, StartsWith(body_of(c))) << c.id;
  }
}

TEST(Derive, EveryRequestCanBeMadeReady) {
  // No template may be cut in half, or hold a placeholder that nothing fills.
  Situation s;
  s.pack = testing::built_in_pack();
  s.composer = Composer("127.0.0.1:1", std::nullopt);
  for (const char* name : {"document", "node", "example-node", "prefix", "token"})
    s.bindings.set(name, "ssmc-a");
  for (const Case& c : derived("*")) {
    const auto prepared = prepare(s, c.request);
    EXPECT_TRUE(prepared.has_value()) << c.id << ": " << (prepared ? "" : prepared.error().message);
  }
}

}  // namespace
}  // namespace harness::run::derive_test
