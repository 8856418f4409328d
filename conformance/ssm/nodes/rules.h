#pragma once

#include "harness/oracle/operation_rules.h"

/// What the referee knows of managed nodes: GetConnectionStatus.
namespace conformance::ssm {

/// Adds the rules of this family's operations.
void add_node_rules(harness::oracle::ServiceRules::Map& rules);

}  // namespace conformance::ssm
