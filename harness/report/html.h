#pragma once

#include <string>
#include <vector>

#include "harness/run/result.h"

namespace harness::report {

/// One self-contained page: no script, nothing loaded, and a content policy that says so. The outcome, the
/// counts per operation, each finding once, what was not judged and why, advice, and every case. The template
/// is report.html.mustache.
std::string html(const run::RunInfo& info, const std::vector<run::CaseResult>& results,
                 const run::RunSummary& summary);

}  // namespace harness::report
