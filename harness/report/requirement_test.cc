#include "harness/report/requirement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "harness/oracle/rule.h"
#include "harness/report/digest.h"
#include "harness/report/samples_for_test.h"

namespace harness::report::requirement_test {
namespace {

using run::Verdict;
using testing::ElementsAre;
using testing::Pair;

run::CaseResult failing(const std::string& id, const std::string& operation, const std::string& rule,
                        const std::string& request, const std::string& place = {}) {
  run::CaseResult out = samples::failed(id);
  out.operation = operation;
  out.place = place;
  out.findings = {{rule, oracle::Severity::defect, "a message that is different in " + id,
                   operation + "|" + rule + "|" + request + "|200"}};
  return out;
}

std::string requirement(const run::CaseResult& result) {
  return to_string(requirement_of(result, defects_of(result).front()));
}

TEST(Requirement, FollowsFromTheSignatureAndThePlaceOfTheCase) {
  const struct {
    const char *rule, *request, *place, *wanted;
  } rows[] = {
      {"outcome/accepted", "range:Limit", "", "List|outcome/accepted|member|Limit"},
      {"outcome/accepted", "length:Limit+pattern:Limit", "", "List|outcome/accepted|member|Limit"},
      {"outcome/accepted", "length:Key", "Tags[].Key", "List|outcome/accepted|member|Tags[].Key"},
      {"outcome/rejected", "valid", "Tags[].Key", "List|outcome/rejected|valid|Tags[].Key"},
      {"outcome/rejected", "valid", "", "List|outcome/rejected|valid|"},
      {"outcome/wrong-code", "not-json", "", "List|outcome/wrong-code|not-json|"},
      {"outcome/wrong-code", "not-json", "Tags[].Key", "List|outcome/wrong-code|not-json|"},
      {"availability/hang", "not-json+range:Limit", "", "List|availability/hang|not-json|"},
      {"availability/hang", "large-body+range:Limit", "", "List|availability/hang|large-body|"},
      {"outcome/accepted", "page-token:NextToken", "", "List|outcome/accepted|page-token|NextToken"},
      {"outcome/accepted", "queue-absent:Name", "", "List|outcome/accepted|queue-absent|Name"},
      // What an answer looks like does not depend on what was asked.
      {"shape/type", "valid", "Tags[].Key", "List|shape/type|-|"},
      {"relation/order", "range:Limit", "", "List|relation/order|-|"},
      {"outcome/accepted", "-", "", "List|outcome/accepted|-|"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(requirement(failing("id", "List", row.rule, row.request, row.place)), row.wanted)
        << row.request;
  }
}

TEST(Requirement, WithoutASignatureNothingSaysThatTwoAreOne) {
  run::CaseResult result = failing("List/x", "List", "shape/type", "valid");
  result.findings[0].signature.clear();
  EXPECT_EQ(requirement(result), "List|shape/type|-|List/x");
  result.findings[0].signature = "from elsewhere";
  EXPECT_EQ(requirement(result), "List|shape/type|-|from elsewhere");
  result.findings.clear();
  EXPECT_EQ(requirement(result), "List|case|-|List/x");
}

TEST(Requirement, OnlyAFailBreaksOne) {
  for (const Verdict verdict : run::kVerdicts) {
    run::CaseResult result = failing("a", "List", "shape/type", "valid");
    result.verdict = verdict;
    EXPECT_EQ(defects_of(result).size(), verdict == Verdict::fail ? 1U : 0U) << run::to_string(verdict);
  }
  run::CaseResult advised = failing("a", "List", "shape/type", "valid");
  advised.findings[0].severity = oracle::Severity::advice;
  EXPECT_EQ(defects_of(advised).front().rule, "case");
}

TEST(Requirement, NamesTheConstraintsOfItsMemberAlone) {
  const auto constraints = [](const char* request) {
    return constraints_of(failing("a", "List", "outcome/accepted", request).findings[0]);
  };
  EXPECT_THAT(constraints("length:Name+pattern:Name+range:Limit"), ElementsAre("length", "pattern"));
  EXPECT_THAT(constraints("type:Limit"), ElementsAre("type"));
  EXPECT_THAT(constraints("not-json"), ElementsAre());
  EXPECT_THAT(constraints("valid"), ElementsAre());
}

TEST(Requirement, IsSaidInASentence) {
  const std::vector<oracle::FindingRule> rules{{"relation/order", "The list is out of order."}};
  EXPECT_EQ(sentence({"outcome/accepted", "member"}, rules), "A member that breaks a constraint is accepted");
  EXPECT_EQ(sentence({"availability/server-error", "not-json"}, rules),
            "A body that is not JSON makes the server fail (5xx)");
  EXPECT_EQ(sentence({"outcome/rejected", "valid"}, rules), "A valid request is refused");
  EXPECT_EQ(sentence({"outcome/accepted", "queue-absent"}, rules),
            "A request that breaks queue-absent is accepted");
  EXPECT_EQ(sentence({"relation/order", "-"}, rules), "The list is out of order.");
  EXPECT_EQ(sentence({"unheard-of", "-"}, rules), "unheard-of");
}

TEST(Requirement, EveryRuleAboutRequestsHasAVerb) {
  const std::set<std::string_view> of_connections = {"availability/dropped", "availability/connect",
                                                     "availability/tls"};
  for (const oracle::FindingRule& rule : oracle::finding_rules()) {
    const bool of_requests = rule.name.starts_with("outcome/") || rule.name.starts_with("availability/");
    const std::string text = sentence({std::string(rule.name), "valid"}, oracle::finding_rules());
    EXPECT_EQ(text.starts_with("A valid request "), of_requests && !of_connections.contains(rule.name))
        << rule.name;
  }
}

TEST(Requirement, EveryRuleOfRequestsIsKnownByItsName) {
  std::set<std::string_view> names;
  for (int i = 0; i < static_cast<int>(oracle::Rule::state); ++i) {
    const auto rule = static_cast<oracle::Rule>(i);
    EXPECT_EQ(oracle::parse_rule(to_string(rule)), rule);
    EXPECT_TRUE(names.insert(to_string(rule)).second);
    EXPECT_FALSE(oracle::described(rule).empty());
  }
  EXPECT_FALSE(oracle::parse_rule("state"));
  EXPECT_FALSE(oracle::parse_rule("queue-absent"));
}

// Two operations that check no constraint, and one that fails; three kinds at one member.
std::vector<run::CaseResult> some_results() {
  return {failing("List/a", "List", "outcome/accepted", "length:Name+pattern:Name"),
          failing("List/b", "List", "outcome/accepted", "type:Name"),
          failing("List/c", "List", "outcome/accepted", "type:Name"),
          failing("List/d", "List", "outcome/accepted", "range:Limit"),
          failing("Get/a", "Get", "outcome/accepted", "type:Name"),
          failing("Get/b", "Get", "availability/server-error", "not-json"),
          samples::passed("Get/c")};
}

TEST(Causes, HoldRequirementsThatHoldKindsThatHoldCases) {
  const auto causes = digest(some_results()).causes();
  ASSERT_EQ(causes.size(), 2U);
  EXPECT_EQ(causes[1].key.rule, "availability/server-error") << "it is worse, but not so wide";
  const Cause& accepted = causes[0];
  EXPECT_EQ(requirement_count(causes), 4U);
  EXPECT_THAT(accepted.ids, ElementsAre("Get/a", "List/a", "List/b", "List/c", "List/d"));
  EXPECT_THAT(operations_of(accepted), ElementsAre(Pair("List", 2), Pair("Get", 1)));
  EXPECT_THAT(constraints_of(accepted),
              ElementsAre(Pair("type", 2), Pair("length", 1), Pair("pattern", 1), Pair("range", 1)));
  const RequirementGroup& name_of_list = accepted.requirements[0];
  EXPECT_EQ(name(name_of_list), "List: Name (length, pattern, type)");
  EXPECT_EQ(name_of_list.example, "List/b") << "its request breaks one rule, that of List/a two";
  EXPECT_EQ(name_of_list.first, 1U);
  ASSERT_EQ(name_of_list.kinds.size(), 2U);
  EXPECT_THAT(name_of_list.kinds[0].ids, ElementsAre("List/b", "List/c"));
  EXPECT_THAT(name_of_list.kinds[1].ids, ElementsAre("List/a"));
}

TEST(Causes, DoNotDependOnWhatCameFirst) {
  const auto shown = [](const std::vector<run::CaseResult>& results) {
    std::string out;
    for (const Cause& cause : digest(results).causes()) {
      for (const RequirementGroup& group : cause.requirements) {
        out += to_string(group.requirement) + " " + group.example + " " + results[group.first].id + "\n";
      }
    }
    return out;
  };
  auto results = some_results();
  const std::string before = shown(results);
  std::mt19937 random(1);
  for (int round = 0; round < 20; ++round) {
    std::shuffle(results.begin(), results.end(), random);
    ASSERT_EQ(shown(results), before);
  }
}

TEST(Causes, LoseNoFailingCase) {
  auto results = some_results();
  results.push_back(samples::failed("x"));
  results.back().findings.clear();
  results.push_back(samples::hostile());
  std::set<std::string> wanted, found;
  for (const auto& result : results) {
    if (result.verdict == Verdict::fail) wanted.insert(result.id);
  }
  for (const Cause& cause : digest(results).causes()) found.insert(cause.ids.begin(), cause.ids.end());
  EXPECT_EQ(found, wanted);
}

}  // namespace
}  // namespace harness::report::requirement_test
