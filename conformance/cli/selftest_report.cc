#include <fmt/format.h>

#include <iterator>
#include <map>

#include "conformance/cli/selftest.h"
#include "harness/report/text.h"

namespace conformance {
namespace {

using harness::wire::Json;
namespace reference = harness::reference;
namespace report = harness::report;

constexpr std::size_t kMaxShown = 20;  // of one list

Json to_json(const Alarm& alarm) {
  Json out = Json::object();
  out["case"] = alarm.case_id;
  out["verdict"] = harness::run::to_string(alarm.verdict);
  if (!alarm.rule.empty()) out["rule"] = alarm.rule;
  out["message"] = alarm.message;
  return out;
}

Json to_json(const FaultReport& f) {
  Json out = Json::object();
  out["name"] = f.fault->name;
  out["class"] = reference::to_string(f.fault->fault_class);
  out["clause"] = f.fault->clause;
  out["difficulty"] = reference::to_string(f.fault->difficulty);
  out["caught"] = f.caught();
  out["by_its_clause"] = f.by_its_clause;
  out["cut_short"] = f.cut_short;
  if (!f.endpoint_problem.empty()) out["endpoint_problem"] = f.endpoint_problem;
  out["cases"] = Json::array();
  for (const auto& alarm : f.caught_by) out["cases"].push_back(alarm.case_id);
  out["seconds"] = f.seconds;
  return out;
}

struct ClassCounts {
  std::size_t faults = 0, caught = 0, by_clause = 0, cases = 0;
};

void add_alarm(std::string& out, const std::string& where, const Alarm& alarm) {
  fmt::format_to(std::back_inserter(out), "ALARM {}: {} {}{} {}\n", where,
                 harness::run::to_string(alarm.verdict), alarm.case_id,
                 alarm.rule.empty() ? "" : " [" + alarm.rule + "]", report::one_line(alarm.message));
}

}  // namespace

Json to_json(const SelftestReport& r) {
  Json out = Json::object();
  out["kind"] = "selftest";
  out["seed"] = r.seed;
  out["connections"] = r.connections;
  out["ok"] = r.ok();
  out["missed"] = r.missed();
  out["not_rare"] = r.not_rare();
  out["alarms"] = r.alarms();
  out["seconds"] = r.seconds;
  out["faults"] = Json::array();
  for (const auto& f : r.faults) out["faults"].push_back(to_json(f));
  out["for_fuzzing"] = Json::array();
  for (const auto& f : r.for_fuzzing) out["for_fuzzing"].push_back(to_json(f));
  out["dialects"] = Json::array();
  for (const auto& d : r.dialects) {
    Json entry = Json::object();
    entry["name"] = d.name;
    entry["passed"] = d.passed;
    entry["alarms"] = Json::array();
    for (const auto& alarm : d.alarms) entry["alarms"].push_back(to_json(alarm));
    entry["seconds"] = d.seconds;
    out["dialects"].push_back(std::move(entry));
  }
  out["unproved"] = r.unproved;
  return out;
}

std::string to_table(const SelftestReport& r) {
  std::string out;
  const auto put = [&out]<class... T>(fmt::format_string<T...> format, T&&... values) {
    fmt::format_to(std::back_inserter(out), format, std::forward<T>(values)...);
  };
  std::map<reference::FaultClass, ClassCounts> classes;
  for (const auto& f : r.faults) {
    ClassCounts& c = classes[f.fault->fault_class];
    ++c.faults;
    c.caught += f.caught() ? 1 : 0;
    c.by_clause += f.by_its_clause ? 1 : 0;
    c.cases += f.caught_by.size();
  }
  if (!classes.empty())
    put("{:<16}{:>8}{:>8}{:>8}{:>16}\n", "class of faults", "faults", "caught", "missed", "by its clause");
  for (const auto& [fault_class, c] : classes) {
    put("{:<16}{:>8}{:>8}{:>8}{:>16}\n", reference::to_string(fault_class), c.faults, c.caught,
        c.faults == c.caught ? std::string("-") : std::to_string(c.faults - c.caught), c.by_clause);
  }
  for (const auto& f : r.faults) {
    if (!f.caught()) put("MISSED {}: {} ({})\n", f.fault->name, f.fault->description, f.fault->clause);
  }
  for (const auto& f : r.for_fuzzing) {
    if (!f.caught()) continue;
    put("NOT RARE {}: meant for the fuzzers, but {}\n", f.fault->name,
        f.caught_by.empty() ? "the endpoint is lost: " + f.endpoint_problem
                            : "caught by " + f.caught_by.front().case_id);
  }
  for (const auto& d : r.dialects) {
    std::size_t shown = 0;
    for (const auto& alarm : d.alarms) {
      if (++shown > kMaxShown) break;
      add_alarm(out, d.name, alarm);
    }
    if (d.alarms.size() > kMaxShown) put("ALARM {}: and {} more\n", d.name, d.alarms.size() - kMaxShown);
  }
  if (!r.unproved.empty()) {
    put("\n{} caught no fault:\n", report::counted(r.unproved.size(), "case", "cases"));
    for (std::size_t i = 0; i < r.unproved.size() && i < kMaxShown; ++i) put("  {}\n", r.unproved[i]);
    if (r.unproved.size() > kMaxShown)
      put("  and {} more (--json FILE has all)\n", r.unproved.size() - kMaxShown);
  }
  if (!r.for_fuzzing.empty()) {
    put("\n{} meant for the fuzzers, as no case shows them: {} of them shown by none\n",
        report::counted(r.for_fuzzing.size(), "fault is", "faults are"), r.for_fuzzing.size() - r.not_rare());
  }
  const std::size_t missed = r.missed();
  put("\nseed {}, {} connections: {} of {} faults caught, {} in {}, {:.1f} s\n", r.seed, r.connections,
      r.faults.size() - missed, r.faults.size(), report::counted(r.alarms(), "alarm", "alarms"),
      report::counted(r.dialects.size(), "dialect", "dialects"), r.seconds);
  if (!r.ok()) {
    put("the referee failed its own test\n");
  } else if (r.whole) {
    put("the referee catches every planted fault and raises no false alarm\n");
  } else {
    put("of what --filter selects, the referee catches {} and raises no false alarm in {}\n",
        report::counted(r.faults.size(), "planted fault", "planted faults"),
        report::counted(r.dialects.size(), "dialect", "dialects"));
  }
  return out;
}

}  // namespace conformance
