#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/model.h"
#include "harness/oracle/operation_rules.h"
#include "harness/result.h"
#include "harness/run/case.h"
#include "harness/run/catalogue.h"
#include "harness/run/example.h"
#include "harness/run/families.h"
#include "harness/run/pack.h"

/// What a run goes by: a model, and what is built in of its service (the pack): rules, kinds of resources,
/// examples, vectors, scenarios, clauses. The pack is of one service; of any other the model is all, and
/// every case is derived from it.
namespace conformance {

/// One normative sentence of the documentation, in our own words (a family's clauses.json).
struct Clause {
  std::string id;
  std::string operation;
  std::string requirement;
  std::string source;  ///< URL
  std::string section;
  std::vector<std::string> cases;  ///< globs on case ids
  std::string reason;              ///< why no case can check it; "" if cases do
  std::string no_fault;            ///< why no planted fault breaks it; "" if one does
};

struct CaseData {
  harness::model::Model model;
  harness::oracle::ServiceRules rules;  ///< what its operations mean
  harness::run::Catalogue catalogue;    ///< of what it keeps
  harness::run::Examples examples;      ///< the operations that are judged deeply; else of all, by the model
  harness::run::Families families;
  std::vector<harness::run::Case> cases;  ///< sorted by id, ids unique, each with the clauses that it checks
  std::vector<Clause> clauses;
  std::set<std::string, std::less<>> other_operations;  ///< of the service, that the model does not describe

  /// By which a run judges; it holds references to this.
  harness::run::Pack pack() const;
  const harness::run::Case* find(std::string_view id) const;
};

/// The built-in model.
harness::Result<harness::model::Model> load_built_in_model();
/// The families of the model's operations; of another service than the built-in model's, none but `other`.
harness::Result<harness::run::Families> load_families(const harness::model::Model& model);

/// Whether the cases of an operation are wanted that follow from the model alone. They are nine of ten, and
/// take nearly all of the time that loading takes.
using Wanted = std::function<bool(std::string_view operation, const harness::run::Families&)>;
inline bool every_operation(std::string_view, const harness::run::Families&) {
  return true;
}
inline bool no_operation(std::string_view, const harness::run::Families&) {
  return false;
}

/// Loads what is built in; with `model_json`, cases are derived from that model instead. One of the pack's
/// service must have the operations of the examples; any other must speak AWS JSON. Errors name the part that
/// is wrong.
harness::Result<CaseData> load_case_data(std::string_view model_json = {},
                                         const Wanted& wanted = every_operation);

/// conformance/ssm/terraform.json
std::string_view terraform_types();

/// clauses.json
harness::Result<std::vector<Clause>> load_clauses(std::string_view json);

}  // namespace conformance
