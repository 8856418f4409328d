#pragma once

#include <string>

#include "harness/run/result.h"

/// Results for the tests of this folder: one of each kind, and hostile text.
namespace harness::report::samples {

inline run::RunInfo info() {
  run::RunInfo out;
  out.tool_version = "0.1.0";
  out.endpoint = "http://127.0.0.1:4566";
  out.level = "documented";
  out.seed = 18446744073709551615U;
  out.prefix = "ssmc-1-";
  out.model_hash = "abc123";
  out.options = {{"connections", "16"}, {"timeout", "5 s"}};
  out.planned = 1597;
  out.started = "2026-11-22T04:29:00";
  return out;
}

inline run::CaseResult passed(std::string id = "DescribeDocumentPermission/MaxResults/range/maximum") {
  run::CaseResult out;
  out.id = std::move(id);
  out.operation = "DescribeDocumentPermission";
  out.source = run::Source::derived;
  out.title = "MaxResults at the maximum";
  out.clauses = {"ddp.max-results"};
  out.place = "MaxResults";
  out.sites = {"MaxResults/range"};
  out.verdict = run::Verdict::pass;
  out.expected = "200";
  out.duration = std::chrono::microseconds(1234);
  return out;
}

inline run::CaseResult failed(std::string id = "DescribeDocumentPermission/MaxResults/range/above-maximum") {
  run::CaseResult out = passed(std::move(id));
  out.title = "MaxResults one above the maximum";
  out.clauses = {"ddp.max-results", "smithy.range"};
  out.verdict = run::Verdict::fail;
  out.findings = {{"outcome/accepted", oracle::Severity::defect,
                   "The request must be refused, and was accepted.",
                   "DescribeDocumentPermission|outcome/accepted|range:MaxResults|200 {}"}};
  out.expected = "400 ValidationException [smithy]";
  out.because = {"MaxResults: Minimum value of 1. Maximum value of 200."};
  out.request =
      "POST / HTTP/1.1\nX-Amz-Target: AmazonSSM.DescribeDocumentPermission\n"
      "Content-Type: application/x-amz-json-1.1\n\n{\"Name\":\"Example\",\"MaxResults\":201}\n";
  out.response = "HTTP/1.1 200 OK\nContent-Type: application/x-amz-json-1.1\n\n{}";
  out.reproduce = {"curl -q one", "curl -q two"};
  return out;
}

inline run::CaseResult with_verdict(run::Verdict verdict, std::string id, std::string reason) {
  run::CaseResult out = passed(std::move(id));
  out.verdict = verdict;
  out.reason = std::move(reason);
  return out;
}

/// An endpoint that wants to write to the terminal, end the CDATA section, close the script, and break the
/// encoding.
inline const std::string kHostile =
    std::string("\x1b]0;owned\x07\x1b[2J ]]> <script>alert(1)</script> {{title}} \xff\xfe ") + '\0' +
    "\xe2\x80\xae|`*_ \xed\xa0\x80";

inline run::CaseResult hostile() {
  run::CaseResult out = failed("Protocol/hostile");
  out.operation = "Protocol";
  out.title = kHostile;
  out.reason = kHostile;
  out.findings[0].message = kHostile;
  out.findings[0].rule = "shape/" + kHostile;
  out.findings[0].signature = kHostile;
  out.expected = kHostile;
  out.because = {kHostile};
  out.steps = {kHostile, kHostile};
  out.request = kHostile;
  out.response = kHostile;
  out.reproduce = {"curl 'x'"};
  return out;
}

/// A summary that counts the results.
template <class Results>
run::RunSummary summary_of(const Results& results) {
  run::RunSummary out;
  for (const run::CaseResult& result : results) {
    ++out.by_operation[result.operation][result.verdict];
    ++out.total[result.verdict];
    for (const auto& finding : result.findings)
      out.advice += finding.severity == oracle::Severity::advice ? 1 : 0;
  }
  out.exchanges = 2 * results.size();
  out.duration = std::chrono::milliseconds(12'340);
  return out;
}

/// A summary of six operations of three families, an operation in each state, and one that an endpoint lacks
/// in a family of its own.
inline run::RunSummary with_figures() {
  using run::OperationState;
  using run::Verdict;
  run::RunSummary out;
  out.families = {{"queues", "Queues"}, {"things", "Things"}, {"boxes", "Boxes"}};
  out.figures["GetQueue"] = {"queues", OperationState::stub, "", 7, 0, 7};
  out.figures["PutQueue"] = {"queues", OperationState::blocked, "no queue", 4, 0, 0};
  out.figures["ListQueues"] = {"queues", OperationState::unproved, "silent", 3, 0, 0};
  out.figures["GetThing"] = {"things", OperationState::judged, "", 1000, 2, 1};
  out.figures["PutThing"] = {"things", OperationState::not_implemented, "", 20, 0, 0};
  out.figures["GetBox"] = {"boxes", OperationState::not_implemented, "", 5, 0, 0};
  out.by_operation = {{"GetQueue", {{Verdict::fail, 7}}},
                      {"PutQueue", {{Verdict::blocked, 4}}},
                      {"ListQueues", {{Verdict::unchecked, 3}}},
                      {"GetThing", {{Verdict::pass, 2}, {Verdict::fail, 1}, {Verdict::unchecked, 9}}},
                      {"PutThing", {{Verdict::not_implemented, 20}}},
                      {"GetBox", {{Verdict::not_implemented, 5}}}};
  for (const auto& [operation, verdicts] : out.by_operation) {
    for (const auto& [verdict, n] : verdicts) out.total[verdict] += n;
  }
  out.by_model_alone = {"GetQueue", "ListQueues", "PutQueue"};
  return out;
}

}  // namespace harness::report::samples
