#include "harness/run/result.h"

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

namespace {

std::size_t count(const RunSummary& summary, Verdict verdict) {
  const auto it = summary.total.find(verdict);
  return it == summary.total.end() ? 0 : it->second;
}

}  // namespace

bool RunSummary::judged() const {
  const auto judged_in = [](const std::map<Verdict, std::size_t>& verdicts) {
    for (Verdict v : {Verdict::pass, Verdict::fail, Verdict::flaky, Verdict::xfail, Verdict::xpass}) {
      if (const auto it = verdicts.find(v); it != verdicts.end() && it->second > 0) return true;
    }
    return false;
  };
  bool protocol = false;
  bool operations = false;
  bool asked_for_operations = false;
  for (const auto& [operation, verdicts] : by_operation) {
    if (operation == kProtocol) {
      protocol = judged_in(verdicts);
    } else {
      asked_for_operations = true;
      operations = operations || judged_in(verdicts);
    }
  }
  return asked_for_operations ? operations : protocol;
}

int RunSummary::exit_status() const {
  if (interrupted) return 130;
  if (endpoint_lost) return 3;
  if (count(*this, Verdict::error) > 0) return 4;
  // A verdict that changes from run to run is a defect of the endpoint until shown otherwise.
  if (count(*this, Verdict::fail) + count(*this, Verdict::flaky) + count(*this, Verdict::xpass) > 0) return 1;
  return judged() ? 0 : 1;
}

}  // namespace harness::run
