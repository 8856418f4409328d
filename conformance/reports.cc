#include "conformance/reports.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/files/output_file.h"
#include "harness/report/html.h"
#include "harness/report/junit.h"
#include "harness/report/markdown.h"
#include "harness/report/sarif.h"

namespace conformance {

using harness::fail;
namespace files = harness::files;
using harness::Status;

bool wants_reports(const OutputOptions& o) {
  return !o.junit.empty() || !o.html.empty() || !o.sarif.empty() || !o.markdown.empty();
}

std::vector<NamedFile> outputs_of(const OutputOptions& o) {
  return {{"--results", o.results},
          {"--junit", o.junit},
          {"--html", o.html},
          {"--sarif", o.sarif},
          {"--markdown", o.markdown}};
}

Status check_files(const std::vector<NamedFile>& outputs, const std::vector<NamedFile>& inputs) {
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const auto& [option, path] = outputs[i];
    if (path.empty()) continue;
    for (std::size_t k = 0; k < i; ++k) {
      if (!outputs[k].path.empty() && files::same_file(outputs[k].path, path)) {
        return fail(fmt::format("{} and {} name the same file, {}", outputs[k].option, option, path));
      }
    }
    for (const auto& input : inputs) {
      if (!input.path.empty() && files::same_file(input.path, path)) {
        return fail(
            fmt::format("{} {}: it would overwrite {}; name another file", option, path, input.option));
      }
    }
    if (auto usable = files::check_output(path); !usable) {
      return fail(fmt::format("{} {}", option, usable.error().message));
    }
  }
  return {};
}

Status write_reports(const OutputOptions& o, const harness::run::RunInfo& info,
                     std::vector<harness::run::CaseResult> results, const harness::run::RunSummary& summary) {
  namespace report = harness::report;
  std::stable_sort(results.begin(), results.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  for (const auto& [path, render] : {std::pair{&o.junit, &report::junit},
                                     {&o.html, &report::html},
                                     {&o.sarif, &report::sarif},
                                     {&o.markdown, &report::markdown}}) {
    if (path->empty()) continue;
    if (auto written = files::write_file(*path, render(info, results, summary)); !written) return written;
  }
  return {};
}

}  // namespace conformance
