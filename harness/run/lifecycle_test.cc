#include "harness/run/lifecycle.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "harness/run/test_support.h"

namespace harness::run::lifecycle_test {
namespace {

using testing::built_in_catalogue;
using testing::built_in_model;
using testing::Call;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::run_cases;
using testing::StubEndpoint;
using ::testing::UnorderedElementsAre;
using wire::Json;

std::vector<Case> of_kind(std::string_view kind) {
  std::vector<Case> out;
  for (Case& c : lifecycle_cases(built_in_model(), built_in_catalogue())) {
    if (c.id.find("/lifecycle/" + std::string(kind) + "/") != std::string::npos) out.push_back(std::move(c));
  }
  return out;
}

// The verdict of each case of a kind: "shown PASS".
std::vector<std::string> verdicts(StubEndpoint& endpoint, std::string_view kind) {
  std::vector<std::string> out;
  const auto results = run_cases(endpoint, of_kind(kind));
  for (const CaseResult& r : results.all())
    out.push_back(r.id.substr(r.id.rfind('/') + 1) + " " + std::string(to_string(r.verdict)));
  return out;
}

TEST(Lifecycle, HasCasesOfEveryKindThatHasALife) {
  std::set<std::string> ids, kinds;
  for (const Case& c : lifecycle_cases(built_in_model(), built_in_catalogue())) {
    EXPECT_TRUE(ids.insert(c.id).second) << c.id;
    EXPECT_TRUE(c.id.starts_with(c.operation + "/lifecycle/")) << c.id;
    const std::size_t at = c.operation.size() + std::string_view("/lifecycle/").size();
    kinds.insert(c.id.substr(at, c.id.find('/', at) - at));
  }
  std::set<std::string> expected;
  for (const auto& [name, kind] : built_in_catalogue().kinds()) {
    if (kind.has_life()) expected.insert(name);
  }
  EXPECT_EQ(kinds, expected);
  EXPECT_GT(expected.size(), 8U);
}

TEST(Lifecycle, AreKeptByTheReferenceWhichHasNothingLeftOfThem) {
  StubEndpoint endpoint;
  const auto results = run_cases(endpoint, lifecycle_cases(built_in_model(), built_in_catalogue()));
  EXPECT_GT(results.all().size(), 50U);
  for (const CaseResult& r : results.all()) {
    EXPECT_EQ(r.verdict, Verdict::pass) << r.id << " " << r.reason;
    EXPECT_THAT(r.findings, IsEmpty()) << r.id << " " << r.findings.front().message;
  }
  for (const auto& [name, kind] : built_in_catalogue().kinds()) {
    if (!kind.has_life()) continue;
    EXPECT_THAT(endpoint.service().resources(name), IsEmpty()) << name;
  }
}

TEST(Lifecycle, MembersThatNoModelKnowsStandBesideWhatWasWritten) {
  reference::ServiceOptions options;
  options.dialect.extra_members = true;
  StubEndpoint endpoint({}, options);
  const auto results = run_cases(endpoint, of_kind("maintenance-window-task"));
  EXPECT_FALSE(results.all().empty());
  for (const CaseResult& r : results.all()) EXPECT_EQ(r.verdict, Verdict::pass) << r.id << " " << r.reason;
}

TEST(Lifecycle, WhatTheEndpointLacksIsNotJudged) {
  reference::ServiceOptions options;
  options.dialect.only_operations = {"CreateOpsItem", "DescribeOpsItems", "DeleteOpsItem"};
  StubEndpoint endpoint({}, options);
  EXPECT_THAT(verdicts(endpoint, "ops-item"),
              UnorderedElementsAre("shown NOT_IMPLEMENTED", "listed PASS", "changed NOT_IMPLEMENTED",
                                   "absent NOT_IMPLEMENTED", "tags NOT_IMPLEMENTED", "removed PASS",
                                   "altered-token PASS", "foreign-token UNCHECKED"));
}

TEST(Lifecycle, AnOperationThatFailsForOneKindOnlyIsThere) {
  // As moto does: 500 and HTML for an operation that it does not know, and for what it fails on.
  StubEndpoint endpoint([](const Call& call) -> std::optional<wire::Exchange> {
    const bool of_window = call.request.body.find("MaintenanceWindow") != std::string::npos;
    if (call.operation == "ListTagsForResource" && of_window) return testing::answered(500, "<html>");
    if (built_in_model().find_operation(call.operation) == nullptr) return testing::answered(500, "<html>");
    return std::nullopt;
  });
  EXPECT_THAT(verdicts(endpoint, "parameter"), ::testing::Contains("tags PASS"));
  EXPECT_THAT(verdicts(endpoint, "maintenance-window"), ::testing::Contains("tags FAIL"));
}

// An endpoint that answers one operation with this in place of what it would.
StubEndpoint::Plant answers(std::string_view operation, int status, const char* body) {
  return [=](const Call& call) -> std::optional<wire::Exchange> {
    if (call.operation != operation) return std::nullopt;
    return testing::answered(status, body);
  };
}

TEST(Lifecycle, FindsWhatIsForgottenKeptAndInvented) {
  struct Row {
    const char* operation;
    const char* body;
    const char* rule;
    const char* failed;  // the end of a case's id
  };
  for (const Row& row : {
           Row{"GetOpsItem", R"({"OpsItem":{"Title":"another"}})", "lifecycle/shown", "ops-item/shown"},
           Row{"UpdateOpsItem", "{}", "lifecycle/changed", "ops-item/changed"},
           Row{"DescribeOpsItems", R"({"OpsItemSummaries":[]})", "lifecycle/listed", "ops-item/listed"},
           Row{"DescribeOpsItems", R"({"OpsItemSummaries":[],"NextToken":"again"})", "lifecycle/pages-end",
               "ops-item/listed"},
           Row{"DeleteOpsItem", "{}", "lifecycle/removed", "ops-item/removed"},
           Row{"AddTagsToResource", "{}", "lifecycle/part", "ops-item/tags"},
       }) {
    SCOPED_TRACE(row.operation);
    StubEndpoint endpoint(answers(row.operation, 200, row.body));
    const auto results = run_cases(endpoint, of_kind("ops-item"));
    const auto found = std::find_if(results.all().begin(), results.all().end(),
                                    [&](const CaseResult& r) { return r.id.ends_with(row.failed); });
    ASSERT_NE(found, results.all().end());
    EXPECT_EQ(found->verdict, Verdict::fail) << found->reason;
    EXPECT_TRUE(testing::has_rule(*found, row.rule)) << row.rule;
  }
}

TEST(Lifecycle, TokensThatAListDidNotIssueAreNoneOfIt) {
  // It takes any token for none, and so shows the first page again.
  StubEndpoint endpoint([](const Call& call) -> std::optional<wire::Exchange> {
    if (call.operation != "DescribeParameters" || call.request.body.find("NextToken") == std::string::npos)
      return std::nullopt;
    return testing::answered(200, R"({"Parameters":[]})");
  });
  const auto all = verdicts(endpoint, "parameter");
  EXPECT_THAT(all, ::testing::Contains("altered-token FAIL"));
  EXPECT_THAT(all, ::testing::Contains("foreign-token FAIL"));
}

TEST(Lifecycle, ATokenComesFromWhateverElseTheEndpointLists) {
  reference::ServiceOptions options;
  options.dialect.only_operations = {"PutParameter",  "DescribeParameters", "DeleteParameter",
                                     "CreateOpsItem", "DescribeOpsItems",   "DeleteOpsItem"};
  StubEndpoint some({}, options);
  EXPECT_THAT(verdicts(some, "parameter"), ::testing::Contains("foreign-token PASS"));
  options.dialect.only_operations = {"PutParameter", "DescribeParameters", "DeleteParameter"};
  StubEndpoint none({}, options);
  EXPECT_THAT(verdicts(none, "parameter"), ::testing::Contains("foreign-token UNCHECKED"));
}

TEST(Lifecycle, LinesToPasteKeepTheIdThatTheServiceMakes) {
  StubEndpoint endpoint(answers("GetOpsItem", 200, R"({"OpsItem":{"Title":"another"}})"));
  const auto results = run_cases(endpoint, of_kind("ops-item"));
  const auto found = std::find_if(results.all().begin(), results.all().end(),
                                  [](const CaseResult& r) { return r.id.ends_with("/shown"); });
  ASSERT_NE(found, results.all().end());
  ASSERT_EQ(found->reproduce.size(), 2U);
  EXPECT_THAT(found->reproduce.front(), HasSubstr("ID_1=$(curl"));
  EXPECT_THAT(found->reproduce.back(), HasSubstr("${ID_1}"));
}

}  // namespace
}  // namespace harness::run::lifecycle_test
