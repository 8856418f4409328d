#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/oracle/judge.h"
#include "harness/run/case.h"

/// What a run found: pure data, made by harness/run and shown by harness/report.
namespace harness::run {

enum class Verdict {
  pass,             ///< kept (advice may stand beside it)
  fail,             ///< broken
  not_implemented,  ///< the endpoint does not have the operation
  blocked,          ///< a control or a fixture failed, so that the answer would prove nothing
  unchecked,        ///< the specification is silent, or this endpoint gives no way to check it
  flaky,            ///< differs when run again
  error,            ///< the harness or the connection failed
  xfail,            ///< fails as the baseline says
  xpass,            ///< passes although the baseline says it fails: the entry is stale
};
/// "PASS", "NOT_IMPLEMENTED", …: as they stand in result files.
std::string_view to_string(Verdict verdict);
inline constexpr Verdict kVerdicts[] = {Verdict::pass,    Verdict::fail,      Verdict::not_implemented,
                                        Verdict::blocked, Verdict::unchecked, Verdict::flaky,
                                        Verdict::error,   Verdict::xfail,     Verdict::xpass};

/// The result of one case.
struct CaseResult {
  std::string id;
  std::string operation;
  Source source = Source::vector;
  std::string title;
  std::vector<std::string> clauses;
  Verdict verdict = Verdict::error;
  std::string reason;  ///< for anything but pass and fail: why, in one line
  std::vector<oracle::Finding> findings;
  std::string expected;              ///< what would have been admissible, with provenance
  std::vector<std::string> because;  ///< the rules that the expectation rests on, each one sentence
  /// For a scenario: what was called and how it was answered, in order (the last steps).
  std::vector<std::string> steps;
  /// HTTP text as sent, secrets removed; for a scenario the exchange that failed, or the last.
  std::string request;
  std::string response;  ///< status line, headers and body as received; or how the exchange ended
  /// Of a case of one exchange that settle() may be given: oracle::answer_kind() of what is judged; "" if
  /// that was not sent, or said nothing.
  std::string answer;
  /// Case::place: "Tags[].Key".
  std::string place;
  /// The constraints that it tells of, if that is all that the request breaks: "Tags[].Key/length".
  std::vector<std::string> sites;
  /// Shell lines that do it again: set-up first (creating what the request needs), the request
  /// last.
  std::vector<std::string> reproduce;
  std::chrono::microseconds duration{0};
};

/// The head of a run.
struct RunInfo {
  std::string tool_version;
  std::string endpoint;  ///< URL, or "embedded reference endpoint"
  std::string level;
  std::uint64_t seed = 0;
  std::string prefix;  ///< of the names that this run creates
  std::string model_hash;
  std::map<std::string, std::string> options;  ///< effective, secrets removed
  std::size_t planned = 0;                     ///< cases that will be run
  std::string started;                         ///< when, in UTC: "2026-11-22T04:29:00"
};

/// What became of an operation in a run.
enum class OperationState {
  judged,           ///< at least one case came to a verdict
  stub,             ///< judged, and it accepts whatever breaks a constraint: Tally
  not_implemented,  ///< the endpoint does not have it
  blocked,          ///< not judged, for a control was not accepted or a fixture failed
  unproved,         ///< not judged, for no answer proved anything
};
/// "judged", "stub", "not implemented", "blocked", "unproved": as they stand in result files.
std::string_view to_string(OperationState state);
inline constexpr OperationState kOperationStates[] = {OperationState::judged, OperationState::stub,
                                                      OperationState::blocked, OperationState::unproved,
                                                      OperationState::not_implemented};

using VerdictCounts = std::map<Verdict, std::size_t>;

/// What the verdicts of its cases make of an operation: anything but `stub`.
OperationState state_of(const VerdictCounts& verdicts);

/// The constraints on one operation's input (model::Site), and what was told of them. How many could be told,
/// and how many of those are broken, are two figures that are never added.
struct OperationFigure {
  std::string family;  ///< its key
  OperationState state = OperationState::judged;
  std::string why;  ///< if it was not judged, but is there: the most frequent reason of its cases
  std::size_t all = 0;
  std::size_t kept = 0;
  std::size_t broken = 0;
  bool operator==(const OperationFigure&) const = default;
};

/// A family of operations, as reports show it.
struct FamilyName {
  std::string key;
  std::string title;
  bool operator==(const FamilyName&) const = default;
};

/// The end of a run.
struct RunSummary {
  std::map<std::string, OperationFigure> figures;  ///< by operation; empty for a run of some cases only
  std::vector<FamilyName> families;  ///< of these operations, in the order in which they are read
  std::map<std::string, VerdictCounts> by_operation;
  VerdictCounts total;
  /// Operations all of whose cases rest on nothing but the model (Case::by_model).
  std::set<std::string> by_model_alone;
  std::size_t advice = 0;     ///< findings of severity advice
  std::size_t exchanges = 0;  ///< requests sent in all
  std::chrono::microseconds duration{0};
  bool interrupted = false;      ///< Ctrl-C
  bool endpoint_lost = false;    ///< cannot be reached (any more)
  std::string endpoint_problem;  ///< if so: one line that says what happened and what to do
  /// Of a shard: none of its cases can be judged on this endpoint, but some of other shards can.
  bool judged_elsewhere = false;
  std::optional<double> max_unjudged;    ///< percent of implemented_cases(): beyond it, the run is not kept
  std::vector<std::string> left_behind;  ///< resources that could not be removed
  std::vector<std::string>
      remarks;  ///< what the run found out about the endpoint ("does not verify signatures")
  /// The endpoint has none of this operation's cases to judge: it lacks the operation.
  bool lacks(std::string_view operation) const;
  /// Cases that were judged: PASS, FAIL, FLAKY, XFAIL, XPASS.
  std::size_t judged_cases() const;
  /// Cases of operations that the endpoint has.
  std::size_t implemented_cases() const;
  /// Of every operation that the endpoint has, at least one case was judged, and so of at least one
  /// operation, if cases of operations were selected: that an endpoint without the operations keeps the
  /// protocol does not make it kept. An operation of which nothing but the model is known may be left
  /// UNCHECKED, as long as another is judged: that it refuses what the model takes for valid proves nothing.
  bool judged() const { return why_not_judged().empty(); }
  /// If not: what was not judged, for people.
  std::string why_not_judged() const;
  /// More was left unjudged than `max_unjudged` allows.
  bool too_few_judged() const;
  /// The process's exit status: 0 kept, 1 defects or too little judged (here or in another shard), 3 endpoint
  /// lost, 4 harness error, 130 interrupted.
  int exit_status() const;
};

/// Receives results as they come, always from one thread at a time.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void started(const RunInfo&) {}
  virtual void finished_case(const CaseResult&) {}
  virtual void finished(const RunSummary&) {}
};

}  // namespace harness::run
