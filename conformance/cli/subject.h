#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "conformance/cli/case_data.h"
#include "harness/reference/dialect.h"
#include "harness/reference/fault.h"
#include "harness/result.h"
#include "harness/run/result.h"

/// The suite against a reference endpoint of its own, in this process, that differs from the plain one: by a
/// dialect (nothing may be reported) or by a planted fault (something must be).
namespace conformance {

struct Subject {
  std::string name;
  harness::reference::Dialect dialect;
  harness::reference::FaultHooks fault;
  bool tls = false;      ///< under TLS with an authority of its own
  bool verifies = true;  ///< verifies signatures
  /// Called in this process instead of over a connection (reference/in_process.h): a third of the cost.
  bool in_process = false;
  std::string base_path;  ///< where it is served; not in process
};

struct SubjectOptions {
  std::size_t connections = 8;
  std::uint64_t seed = 1;
  /// Of an exchange. A loaded machine must not look like a hang; but a fault that hangs costs this each time.
  std::chrono::milliseconds timeout = std::chrono::seconds(60);
  harness::oracle::Level level = harness::oracle::Level::documented;
  bool describe_failures = true;  ///< harness::run::RunOptions
  /// Asked after each result: true ends the run early, as if interrupted.
  std::function<bool(const harness::run::CaseResult&)> enough;
};

struct SubjectRun {
  std::vector<harness::run::CaseResult> results;
  harness::run::RunSummary summary;
  std::vector<std::string> documents_left;  ///< in the endpoint's store, which the run should have removed
};

/// Runs `cases` against a new endpoint. Error: the endpoint could not be started.
harness::Result<SubjectRun> run_subject(const CaseData& data, const std::vector<harness::run::Case>& cases,
                                        const Subject& subject, const SubjectOptions& options);

/// True if the subject's way to differ explains why this case was not judged.
bool explains(const CaseData& data, const Subject& subject, const harness::run::CaseResult& result);

/// True for the cases that make a point with many bytes: each costs as much as a hundred others.
bool is_large(const harness::run::Case& c);

}  // namespace conformance
