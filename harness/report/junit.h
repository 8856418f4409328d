#pragma once

#include <string>
#include <vector>

#include "harness/run/result.h"

namespace harness::report {

/// JUnit XML, as CI systems read it: one suite per operation, one test case per case, named by its id. Valid
/// against the schema of Jenkins' xUnit plugin and against the stricter one of Ant's JUnit task.
///
/// FAIL, FLAKY and XPASS are failures (the failure's `type` is the rule, "flaky" or "xpass"); ERROR is an
/// error; NOT_IMPLEMENTED, BLOCKED, UNCHECKED and XFAIL are skipped. A run that did not come to its end, or
/// in which nothing was judged, has one more suite with an error that says so: a report of passes alone would
/// hide it.
std::string junit(const run::RunInfo& info, const std::vector<run::CaseResult>& results,
                  const run::RunSummary& summary);

}  // namespace harness::report
