#include "conformance/cli/case_data.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <set>

#include "conformance/cli/coverage.h"
#include "conformance/cli/sample_situation.h"
#include "conformance/ssm/reference.h"
#include "harness/files/input_file.h"
#include "harness/run/plan.h"
#include "harness/run/select.h"
#include "harness/run/situation.h"

// What the built-in data promises about itself: each vector breaks exactly the rules that it says, each
// control breaks none, each case stands for a clause, and each clause is checked or says why it cannot be.
namespace conformance::case_data_test {
namespace {

namespace oracle = harness::oracle;
namespace run = harness::run;

const CaseData& data() {
  static const CaseData* const loaded = [] {
    auto result = load_case_data("");
    if (!result) ADD_FAILURE() << result.error().message;
    return result ? new CaseData(std::move(*result)) : nullptr;
  }();
  return *loaded;
}

using Rules = std::set<std::string>;

// The example of GetConnectionStatus asks for a node that nobody knows; that is no matter of the vector.
Rules without_the_node(Rules rules) {
  rules.erase("node-unknown");
  return rules;
}

Rules rules_broken(const run::Prepared& prepared) {
  Rules out;
  for (const auto& v : prepared.classification.violations) out.emplace(v.name());
  return without_the_node(std::move(out));
}

Rules rules_stated(const run::Case& c) {
  Rules out(c.breaks.begin(), c.breaks.end());
  out.erase("valid");
  return without_the_node(std::move(out));
}

// An endpoint that verifies signatures only where the case is about them: raw texts cannot be signed.
run::Situation situation_for(const run::Case& c, const std::string& stand_in) {
  run::Situation s = sample_situation(data());
  if (!c.needs_authentication) s.knowledge.authentication.reset();
  s.bindings.set("protocol-operation", stand_in);
  run::bind_protocol_body(s);
  return s;
}

TEST(Vectors, BreakExactlyTheRulesThatTheyState) {
  std::size_t checked = 0;
  for (const run::Case& c : data().cases) {
    if (c.source != run::Source::vector) continue;
    EXPECT_FALSE(c.breaks.empty()) << c.id << " does not state what it breaks";
    // Cases of the protocol must mean the same whichever operation stands in.
    for (const auto& [operation, example] : data().examples) {
      const auto prepared = run::prepare(situation_for(c, operation), c.request);
      ASSERT_TRUE(prepared.has_value()) << c.id << ": " << prepared.error().message;
      EXPECT_EQ(rules_broken(*prepared), rules_stated(c)) << c.id << ", with " << operation;
      ++checked;
      if (c.operation != run::kProtocol) break;
    }
  }
  EXPECT_GT(checked, 180U);
}

// What is known of resources besides is no matter of what follows from the model.
TEST(CasesByModel, BreakExactlyTheRuleThatTheyState) {
  const auto situation = sample_situation(data());
  std::size_t checked = 0;
  for (const run::Case& c : data().cases) {
    if (!c.by_model || c.breaks.empty()) continue;
    const auto prepared = run::prepare(situation, c.request);
    ASSERT_TRUE(prepared.has_value()) << c.id << ": " << prepared.error().message;
    Rules broken;
    for (const auto& v : prepared->classification.violations) {
      if (v.rule != oracle::Rule::state) broken.emplace(v.name());
    }
    EXPECT_EQ(broken, rules_stated(c)) << c.id;
    ++checked;
  }
  EXPECT_GT(checked, 8'000U);
}

TEST(Vectors, EachControlIsAValidRequest) {
  std::set<std::string> seen;
  for (const run::Case& c : data().cases) {
    // What only the model takes for valid may ask for what is there already, or is not.
    if (c.control.empty() || c.by_model || !seen.insert(c.control).second) continue;
    const auto prepared = run::prepare(sample_situation(data()), c.control);
    ASSERT_TRUE(prepared.has_value()) << c.id << ": " << prepared.error().message;
    EXPECT_EQ(rules_broken(*prepared), Rules{}) << c.id;
  }
  EXPECT_GE(seen.size(), 3U);  // each operation's, and the protocol's
}

TEST(Clauses, EachIsCheckedOrSaysWhyItCannotBe) {
  ASSERT_FALSE(data().clauses.empty());
  for (const Clause& clause : data().clauses) {
    EXPECT_NE(clause.cases.empty(), clause.reason.empty()) << clause.id << ": cases, or a reason; not both";
    for (const std::string& glob : clause.cases) {
      EXPECT_TRUE(std::any_of(data().cases.begin(), data().cases.end(),
                              [&](const run::Case& c) { return run::glob_match(glob, c.id); }))
          << clause.id << ": " << glob << " matches no case";
    }
  }
}

TEST(Clauses, EachIsBrokenByAFaultOrSaysWhyNoneCan) {
  std::set<std::string> broken;
  for (const auto& f : ssm::faults()) {
    broken.insert(f.clause);
    EXPECT_TRUE(
        std::any_of(data().clauses.begin(), data().clauses.end(),
                    [&](const Clause& clause) { return clause.id == f.clause && clause.reason.empty(); }))
        << f.name << " breaks " << f.clause << ", which no case checks";
  }
  for (const Clause& clause : data().clauses) {
    if (!clause.reason.empty()) continue;
    EXPECT_NE(broken.contains(clause.id), !clause.no_fault.empty())
        << clause.id << ": a fault, or a reason; not both";
  }
}

TEST(Clauses, TheTableInTheRepositoryIsUpToDate) {
  const auto file = harness::files::read_file(std::string(SSMC_SOURCE_DIR) + "/conformance/COVERAGE.md");
  ASSERT_TRUE(file.has_value()) << file.error().message;
  EXPECT_TRUE(*file == coverage_table(data()))
      << "write it anew: ssm-conformance selftest --coverage conformance/COVERAGE.md";
}

TEST(Clauses, EachCaseStandsForOne) {
  for (const run::Case& c : data().cases) EXPECT_FALSE(c.clauses.empty()) << c.id;
}

TEST(Clauses, BothSpecificationsAndTheProtocolHaveSome) {
  std::set<std::string> operations;
  for (const Clause& clause : data().clauses) operations.insert(clause.operation);
  for (const auto& [operation, example] : data().examples)
    EXPECT_TRUE(operations.contains(operation)) << operation;
  EXPECT_TRUE(operations.contains(std::string(run::kProtocol)));
}

TEST(Families, EachOperationOfTheModelIsInExactlyOne) {
  const auto& families = data().families.all();
  std::map<std::string, std::size_t> sizes;
  for (const auto& operation : data().model.operations()) {
    std::vector<std::string> keys;
    for (const run::Family& family : families) {
      const bool has = std::any_of(family.operations.begin(), family.operations.end(),
                                   [&](const auto& glob) { return run::glob_match(glob, operation.name); });
      if (has && family.key != run::kOtherFamily) keys.push_back(family.key);
    }
    EXPECT_EQ(keys, std::vector{data().families.of(operation.name).key}) << operation.name;
    ++sizes[data().families.of(operation.name).key];
  }
  EXPECT_EQ(sizes.size() + 1, families.size()) << "a family without an operation, besides other";
}

}  // namespace
}  // namespace conformance::case_data_test
