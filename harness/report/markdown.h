#pragma once

#include <span>
#include <string>
#include <vector>

#include "harness/oracle/finding_rule.h"
#include "harness/run/result.h"

namespace harness::report {

/// GitHub-flavoured Markdown, short enough for a step summary or a comment: the outcome, the counts and
/// figures, what is broken by causes, requirements and kinds (requirement.h; the first 100 causes with
/// request, answer and reproduction of an example), what was not judged and why, advice, remarks. `rules`
/// says what the rules of findings mean. Text from the endpoint cannot form markup.
std::string markdown(const run::RunInfo& info, const std::vector<run::CaseResult>& results,
                     const run::RunSummary& summary,
                     std::span<const oracle::FindingRule> rules = oracle::finding_rules());

}  // namespace harness::report
