#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <tuple>

#include "conformance/cli/case_data.h"
#include "conformance/cli/commands.h"
#include "conformance/cli/reports.h"
#include "conformance/cli/shards.h"
#include "conformance/ssm/finding_rules.h"
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

// What a file says of one case; of one that was run more than once (--repeat), of the runs that failed.
struct Judged {
  run::Verdict verdict;
  std::set<std::string> rules;  ///< of its defects
};

std::map<std::string, Judged> by_id(const std::vector<run::CaseResult>& results) {
  std::map<std::string, Judged> out;
  for (const auto& r : results) {
    const auto [it, is_new] = out.try_emplace(r.id, Judged{r.verdict, {}});
    if (!is_new && fails(r.verdict) && !fails(it->second.verdict)) it->second.verdict = r.verdict;
    for (const auto& f : r.findings) {
      if (f.severity == harness::oracle::Severity::defect) it->second.rules.insert(f.rule);
    }
  }
  return out;
}

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

}  // namespace

int compare_command(const std::string& before, const std::string& after) {
  const auto a = report::read_result_file(before);
  if (!a) return complain(a.error().message, 2);
  const auto b = report::read_result_file(after);
  if (!b) return complain(b.error().message, 2);
  print_side("before", before, *a);
  print_side("after", after, *b);
  for (const auto& difference : report::run_differences(a->info, b->info))
    fmt::print("warning: {}\n", report::to_string(difference));
  const auto old_cases = by_id(a->results);
  const auto new_cases = by_id(b->results);
  std::set<std::string> ids;
  for (const auto* cases : {&old_cases, &new_cases}) {
    for (const auto& [id, judged] : *cases) ids.insert(id);
  }
  std::size_t changed = 0, worse = 0, better = 0, lost = 0, otherwise = 0, by_new_rules = 0;
  for (const auto& id : ids) {
    const auto was = old_cases.find(id);
    const auto is = new_cases.find(id);
    const bool both = was != old_cases.end() && is != new_cases.end();
    if (both && was->second.verdict == is->second.verdict) {
      const auto& [rules_before, rules_after] = std::tie(was->second.rules, is->second.rules);
      if (rules_before == rules_after) continue;
      ++changed;
      ++otherwise;
      by_new_rules +=
          std::includes(rules_before.begin(), rules_before.end(), rules_after.begin(), rules_after.end()) ? 0
                                                                                                          : 1;
      fmt::print("{:<15} -> {:<15} {} ({} -> {})\n", run::to_string(was->second.verdict),
                 run::to_string(is->second.verdict), safe_part(id), rules_text(rules_before),
                 rules_text(rules_after));
      continue;
    }
    ++changed;
    const auto verdict_of = [](const auto& it, const auto& cases) {
      return it == cases.end() ? std::nullopt : std::optional(it->second.verdict);
    };
    const auto old_verdict = verdict_of(was, old_cases);
    const auto new_verdict = verdict_of(is, new_cases);
    worse += new_verdict && fails(*new_verdict) ? 1 : 0;
    better += old_verdict && new_verdict && fails(*old_verdict) && *new_verdict == run::Verdict::pass ? 1 : 0;
    lost += old_verdict == run::Verdict::pass && (!new_verdict || says_nothing(*new_verdict)) ? 1 : 0;
    fmt::print("{:<15} -> {:<15} {}\n", old_verdict ? run::to_string(*old_verdict) : kNotRun,
               new_verdict ? run::to_string(*new_verdict) : kNotRun, safe_part(id));
  }
  fmt::print(
      "{} changed: {} now fail, {} no longer fail, {} passed and are no longer judged, {} fail otherwise\n",
      report::counted(changed, "case", "cases"), worse, better, lost, otherwise);
  return worse + lost + by_new_rules > 0 ? 1 : 0;
}

}  // namespace conformance
