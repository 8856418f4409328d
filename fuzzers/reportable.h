#pragma once

#include "harness/oracle/classify.h"
#include "harness/oracle/judge.h"
#include "harness/run/example.h"

/// Which findings fuzzing is about: for targets that send any request, also for operations that only make
/// fixtures.
namespace fuzzers {

/// The operations that are judged. The others make fixtures, and may change what the next input finds.
inline bool under_test(const harness::oracle::Classification& request,
                       const harness::run::Examples& examples) {
  return examples.contains(request.target);
}

/// True for a defect that can be held against the endpoint. The oracle does not know every reason to refuse
/// the operations that make fixtures (what a resource contains, a version that does not exist), so it cannot
/// say that one of them was refused for the wrong reason.
inline bool is_reportable(const harness::oracle::Classification& request,
                          const harness::oracle::Finding& finding, const harness::run::Examples& examples) {
  if (finding.severity != harness::oracle::Severity::defect) return false;
  const bool refused_otherwise = finding.rule == "outcome/rejected" || finding.rule == "outcome/wrong-code" ||
                                 finding.rule == "outcome/wrong-status";
  return !refused_otherwise || request.operation == nullptr || under_test(request, examples);
}

}  // namespace fuzzers
