#include <fmt/format.h>

#include <iostream>
#include <map>
#include <optional>
#include <string_view>

#include "conformance/commands.h"
#include "conformance/reports.h"
#include "harness/report/console.h"
#include "harness/report/result_file.h"
#include "harness/report/text.h"

namespace conformance {

namespace run = harness::run;
namespace report = harness::report;

int complain(const std::string& message, int status) {
  // What a message quotes comes first and may be of any length; what is to be done stands at its end.
  constexpr std::size_t kBeginning = 1500;
  constexpr std::size_t kEnd = 400;
  const std::string_view all = message;
  std::string shown;
  if (all.size() <= kBeginning + kEnd) {
    shown = report::one_line(all);
  } else {
    shown = report::one_line(all.substr(0, kBeginning)) + " ... " +
            report::one_line(all.substr(all.size() - kEnd));
  }
  fmt::print(stderr, "ssm-conformance: {}\n", shown);
  return status;
}

int report_command(const ReportOptions& o) {
  auto file = report::read_result_file(o.file);
  if (!file) return complain(file.error().message, 2);
  if (auto ok = check_files(outputs_of(o.output), {{"the result file", o.file}}); !ok)
    return complain(ok.error().message, 2);
  if (auto written = write_reports(o.output, file->info, file->results, file->summary); !written) {
    return complain(written.error().message, 4);
  }
  if (!wants_reports(o.output)) {
    report::Console console(std::cout, {});
    console.started(file->info);
    for (const auto& r : file->results) console.finished_case(r);
    console.finished(file->summary);
  }
  return file->summary.exit_status();
}

namespace {

constexpr std::string_view kNotRun = "(not run)";

bool fails(run::Verdict v) {
  return v == run::Verdict::fail || v == run::Verdict::flaky;
}

// Verdicts of a case that was run and shows nothing: an endpoint that loses an operation has not become
// better.
bool says_nothing(run::Verdict v) {
  return v == run::Verdict::not_implemented || v == run::Verdict::blocked || v == run::Verdict::unchecked ||
         v == run::Verdict::error;
}

}  // namespace

int compare_command(const std::string& before, const std::string& after) {
  auto a = report::read_result_file(before);
  if (!a) return complain(a.error().message, 2);
  auto b = report::read_result_file(after);
  if (!b) return complain(b.error().message, 2);
  std::map<std::string, run::Verdict> old;
  for (const auto& r : a->results) old[r.id] = r.verdict;
  std::size_t changed = 0, worse = 0, better = 0, lost = 0;
  for (const auto& r : b->results) {
    const auto it = old.find(r.id);
    const auto was = it == old.end() ? std::nullopt : std::optional(it->second);
    if (was) old.erase(it);
    if (was == r.verdict) continue;
    ++changed;
    worse += fails(r.verdict) ? 1 : 0;
    better += was && fails(*was) && r.verdict == run::Verdict::pass ? 1 : 0;
    lost += was == run::Verdict::pass && says_nothing(r.verdict) ? 1 : 0;
    fmt::print("{:<15} -> {:<15} {}\n", was ? run::to_string(*was) : kNotRun, run::to_string(r.verdict),
               r.id);
  }
  for (const auto& [id, verdict] : old) {
    ++changed;
    lost += verdict == run::Verdict::pass ? 1 : 0;
    fmt::print("{:<15} -> {:<15} {}\n", run::to_string(verdict), kNotRun, id);
  }
  fmt::print("{} changed: {} now fail, {} no longer fail, {} passed and are no longer judged\n",
             harness::report::counted(changed, "case", "cases"), worse, better, lost);
  return worse + lost > 0 ? 1 : 0;
}

}  // namespace conformance
