#include "conformance/cli/selftest.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <thread>

#include "conformance/cli/subject.h"
#include "conformance/ssm/reference.h"
#include "harness/base/hash.h"
#include "harness/run/select.h"

namespace conformance {
namespace {

using harness::fail;
using harness::Result;
namespace reference = harness::reference;
namespace run = harness::run;
using run::Verdict;
using Clock = std::chrono::steady_clock;

// A fault that hangs is caught by the first case that sees it; the others only cost time.
constexpr std::size_t kMaxHangs = 4;
// Some faults, and dialects, make everybody wait.
constexpr std::size_t kJobsPerCore = 3;
// Of the cases that follow from the model alone: so many show a fault, and one of so many is tried in each
// dialect.
constexpr std::size_t kEnoughCatches = 20;
constexpr std::size_t kEveryOfDialects = 40;
constexpr std::size_t kEveryLifeOfDialects = 4;
// Of the cases that do not claim the clause that a fault breaks: one of so many, for each fault others.
constexpr std::size_t kEveryOfFaults = 8;

// Cases that no fault of the catalogue can fail for certain, and why.
constexpr std::pair<std::string_view, std::string_view> kProveNothing[] = {
    {"Protocol/framing/content-length/too-long",
     "to wait for the rest is right, and so is everything short of dying"},
    {"Protocol/framing/transfer-encoding/size-too-large", "the same"},
    {"Protocol/framing/transfer-encoding/no-last-chunk", "the same"},
    {"Protocol/framing/transfer-encoding/line-feeds-only",
     "the same: the reference waits for a line's real end"},
    {"Protocol/framing/header/cut-short", "the same"},
    {"Protocol/framing/request-line/cut-short", "the same"},
};

double seconds_since(Clock::time_point started) {
  return std::chrono::duration<double>(Clock::now() - started).count();
}

Alarm alarm_of(const run::CaseResult& r) {
  Alarm alarm{r.id, r.verdict, {}, r.reason};
  for (const auto& f : r.findings) {
    if (f.severity != harness::oracle::Severity::defect) continue;
    alarm.rule = f.rule;
    alarm.message = f.message;
    break;
  }
  return alarm;
}

bool is_hang(const run::CaseResult& r) {
  return std::any_of(r.findings.begin(), r.findings.end(),
                     [](const auto& f) { return f.rule == "availability/hang"; });
}

class Selftest {
 public:
  Selftest(const CaseData& data, const SelftestOptions& options) : data_(data), options_(options) {
    std::size_t derived = 0, lives = 0;
    for (const auto& c : data.cases) {
      // Lives of resources follow from the catalogue, as other cases do from the model.
      if (c.by_model || run::glob_match("*/lifecycle/*", c.id)) {
        by_model_.push_back(c);
        // Dialects differ in what all operations share: some cases of each show it.
        const bool chosen =
            c.by_model ? ++derived % kEveryOfDialects == 0 : ++lives % kEveryLifeOfDialects == 0;
        if (chosen && !is_large(c)) of_dialects_.push_back(c);
        continue;
      }
      of_families_.push_back(c);
      if (is_large(c)) continue;
      // What all operations share shows in those of which more is known than the model.
      const bool shows_it = c.operation == run::kProtocol || data.examples.contains(c.operation);
      (shows_it ? light_ : scenarios_).push_back(c);
      if (c.operation != run::kProtocol) by_operation_[c.operation];
      of_dialects_.push_back(c);
    }
    std::map<std::string_view, std::string_view> operations;  // of clauses
    for (const Clause& clause : data.clauses) operations[clause.id] = clause.operation;
    for (auto& [operation, cases] : by_operation_) {
      const std::string& of = operation;
      const auto shows = [&](const run::Case& c) {
        return c.operation == of || std::any_of(c.clauses.begin(), c.clauses.end(),
                                                [&](const auto& clause) { return operations[clause] == of; });
      };
      for (const auto* list : {&light_, &scenarios_})
        std::copy_if(list->begin(), list->end(), std::back_inserter(cases), shows);
    }
  }

  Result<SelftestReport> run(const std::function<void(std::size_t, std::size_t)>& progress) {
    const auto started = Clock::now();
    report_.seed = options_.seed;
    report_.connections = options_.connections;
    report_.whole = options_.filters.empty();
    if (auto chosen = choose(); !chosen) return tl::unexpected(chosen.error());
    work(progress);
    if (problem_) return fail(*problem_);
    if (options_.filters.empty()) prove_the_rest();
    if (problem_) return fail(*problem_);
    report_.seconds = seconds_since(started);
    return std::move(report_);
  }

 private:
  harness::Status choose() {
    std::vector<std::string> names;
    const auto wanted = [&](std::string_view name) {
      names.emplace_back(name);
      return options_.filters.empty() ||
             std::any_of(options_.filters.begin(), options_.filters.end(),
                         [&](const std::string& glob) { return run::glob_match(glob, name); });
    };
    for (const auto& f : ssm::faults()) {
      if (wanted(f.name))
        (f.for_fuzzing ? report_.for_fuzzing : report_.faults).push_back({&f, {}, false, {}, false, 0});
    }
    subjects_.push_back({"plain", {}, {}, false, true});
    subjects_.push_back({"tls-own-ca", {}, {}, true, true});
    subjects_.push_back({"signatures-ignored", {}, {}, false, false});
    subjects_.push_back({"under-a-path", {}, {}, false, true, false, "/tenant-1/aws"});
    for (const auto& d : ssm::dialects())
      subjects_.push_back({std::string(d.name), d.dialect, {}, false, true, !d.dialect.is_of_connections()});
    std::erase_if(subjects_, [&](const Subject& s) { return !wanted(s.name); });
    for (const Subject& s : subjects_) report_.dialects.push_back({s.name, {}, 0, 0});
    if (report_.faults.empty() && report_.for_fuzzing.empty() && report_.dialects.empty()) {
      return fail(fmt::format("no fault and no dialect is called {}; the nearest is {}",
                              options_.filters.front(), run::nearest(options_.filters.front(), names)));
    }
    return {};
  }

  /// Dialects first: the slow ones are among them, and nothing long is left for the end.
  void work(const std::function<void(std::size_t, std::size_t)>& progress) {
    std::vector<std::function<void()>> jobs;
    // Those that mostly wait cost the others nothing.
    std::vector<std::jthread> waiting;
    for (std::size_t i = 0; i < subjects_.size(); ++i) {
      if (options_.jobs == 0 && subjects_[i].dialect.makes_wait())
        waiting.emplace_back([this, i] { try_dialect(i); });
      else
        jobs.push_back([this, i] { try_dialect(i); });
    }
    for (auto* faults : {&report_.faults, &report_.for_fuzzing}) {
      for (FaultReport& f : *faults) jobs.push_back([this, &f] { try_fault(f); });
    }
    do_all(jobs, progress);
  }

  void do_all(const std::vector<std::function<void()>>& jobs,
              const std::function<void(std::size_t, std::size_t)>& progress) {
    std::atomic<std::size_t> next{0};
    std::size_t done = 0;
    std::vector<std::jthread> threads;
    const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
    const std::size_t count = std::min(jobs.size(), options_.jobs > 0 ? options_.jobs : kJobsPerCore * cores);
    for (std::size_t t = 0; t < count; ++t) {
      threads.emplace_back([&] {
        for (std::size_t i = next++; i < jobs.size(); i = next++) {
          jobs[i]();
          const std::lock_guard lock(mutex_);
          progress(++done, jobs.size());
        }
      });
    }
  }

  void give_up(const std::string& problem) {
    const std::lock_guard lock(mutex_);
    if (!problem_) problem_ = problem;
  }

  void try_fault(FaultReport& out) {
    const auto& fault = *out.fault;
    std::vector<run::Case> some;
    if (!is_of_clause(fault)) return run_fault(out, cases_for(fault, some));
    const auto& all = cases_for_clause(fault.clause);
    // What is meant for the fuzzers is hidden from every case.
    if (!fault.for_fuzzing) run_fault(out, some_of(all, fault));
    if (!out.caught()) run_fault(out, all);
  }

  // Adds what it shows to what it showed before.
  void run_fault(FaultReport& out, const std::vector<run::Case>& cases) {
    const auto started = Clock::now();
    // Verifying costs as much as answering, and does not matter to most.
    const auto kind = out.fault->fault_class;
    const bool verifies =
        kind == reference::FaultClass::authentication || kind == reference::FaultClass::envelope;
    Subject subject{out.fault->name, {}, out.fault->make(), false, verifies};
    // Faults in what is said need no sockets; those of connections and of what is shared between them do.
    subject.in_process = kind != reference::FaultClass::framing && kind != reference::FaultClass::resource &&
                         kind != reference::FaultClass::concurrency && kind != reference::FaultClass::state;
    SubjectOptions o;
    o.connections = options_.connections;
    o.seed = options_.seed;
    o.timeout = options_.fault_timeout;
    o.describe_failures = false;
    const auto& fault = *out.fault;
    std::size_t hangs = 0, catches = 0;
    o.enough = [&](const run::CaseResult& r) {
      if (fault.by_model.empty() || fault.proves_all) return is_hang(r) && ++hangs >= kMaxHangs;
      return r.verdict == Verdict::fail && ++catches >= kEnoughCatches;
    };
    const auto ran = run_subject(data_, cases, subject, o);
    if (!ran) return give_up(ran.error().message);
    if (ran->summary.endpoint_lost) out.endpoint_problem = ran->summary.endpoint_problem;
    out.cut_short |= ran->summary.endpoint_lost || hangs >= kMaxHangs;
    for (const auto& r : ran->results) {
      if (r.verdict != Verdict::fail && r.verdict != Verdict::flaky) continue;
      out.caught_by.push_back(alarm_of(r));
      out.by_its_clause |= std::find(r.clauses.begin(), r.clauses.end(), fault.clause) != r.clauses.end();
    }
    std::sort(out.caught_by.begin(), out.caught_by.end(),
              [](const Alarm& a, const Alarm& b) { return a.case_id < b.case_id; });
    out.seconds += seconds_since(started);
  }

  // Its clause says which cases it may fail.
  static bool is_of_clause(const reference::Fault& fault) {
    return fault.by_model.empty() && !fault.on_large_bodies;
  }

  // Of the other faults: one of the lists, or, for the cases of a few operations, `some`.
  const std::vector<run::Case>& cases_for(const reference::Fault& fault, std::vector<run::Case>& some) const {
    if (fault.on_large_bodies) return of_families_;
    if (fault.by_model == "*") return by_model_;
    const bool of_cases = fault.by_model.find('/') != std::string::npos;
    std::copy_if(by_model_.begin(), by_model_.end(), std::back_inserter(some), [&](const run::Case& c) {
      return run::glob_match(fault.by_model, of_cases ? c.id : c.operation);
    });
    return some;
  }

  // What breaks a clause of one operation shows in the cases of its clauses, and in the scenarios of its
  // family.
  const std::vector<run::Case>& cases_for_clause(std::string_view id) const {
    const auto clause =
        std::find_if(data_.clauses.begin(), data_.clauses.end(), [&](const Clause& c) { return c.id == id; });
    if (clause == data_.clauses.end()) return light_;
    const auto cases = by_operation_.find(clause->operation);
    return cases == by_operation_.end() ? light_ : cases->second;
  }

  // The cases that claim the clause that the fault breaks, and some of the others, always the same.
  static std::vector<run::Case> some_of(const std::vector<run::Case>& all, const reference::Fault& fault) {
    auto number = harness::base::fnv1a(fault.name);
    std::vector<run::Case> out;
    std::copy_if(all.begin(), all.end(), std::back_inserter(out), [&](const run::Case& c) {
      const bool claims = std::find(c.clauses.begin(), c.clauses.end(), fault.clause) != c.clauses.end();
      return claims || number++ % kEveryOfFaults == 0;
    });
    return out;
  }

  void try_dialect(std::size_t index) {
    const Subject& subject = subjects_[index];
    DialectReport& out = report_.dialects[index];
    const auto started = Clock::now();
    SubjectOptions o;
    o.connections = options_.connections;
    o.seed = options_.seed;
    const auto& cases = subject.name == "plain" ? data_.cases : of_dialects_;
    const auto ran = run_subject(data_, cases, subject, o);
    if (!ran) return give_up(ran.error().message);
    for (const auto& r : ran->results) {
      if (r.verdict == Verdict::pass) {
        ++out.passed;
      } else if (!explains(data_, subject, r)) {
        out.alarms.push_back(alarm_of(r));
      }
    }
    const auto alarm = [&](std::string what) {
      out.alarms.push_back({"", Verdict::error, {}, std::move(what)});
    };
    if (ran->summary.endpoint_lost) alarm(ran->summary.endpoint_problem);
    if (out.passed == 0) alarm("no case was judged");
    if (ran->results.size() != cases.size()) alarm("not every case has a result");
    for (const auto& name : ran->documents_left) alarm("the document " + name + " was left behind");
    out.seconds = seconds_since(started);
  }

  // Most faults are not shown to every case that they could fail: what is left is shown all of them.
  void prove_the_rest() {
    const auto left = unproved();
    std::vector<std::function<void()>> jobs;
    for (FaultReport& f : report_.faults) {
      if (!is_of_clause(*f.fault) || f.cut_short) continue;
      std::vector<run::Case> some;
      const auto& all = cases_for_clause(f.fault->clause);
      std::copy_if(all.begin(), all.end(), std::back_inserter(some),
                   [&](const run::Case& c) { return left.contains(c.id); });
      if (some.empty()) continue;
      jobs.push_back([this, &f, some = std::move(some)] { run_fault(f, some); });
    }
    do_all(jobs, [](std::size_t, std::size_t) {});
    for (const std::string& id : unproved()) report_.unproved.push_back(id);
  }

  std::set<std::string> unproved() const {
    std::set<std::string> proved, out;
    for (const auto& f : report_.faults) {
      for (const auto& alarm : f.caught_by) proved.insert(alarm.case_id);
    }
    for (const auto& c : data_.cases) {
      const bool cannot = std::any_of(std::begin(kProveNothing), std::end(kProveNothing),
                                      [&](const auto& entry) { return entry.first == c.id; });
      if (!cannot && !c.is_valid_by_model() && !proved.contains(c.id)) out.insert(c.id);
    }
    return out;
  }

  const CaseData& data_;
  const SelftestOptions& options_;
  std::vector<run::Case> of_families_;  // what is known by more than the model
  // Those of them that are not large, of the protocol and of operations with examples; and of others.
  std::vector<run::Case> light_, scenarios_;
  // Those of them that show what breaks a clause of the operation.
  std::map<std::string, std::vector<run::Case>, std::less<>> by_operation_;
  std::vector<run::Case> by_model_;
  std::vector<run::Case> of_dialects_;
  std::vector<Subject> subjects_;
  SelftestReport report_;
  std::mutex mutex_;
  std::optional<std::string> problem_;
};

}  // namespace

std::size_t SelftestReport::missed() const {
  return static_cast<std::size_t>(
      std::count_if(faults.begin(), faults.end(), [](const FaultReport& f) { return !f.caught(); }));
}

std::size_t SelftestReport::not_rare() const {
  return static_cast<std::size_t>(
      std::count_if(for_fuzzing.begin(), for_fuzzing.end(), [](const FaultReport& f) { return f.caught(); }));
}

std::size_t SelftestReport::alarms() const {
  std::size_t n = 0;
  for (const auto& d : dialects) n += d.alarms.size();
  return n;
}

Result<SelftestReport> selftest(const CaseData& data, const SelftestOptions& options,
                                const std::function<void(std::size_t, std::size_t)>& progress) {
  return Selftest(data, options).run(progress);
}

}  // namespace conformance
