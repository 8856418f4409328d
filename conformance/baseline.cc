#include "conformance/baseline.h"

#include <fmt/format.h>

#include "harness/files/input_file.h"
#include "harness/files/output_file.h"
#include "harness/run/select.h"
#include "harness/wire/json.h"

namespace conformance {

using harness::fail;
using harness::Result;
using harness::Status;
using harness::run::CaseResult;
using harness::run::Verdict;
using harness::wire::Json;

Result<Baseline> Baseline::load(const std::string& path, const std::set<std::string>& known_cases,
                                bool forget_unknown) {
  const auto text = harness::files::read_file(path);
  if (!text) return tl::unexpected(text.error());
  const auto parsed = harness::wire::parse_json(*text);
  if (!parsed) {
    return fail(
        fmt::format("{}: not JSON: {} at byte {}", path, parsed.error().reason, parsed.error().offset));
  }
  if (parsed->has(harness::wire::JsonNote::Kind::invalid_utf8)) return fail(path + ": not UTF-8");
  const Json& file = parsed->value;
  if (!file.is_object() || !file.contains("tool") || file["tool"] != "ssm-conformance" ||
      !file.contains("expected_failures") || !file["expected_failures"].is_object()) {
    return fail(fmt::format("{}: not a baseline of ssm-conformance; make one with --update-baseline", path));
  }
  if (const auto format = file.find("format"); format != file.end() && *format != 1) {
    return fail(path + ": \"format\" is not 1: written by a newer version of ssm-conformance?");
  }
  Baseline out;
  for (const auto& [id, rules] : file["expected_failures"].items()) {
    if (!known_cases.contains(id)) {
      if (forget_unknown) continue;
      return fail(fmt::format("{}: there is no case {} (--update-baseline drops it); the nearest is {}", path,
                              id.substr(0, 200),
                              harness::run::nearest(id, {known_cases.begin(), known_cases.end()})));
    }
    if (!rules.is_array())
      return fail(fmt::format("{}: {}: the rules must be an array of strings", path, id));
    auto& set = out.expected_[id];
    for (const auto& rule : rules) {
      if (!rule.is_string())
        return fail(fmt::format("{}: {}: the rules must be an array of strings", path, id));
      set.insert(rule.get<std::string>());
    }
  }
  return out;
}

void Baseline::apply(CaseResult& result) const {
  const auto it = expected_.find(result.id);
  if (it == expected_.end()) return;
  if (result.verdict == Verdict::pass) {
    result.verdict = Verdict::xpass;
    result.reason = "the baseline expects it to fail: take the entry out (--update-baseline)";
    return;
  }
  if (result.verdict != Verdict::fail && result.verdict != Verdict::flaky) return;
  for (const auto& f : result.findings) {
    if (f.severity == harness::oracle::Severity::defect && !it->second.contains(f.rule)) return;
  }
  result.verdict = Verdict::xfail;
  result.reason = "expected by the baseline";
}

void Baseline::add(const CaseResult& result) {
  auto& rules = expected_[result.id];
  for (const auto& f : result.findings) {
    if (f.severity == harness::oracle::Severity::defect) rules.insert(f.rule);
  }
}

Status Baseline::save(const std::string& path) const {
  Json file = {{"tool", "ssm-conformance"}, {"format", 1}, {"expected_failures", Json::object()}};
  for (const auto& [id, rules] : expected_) file["expected_failures"][id] = rules;
  return harness::files::write_file(path, file.dump(2) + "\n");
}

}  // namespace conformance
