#pragma once

#include <vector>

#include "harness/run/scenario.h"

namespace conformance::ssm {

using harness::run::Reply;
using harness::run::Scenario;
using harness::run::ScenarioContext;
using harness::wire::Json;

/// What must hold between several calls. For a family's file: `scenarios_x.cc` of the folder `queues` defines
/// `std::vector<Scenario> conformance::ssm::queues::scenarios_x()`. The build writes this function from the
/// files that there are (scripts/cmake/Pack.cmake).
std::vector<Scenario> scenarios_of_families();

}  // namespace conformance::ssm
