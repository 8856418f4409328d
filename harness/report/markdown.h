#pragma once

#include <string>
#include <vector>

#include "harness/run/result.h"

namespace harness::report {

/// GitHub-flavoured Markdown, short enough for a step summary or a comment: the outcome, the counts per
/// operation, each finding once (the first 100 with request, answer and reproduction), what was not judged
/// and why, advice, remarks. Text from the endpoint cannot form markup.
std::string markdown(const run::RunInfo& info, const std::vector<run::CaseResult>& results,
                     const run::RunSummary& summary);

}  // namespace harness::report
