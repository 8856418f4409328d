#pragma once

#include <vector>

#include "conformance/case_data.h"
#include "conformance/commands.h"

namespace conformance {

/// Loads the cases that `--model` asks for, or the built-in ones.
harness::Result<CaseData> load_data(const SelectionOptions& options);
/// Those of the cases that `--operation`, `--filter`, `--exclude` and `--shard` leave.
harness::Result<std::vector<harness::run::Case>> select_cases(const std::vector<harness::run::Case>& cases,
                                                              const SelectionOptions& options);

/// Runs these cases with all that the options ask for (console, files, baseline, Ctrl-C), and returns the
/// exit status.
int execute(const RunCommandOptions& options, const CaseData& data,
            const std::vector<harness::run::Case>& cases);

}  // namespace conformance
