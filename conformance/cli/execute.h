#pragma once

#include <set>
#include <string>
#include <vector>

#include "conformance/cli/case_data.h"
#include "conformance/cli/commands.h"
#include "conformance/cli/target.h"
#include "harness/run/runner.h"

namespace conformance {

/// Loads the cases that `--model` asks for, or the built-in ones.
harness::Result<CaseData> load_data(const SelectionOptions& options, const Wanted& wanted = every_operation);
/// The model that `--model` names, or the built-in one: any service's.
harness::Result<harness::model::Model> load_model(const SelectionOptions& options);
/// Those of the cases that `--operation`, `--filter`, `--exclude` and `--shard` leave.
harness::Result<std::vector<harness::run::Case>> select_cases(const std::vector<harness::run::Case>& cases,
                                                              const harness::run::Families& families,
                                                              const SelectionOptions& options);

struct SelectedCases {
  CaseData data;  ///< of its cases, at least those of operations that are selected
  std::vector<harness::run::Case> cases;
  SelectionOptions selection;  ///< by which they were selected, without `--operations-from`
};
/// The options with the operations of `--operations-from` among those of `--operation`; says which they are,
/// and what of the file is left out. Errors name the file.
harness::Result<SelectionOptions> with_operations_from(SelectionOptions options);
/// All of it, without what only other operations need.
harness::Result<SelectedCases> load_selected(const SelectionOptions& options);

/// The operations of the cases that would be left without `--shard`; none if there is no such option.
std::set<std::string> operations_of_all_shards(const std::vector<harness::run::Case>& cases,
                                               const harness::run::Families& families,
                                               const SelectionOptions& options);

/// What the options ask of a run against this target.
harness::run::RunOptions run_options(const RunCommandOptions& options, const CaseData& data,
                                     const Target& target);

/// Runs these cases with all that the options ask for (console, files, baseline, Ctrl-C), and returns the
/// exit status.
int execute(const RunCommandOptions& options, const CaseData& data,
            const std::vector<harness::run::Case>& cases);

}  // namespace conformance
