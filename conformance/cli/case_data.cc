#include "conformance/cli/case_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "conformance/ssm/rules.h"
#include "conformance/ssm/scenarios.h"
#include "embedded_clauses.h"
#include "embedded_data.h"
#include "embedded_suites.h"
#include "harness/run/derive.h"
#include "harness/run/derive_by_model.h"
#include "harness/run/select.h"
#include "harness/run/suite.h"
#include "harness/wire/json.h"

namespace conformance {

using harness::fail;
using harness::Result;
using harness::Status;
namespace run = harness::run;

run::Pack CaseData::pack() const {
  return {&model, &ssm::rules(), &catalogue, &examples};
}

const run::Case* CaseData::find(std::string_view id) const {
  const auto it = std::lower_bound(cases.begin(), cases.end(), id,
                                   [](const run::Case& c, std::string_view wanted) { return c.id < wanted; });
  return it != cases.end() && it->id == id ? &*it : nullptr;
}

Result<std::vector<Clause>> load_clauses(std::string_view json) {
  const auto parsed = harness::wire::parse_json(json);
  if (!parsed)
    return fail(fmt::format("clauses.json: {} at byte {}", parsed.error().reason, parsed.error().offset));
  const auto list = parsed->value.is_object() ? parsed->value.find("clauses") : parsed->value.end();
  if (!parsed->value.is_object() || list == parsed->value.end() || !list->is_array()) {
    return fail("clauses.json: no array \"clauses\"");
  }
  std::vector<Clause> out;
  for (const auto& entry : *list) {
    const auto text = [&](const char* key) { return harness::wire::text_member(entry, key); };
    Clause c{text("id"), text("operation"), text("requirement"), text("source"), text("section"),
             {},         text("reason"),    text("no_fault")};
    if (c.id.empty() || c.requirement.empty() || c.source.empty()) {
      return fail(fmt::format("clauses.json: clause {} \"{}\" needs an id, a requirement and a source",
                              out.size() + 1, c.id));
    }
    if (const auto cases = entry.find("cases"); cases != entry.end()) {
      for (const auto& glob : *cases) c.cases.push_back(glob.get<std::string>());
    }
    out.push_back(std::move(c));
  }
  return out;
}

namespace {

// From clause -> globs to case -> clauses.
void attach_clauses(std::vector<run::Case>& cases, const std::vector<Clause>& clauses) {
  for (run::Case& c : cases) {
    if (!c.clauses.empty()) continue;
    for (const Clause& clause : clauses) {
      const bool hit = std::any_of(clause.cases.begin(), clause.cases.end(),
                                   [&](const std::string& glob) { return run::glob_match(glob, c.id); });
      if (hit) c.clauses.push_back(clause.id);
    }
  }
}

Status add_cases(CaseData& data, const Wanted& wanted) {
  for (const auto& [name, example] : data.examples) {
    const auto* operation = data.model.find_operation(name);
    if (operation == nullptr) {
      return fail(fmt::format("the model has no operation {}: cases are derived from a model of SSM", name));
    }
    auto derived = run::derive_cases(data.model, *operation, example);
    std::move(derived.begin(), derived.end(), std::back_inserter(data.cases));
  }
  for (const std::string_view suite : embedded_suites::all()) {
    auto vectors = run::load_suite(suite, data.model, data.examples);
    if (!vectors) return tl::unexpected(vectors.error());
    std::move(vectors->begin(), vectors->end(), std::back_inserter(data.cases));
  }
  for (const run::Scenario& s : ssm::scenarios_of_families()) {
    run::Case c;
    c.id = s.id;
    c.operation = s.operation;
    c.source = run::Source::scenario;
    c.title = s.title;
    c.scenario = s.function;
    c.last = s.last;
    data.cases.push_back(std::move(c));
  }
  const auto inputs = run::load_inputs(embedded_data::inputs_json());
  if (!inputs) return tl::unexpected(inputs.error());
  std::set<std::string> known;
  for (const run::Case& c : data.cases) known.insert(c.id);
  for (const auto& operation : data.model.operations()) {
    if (data.examples.contains(operation.name) || !wanted(operation.name, data.families)) continue;
    const auto input = inputs->find(operation.name);
    auto derived =
        run::derive_by_model(data.model, operation, input == inputs->end() ? nullptr : &input->second);
    for (run::Case& c : derived) {
      // A suite may ask by itself whether the operation is there.
      if (!known.contains(c.id)) data.cases.push_back(std::move(c));
    }
  }
  return {};
}

}  // namespace

Result<harness::model::Model> load_built_in_model() {
  return harness::model::load_smithy(embedded_data::ssm_json());
}

Result<run::Families> load_families(const harness::model::Model& model) {
  if (model.identity().id != "SSM") return run::Families();
  return run::load_families(embedded_data::families_json());
}

Result<CaseData> load_case_data(std::string_view model_json, const Wanted& wanted) {
  auto model = model_json.empty() ? load_built_in_model() : harness::model::load(model_json);
  if (!model) return tl::unexpected(model.error());
  auto examples = run::load_examples(embedded_data::examples_json());
  if (!examples) return tl::unexpected(examples.error());
  auto catalogue = run::load_catalogue(embedded_data::resources_json());
  if (!catalogue) return tl::unexpected(catalogue.error());
  auto families = load_families(*model);
  if (!families) return tl::unexpected(families.error());
  std::vector<Clause> all_clauses;
  for (const std::string_view of_family : embedded_clauses::all()) {
    auto clauses = load_clauses(of_family);
    if (!clauses) return tl::unexpected(clauses.error());
    std::move(clauses->begin(), clauses->end(), std::back_inserter(all_clauses));
  }
  CaseData data{std::move(*model),
                std::move(*catalogue),
                std::move(*examples),
                std::move(*families),
                {},
                std::move(all_clauses),
                {}};
  if (!model_json.empty()) {
    const auto whole = load_built_in_model();
    if (!whole) return tl::unexpected(whole.error());
    for (const auto& operation : whole->operations()) {
      if (data.model.find_operation(operation.name) == nullptr) data.other_operations.insert(operation.name);
    }
  }
  if (auto added = add_cases(data, wanted); !added) return tl::unexpected(added.error());
  std::sort(data.cases.begin(), data.cases.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  const auto twice = std::adjacent_find(data.cases.begin(), data.cases.end(),
                                        [](const auto& a, const auto& b) { return a.id == b.id; });
  if (twice != data.cases.end()) return fail(fmt::format("two cases have the id {}", twice->id));
  attach_clauses(data.cases, data.clauses);
  return data;
}

}  // namespace conformance
