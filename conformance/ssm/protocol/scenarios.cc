#include "conformance/ssm/scenarios.h"

#include <fmt/format.h>

#include <array>

namespace conformance::ssm::protocol {
namespace {

constexpr const char* kValid =
    "POST / HTTP/1.1\nX-Amz-Target: AmazonSSM.{{protocol-operation}}\nContent-Type: "
    "application/x-amz-json-1.1\n\n"
    "{{protocol-body}}\n";

// Requests that are wrong in different ways, each well-framed HTTP.
constexpr std::array kWrong = {
    "POST / HTTP/1.1\nX-Amz-Target: AmazonSSM.{{protocol-operation}}\nContent-Type: "
    "application/x-amz-json-1.1\n\n{\n",
    "POST / HTTP/1.1\nX-Amz-Target: AmazonSSM.{{protocol-operation}}\nContent-Type: "
    "application/x-amz-json-1.1\n\n[]\n",
    "POST / HTTP/1.1\nX-Amz-Target: AmazonSSM.{{protocol-operation}}\nContent-Type: "
    "application/x-amz-json-1.1\n\n",
    "POST / HTTP/1.1\nX-Amz-Target: AmazonSSM.{{protocol-operation}}\nContent-Type: "
    "application/x-amz-json-1.1\n\n{}\n",
    "POST / HTTP/1.1\nX-Amz-Target: AmazonSSM.NoSuchOperation\nContent-Type: "
    "application/x-amz-json-1.1\n\n{}\n",
};

// Errors and valid requests in turn on one connection: each gets its own answer, and none poisons the next.
void connection_survives_errors(ScenarioContext& c) {
  for (int round = 0; round < 3; ++round) {
    for (const char* wrong : kWrong) {
      // What a wrong request may be answered with is judged by cases of its own; here only what comes after
      // it counts.
      const auto prepared = harness::run::prepare(c.situation(), wrong);
      if (!prepared) return c.blocked(prepared.error().message);
      c.client().send(prepared->text);
      c.call_text(kValid);
      if (c.failed() || !c.blocked_reason().empty()) return;
    }
  }
}

// Valid and wrong requests on many connections at once: valid ones are answered as if they were alone.
void concurrent_mixed(ScenarioContext& c) {
  c.concurrently(8, [](std::size_t i, ScenarioContext& lane) {
    for (std::size_t round = 0; round < 8 && !lane.failed() && lane.blocked_reason().empty(); ++round) {
      if ((i + round) % 2 == 0) {
        const auto prepared = harness::run::prepare(lane.situation(), kWrong[(i + round) % kWrong.size()]);
        if (!prepared) return lane.blocked(prepared.error().message);
        lane.client().send(prepared->text);
      } else {
        lane.call_text(kValid);
      }
    }
  });
}

}  // namespace

std::vector<Scenario> scenarios() {
  return {
      {"Protocol/scenario/connection-survives-errors", harness::run::kProtocol,
       "errors and valid requests in turn on one connection", connection_survives_errors},
      {"Protocol/scenario/concurrent-mixed", harness::run::kProtocol,
       "valid and wrong requests on many connections at once", concurrent_mixed},
  };
}

}  // namespace conformance::ssm::protocol
