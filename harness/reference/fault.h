#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/validate.h"
#include "harness/reference/answer.h"
#include "harness/wire/json.h"
#include "harness/wire/message.h"
#include "harness/wire/sigv4.h"

/// Planted faults: single deviations of a reference endpoint from the documentation, by which the referee
/// proves itself. Each one is a defect that real endpoints have had or could have; the suites (or, for those
/// marked so, the fuzzers) must find it. `selftest` runs them all. A service's pack lists them; fault_kit.h
/// is what they are made of.
namespace harness::reference {

/// How a response goes out. The default is as it should be.
struct Delivery {
  enum class Kind {
    whole,    ///< all of it
    nothing,  ///< never: the client waits until it gives up
    closed,   ///< the connection is closed instead
    reset,    ///< the connection is reset instead
    half,     ///< the first half of its bytes, then the connection is closed
    twice,    ///< two of it
  };
  Kind kind = Kind::whole;
  bool deaf = false;             ///< afterwards nothing that comes on this connection is answered
  int length_error = 0;          ///< added to Content-Length
  bool end_of_service = false;   ///< the endpoint dies: every connection and the listening socket are closed
  bool stops_accepting = false;  ///< nobody is accepted any more, open connections go on
};

/// Where a fault can reach into the reference. Every hook is optional. A service calls them one at a time, so
/// they may share state without locks; they must not throw.
struct FaultHooks {
  /// The request as it arrived, before anything but its signature is looked at.
  std::function<void(wire::Request&)> request;
  /// What is wrong with the signature is overlooked.
  std::function<bool(wire::SignatureProblem, const wire::Request&)> tolerates;
  /// The input of a known operation, before its types and constraints are checked.
  std::function<void(std::string_view operation, wire::Json& input)> input;
  /// Breaches of the model that are overlooked, in the inputs of any operation.
  std::function<bool(std::string_view operation, const model::Violation&)> overlooks;
  /// What came of a request: an output, or why it is refused. `operation` is "" and `input` null as far as
  /// the request did not get to them.
  std::function<void(std::string_view operation, const wire::Json& input, Outcome& outcome)> outcome;
  /// The whole response. For bytes that were no request, `request.method` is empty. `connection` tells
  /// connections apart.
  std::function<void(const wire::Request& request, std::uint64_t connection, wire::Response&)> response;
  /// Waits for the body of a request with `Expect: 100-continue` without asking for it.
  bool no_continue = false;
  /// How the response goes out.
  std::function<Delivery(const wire::Request& request, const wire::Response&)> delivery;
};

enum class FaultClass {
  constraint,
  type,
  enumeration,
  token,
  paging,
  shape,
  relation,
  error_code,
  envelope,
  protocol,
  framing,
  authentication,
  state,
  concurrency,
  resource,
};
std::string_view to_string(FaultClass fault_class);

/// How much of the traffic shows a fault.
enum class Difficulty {
  easy,    ///< many requests
  medium,  ///< one kind of request
  hard,    ///< one exact value, one state, or a sequence of calls
};
std::string_view to_string(Difficulty difficulty);

struct Fault {
  std::string name;  ///< "max-results-201-accepted"
  FaultClass fault_class = FaultClass::constraint;
  std::string clause;  ///< the id of the clause that it breaks
  Difficulty difficulty = Difficulty::medium;
  std::string description;  ///< one sentence: what the endpoint does
  /// Makes the hooks, with fresh state.
  std::function<FaultHooks()> make;
  /// Not one that the suites are meant to find: it shows only on values, combinations or sequences that no
  /// hand-made case has.
  bool for_fuzzing = false;
  /// What shows it depends on timing: which of several cases catches it differs from run to run.
  bool by_chance = false;
  /// Shows on bodies of a megabyte: to try it, those cases are run too.
  bool on_large_bodies = false;
  /// Shows in these operations (a glob), which are known by their model alone: to try it, their cases are
  /// run, and no others. A glob with a slash is one of cases. "": it shows elsewhere.
  std::string by_model;
  /// Of these: it shows in every case that breaks what it is about, so that it proves each of them.
  bool proves_all = false;
};

}  // namespace harness::reference
