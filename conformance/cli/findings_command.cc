#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <iostream>
#include <map>
#include <optional>
#include <set>

#include "conformance/cli/execute.h"
#include "conformance/cli/interruption.h"
#include "conformance/cli/replay_cases.h"
#include "conformance/cli/reports.h"
#include "conformance/cli/sample_situation.h"
#include "harness/files/output_file.h"
#include "harness/report/findings_baseline.h"
#include "harness/report/findings_folder.h"
#include "harness/report/text.h"

namespace conformance {
namespace {

namespace run = harness::run;
namespace report = harness::report;
using harness::Status;
using report::FoundDefect;
using report::ReplayedFinding;
using run::Verdict;

constexpr std::size_t kWhatColumns = 110;

// Keeps what became of each case.
class Results : public run::Observer {
 public:
  void finished_case(const run::CaseResult& result) override { by_id_.insert_or_assign(result.id, result); }
  void finished(const run::RunSummary& summary) override {
    interrupted_ = summary.interrupted;
    if (summary.endpoint_lost) endpoint_problem_ = summary.endpoint_problem;
    left_behind_ = summary.left_behind;
  }

  const run::CaseResult* find(const std::string& id) const {
    const auto it = by_id_.find(id);
    return it == by_id_.end() ? nullptr : &it->second;
  }
  bool interrupted() const { return interrupted_; }
  /// Why the endpoint cannot be reached any more, if so.
  const std::optional<std::string>& endpoint_problem() const { return endpoint_problem_; }
  const std::vector<std::string>& left_behind() const { return left_behind_; }

 private:
  std::map<std::string, run::CaseResult> by_id_;
  bool interrupted_ = false;
  std::optional<std::string> endpoint_problem_;
  std::vector<std::string> left_behind_;
};

// How a client sees an endpoint die depends on when it looks.
bool is_breakdown(std::string_view rule) {
  for (const char* name :
       {"closed", "reset", "truncated", "connect", "died", "deaf", "afterwards", "same-connection"}) {
    if (rule == std::string("availability/") + name) return true;
  }
  return false;
}

// The rules of a request without what depends on what is known of the endpoint: whether a resource exists,
// say.
std::set<std::string_view> lasting_rules(std::string_view request, const run::Catalogue& catalogue) {
  auto rules = report::request_rules(request);
  const auto& kinds = catalogue.kinds();
  std::erase_if(rules, [&](auto rule) {
    return std::any_of(kinds.begin(), kinds.end(),
                       [&](const auto& kind) { return rule.starts_with(kind.first + "-"); });
  });
  return rules;
}

bool same_finding(const std::string& recorded, const std::string& found, const run::Catalogue& catalogue) {
  if (recorded == found) return true;
  const auto a = harness::oracle::parse_signature(recorded);
  const auto b = harness::oracle::parse_signature(found);
  if (!a || !b) return false;
  if (a->rule == b->rule && a->answer == b->answer &&
      lasting_rules(a->request, catalogue) == lasting_rules(b->request, catalogue))
    return true;
  return (a->request == b->request || a->request == "-") && is_breakdown(a->rule) && is_breakdown(b->rule);
}

bool shows(const run::CaseResult& result, const std::string& signature, const run::Catalogue& catalogue) {
  return std::any_of(result.findings.begin(), result.findings.end(), [&](const auto& f) {
    return f.severity == harness::oracle::Severity::defect &&
           same_finding(signature, report::signature_text(f.signature), catalogue);
  });
}

bool was_judged(const run::CaseResult& result) {
  return result.verdict == Verdict::pass || result.verdict == Verdict::fail ||
         result.verdict == Verdict::flaky;
}

// Brings the finding's state up to date with what its request was answered now.
ReplayedFinding replayed(FoundDefect finding, const run::CaseResult* result,
                         const run::Catalogue& catalogue) {
  ReplayedFinding out;
  const bool was_open = finding.state == report::kOpen;
  if (result == nullptr) {
    out.now = "not judged: the run ended before";
  } else if (shows(*result, finding.signature, catalogue)) {
    out.now = !was_open                           ? "back"
              : result->verdict == Verdict::flaky ? "still happens, not always"
                                                  : "still happens";
    finding.state = report::kOpen;
    finding.request = result->request;
    finding.response = result->response;
    finding.expected = result->expected;
    finding.because = fmt::format("{}", fmt::join(result->because, "\n"));
    finding.reproduce = result->reproduce;
  } else if (was_judged(*result)) {
    finding.state = report::kFixed;
    out.now = was_open ? "fixed" : "still fixed";
    if (result->verdict != Verdict::pass && !result->findings.empty()) {
      out.now += ", but the request now shows " + result->findings.front().rule;
    }
  } else {
    out.now = fmt::format("not judged: {}",
                          result->reason.empty() ? std::string(to_string(result->verdict)) : result->reason);
  }
  out.finding = std::move(finding);
  return out;
}

struct Counts {
  std::size_t open = 0, unexpected = 0, fixed = 0, judged = 0;
};

Counts count(const std::vector<ReplayedFinding>& all) {
  Counts c;
  for (const auto& r : all) {
    const bool open = r.finding.state == report::kOpen;
    ++(open ? c.open : c.fixed);
    if (open && !r.expected) ++c.unexpected;
    if (!r.now.starts_with("not judged")) ++c.judged;
  }
  return c;
}

std::string title_of(const std::vector<ReplayedFinding>& all, const Counts& c, bool baseline) {
  std::string out = fmt::format("{}: {} open", report::counted(all.size(), "finding", "findings"), c.open);
  if (baseline) out += fmt::format(" ({} not in the baseline)", c.unexpected);
  out += fmt::format(", {} fixed", c.fixed);
  if (c.judged < all.size()) out += fmt::format("; {} not judged", all.size() - c.judged);
  return out;
}

void print_table(const std::vector<ReplayedFinding>& all, const std::string& title) {
  if (!all.empty()) fmt::print("{:<6}{:>8}  {}\n", "state", "seen", "what, signature, and what it does now");
  for (const auto& r : all) {
    fmt::print("{:<6}{:>8}  {}\n{:16}{}\n{:16}{}{}\n", r.finding.state, report::grouped(r.finding.seen),
               report::cut(report::one_line(r.finding.message), kWhatColumns), "",
               report::one_line(r.finding.signature), "", report::one_line(r.now),
               r.expected ? " (in the baseline)" : "");
  }
  fmt::print("{}{}\n", all.empty() ? "" : "\n", title);
}

// The folder, as links in a report at `path` name it.
std::string folder_from(const std::string& path, const std::string& folder) {
  std::error_code ec;
  const auto beside = std::filesystem::absolute(path, ec).parent_path();
  const auto relative = std::filesystem::relative(std::filesystem::absolute(folder, ec), beside, ec);
  return ec || relative == "." ? std::string() : relative.generic_string();
}

Status write_back(report::FindingsFolder& folder, const std::vector<ReplayedFinding>& all) {
  for (const auto& r : all) {
    if (auto marked = folder.mark(r.finding.signature, r.finding.state); !marked) return marked;
  }
  return folder.write_index();
}

harness::Result<report::Signatures> expected_of(const RunCommandOptions& o) {
  std::error_code ec;
  if (o.baseline.empty() || (o.update_baseline && !std::filesystem::exists(o.baseline, ec))) {
    return report::Signatures();
  }
  return report::load_findings_baseline(o.baseline);
}

Status check_findings_files(const RunCommandOptions& o) {
  // Its links lead from the report's folder to that of the findings.
  if (o.output.report("--markdown") == kStandardOutput)
    return harness::fail("--markdown -: a report of findings is not printed; name a file");
  std::vector<NamedFile> outputs = {{"--markdown", o.output.report("--markdown")}};
  std::vector<NamedFile> inputs = {{"--ca-bundle", o.endpoint.ca_bundle}};
  (o.update_baseline ? outputs : inputs).push_back({"--baseline", o.baseline});
  return check_files(outputs, inputs);
}

// Those that are open now, and those of before that nobody could judge.
Status update(const RunCommandOptions& o, const std::vector<ReplayedFinding>& all) {
  report::Signatures open;
  for (const auto& r : all) {
    if (r.finding.state == report::kOpen) open.insert(report::signature_text(r.finding.signature));
  }
  if (auto saved = report::save_findings_baseline(o.baseline, open); !saved) return saved;
  fmt::print(stderr, "ssm-conformance: {} written to {}\n",
             report::counted(open.size(), "expected finding", "expected findings"), o.baseline);
  return {};
}

}  // namespace

int findings_command(const RunCommandOptions& o) {
  const std::string& path = o.files.front();
  if (o.update_baseline && o.baseline.empty()) return complain("--update-baseline needs --baseline FILE", 2);
  if (std::error_code ec; !std::filesystem::is_directory(path, ec)) {
    return complain(fmt::format("{}: there is no such folder", path), 2);
  }
  if (auto usable = check_findings_files(o); !usable) return complain(usable.error().message, 2);
  const auto baseline = expected_of(o);
  if (!baseline) return complain("--baseline " + baseline.error().message, 2);
  auto folder = report::FindingsFolder::open(path);
  if (!folder) return complain(folder.error().message, 2);
  const auto data = load_data(o.selection, no_operation);
  if (!data) return complain(data.error().message, 2);

  const auto contents = folder->all();
  const auto name_damaged = [&] {
    for (const auto& problem : contents.problems) complain(problem, 0);
  };
  if (std::error_code ec; contents.findings.empty() && !std::filesystem::exists(path + "/index.json", ec)) {
    name_damaged();
    return complain(fmt::format("{}: holds no findings, and no index.json of any", path), 2);
  }
  // Fixed is what the endpoint that was fuzzed no longer shows: the reference never showed it.
  if (const auto named = check_endpoint_is_named(o.endpoint, data->model.identity()); !named)
    return complain(named.error().message, named.error().exit_status);
  name_damaged();
  const auto situation = sample_situation(*data);
  std::vector<run::Case> cases;
  std::map<std::string, std::string> cannot;  // by signature: why it cannot be sent
  for (const auto& finding : contents.findings) {
    if (finding.http_text.find("# @step ") != std::string::npos) {
      cannot[finding.signature] = "it takes a sequence of requests, which sequence_live sends";
      continue;
    }
    auto c = replay_case(folder->http_path(finding.signature), *data, situation);
    if (!c) {
      cannot[finding.signature] = c.error().message;
      continue;
    }
    cases.push_back(*std::move(c));
  }

  Results results;
  if (!cases.empty()) {
    auto target = open_target(o.endpoint, data->model, Embedded::refused);
    if (!target) return complain(target.error().message, target.error().exit_status);
    const auto options = run_options(o, *data, *target);
    const Interruption interruption;
    run::run(*target->endpoint, data->pack(), cases, options, results, interruption.asked());
  }
  std::vector<ReplayedFinding> all;
  for (const auto& finding : contents.findings) {
    all.push_back(replayed(finding, results.find(folder->http_path(finding.signature)), data->catalogue));
    auto& last = all.back();
    if (const auto why = cannot.find(finding.signature); why != cannot.end()) {
      last.now = "not judged: " + why->second;
    }
    last.expected = last.finding.state == report::kOpen && !o.update_baseline &&
                    baseline->contains(report::signature_text(finding.signature));
  }
  const Counts counts = count(all);
  const std::string title = title_of(all, counts, !o.baseline.empty() && !o.update_baseline);
  print_table(all, title);
  std::cout.flush();

  if (auto written = write_back(*folder, all); !written) return complain(written.error().message, 4);
  if (!o.output.report("--markdown").empty()) {
    const auto text = report::findings_markdown(title, all, folder_from(o.output.report("--markdown"), path));
    if (auto written = harness::files::write_file(o.output.report("--markdown"), text); !written) {
      return complain(written.error().message, 4);
    }
  }
  for (const auto& left : results.left_behind()) complain(left + ": left behind, remove it by hand", 0);
  if (results.endpoint_problem()) return complain(*results.endpoint_problem(), 3);
  if (results.interrupted()) return 130;
  if (o.update_baseline) {
    if (auto saved = update(o, all); !saved) return complain(saved.error().message, 4);
    return 0;
  }
  if (!all.empty() && counts.judged == 0) return complain("none of the findings could be judged", 1);
  return counts.unexpected > 0 ? 1 : 0;
}

}  // namespace conformance
