#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "harness/endpoint/endpoint.h"
#include "harness/run/resources.h"
#include "harness/run/situation.h"

/// Runs the cases of one exchange, many at a time, on the endpoint's I/O thread.
namespace harness::run {

/// A case with its request and its control made ready; or, with a verdict already, one that need not be sent.
struct PlannedCase {
  const Case* source = nullptr;
  std::size_t number = 0;  ///< position in the plan
  Prepared request;
  std::size_t control = 0;  ///< index into ExchangePlan::controls
  bool has_control = false;
  /// Why nothing but availability can be judged here, so that an answer does not make it PASS but UNCHECKED.
  /// "" if the case is judged by its clause.
  std::string availability_only;
  /// The constraints that the request breaks at its place, if it breaks nothing else: "Tags[].Key/length".
  std::vector<std::string> sites;
};

struct ExchangePlan {
  std::vector<PlannedCase> cases;
  std::vector<Prepared> controls;  ///< each distinct control once
};

struct ExchangeRunnerOptions {
  std::size_t connections = 8;
  std::size_t repeat = 1;  ///< how often the whole plan is run
  /// Controls are sent again on each connection after so many exchanges, so that an endpoint which has begun
  /// to refuse everything cannot pass negative cases.
  std::size_t control_every = 16;
  /// Run a case that shows a defect again, as it is. Whoever says false does so, in the state that the case
  /// needs, and gives both results to settle().
  bool confirm = true;
  /// Takes what requests have made.
  ResourceRegistry* registry = nullptr;
  bool describe_failures = true;        ///< fill them of results that are not PASS
  bool keep_passing_exchanges = false;  ///< fill request and response of PASS results too (for a result file)
};

/// What became of the whole.
struct ExchangeRunnerResult {
  std::size_t exchanges = 0;
  bool lost = false;                   ///< the endpoint stopped accepting connections
  bool expired = false;                ///< it says that the credentials have expired
  std::vector<std::string> in_flight;  ///< then: the cases that were being answered
};

/// Blocks until every case has a result, `stop` is set, or the endpoint is lost. `done` is called on the I/O
/// thread, one result at a time. For each case: the control (if one is due), the request, and after a hostile
/// request the control on the same connection and on a new one. A case that shows a defect is run again,
/// control and all, on a new connection, and settle() decides.
///
/// A control must be *accepted*: what else is wrong with its answer is a finding of the case that sends the
/// same request for its own sake. After a hostile request, it must show no defect that it did not show
/// before. A case whose request or control is throttled to the end is UNCHECKED.
ExchangeRunnerResult run_exchanges(endpoint::Endpoint& endpoint, const Situation& situation,
                                   const ExchangePlan& plan, const ExchangeRunnerOptions& options,
                                   const std::atomic<bool>& stop,
                                   const std::function<void(CaseResult)>& done);

/// What the two tries come to of a case whose first one showed a defect: FAIL with what came again, FLAKY if
/// nothing did, and the second result if its request was not sent or its answer says nothing of it.
CaseResult settle(CaseResult first, CaseResult second);

}  // namespace harness::run
