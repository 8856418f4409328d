#include "harness/report/formats.h"

#include "harness/report/badge.h"
#include "harness/report/html.h"
#include "harness/report/junit.h"
#include "harness/report/markdown.h"
#include "harness/report/sarif.h"

namespace harness::report {
namespace {

using Render = std::string(const run::RunInfo&, const std::vector<run::CaseResult>&, const run::RunSummary&);
using RenderWithRules = std::string(const run::RunInfo&, const std::vector<run::CaseResult>&,
                                    const run::RunSummary&, std::span<const oracle::FindingRule>);

// A renderer that names rules and clauses without saying what they mean.
template <Render* kRender>
std::string without_meanings(const run::RunInfo& info, const std::vector<run::CaseResult>& results,
                             const run::RunSummary& summary, const Meanings&) {
  return kRender(info, results, summary);
}

// One that says what rules mean.
template <RenderWithRules* kRender>
std::string with_rules(const run::RunInfo& info, const std::vector<run::CaseResult>& results,
                       const run::RunSummary& summary, const Meanings& meanings) {
  return kRender(info, results, summary, meanings.rules);
}

constexpr Format kFormats[] = {
    {"--junit", "Write a JUnit XML report", without_meanings<junit>},
    {"--html", "Write an HTML report", html},
    {"--sarif", "Write a SARIF 2.1.0 report", with_rules<sarif>},
    {"--markdown", "Write a Markdown report, to attach to a bug", with_rules<markdown>},
    {"--badge", "Write a badge with the figures, for shields.io (endpoint JSON)", without_meanings<badge>},
};

}  // namespace

std::span<const Format> formats() {
  return kFormats;
}

}  // namespace harness::report
