#pragma once

#include <vector>

#include "conformance/options.h"
#include "harness/result.h"
#include "harness/run/result.h"

namespace conformance {

/// True if a report is asked for that needs every result at the end.
bool wants_reports(const OutputOptions& options);

/// Whether every file that is asked for can be written: asked before a run, so that none is lost after it.
harness::Status check_writable(const OutputOptions& options);

/// Writes the reports that are asked for (not the result file, which is written while the run goes on).
harness::Status write_reports(const OutputOptions& options, const harness::run::RunInfo& info,
                              const std::vector<harness::run::CaseResult>& results,
                              const harness::run::RunSummary& summary);

}  // namespace conformance
