// What a scenario may do besides judged calls: changes that may be refused, advice, and calls at once.
#include "harness/run/scenario.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <array>

#include "harness/run/test_support.h"

namespace harness::run::scenario_test {
namespace {

using conformance::ssm::kAccounts;
using conformance::ssm::kDocument;
using testing::has_rule;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::new_document;
using testing::run_cases;
using testing::StubEndpoint;
using wire::Json;

constexpr const char* kDescribe = "DescribeDocumentPermission";

Json describe_input(const std::string& document) {
  return {{"Name", document}, {"PermissionType", "Share"}};
}

Json document_input(const std::string& name) {
  return testing::built_in_catalogue().kind(kDocument)->create->filled(name);
}

wire::HttpText share_request(ScenarioContext& c, const std::string& document, const char* account) {
  Json input = describe_input(document);
  input["AccountIdsToAdd"] = Json::array({account});
  return c.client().request("ModifyDocumentPermission", input);
}

CaseResult result_of(StubEndpoint& endpoint, void (*scenario)(ScenarioContext&)) {
  Case c;
  c.id = "DescribeDocumentPermission/scenario/of-a-test";
  c.operation = kDescribe;
  c.source = Source::scenario;
  c.title = "a scenario of a test";
  c.scenario = scenario;
  const auto results = run_cases(endpoint, {c});
  EXPECT_EQ(results.all().size(), 1U);
  EXPECT_THAT(conformance::ssm::documents_in(endpoint.service()), IsEmpty()) << "nothing is left behind";
  return results.all().empty() ? CaseResult() : results.all().front();
}

std::string text(const std::vector<std::string>& lines) {
  std::string out;
  for (const auto& line : lines) out += line + "\n";
  return out;
}

TEST(Scenario, AdviceIsNoDefect) {
  StubEndpoint endpoint;
  const auto r = result_of(endpoint, [](ScenarioContext& c) {
    const auto document = new_document(c, "advice");
    if (!document) return;
    c.call(kDescribe, describe_input(*document));
    EXPECT_TRUE(c.advise(true, "relation/kept", "not said"));
    EXPECT_FALSE(c.advise(false, "relation/odd", "something odd"));
    EXPECT_FALSE(c.failed());
  });
  EXPECT_EQ(r.verdict, Verdict::pass) << r.reason;
  ASSERT_EQ(r.findings.size(), 1U);
  EXPECT_EQ(r.findings.front().rule, "relation/odd");
  EXPECT_EQ(r.findings.front().severity, oracle::Severity::advice);
  EXPECT_THAT(r.findings.front().signature, HasSubstr("relation/odd"));
}

TEST(Scenario, AChangeThatIsRefusedIsNotJudgedButDoneAgain) {
  StubEndpoint endpoint;
  const auto r = result_of(endpoint, [](ScenarioContext& c) {
    const auto document = new_document(c, "change");
    if (!document) return;
    const Reply refused = c.try_change(*document, share_request(c, *document, "12345"));
    EXPECT_EQ(refused.code, "ValidationException");
    EXPECT_FALSE(c.failed());
    c.call(kDescribe, describe_input(*document));
    c.expect(false, "relation/trace", "a trace");
  });
  EXPECT_EQ(r.verdict, Verdict::fail);
  EXPECT_TRUE(has_rule(r, "relation/trace"));
  EXPECT_THAT(text(r.reproduce), HasSubstr("12345"));
  EXPECT_THAT(text(r.steps),
              AllOf(HasSubstr("ModifyDocumentPermission"), HasSubstr("400 ValidationException")));
}

TEST(Scenario, WhatAJudgedCallDidIsDoneAgainBeforeLaterOnes) {
  StubEndpoint endpoint;
  const auto r = result_of(endpoint, [](ScenarioContext& c) {
    const auto document = new_document(c, "gone");
    if (!document || !c.call("DeleteDocument", {{"Name", *document}}).ok()) return;
    c.situation().knowledge.of(kDocument)[*document].exists = false;
    c.call(kDescribe, describe_input(*document));
    c.expect(false, "relation/trace", "a trace");
  });
  ASSERT_EQ(r.reproduce.size(), 3U) << text(r.reproduce);
  EXPECT_THAT(r.reproduce[0], HasSubstr("CreateDocument"));
  EXPECT_THAT(r.reproduce[1], HasSubstr("DeleteDocument"));
  EXPECT_THAT(r.reproduce[2], HasSubstr(kDescribe));
}

TEST(Scenario, WhatIsMadeAgainIsMadeAgainInOrder) {
  StubEndpoint endpoint;
  const auto r = result_of(endpoint, [](ScenarioContext& c) {
    const auto document = new_document(c, "again");
    if (!document || !c.call("DeleteDocument", {{"Name", *document}}).ok()) return;
    EXPECT_TRUE(c.try_create(kDocument, *document, document_input(*document)).ok());
    EXPECT_TRUE(c.add(kDocument, *document, kAccounts, {"111122223333"}).has_value());
    c.call(kDescribe, describe_input(*document));
    c.expect(false, "relation/trace", "a trace");
  });
  ASSERT_EQ(r.reproduce.size(), 5U) << text(r.reproduce);
  const char* const order[] = {"CreateDocument", "DeleteDocument", "CreateDocument",
                               "ModifyDocumentPermission", kDescribe};
  for (std::size_t i = 0; i < r.reproduce.size(); ++i) EXPECT_THAT(r.reproduce[i], HasSubstr(order[i]));
}

TEST(Scenario, WhatAListFoundIsMadeAgainBeforeIt) {
  StubEndpoint endpoint;
  const auto r = result_of(endpoint, [](ScenarioContext& c) {
    if (!new_document(c, "listed")) return;
    c.call("ListDocuments", {{"Filters", {{{"Key", "Owner"}, {"Values", {"Self"}}}}}});
    c.expect(false, "relation/trace", "a trace");
  });
  ASSERT_EQ(r.reproduce.size(), 2U) << text(r.reproduce);
  EXPECT_THAT(r.reproduce[0], HasSubstr("CreateDocument"));
  EXPECT_THAT(r.reproduce[1], HasSubstr("ListDocuments"));
}

TEST(Scenario, AListThatFailedMayNeedWhatItLists) {
  StubEndpoint endpoint([](const testing::Call& call) -> std::optional<wire::Exchange> {
    if (call.operation != "ListDocuments") return std::nullopt;
    return testing::answered(500, "{}");
  });
  const auto r = result_of(endpoint, [](ScenarioContext& c) {
    if (new_document(c, "listed") && new_document(c, "also")) c.call("ListDocuments", {{"MaxResults", 0}});
  });
  EXPECT_EQ(r.verdict, Verdict::fail);
  ASSERT_EQ(r.reproduce.size(), 2U) << text(r.reproduce);
  EXPECT_THAT(r.reproduce[0], HasSubstr("CreateDocument"));
  EXPECT_THAT(r.reproduce[1], HasSubstr("ListDocuments"));
}

TEST(Scenario, AListThatMustBeRefusedNeedsNothingMade) {
  StubEndpoint endpoint([](const testing::Call& call) -> std::optional<wire::Exchange> {
    if (call.operation != "ListDocuments") return std::nullopt;
    const auto name = call.request.body.substr(call.request.body.find("ssmc-"));
    return testing::answered(
        200, R"({"DocumentIdentifiers":[{"Name":")" + name.substr(0, name.find('+')) + R"("}]})");
  });
  const auto r = result_of(endpoint, [](ScenarioContext& c) {
    const auto document = new_document(c, "listed");
    if (!document) return;
    c.call("ListDocuments", {{"MaxResults", 0}, {"NextToken", *document + "+"}});
  });
  EXPECT_EQ(r.verdict, Verdict::fail);
  ASSERT_EQ(r.reproduce.size(), 1U) << text(r.reproduce);
}

TEST(Scenario, ADocumentThatIsTriedIsRemovedIfItWasCreated) {
  StubEndpoint endpoint;
  const auto r = result_of(endpoint, [](ScenarioContext& c) {
    const std::string name = c.name("tried");
    EXPECT_TRUE(c.try_create(kDocument, name, document_input(name)).ok());
    EXPECT_EQ(c.try_create(kDocument, name, document_input(name)).code, "DocumentAlreadyExists");
    const std::string other = c.name("tried");
    EXPECT_FALSE(c.try_create(kDocument, other, {{"Name", other}}).ok());
    // The oracle knows the first one, whom nobody shares.
    c.call(kDescribe, describe_input(name));
  });
  EXPECT_EQ(r.verdict, Verdict::pass) << r.reason;
}

TEST(Scenario, ChangesAtOnceAreAllDoneAgain) {
  StubEndpoint endpoint;
  const auto r = result_of(endpoint, [](ScenarioContext& c) {
    const auto document = new_document(c, "lanes");
    if (!document) return;
    constexpr std::array kThree = {"100000000001", "100000000002", "100000000003"};
    c.concurrently(kThree.size(), [&](std::size_t i, ScenarioContext& lane) {
      EXPECT_TRUE(lane.try_change(*document, share_request(lane, *document, kThree[i])).ok());
    });
    c.situation().knowledge.of(kDocument)[*document].holds.erase(kAccounts);
    const Reply reply = c.call(kDescribe, describe_input(*document));
    EXPECT_EQ(reply.body["AccountIds"].size(), kThree.size());
    c.expect(false, "relation/lost", "lost");
  });
  EXPECT_EQ(r.verdict, Verdict::fail);
  EXPECT_THAT(text(r.reproduce),
              AllOf(HasSubstr("100000000001"), HasSubstr("100000000002"), HasSubstr("100000000003")));
}

TEST(Scenario, ATokenThatACallIssuedIsKnownFromThenOn) {
  StubEndpoint endpoint([](const testing::Call& call) -> std::optional<wire::Exchange> {
    if (call.operation != "ListDocuments") return std::nullopt;
    return testing::answered(200, R"({"DocumentIdentifiers":[],"NextToken":"second"})");
  });
  const auto r = result_of(endpoint, [](ScenarioContext& c) {
    c.call("ListDocuments", Json::object());
    c.call("ListDocuments", {{"NextToken", "second"}});
    EXPECT_FALSE(c.failed());
    c.call("ListDocuments", {{"NextToken", "third"}});
    EXPECT_TRUE(c.failed());
  });
  ASSERT_TRUE(has_rule(r, "outcome/accepted")) << r.reason;
  const auto accepted = std::find_if(r.findings.begin(), r.findings.end(),
                                     [](const auto& f) { return f.rule == "outcome/accepted"; });
  EXPECT_THAT(accepted->signature, HasSubstr("page-token:NextToken"));
}

}  // namespace
}  // namespace harness::run::scenario_test
