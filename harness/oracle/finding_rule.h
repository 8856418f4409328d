#pragma once

#include <span>
#include <string_view>

/// The rules that an endpoint can break, by their stable names: what a finding is called in reports,
/// baselines and signatures, and what that means. Names stand in files that others keep: add, never rename.
/// (oracle::Rule is the other side: what a request can break.)
namespace harness::oracle {

struct FindingRule {
  std::string_view name;   ///< "outcome/accepted"
  std::string_view means;  ///< one sentence for people who see the name for the first time
};

/// Those that the engine finds. A pack has more, of what its operations mean; no name stands in two tables.
std::span<const FindingRule> finding_rules();

}  // namespace harness::oracle
