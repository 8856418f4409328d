#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "conformance/cli/case_data.h"
#include "harness/reference/fault.h"
#include "harness/result.h"
#include "harness/run/result.h"
#include "harness/wire/json.h"

/// The referee proves itself: every planted fault must be caught by a case, and no dialect may raise an
/// alarm. Faults that are meant for the fuzzers must not be caught: they stand for what the suites cannot
/// show.
namespace conformance {

struct SelftestOptions {
  std::vector<std::string> filters;  ///< globs on the names of faults and dialects; empty: all
  std::size_t connections = 8;
  std::uint64_t seed = 1;
  std::size_t jobs = 0;  ///< endpoints at once; 0: three times the cores, for some faults make everybody wait
  /// Of an exchange with a faulty endpoint.
  std::chrono::milliseconds fault_timeout = std::chrono::seconds(2);
};

/// A case that reported a defect.
struct Alarm {
  std::string case_id;
  harness::run::Verdict verdict = harness::run::Verdict::fail;
  std::string rule, message;  ///< of the first defect, or the reason of another verdict
};

struct FaultReport {
  const harness::reference::Fault* fault = nullptr;
  std::vector<Alarm> caught_by;  ///< FAIL and FLAKY cases, by id
  bool by_its_clause = false;    ///< one of them checks the clause that the fault breaks
  std::string endpoint_problem;  ///< if the endpoint was lost, which is a way of catching too
  bool cut_short = false;        ///< not every case was run: the endpoint died, or hung too often
  double seconds = 0;
  bool caught() const { return !caught_by.empty() || !endpoint_problem.empty(); }
};

struct DialectReport {
  std::string name;
  std::vector<Alarm> alarms;  ///< anything but PASS that the dialect does not explain
  std::size_t passed = 0;
  double seconds = 0;
};

struct SelftestReport {
  std::uint64_t seed = 1;
  std::size_t connections = 0;
  bool whole = true;                     ///< every fault and every dialect was run
  std::vector<FaultReport> faults;       ///< in the order of the catalogue, without those for fuzzing
  std::vector<FaultReport> for_fuzzing;  ///< meant for the fuzzers
  std::vector<DialectReport> dialects;
  /// Cases that caught no fault, without those that cannot (selftest.cc says which, and why); only of a
  /// whole selftest.
  std::vector<std::string> unproved;
  double seconds = 0;

  std::size_t missed() const;
  std::size_t alarms() const;
  std::size_t not_rare() const;  ///< meant for the fuzzers, and caught all the same
  bool ok() const { return missed() == 0 && alarms() == 0 && not_rare() == 0; }
};

/// Runs the suites against every fault and every dialect. `progress` is called
/// after each, from one thread at a time. Errors: a filter that matches nothing; an endpoint that could not
/// be started.
harness::Result<SelftestReport> selftest(
    const CaseData& data, const SelftestOptions& options,
    const std::function<void(std::size_t done, std::size_t all)>& progress);

/// For CI.
harness::wire::Json to_json(const SelftestReport& report);
/// For people.
std::string to_table(const SelftestReport& report);

}  // namespace conformance
