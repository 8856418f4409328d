#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "conformance/cli/execute.h"
#include "conformance/cli/sample_situation.h"
#include "conformance/ssm/finding_rules.h"
#include "conformance/ssm/reference.h"
#include "harness/base/some_of.h"
#include "harness/oracle/admissible.h"
#include "harness/report/markdown_text.h"

namespace conformance {

namespace oracle = harness::oracle;
namespace run = harness::run;
using harness::wire::Json;

namespace {

constexpr std::size_t kMostFaults = 8;

Json case_json(const run::Case& c) {
  return {{"id", c.id},       {"operation", c.operation}, {"source", run::to_string(c.source)},
          {"title", c.title}, {"place", c.place},         {"clauses", c.clauses}};
}

// A table for each operation: the cases are sorted by id, which begins with its name.
void print_markdown(const std::vector<run::Case>& cases) {
  const std::string* operation = nullptr;
  for (const run::Case& c : cases) {
    if (operation == nullptr || *operation != c.operation)
      fmt::print("{}## {}\n\n| case | what it is about |\n|---|---|\n", operation ? "\n" : "", c.operation);
    operation = &c.operation;
    fmt::print("| `{}` | {} |\n", c.id, harness::report::markdown_text(c.title));
  }
}

}  // namespace

int list_command(const ListOptions& options) {
  const auto selected = load_selected(options.selection);
  if (!selected) return complain(selected.error().message, 2);
  if (options.format == "markdown") {
    print_markdown(selected->cases);
    return 0;
  }
  if (options.format == "json") {
    Json all = Json::array();
    for (const auto& c : selected->cases) all.push_back(case_json(c));
    fmt::print("{}\n", all.dump(1, ' ', true, Json::error_handler_t::replace));
    return 0;
  }
  for (const auto& c : selected->cases) fmt::print("{}\n", c.id);
  return 0;
}

namespace {

void print_request(const run::Situation& situation, const run::Case& c) {
  fmt::print("\nrequest (placeholders in double braces are filled in when it is sent)\n{}\n", c.request);
  const auto prepared = run::prepare(situation, c.request);
  if (!prepared) return;
  fmt::print("breaks\n");
  for (const auto& v : prepared->classification.violations) {
    fmt::print("  {}: {}\n", v.name(), v.detail.substr(0, 300));
    fmt::print("      {}\n", oracle::row_for(prepared->classification, v).because);
  }
  if (prepared->classification.violations.empty()) fmt::print("  nothing: it is a valid request\n");
  fmt::print("admissible\n  {}\n", prepared->expectation.text());
  if (!prepared->classification.violations.empty() && !c.control.empty()) {
    fmt::print("\ncontrol (must be answered as it should be, or the case proves nothing)\n{}", c.control);
  }
}

// The faults that selftest plants against this clause, and shows to its cases.
std::vector<std::string> faults_of(std::string_view clause) {
  std::vector<std::string> out;
  for (const auto& fault : ssm::faults()) {
    if (fault.clause == clause && !fault.for_fuzzing) out.push_back(fault.name);
  }
  return out;
}

// What a case's `breaks` names: what each row about it lets an endpoint answer. False if there is none.
bool explain_rows(const oracle::ServiceRules& rules, std::string_view name) {
  bool found = false;
  const auto explain = [&](std::string_view of, std::span<const oracle::Row> rows) {
    for (const oracle::Row& row : rows) {
      const bool state = row.rule == oracle::Rule::state;
      if (name != (state ? row.about : oracle::to_string(row.rule))) continue;
      if (!found) fmt::print("{}\n  what a request may break (`breaks`)\n", name);
      found = true;
      const std::string member = state || row.about.empty() ? "" : fmt::format(", {}", row.about);
      fmt::print("\n{}{}\n  {}\n", of, member, row.because);
      for (const oracle::Outcome& o : row.outcomes)
        fmt::print("  {} {} ({})\n", o.status, o.code, oracle::to_string(o.provenance));
    }
  };
  explain("any operation", oracle::table());
  for (const auto& [operation, of_operation] : rules.by_operation()) explain(operation, of_operation.rows);
  return found;
}

}  // namespace

int explain_command(const std::string& id, const SelectionOptions& options) {
  if (const auto* rule = ssm::find_finding_rule(id)) {
    fmt::print("{}\n  a rule that findings name: {}\n", rule->name, rule->means);
    return 0;
  }
  auto data = load_data(options, [&](std::string_view operation, const run::Families&) {
    return std::string_view(id).substr(0, id.find('/')) == operation;
  });
  if (!data) return complain(data.error().message, 2);
  if (explain_rows(data->rules, id)) return 0;
  const run::Case* c = data->find(id);
  if (c == nullptr) {
    data = load_data(options);
    if (!data) return complain(data.error().message, 2);
    std::vector<std::string> ids;
    for (const auto& known : data->cases) ids.push_back(known.id);
    for (const auto& rule : ssm::finding_rules()) ids.emplace_back(rule.name);
    return complain(
        fmt::format("there is no case and no rule {}; the nearest is {}", id, run::nearest(id, ids)), 2);
  }
  fmt::print("{}\n  {}\n  source: {}\n", c->id, c->title, run::to_string(c->source));
  for (const auto& clause_id : c->clauses) {
    const auto clause = std::find_if(data->clauses.begin(), data->clauses.end(),
                                     [&](const Clause& k) { return k.id == clause_id; });
    fmt::print("\nclause {}\n  {}\n  {} ({})\n", clause->id, clause->requirement, clause->source,
               clause->section);
    if (const auto faults = faults_of(clause->id); !faults.empty())
      fmt::print("  planted faults that break it: {}\n", harness::base::some_of(faults, kMostFaults));
  }
  if (c->scenario != nullptr) {
    fmt::print("\na scenario of several calls, in conformance/ssm/; a failure lists its steps\n");
    return 0;
  }
  print_request(sample_situation(*data), *c);
  return 0;
}

}  // namespace conformance
