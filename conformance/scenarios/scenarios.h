#pragma once

#include <vector>

#include "harness/run/scenario.h"

/// The scenarios: what must hold between several calls. Each family has a file; this is where they are
/// listed.
namespace conformance {

using harness::run::Scenario;

std::vector<Scenario> sharing_scenarios();     ///< sharing.cc
std::vector<Scenario> change_scenarios();      ///< changes.cc
std::vector<Scenario> name_scenarios();        ///< names.cc
std::vector<Scenario> paging_scenarios();      ///< paging.cc
std::vector<Scenario> connection_scenarios();  ///< connection_status.cc
std::vector<Scenario> protocol_scenarios();    ///< protocol.cc
std::vector<Scenario> loss_scenarios();        ///< losses.cc

/// All of them, with their ids unique.
std::vector<Scenario> all_scenarios();

}  // namespace conformance
