#pragma once

#include "harness/oracle/classify.h"
#include "harness/oracle/judge.h"

/// Which findings fuzzing is about: for targets that send any request, also for operations that only make
/// fixtures.
namespace fuzzers {

/// The operations that are judged. The others make fixtures, and may change what the next input finds.
inline bool under_test(const harness::oracle::Classification& request) {
  return request.target == "GetConnectionStatus" || request.target == "DescribeDocumentPermission";
}

/// True for a defect that can be held against the endpoint. The oracle does not know every reason to refuse
/// the operations that make fixtures (the content of a document, a version that does not exist), so it cannot
/// say that one of them was refused for the wrong reason.
inline bool counts(const harness::oracle::Classification& request, const harness::oracle::Finding& finding) {
  if (finding.severity != harness::oracle::Severity::defect) return false;
  const bool refused_otherwise = finding.rule == "outcome/rejected" || finding.rule == "outcome/wrong-code" ||
                                 finding.rule == "outcome/wrong-status";
  return !refused_otherwise || request.operation == nullptr || under_test(request);
}

}  // namespace fuzzers
