#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/endpoint/endpoint.h"
#include "harness/model/model.h"
#include "harness/oracle/admissible.h"
#include "harness/run/case.h"
#include "harness/run/example.h"
#include "harness/run/fixtures.h"
#include "harness/run/pack.h"
#include "harness/run/result.h"

/// A whole run: probe, fixtures, cases, scenarios, clean-up, summary.
namespace harness::run {

struct RunOptions {
  oracle::Level level = oracle::Level::documented;
  std::optional<Signing> signing;
  Given given;
  std::size_t connections = 8;
  /// Decides the order of the cases and every name that is sent: two runs with one seed send the same bytes,
  /// but for dates, signatures and what the endpoint itself gave out. With one connection they come in the
  /// same order; with more, how often a control is repeated depends on time.
  std::uint64_t seed = 1;
  std::string names{kFirstOfNames};  ///< what the names of resources begin with
  /// The cases hold requests that somebody recorded: their page tokens may be older than the run.
  bool recorded_requests = false;
  /// For a shard: the operations of the cases in all shards. Empty: the run is no shard.
  std::set<std::string> operations_of_all_shards;
  std::optional<double> max_unjudged;  ///< RunSummary
  std::size_t repeat = 1;  ///< how often the cases of one exchange are run, for soaks and benchmarks
  bool keep_passing_exchanges = false;
  /// At the end, nothing more is removed after this; what is left is listed.
  std::chrono::milliseconds patience_to_remove = Removal().patience;
  /// Without it, results say what was found and not how it came about (request, response, reproduction): for
  /// runs whose failures nobody reads.
  bool describe_failures = true;
  std::optional<std::string> ca_bundle;  ///< for reproductions
  bool verify_ssl = true;
  std::set<std::string, std::less<>> other_operations;  ///< oracle::Knowledge
  std::string tool_version;
  std::map<std::string, std::string> shown_options;  ///< for RunInfo
  /// Starts the endpoint again after it died (`--spawn`), and says how it died; without it a death ends the
  /// run.
  std::function<Result<std::string>()> restart;
  /// Reads the credentials again after the endpoint said that they have expired; without it, that ends the
  /// run.
  std::function<Result<Signing>()> renew;
};

/// Runs the cases against the endpoint. Results go to the observer as they come; the same counts are in the
/// summary. `stop` ends the run early: what was created is still cleaned up.
RunSummary run(endpoint::Endpoint& endpoint, const Pack& pack, const std::vector<Case>& cases,
               const RunOptions& options, Observer& observer, const std::atomic<bool>& stop);

}  // namespace harness::run
