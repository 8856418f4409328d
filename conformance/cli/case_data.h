#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/model.h"
#include "harness/result.h"
#include "harness/run/case.h"
#include "harness/run/catalogue.h"
#include "harness/run/example.h"
#include "harness/run/families.h"
#include "harness/run/pack.h"

/// Everything that is built into the program: the model, the examples, the vectors, the scenarios, the
/// clauses.
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
  harness::run::Catalogue catalogue;
  harness::run::Examples examples;  ///< the operations under test
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

/// Loads what is built in; with `model_json`, cases are derived from that model instead (it must have the
/// operations of the examples). Errors name the part that is wrong.
harness::Result<CaseData> load_case_data(std::string_view model_json = {},
                                         const Wanted& wanted = every_operation);

/// clauses.json
harness::Result<std::vector<Clause>> load_clauses(std::string_view json);

}  // namespace conformance
