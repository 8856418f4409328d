#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/run/result.h"

/// What every report says about a run: which findings are one finding, why cases were not judged, the counts,
/// and the outcome in one line. All text in here is raw; who shows it makes it safe.
namespace harness::report {

/// Findings with one signature, which are one finding.
struct FindingGroup {
  oracle::Finding finding;       ///< the first of them
  std::size_t first = 0;         ///< its case: how many cases were added before it
  std::vector<std::string> ids;  ///< the cases, in order, each once
};

/// Cases of one verdict that have one reason.
struct ReasonGroup {
  run::Verdict verdict;
  std::string reason;
  std::vector<std::string> ids;
};

/// Collects results one by one, and keeps no request and no answer.
class Digest {
 public:
  /// The findings of this result that no result before it had: indices into defects(), for a FAIL.
  std::vector<std::size_t> add(const run::CaseResult& result);

  /// The defects of cases that fail. A FAIL without a finding of severity `defect` counts as one of its own.
  const std::vector<FindingGroup>& defects() const { return defects_; }
  /// Findings of severity `advice`, of all cases.
  const std::vector<FindingGroup>& advice() const { return advice_; }
  /// Anything but PASS and FAIL, in the order of Verdict, then as they came.
  std::vector<ReasonGroup> reasons() const;
  /// Cases with the verdict FAIL.
  std::size_t failed() const { return failed_; }

 private:
  bool enter(std::vector<FindingGroup>& groups, std::map<std::string, std::size_t>& index,
             const oracle::Finding& finding, const run::CaseResult& result);

  std::vector<FindingGroup> defects_;
  std::vector<FindingGroup> advice_;
  std::vector<ReasonGroup> reasons_;
  std::map<std::string, std::size_t> defect_index_;
  std::map<std::string, std::size_t> advice_index_;
  std::map<std::pair<run::Verdict, std::string>, std::size_t> reason_index_;
  std::size_t added_ = 0;
  std::size_t failed_ = 0;
};

/// The digest of all results.
Digest digest(const std::vector<run::CaseResult>& results);

/// A table: a header, one row per operation, and the total. The first column is text, the others are numbers;
/// "-" is none. XFAIL and XPASS have columns only if there are any.
struct Table {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;  ///< without the total
  std::vector<std::string> total;
  std::vector<run::Verdict> verdicts;  ///< of the columns from the third on
};
Table operation_table(const run::RunSummary& summary);

/// The number of cases with this verdict.
std::size_t count(const run::RunSummary& summary, run::Verdict verdict);
/// The number of all cases.
std::size_t case_count(const run::RunSummary& summary);

/// What the exit status means, in one line: "kept: …", "broken: 3 defects in 12 cases", "nothing was judged:
/// …".
std::string outcome(const run::RunSummary& summary, std::size_t defects);

/// "a, b, c and 12 more"
std::string name_some(const std::vector<std::string>& ids, std::size_t most, std::size_t skip = 0);

/// The lines of a request that say most: the body, if it has one and the case is about an operation; else
/// all.
std::string_view telling_part(const run::CaseResult& result);

/// An answer without its headers: the status line, `X-Amzn-Errortype`, and the body. Anything else as it is.
std::string answer_in_short(std::string_view response);

}  // namespace harness::report
