#include "conformance/cli/case_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "conformance/pack.h"
#include "conformance/ssm/rules.h"
#include "conformance/ssm/scenarios.h"
#include "embedded_clauses.h"
#include "embedded_data.h"
#include "embedded_suites.h"
#include "harness/run/derive.h"
#include "harness/run/derive_by_model.h"
#include "harness/run/lifecycle.h"
#include "harness/run/select.h"
#include "harness/run/suite.h"
#include "harness/wire/json.h"

namespace conformance {

using harness::fail;
using harness::Result;
using harness::Status;
namespace run = harness::run;

run::Pack CaseData::pack() const {
  return {&model, &rules, &catalogue, &examples};
}

const run::Case* CaseData::find(std::string_view id) const {
  const auto it = std::lower_bound(cases.begin(), cases.end(), id,
                                   [](const run::Case& c, std::string_view wanted) { return c.id < wanted; });
  return it != cases.end() && it->id == id ? &*it : nullptr;
}

std::string_view terraform_types() {
  return embedded_data::terraform_json();
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

// From clause -> globs to case -> clauses. `cases` are sorted by id: those that a glob may match stand
// together.
void attach_clauses(std::vector<run::Case>& cases, const std::vector<Clause>& clauses) {
  std::vector<bool> has_own(cases.size());
  for (std::size_t i = 0; i < cases.size(); ++i) has_own[i] = !cases[i].clauses.empty();
  for (const Clause& clause : clauses) {
    for (const std::string& glob : clause.cases) {
      const std::string_view literal = std::string_view(glob).substr(0, glob.find_first_of("*?"));
      const auto first = std::lower_bound(cases.begin(), cases.end(), literal,
                                          [](const run::Case& c, std::string_view id) { return c.id < id; });
      for (auto c = first; c != cases.end() && c->id.starts_with(literal); ++c) {
        if (has_own[static_cast<std::size_t>(c - cases.begin())] || !run::glob_match(glob, c->id)) continue;
        if (c->clauses.empty() || c->clauses.back() != clause.id) c->clauses.push_back(clause.id);
      }
    }
  }
}

// What is built in of one service, beside a model of it. Of any but the pack's, nothing is.
struct BuiltIn {
  harness::oracle::ServiceRules rules;
  run::Catalogue catalogue;
  run::Examples examples;
  run::Inputs inputs;
  run::Families families;
  std::vector<std::string_view> suites;
  std::vector<run::Scenario> scenarios;
  std::vector<std::string_view> clauses;  // files
};

Result<BuiltIn> load_pack() {
  auto catalogue = run::load_catalogue(embedded_data::resources_json());
  if (!catalogue) return tl::unexpected(catalogue.error());
  auto examples = run::load_examples(embedded_data::examples_json());
  if (!examples) return tl::unexpected(examples.error());
  auto inputs = run::load_inputs(embedded_data::inputs_json());
  if (!inputs) return tl::unexpected(inputs.error());
  auto families = run::load_families(embedded_data::families_json());
  if (!families) return tl::unexpected(families.error());
  return BuiltIn{.rules = ssm::rules(),
                 .catalogue = std::move(*catalogue),
                 .examples = std::move(*examples),
                 .inputs = std::move(*inputs),
                 .families = std::move(*families),
                 .suites = embedded_suites::all(),
                 .scenarios = ssm::scenarios_of_families(),
                 .clauses = embedded_clauses::all()};
}

Status add_clauses(CaseData& data, const BuiltIn& built_in) {
  auto files = built_in.clauses;
  files.push_back(embedded_data::clauses_by_model_json());
  for (const std::string_view file : files) {
    auto clauses = load_clauses(file);
    if (!clauses) return tl::unexpected(clauses.error());
    std::move(clauses->begin(), clauses->end(), std::back_inserter(data.clauses));
  }
  return {};
}

std::map<const run::Family*, std::vector<std::string>> operations_by_family(const CaseData& data) {
  std::map<const run::Family*, std::vector<std::string>> out;
  for (const auto& operation : data.model.operations())
    out[&data.families.of(operation.name)].push_back(operation.name);
  return out;
}

Status add_cases_of_pack(CaseData& data, const BuiltIn& built_in) {
  for (const auto& [name, example] : built_in.examples) {
    const auto* operation = data.model.find_operation(name);
    if (operation == nullptr) {
      return fail(fmt::format("the model has no operation {}: cases are derived from a model of {}", name,
                              pack::service()));
    }
    auto derived = run::derive_cases(data.model, *operation, example);
    std::move(derived.begin(), derived.end(), std::back_inserter(data.cases));
  }
  for (const std::string_view suite : built_in.suites) {
    auto vectors = run::load_suite(suite, data.model, built_in.examples);
    if (!vectors) return tl::unexpected(vectors.error());
    std::move(vectors->begin(), vectors->end(), std::back_inserter(data.cases));
  }
  const auto beside = operations_by_family(data);
  for (const run::Scenario& s : built_in.scenarios) {
    run::Case c;
    c.id = s.id;
    c.operation = s.operation;
    c.source = run::Source::scenario;
    c.title = s.title;
    c.scenario = s.function;
    c.last = s.last;
    // What is known by its model alone is asked whether it is there, and so is what the scenario may call.
    const auto family = beside.find(&data.families.of(c.operation));
    if (c.operation != run::kProtocol && !built_in.examples.contains(c.operation) && family != beside.end())
      c.others = family->second;
    data.cases.push_back(std::move(c));
  }
  for (run::Case& c : run::lifecycle_cases(data.model, data.catalogue)) data.cases.push_back(std::move(c));
  return {};
}

void add_cases_by_model(CaseData& data, const BuiltIn& built_in, const Wanted& wanted) {
  std::set<std::string> known;
  for (const run::Case& c : data.cases) known.insert(c.id);
  for (const auto& operation : data.model.operations()) {
    if (built_in.examples.contains(operation.name) || !wanted(operation.name, data.families)) continue;
    const auto input = built_in.inputs.find(operation.name);
    auto derived = run::derive_by_model(data.model, operation,
                                        input == built_in.inputs.end() ? nullptr : &input->second);
    for (run::Case& c : derived) {
      // A suite may ask by itself whether the operation is there.
      if (!known.contains(c.id)) data.cases.push_back(std::move(c));
    }
  }
}

run::Examples examples_by_model(const harness::model::Model& model) {
  run::Examples out;
  for (const auto& operation : model.operations()) {
    if (auto example = run::example_by_model(operation)) out.emplace(operation.name, std::move(*example));
  }
  return out;
}

// What the pack's service has besides the operations of this model of it.
Result<std::set<std::string, std::less<>>> operations_besides(const harness::model::Model& model) {
  const auto whole = load_built_in_model();
  if (!whole) return tl::unexpected(whole.error());
  std::set<std::string, std::less<>> out;
  for (const auto& operation : whole->operations()) {
    if (model.find_operation(operation.name) == nullptr) out.insert(operation.name);
  }
  return out;
}

Result<CaseData> load(harness::model::Model model, const BuiltIn& built_in, const Wanted& wanted) {
  CaseData data{
      std::move(model), built_in.rules, built_in.catalogue, built_in.examples, built_in.families, {}, {}, {}};
  if (auto added = add_clauses(data, built_in); !added) return tl::unexpected(added.error());
  if (auto added = add_cases_of_pack(data, built_in); !added) return tl::unexpected(added.error());
  add_cases_by_model(data, built_in, wanted);
  if (data.examples.empty()) data.examples = examples_by_model(data.model);
  if (data.examples.empty()) return fail("no input can be made for any of its operations");
  std::sort(data.cases.begin(), data.cases.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  const auto twice = std::adjacent_find(data.cases.begin(), data.cases.end(),
                                        [](const auto& a, const auto& b) { return a.id == b.id; });
  if (twice != data.cases.end()) return fail(fmt::format("two cases have the id {}", twice->id));
  attach_clauses(data.cases, data.clauses);
  return data;
}

}  // namespace

Result<harness::model::Model> load_built_in_model() {
  return harness::model::load_smithy(embedded_data::ssm_json());
}

Result<CaseData> load_case_data(std::string_view model_json, const Wanted& wanted) {
  auto model = model_json.empty() ? load_built_in_model() : harness::model::load(model_json);
  if (!model) return tl::unexpected(model.error());
  const auto& service = model->identity();
  if (!pack::is_of(service)) {
    if (service.content_type.empty())
      return fail(fmt::format("{} does not speak AWS JSON: no endpoint can be judged by this", service.id));
    return load(std::move(*model), BuiltIn(), wanted);
  }
  std::set<std::string, std::less<>> besides;
  if (!model_json.empty()) {
    auto found = operations_besides(*model);
    if (!found) return tl::unexpected(found.error());
    besides = std::move(*found);
  }
  const auto built_in = load_pack();
  if (!built_in) return tl::unexpected(built_in.error());
  auto data = load(std::move(*model), *built_in, wanted);
  if (data) data->other_operations = std::move(besides);
  return data;
}

Result<run::Families> load_families(const harness::model::Model& model) {
  if (!pack::is_of(model.identity())) return run::Families();
  return run::load_families(embedded_data::families_json());
}

}  // namespace conformance
