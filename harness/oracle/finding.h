#pragma once

#include <string>
#include <string_view>

/// What the oracle finds.
namespace harness::oracle {

enum class Severity { defect, advice };
std::string_view to_string(Severity severity);

/// One thing that is wrong (or odd) with an answer.
struct Finding {
  std::string
      rule;  ///< stable name: "outcome/accepted", "shape/type", "availability/hang"; see finding_rule.h
  Severity severity = Severity::defect;
  std::string message;  ///< one sentence for a person
  /// Findings with one signature are one finding: to_string(Signature), or what a file said.
  std::string signature;
};

}  // namespace harness::oracle
