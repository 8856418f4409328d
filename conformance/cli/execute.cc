#include "conformance/cli/execute.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <set>
#include <tuple>

#include "conformance/cli/aws_config.h"
#include "conformance/cli/baseline.h"
#include "conformance/cli/interruption.h"
#include "conformance/cli/reports.h"
#include "conformance/cli/target.h"
#include "conformance/pack.h"
#include "conformance/ssm/finding_rules.h"
#include "conformance/ssm/resources.h"
#include "harness/files/shared_folder.h"
#include "harness/report/console.h"
#include "harness/report/result_file.h"
#include "harness/report/text.h"
#include "harness/run/runner.h"
#include "harness/run/tally.h"

namespace conformance {
namespace {

using harness::fail;
using harness::Result;
using harness::Status;
namespace run = harness::run;
namespace report = harness::report;

// Passes results on to every observer, after the baseline was applied; keeps those that reports need, and the
// counts.
class Fan : public run::Observer {
 public:
  Fan(const Baseline* baseline, bool keep) : baseline_(baseline), keep_(keep) {}
  void add(run::Observer* observer) { observers_.push_back(observer); }

  void started(const run::RunInfo& info) override {
    info_ = info;
    if (endpoint_name_.empty()) endpoint_name_ = info.endpoint;
    info_.endpoint = endpoint_name_;
    for (auto* o : observers_) o->started(info_);
  }
  void finished_case(const run::CaseResult& result) override {
    if (baseline_ == nullptr) return pass_on(result);
    run::CaseResult r = result;
    baseline_->apply(r, today_);
    pass_on(r);
  }
  void finished(const run::RunSummary& summary) override {
    summary_ = summary;
    tally_.count(summary_);
    if (model_ != nullptr) tally_.figure(summary_, *model_, *families_);
    using run::Verdict;
    auto& total = summary_.total;
    if (total.contains(Verdict::fail) || total.contains(Verdict::flaky)) remark(about_failures_);
    if (total.contains(Verdict::xpass)) remark(about_stale_);
    for (auto* o : observers_) o->finished(summary_);
  }

  /// All cases of these operations are run: what was told of their constraints is counted.
  void count_figures_of(const harness::model::Model& model, const run::Families& families) {
    model_ = &model;
    families_ = &families;
  }
  void name_endpoint(std::string name) { endpoint_name_ = std::move(name); }
  /// Remarks for the end of a run that has failures, or stale entries of its baseline.
  void remark_on_failures(std::string text) { about_failures_ = std::move(text); }
  void remark_on_stale(std::string text) { about_stale_ = std::move(text); }
  const run::RunInfo& info() const { return info_; }
  const std::vector<run::CaseResult>& results() const { return results_; }
  const run::RunSummary& summary() const { return summary_; }

 private:
  void pass_on(const run::CaseResult& r) {
    tally_.add(r);
    for (auto* o : observers_) o->finished_case(r);
    if (keep_ && is_new(r)) results_.push_back(r);
  }

  void remark(const std::string& text) {
    if (!text.empty()) summary_.remarks.push_back(text);
  }

  // Of a case that is repeated, reports need each different result once: a soak has millions.
  bool is_new(const run::CaseResult& r) {
    std::set<std::string> signatures;
    for (const auto& finding : r.findings) signatures.insert(finding.signature);
    return kept_.emplace(r.id, r.verdict, std::move(signatures)).second;
  }

  const Baseline* baseline_;
  const Baseline::Day today_ = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  bool keep_;
  const harness::model::Model* model_ = nullptr;
  const run::Families* families_ = nullptr;
  run::Tally tally_;
  std::vector<run::Observer*> observers_;
  std::string endpoint_name_, about_failures_, about_stale_;
  run::RunInfo info_;
  std::vector<run::CaseResult> results_;
  std::set<std::tuple<std::string, run::Verdict, std::set<std::string>>> kept_;  // what is in results_
  run::RunSummary summary_;
};

report::ConsoleOptions console_options(int stream, bool everything) {
  report::ConsoleOptions o;
  const auto env = process_environment();
  o.terminal = isatty(stream) != 0;
  o.colour = o.terminal && !env("NO_COLOR") && env("TERM").value_or("dumb") != "dumb";
  o.width = terminal_width(stream).value_or(o.width);
  o.everything = everything;
  o.rules = ssm::finding_rules();
  return o;
}

std::map<std::string, std::string> shown_options(const RunCommandOptions& o, const Target& target) {
  std::map<std::string, std::string> out = {{"connections", std::to_string(o.connections)},
                                            {"repeat", std::to_string(o.repeat)},
                                            {"region", target.region},
                                            {"signed", target.signing ? "yes" : "no"},
                                            {"timeout", fmt::format("{}", o.endpoint.timeout_seconds)}};
  const auto text = [&](const char* name, const std::string& value) {
    if (!value.empty()) out[name] = value;
  };
  text("spawn", o.endpoint.spawn);
  text("target", o.endpoint.target);
  text("dialect", o.endpoint.dialect);
  text("endpoint-version", o.endpoint.version);
  text("endpoint-commit", o.endpoint.commit);
  text("document", o.document);
  text("prefix", o.prefix);
  text("connected-node", o.connected_node);
  text("model", o.selection.model);
  text("shard", o.selection.shard);
  text("baseline", o.baseline);
  text("filter", fmt::format("{}", fmt::join(o.selection.selection.filters, " ")));
  text("exclude", fmt::format("{}", fmt::join(o.selection.selection.excludes, " ")));
  text("operation", fmt::format("{}", fmt::join(o.selection.selection.operations, " ")));
  return out;
}

// Which cases the options select, as they would be typed; "" for all.
std::string selection_text(const RunCommandOptions& o) {
  std::vector<std::string> parts;
  const auto add = [&](const char* option, const std::vector<std::string>& values) {
    for (const auto& value : values) parts.push_back(fmt::format("{} {}", option, value));
  };
  if (!o.files.empty()) parts.push_back("replay");
  add("--operation", o.selection.selection.operations);
  add("--filter", o.selection.selection.filters);
  add("--exclude", o.selection.selection.excludes);
  if (!o.selection.shard.empty()) parts.push_back("--shard " + o.selection.shard);
  if (!o.selection.model.empty()) parts.push_back("--model " + o.selection.model);
  return fmt::format("{}", fmt::join(parts, " "));
}

Result<Baseline> load_baseline(const RunCommandOptions& o, const std::vector<run::Case>& cases,
                               const CaseData& data) {
  std::set<std::string> ids, selected;
  for (const auto& c : cases) selected.insert(c.id);
  for (const auto& c : data.cases) ids.insert(c.id);
  ids.insert(selected.begin(), selected.end());
  if (o.update_baseline && access(o.baseline.c_str(), F_OK) != 0) return Baseline();
  // Of the files that could be replayed, nobody knows all.
  const auto unknown = !o.files.empty()    ? UnknownEntries::keep
                       : o.update_baseline ? UnknownEntries::drop
                                           : UnknownEntries::refuse;
  auto baseline = Baseline::load(o.baseline, ids, unknown);
  if (!baseline || baseline->level().empty() || baseline->level() == o.level) return baseline;
  // At another level, other cases fail: its entries would be called stale, or what is known new.
  if (!o.update_baseline) {
    return fail(
        fmt::format("{}: it holds the failures at level {}, and this run is at level {}: give --level {}, or "
                    "another file",
                    o.baseline, baseline->level(), o.level, baseline->level()));
  }
  if (const auto id = baseline->entry_outside(selected); !id.empty()) {
    return fail(fmt::format(
        "{}: it holds failures at level {} of cases that this run, at level {}, does not judge ({}): "
        "name another file, or judge all cases",
        o.baseline, baseline->level(), o.level, id.substr(0, 200)));
  }
  return baseline;
}

// Reads the file again, for another process may have written to it while this one judged.
Result<std::size_t> update_baseline(const RunCommandOptions& o, const std::vector<run::Case>& cases,
                                    const CaseData& data, const std::vector<run::CaseResult>& results) {
  const auto held = harness::files::FileLock::take(o.baseline);
  if (!held) return tl::unexpected(held.error());
  auto baseline = load_baseline(o, cases, data);
  if (!baseline) return tl::unexpected(baseline.error());
  baseline->update(results, o.level, SSMC_VERSION, selection_text(o));
  if (auto saved = baseline->save(o.baseline); !saved) return tl::unexpected(saved.error());
  return baseline->size();
}

void remark_on_baseline(Fan& fan, const RunCommandOptions& o, const Baseline& baseline) {
  if (!baseline.covers(selection_text(o))) {
    fan.remark_on_failures(
        fmt::format("the baseline was written from a part of the cases ({}): failures of "
                    "others are new to it",
                    baseline.selections()));
  }
  if (!baseline.tool_version().empty() && baseline.tool_version() != SSMC_VERSION) {
    fan.remark_on_stale(fmt::format("the baseline was written by version {}, and this is {}",
                                    baseline.tool_version(), SSMC_VERSION));
  }
}

// What a user can only name if it is known what the service keeps.
Status check_given(const RunCommandOptions& o, const CaseData& data) {
  for (const auto& [option, value, kind] : {std::tuple{"--document", o.document, ssm::kDocument},
                                            std::tuple{"--connected-node", o.connected_node, ssm::kNode}}) {
    if (value.empty() || data.catalogue.kind(kind) != nullptr) continue;
    return fail(fmt::format("{} {}: it names something that {} keeps, and the model is of {}", option, value,
                            pack::service(), data.model.identity().id));
  }
  return {};
}

Status check_run_files(const RunCommandOptions& o) {
  auto outputs = outputs_of(o.output);
  std::vector<NamedFile> inputs = {{"--model", o.selection.model}, {"--ca-bundle", o.endpoint.ca_bundle}};
  (o.update_baseline ? outputs : inputs).push_back({"--baseline", o.baseline});
  for (const auto& file : o.files) inputs.push_back({"a file to replay", file});
  return check_files(outputs, inputs);
}

}  // namespace

run::RunOptions run_options(const RunCommandOptions& o, const CaseData& data, const Target& target) {
  run::RunOptions options;
  options.level = *harness::oracle::parse_level(o.level);
  options.signing = target.signing;
  options.given = target.given;
  if (!o.document.empty()) options.given[ssm::kDocument] = o.document;
  if (!o.connected_node.empty()) options.given[ssm::kNode] = o.connected_node;
  options.connections = o.connections;
  options.seed = o.seed;
  options.repeat = o.repeat;
  options.max_unjudged = o.max_unjudged;
  if (!o.prefix.empty()) options.names = o.prefix;
  options.operations_of_all_shards = o.operations_of_all_shards;
  options.keep_passing_exchanges = !o.output.results.empty() || !o.output.report("--html").empty();
  options.ca_bundle = target.ca_bundle;
  options.verify_ssl = !o.endpoint.no_verify_ssl;
  options.other_operations = data.other_operations;
  options.tool_version = SSMC_VERSION;
  options.shown_options = shown_options(o, target);
  options.restart = target.restart();
  options.renew = target.renew;
  return options;
}

int execute(const RunCommandOptions& o, const CaseData& data, const std::vector<run::Case>& cases) {
  if (o.update_baseline && o.baseline.empty()) return complain("--update-baseline needs --baseline FILE", 2);
  if (auto known = check_given(o, data); !known) return complain(known.error().message, 2);
  if (auto usable = check_run_files(o); !usable) return complain(usable.error().message, 2);
  Baseline baseline;
  if (!o.baseline.empty()) {
    auto loaded = load_baseline(o, cases, data);
    if (!loaded) return complain("--baseline " + loaded.error().message, 2);
    baseline = std::move(*loaded);
  }
  auto target = open_target(o.endpoint, data.model);
  if (!target) return complain(target.error().message, target.error().exit_status);

  std::unique_ptr<report::ResultFileWriter> results;
  if (!o.output.results.empty()) {
    auto opened = report::ResultFileWriter::open(o.output.results);
    if (!opened) return complain("--results " + opened.error().message, 2);
    results = std::move(*opened);
  }
  const bool prints = prints_report(o.output);
  report::Console console(prints ? std::cerr : std::cout,
                          console_options(prints ? STDERR_FILENO : STDOUT_FILENO, o.output.everything));
  Fan fan(o.baseline.empty() || o.update_baseline ? nullptr : &baseline,
          wants_reports(o.output) || o.update_baseline);
  fan.name_endpoint(target->name);
  const auto& selected = o.selection.selection;
  const bool whole =
      o.files.empty() && o.selection.shard.empty() && selected.filters.empty() && selected.excludes.empty();
  if (whole) fan.count_figures_of(data.model, data.families);
  if (!o.baseline.empty() && !o.update_baseline) remark_on_baseline(fan, o, baseline);
  fan.add(&console);
  if (results) fan.add(results.get());

  run::RunOptions options = run_options(o, data, *target);
  options.recorded_requests = !o.files.empty();
  {
    const Interruption interruption;
    run::run(*target->endpoint, data.pack(), cases, options, fan, interruption.asked());
    std::cout.flush();  // while a closed pipe ends nothing
  }

  if (o.update_baseline) {
    const auto entries = update_baseline(o, cases, data, fan.results());
    if (!entries) return complain(entries.error().message, 4);
    fmt::print(stderr, "ssm-conformance: {} written to {}: from now on, only others are failures\n",
               harness::report::counted(*entries, "expected failure", "expected failures"), o.baseline);
  }
  if (auto written = write_reports(o.output, fan.info(), fan.results(), fan.summary(), data.clauses);
      !written) {
    return complain(written.error().message, 4);
  }
  if (results && !results->status()) return complain(results->status().error().message, 4);
  if (!std::cout && !reader_is_gone()) return 4;  // said by whoever prints last
  const run::RunSummary& summary = fan.summary();
  if (summary.endpoint_lost) {
    const bool by_option = target->named_by.empty() || target->named_by == kByOption;
    return complain(summary.endpoint_problem + (by_option ? "" : " (named by " + target->named_by + ")"), 3);
  }
  if (o.update_baseline && summary.judged() && summary.exit_status() == 1) return 0;
  return summary.exit_status();
}

}  // namespace conformance
