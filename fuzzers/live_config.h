#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>

#include "conformance/cli/aws_config.h"
#include "harness/endpoint/network.h"
#include "harness/report/findings_baseline.h"
#include "harness/run/compose.h"
#include "harness/run/fixtures.h"

/// How a live target is told what to do: by the environment, for libFuzzer owns the command line.
namespace fuzzers {

/// Why a target cannot start or go on: one line, and the process's exit status (2 wrong usage, 3 the endpoint
/// cannot be reached or died, 5 it does not implement what the target needs).
struct LiveProblem {
  std::string message;
  int exit_status = 2;
};

/// The variables, each with the member that it fills, stand in fuzzers/README.md.
struct LiveConfig {
  /// Where the endpoint is spawned, its URL has {port} in it, or is "".
  harness::endpoint::NetworkOptions network;
  std::string spawn;  ///< a command with {port}; "" where the endpoint runs already
  std::chrono::milliseconds spawn_timeout = std::chrono::seconds(60);
  std::string other_url;  ///< of the second endpoint; differential_live only
  std::optional<harness::run::Signing> signing;
  /// Reads the credentials again, once they have expired; empty where there is nothing to read.
  std::function<harness::Result<harness::run::Signing>()> renew;
  harness::run::Given given;
  std::optional<std::uint64_t> seed;     ///< decides names; without it they are new in every process
  std::string findings = "findings";     ///< the folder
  harness::report::Signatures baseline;  ///< findings that are expected
  bool abort = false;                    ///< at the first new finding, for libFuzzer's own tools
  bool novelty = true;                   ///< kinds of answers are told to libFuzzer
  bool json = true;                      ///< the mutator knows JSON and the model
  std::string
      operations;  ///< a glob: what new requests are for; "": the operations that the pack has rules of
};

/// Reads the environment. Refuses hosts of AWS: they are never fuzzed.
tl::expected<LiveConfig, LiveProblem> read_live_config(const conformance::Environment& environment,
                                                       const harness::model::ServiceIdentity& service,
                                                       const harness::run::Catalogue& catalogue,
                                                       bool needs_other_url = false);

}  // namespace fuzzers
