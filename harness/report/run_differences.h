#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/run/result.h"

/// What must be the same of two runs before their verdicts can be compared.
namespace harness::report {

/// The effective option of the run; "" if it was not given.
std::string option_of(const run::RunInfo& info, const std::string& name);

/// The cases that a run selected, as options that can be typed: "--operation Describe* --shard 1/3"; "all
/// cases".
std::string selection_text(const run::RunInfo& info);

/// One thing that two runs did in two ways. Raw text.
struct RunDifference {
  std::string_view what;  ///< in the plural: "levels"
  std::string first, second;
};

/// What makes the verdicts of two runs differ, whatever the endpoints do: levels, selections, versions of the
/// tool, models (by their hashes, and only if both name the same).
std::vector<RunDifference> run_differences(const run::RunInfo& first, const run::RunInfo& second);

/// "the levels differ (documented and rejects): so do verdicts, whatever the endpoints do". Safe text.
std::string to_string(const RunDifference& difference);

}  // namespace harness::report
