#include "conformance/ssm/fault_support.h"

// What endpoints get wrong about sessions where no node is connected.
namespace conformance::ssm::sessions {

std::vector<Fault> faults() {
  const std::string clause = "start-session/not-connected";
  const auto about = [&](std::string name, FaultClass fault_class, std::string description) {
    return About{std::move(name), fault_class, clause, Difficulty::medium, std::move(description)};
  };
  return {
      accepts(about("session-with-no-node", FaultClass::relation,
                    "Starts sessions with nodes that there are not."),
              "StartSession", "TargetNotConnected",
              wire::Json{
                  {"SessionId", "conformance-0"}, {"TokenValue", "token"}, {"StreamUrl", "wss://x.invalid"}}),
      recodes(about("no-session-is-invalid-input", FaultClass::error_code,
                    "Says ValidationException of a node that is not connected."),
              "TargetNotConnected", 400, "ValidationException"),
  };
}

}  // namespace conformance::ssm::sessions
