// Session Manager where no node is connected.
#include "conformance/ssm/scenario_support.h"

namespace conformance::ssm::sessions {
namespace {

void not_connected(ScenarioContext& c) {
  expect_refused(c, c.call("StartSession", {{"Target", c.placeholder("node")}}),
                 {"TargetNotConnected", "InvalidInstanceId"}, "StartSession to a node that is not connected",
                 true);
}

}  // namespace

std::vector<Scenario> scenarios_sessions() {
  return {
      {"StartSession/scenario/not-connected", "StartSession", "a node that is not connected", not_connected,
       kRefused},
  };
}

}  // namespace conformance::ssm::sessions
