#pragma once

#include <string_view>
#include <vector>

#include "harness/oracle/finding_rule.h"

namespace conformance::ssm {

using harness::oracle::FindingRule;

/// Every rule that a finding may name: the engine's, and those about what the operations of SSM mean.
const std::vector<FindingRule>& finding_rules();

/// nullptr if there is none of this name.
const FindingRule* find_finding_rule(std::string_view name);

/// For a family's file: `finding_rules.cc` of the folder `queues` defines
/// `std::vector<FindingRule> conformance::ssm::queues::finding_rules()`, names that no other family has.
/// Those of every family; the build writes it from the folders that there are (scripts/cmake/Pack.cmake).
std::vector<FindingRule> finding_rules_of_families();

}  // namespace conformance::ssm
