#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <iostream>
#include <optional>
#include <set>
#include <string_view>

#include "conformance/cli/case_data.h"
#include "conformance/cli/commands.h"
#include "conformance/cli/reports.h"
#include "conformance/cli/shards.h"
#include "conformance/ssm/finding_rules.h"
#include "harness/report/changes.h"
#include "harness/report/console.h"
#include "harness/report/result_file.h"
#include "harness/report/run_differences.h"
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

bool reader_is_gone() {
  pollfd out{STDOUT_FILENO, POLLOUT, 0};
  return poll(&out, 1, 0) == 1 && (out.revents & (POLLERR | POLLHUP)) != 0;
}

namespace {

// The file, or all of them as one run.
harness::Result<report::ResultFile> read_run(const std::vector<std::string>& paths) {
  if (paths.size() == 1) return report::read_result_file(paths.front());
  std::vector<NamedResults> shards;
  for (const std::string& path : paths) {
    auto file = report::read_result_file(path);
    if (!file) return tl::unexpected(file.error());
    shards.push_back({path, *std::move(file)});
  }
  return merge_shards(std::move(shards));
}

harness::Status write_results(const std::string& path, const report::ResultFile& file) {
  const auto writer = report::ResultFileWriter::open(path);
  if (!writer) return tl::unexpected(writer.error());
  (*writer)->started(file.info);
  for (const auto& result : file.results) (*writer)->finished_case(result);
  (*writer)->finished(file.summary);
  return (*writer)->status();
}

}  // namespace

int report_command(const ReportOptions& o) {
  auto file = read_run(o.files);
  if (!file) return complain(file.error().message, 2);
  std::vector<NamedFile> inputs;
  for (const std::string& path : o.files) inputs.push_back({"the result file", path});
  if (auto ok = check_files(outputs_of(o.output), inputs); !ok) return complain(ok.error().message, 2);
  if (!o.output.results.empty()) {
    if (auto written = write_results(o.output.results, *file); !written)
      return complain("--results " + written.error().message, 4);
  }
  if (wants_reports(o.output)) {
    const auto data = load_case_data({}, no_operation);
    if (!data) return complain(data.error().message, 4);
    if (auto written = write_reports(o.output, file->info, file->results, file->summary, data->clauses);
        !written)
      return complain(written.error().message, 4);
    // Where a report itself is printed, nothing else is.
    if (!prints_report(o.output)) std::cout << written_text(o.output);
  } else {
    report::ConsoleOptions options;
    options.everything = o.output.everything;
    options.rules = ssm::finding_rules();
    report::Console console(std::cout, options);
    console.started(file->info);
    for (const auto& r : file->results) console.finished_case(r);
    console.finished(file->summary);
    if (file->results.empty() && file->summary.endpoint_lost)
      return complain(file->summary.endpoint_problem, file->summary.exit_status());
  }
  return file->summary.exit_status();
}

namespace {

// Text of a file, which may hold anything.
std::string safe_part(const std::string& text) {
  constexpr std::size_t kColumns = 200;
  return report::cut(report::one_line(text), kColumns);
}

void print_side(const char* which, const std::string& path, const report::ResultFile& file) {
  fmt::print("{:<7}{}: {}, version {}, level {}, seed {}, {} ({})\n", which, safe_part(path),
             safe_part(file.info.endpoint), safe_part(file.info.tool_version), safe_part(file.info.level),
             file.info.seed, safe_part(report::selection_text(file.info)),
             report::counted(file.results.size(), "result", "results"));
}

std::string rules_text(const std::set<std::string>& rules) {
  return safe_part(fmt::format("{}", fmt::join(rules, ", ")));
}

void print_changes(const report::Changes& changes) {
  using report::CaseChange;
  for (const CaseChange& c : changes.cases) {
    fmt::print("{:<15} -> {:<15} {}{}\n", report::verdict_text(c.before), report::verdict_text(c.after),
               safe_part(c.id),
               c.fails_otherwise()
                   ? fmt::format(" ({} -> {})", rules_text(c.rules_before), rules_text(c.rules_after))
                   : "");
  }
  fmt::print("{} newly broken, {} fixed, {} no longer judged\n",
             report::counted(changes.broken.size(), "requirement", "requirements"), changes.fixed.size(),
             changes.untold.size());
  fmt::print(
      "{} changed: {} now fail, {} no longer fail, {} passed and are no longer judged, {} fail otherwise\n",
      report::counted(changes.cases.size(), "case", "cases"), changes.count(&CaseChange::now_fails),
      changes.count(&CaseChange::recovers), changes.count(&CaseChange::is_lost),
      changes.count(&CaseChange::fails_otherwise));
}

}  // namespace

int compare_command(const CompareOptions& o) {
  const auto before = report::read_result_file(o.before);
  if (!before) return complain(before.error().message, 2);
  const auto after = report::read_result_file(o.after);
  if (!after) return complain(after.error().message, 2);
  if (auto ok = check_files({{"--markdown", o.markdown, true}},
                            {{"the result file", o.before}, {"the result file", o.after}});
      !ok)
    return complain(ok.error().message, 2);
  const auto changes = report::changes_between(before->results, after->results);
  if (!o.markdown.empty()) {
    const auto text = report::changes_markdown(changes, *before, *after, ssm::finding_rules());
    if (auto written = write_report(o.markdown, text); !written)
      return complain("--markdown " + written.error().message, 4);
  }
  // Where a report itself is printed, nothing else is.
  if (o.markdown != kStandardOutput) {
    print_side("before", o.before, *before);
    print_side("after", o.after, *after);
    for (const auto& difference : report::run_differences(before->info, after->info))
      fmt::print("warning: {}\n", report::to_string(difference));
    print_changes(changes);
  }
  return changes.is_worse() ? 1 : 0;
}

}  // namespace conformance
