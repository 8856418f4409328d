#pragma once

#include <string>
#include <vector>

#include "harness/report/meanings.h"
#include "harness/run/result.h"

namespace harness::report {

/// One self-contained page, in ASCII. Nothing is loaded, and the content policy lets no script run but the
/// page's own, by its hash. First the outcome, the counts and figures, what is broken by causes
/// (requirement.h), and a map of the constraints of inputs; then what was not judged and why, advice, and
/// every case, which can be searched and filtered. The fragment of the URL holds the filters
/// (`#operation=ListTables&verdict=FAIL`, `#case=ID`), so that a view can be kept. The parts are
/// report.html.mustache, report.css and report.js; A clause that `meanings` knows links to its source.
std::string html(const run::RunInfo& info, const std::vector<run::CaseResult>& results,
                 const run::RunSummary& summary, const Meanings& meanings = {});

}  // namespace harness::report
