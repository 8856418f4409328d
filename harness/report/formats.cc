#include "harness/report/formats.h"

#include "harness/report/html.h"
#include "harness/report/junit.h"
#include "harness/report/markdown.h"
#include "harness/report/sarif.h"

namespace harness::report {
namespace {

// A renderer that names rules without saying what they mean.
template <std::string (*kRender)(const run::RunInfo&, const std::vector<run::CaseResult>&,
                                 const run::RunSummary&)>
std::string without_meanings(const run::RunInfo& info, const std::vector<run::CaseResult>& results,
                             const run::RunSummary& summary, std::span<const oracle::FindingRule>) {
  return kRender(info, results, summary);
}

constexpr Format kFormats[] = {
    {"--junit", "Write a JUnit XML report", without_meanings<junit>},
    {"--html", "Write an HTML report", without_meanings<html>},
    {"--sarif", "Write a SARIF 2.1.0 report", sarif},
    {"--markdown", "Write a Markdown report, to attach to a bug", without_meanings<markdown>},
};

}  // namespace

std::span<const Format> formats() {
  return kFormats;
}

}  // namespace harness::report
