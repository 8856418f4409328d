#pragma once

#include <string_view>
#include <vector>

#include "harness/oracle/finding_rule.h"

namespace conformance::ssm {

/// Every rule that a finding may name: the engine's, and those about what the operations of SSM mean.
const std::vector<harness::oracle::FindingRule>& finding_rules();

/// nullptr if there is none of this name.
const harness::oracle::FindingRule* find_finding_rule(std::string_view name);

}  // namespace conformance::ssm
