#pragma once

#include "harness/oracle/operation_rules.h"

namespace conformance::ssm {

/// What the referee knows of every operation of SSM, family by family.
const harness::oracle::ServiceRules& rules();

}  // namespace conformance::ssm
