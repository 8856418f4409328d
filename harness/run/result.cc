#include "harness/run/result.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace harness::run {

std::string_view to_string(Source source) {
  switch (source) {
    case Source::derived:
      return "derived";
    case Source::vector:
      return "vector";
    case Source::scenario:
      return "scenario";
    case Source::replayed:
      return "replayed";
  }
  return "?";
}

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return "PASS";
    case Verdict::fail:
      return "FAIL";
    case Verdict::not_implemented:
      return "NOT_IMPLEMENTED";
    case Verdict::blocked:
      return "BLOCKED";
    case Verdict::unchecked:
      return "UNCHECKED";
    case Verdict::flaky:
      return "FLAKY";
    case Verdict::error:
      return "ERROR";
    case Verdict::xfail:
      return "XFAIL";
    case Verdict::xpass:
      return "XPASS";
  }
  return "?";
}

std::string_view to_string(OperationState state) {
  switch (state) {
    case OperationState::judged:
      return "judged";
    case OperationState::stub:
      return "stub";
    case OperationState::not_implemented:
      return "not implemented";
    case OperationState::blocked:
      return "blocked";
    case OperationState::unproved:
      return "unproved";
  }
  return "?";
}

namespace {

constexpr Verdict kJudged[] = {Verdict::pass, Verdict::fail, Verdict::flaky, Verdict::xfail, Verdict::xpass};

std::size_t count(const VerdictCounts& counts, Verdict verdict) {
  const auto it = counts.find(verdict);
  return it == counts.end() ? 0 : it->second;
}

}  // namespace

OperationState state_of(const VerdictCounts& verdicts) {
  const bool judged =
      std::any_of(std::begin(kJudged), std::end(kJudged), [&](Verdict v) { return count(verdicts, v) > 0; });
  if (judged) return OperationState::judged;
  if (verdicts.size() == 1 && verdicts.contains(Verdict::not_implemented))
    return OperationState::not_implemented;
  return count(verdicts, Verdict::blocked) > 0 ? OperationState::blocked : OperationState::unproved;
}

bool RunSummary::lacks(std::string_view operation) const {
  const auto verdicts = by_operation.find(std::string(operation));
  return verdicts != by_operation.end() && state_of(verdicts->second) == OperationState::not_implemented;
}

std::size_t RunSummary::judged_cases() const {
  std::size_t n = 0;
  for (Verdict v : kJudged) n += count(total, v);
  return n;
}

std::size_t RunSummary::implemented_cases() const {
  std::size_t n = 0;
  for (const auto& [verdict, cases] : total) n += verdict == Verdict::not_implemented ? 0 : cases;
  return n;
}

std::string RunSummary::why_not_judged() const {
  const bool asked_for_operations = by_operation.size() > 1 || !by_operation.contains(std::string(kProtocol));
  bool any = false;
  for (const auto& [operation, verdicts] : by_operation) {
    std::size_t cases = 0;
    for (const auto& [verdict, n] : verdicts) cases += verdict == Verdict::not_implemented ? 0 : n;
    if (cases == 0) continue;
    const OperationState state = state_of(verdicts);
    if (state == OperationState::judged) {
      any = any || operation != kProtocol || !asked_for_operations;
    } else if (state != OperationState::unproved || !by_model_alone.contains(operation)) {
      return fmt::format("{} is there, but none of its {} cases came to a verdict", operation, cases);
    }
  }
  return any ? std::string() : "no case of an operation came to a verdict on the endpoint";
}

bool RunSummary::too_few_judged() const {
  if (!max_unjudged || implemented_cases() == 0) return false;
  const auto unjudged = static_cast<double>(implemented_cases() - judged_cases());
  return 100 * unjudged > *max_unjudged * static_cast<double>(implemented_cases());
}

int RunSummary::exit_status() const {
  if (interrupted) return 130;
  if (endpoint_lost) return 3;
  if (count(total, Verdict::error) > 0) return 4;
  // A verdict that changes from run to run is a defect of the endpoint until shown otherwise.
  if (count(total, Verdict::fail) + count(total, Verdict::flaky) + count(total, Verdict::xpass) > 0) return 1;
  if (judged_elsewhere) return 0;
  return judged() && !too_few_judged() ? 0 : 1;
}

}  // namespace harness::run
