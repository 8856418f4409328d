#pragma once

#include <string>
#include <utility>
#include <vector>

#include "harness/oracle/operation_rules.h"

namespace conformance::ssm {

/// What the referee knows of every operation of SSM, family by family.
const harness::oracle::ServiceRules& rules();

/// For a family's file: `rules.cc` of the folder `queues` defines
/// `std::vector<NamedRules> conformance::ssm::queues::rules()`.
using NamedRules = std::pair<std::string, harness::oracle::OperationRules>;
/// The rules of every family; the build writes it from the folders that there are (scripts/cmake/Pack.cmake).
std::vector<NamedRules> rules_of_families();

}  // namespace conformance::ssm
