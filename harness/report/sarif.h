#pragma once

#include <span>
#include <string>
#include <vector>

#include "harness/oracle/finding_rule.h"
#include "harness/run/result.h"

namespace harness::report {

/// SARIF 2.1.0, as code scanning services read it: one result per finding (cases with one signature are one
/// result), a rule per finding rule. Defects of failing cases are of level `error`, flaky cases and stale
/// baseline entries `warning`, advice `note`. A result's place is its first case, as `<id>.http`; all its
/// cases stand in `properties`. `rules` says what the rules mean; one that it does not know is named alone.
std::string sarif(const run::RunInfo& info, const std::vector<run::CaseResult>& results,
                  const run::RunSummary& summary, std::span<const oracle::FindingRule> rules);

}  // namespace harness::report
