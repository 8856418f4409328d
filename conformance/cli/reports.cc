#include "conformance/cli/reports.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "conformance/ssm/finding_rules.h"
#include "harness/files/output_file.h"
#include "harness/report/formats.h"
#include "harness/report/text.h"

namespace conformance {

using harness::fail;
namespace files = harness::files;
using harness::Status;

bool wants_reports(const OutputOptions& o) {
  return std::any_of(o.reports.begin(), o.reports.end(),
                     [](const ReportFile& report) { return !report.path.empty(); });
}

bool prints_report(const OutputOptions& o) {
  return std::any_of(o.reports.begin(), o.reports.end(),
                     [](const ReportFile& report) { return report.path == kStandardOutput; });
}

std::optional<std::size_t> terminal_width(int stream) {
  winsize size{};
  constexpr unsigned short kTooNarrow = 20;
  if (isatty(stream) == 0 || ioctl(stream, TIOCGWINSZ, &size) != 0 || size.ws_col <= kTooNarrow)
    return std::nullopt;
  return size.ws_col;
}

std::string written_text(const OutputOptions& o) {
  std::string out;
  for (const auto& [option, path] : o.reports) {
    if (!path.empty() && path != kStandardOutput)
      out += fmt::format("{}: written to {}\n", option, harness::report::one_line(path));
  }
  return out;
}

std::vector<NamedFile> outputs_of(const OutputOptions& o) {
  std::vector<NamedFile> files = {{"--results", o.results}};
  for (const auto& [option, path] : o.reports) files.push_back({option, path, true});
  return files;
}

Status check_files(const std::vector<NamedFile>& outputs, const std::vector<NamedFile>& inputs) {
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const auto& [option, path, can_be_printed] = outputs[i];
    if (path.empty()) continue;
    for (std::size_t k = 0; k < i; ++k) {
      if (!outputs[k].path.empty() && files::same_file(outputs[k].path, path)) {
        return fail(fmt::format("{} and {} name the same file, {}", outputs[k].option, option, path));
      }
    }
    if (path == kStandardOutput) {
      if (!can_be_printed) return fail(fmt::format("{} -: only reports can be printed; name a file", option));
      continue;
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

Status write_report(const std::string& path, const std::string& text) {
  if (path != kStandardOutput) return files::write_file(path, text);
  std::cout << text << std::flush;
  return {};
}

Status write_reports(const OutputOptions& o, const harness::run::RunInfo& info,
                     std::vector<harness::run::CaseResult> results, const harness::run::RunSummary& summary,
                     const std::vector<Clause>& clauses) {
  namespace report = harness::report;
  std::stable_sort(results.begin(), results.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  report::Meanings meanings;
  meanings.rules = ssm::finding_rules();
  for (const Clause& clause : clauses)
    meanings.clauses.push_back({clause.id, clause.requirement, clause.source});
  for (const report::Format& format : report::formats()) {
    const std::string path = o.report(format.option);
    if (path.empty()) continue;
    if (auto written = write_report(path, format.render(info, results, summary, meanings)); !written)
      return written;
  }
  return {};
}

}  // namespace conformance
