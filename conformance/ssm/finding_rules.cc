#include "conformance/ssm/finding_rules.h"

#include <algorithm>

namespace conformance::ssm {

const std::vector<FindingRule>& finding_rules() {
  static const std::vector<FindingRule> all = [] {
    const auto engine = harness::oracle::finding_rules();
    auto of_families = finding_rules_of_families();
    of_families.insert(of_families.begin(), engine.begin(), engine.end());
    return of_families;
  }();
  return all;
}

const FindingRule* find_finding_rule(std::string_view name) {
  const auto& all = finding_rules();
  const auto it =
      std::find_if(all.begin(), all.end(), [&](const FindingRule& rule) { return rule.name == name; });
  return it == all.end() ? nullptr : &*it;
}

}  // namespace conformance::ssm
