#include <fmt/format.h>

#include <iostream>
#include <map>

#include "conformance/commands.h"
#include "conformance/reports.h"
#include "harness/report/console.h"
#include "harness/report/result_file.h"
#include "harness/report/text.h"

namespace conformance {

namespace run = harness::run;
namespace report = harness::report;

int complain(const std::string& message, int status) {
  // It may quote the endpoint, which must not command the terminal.
  fmt::print(stderr, "ssm-conformance: {}\n", report::many_lines(message));
  return status;
}

int report_command(const ReportOptions& o) {
  auto file = report::read_result_file(o.file);
  if (!file) return complain(file.error().message, 2);
  if (auto ok = check_writable(o.output); !ok) return complain(ok.error().message, 2);
  if (auto written = write_reports(o.output, file->info, file->results, file->summary); !written) {
    return complain(written.error().message, 2);
  }
  if (!wants_reports(o.output)) {
    report::Console console(std::cout, {});
    console.started(file->info);
    for (const auto& r : file->results) console.finished_case(r);
    console.finished(file->summary);
  }
  return file->summary.exit_status();
}

int compare_command(const std::string& before, const std::string& after) {
  auto a = report::read_result_file(before);
  if (!a) return complain(a.error().message, 2);
  auto b = report::read_result_file(after);
  if (!b) return complain(b.error().message, 2);
  std::map<std::string, run::Verdict> old;
  for (const auto& r : a->results) old[r.id] = r.verdict;
  std::size_t worse = 0, changed = 0;
  for (const auto& r : b->results) {
    const auto it = old.find(r.id);
    const bool is_new = it == old.end();
    if (!is_new && it->second == r.verdict) {
      old.erase(it);
      continue;
    }
    const bool bad = r.verdict == run::Verdict::fail || r.verdict == run::Verdict::flaky;
    worse += bad ? 1 : 0;
    ++changed;
    fmt::print("{:<15} -> {:<15} {}\n", is_new ? std::string_view("(not run)") : run::to_string(it->second),
               run::to_string(r.verdict), r.id);
    if (!is_new) old.erase(it);
  }
  for (const auto& [id, verdict] : old) {
    ++changed;
    fmt::print("{:<15} -> {:<15} {}\n", run::to_string(verdict), "(not run)", id);
  }
  fmt::print("{} cases changed, {} of them now fail\n", changed, worse);
  return worse > 0 ? 1 : 0;
}

}  // namespace conformance
