#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/report/requirement.h"
#include "harness/run/result.h"

/// What every report says about a run: which findings are one finding, why cases were not judged, the counts,
/// and the outcome in one line. All text in here is raw; who shows it makes it safe.
namespace harness::report {

/// Findings that are one finding. Which of them comes first depends on the ids of their cases, and not on the
/// order in which cases came.
struct FindingGroup {
  /// What makes them one: the signature; where the server failed (5xx), its own words too. For advice, the
  /// rule.
  std::string key;
  oracle::Finding finding;       ///< of the first case
  std::string title;             ///< what the first case sends
  std::string words;             ///< the server's own, if it failed (server_words.h)
  std::size_t first = 0;         ///< the first case: how many cases were added before it
  std::vector<std::string> ids;  ///< the cases, sorted, each once
  std::size_t messages = 1;      ///< how many different ones
};

/// The group in one line: its message; where the server failed, the request and the server's own words, for
/// the message would say the same of each.
std::string heading(const FindingGroup& group);

/// The cases that show that one requirement is broken.
struct RequirementGroup {
  Requirement requirement;
  oracle::Finding finding;               ///< of the plainest case: whose request breaks the fewest rules
  std::string example;                   ///< the id of that case
  std::size_t first = 0;                 ///< that case: how many cases were added before it
  std::vector<std::string> constraints;  ///< of the member, which the requests break, sorted
  std::vector<FindingGroup> kinds;       ///< its signatures, sorted as Digest::defects() is
  std::vector<std::string> ids;          ///< the cases, sorted, each once
};

/// "ListTables: Limit (range, type)", with the constraints of the member that are broken. Raw text.
std::string name(const Requirement& requirement, const std::vector<std::string>& constraints);
std::string name(const RequirementGroup& group);

/// Requirements that may be broken by one defect of the endpoint: one rule about one kind of request.
struct Cause {
  CauseKey key;
  std::vector<RequirementGroup> requirements;  ///< never empty; those with most cases first
  std::vector<std::string> ids;                ///< the cases of all, sorted, each once
};

/// The operations of a cause's requirements with how many each has, the most first.
std::vector<std::pair<std::string, std::size_t>> operations_of(const Cause& cause);
/// The constraints of its requirements with how many requirements break each, the most first.
std::vector<std::pair<std::string, std::size_t>> constraints_of(const Cause& cause);
/// The number of requirements of all causes.
std::size_t requirement_count(const std::vector<Cause>& causes);

/// Cases of one verdict that have one reason.
struct ReasonGroup {
  run::Verdict verdict;
  std::string reason;
  std::vector<std::string> ids;  ///< sorted
};

/// Collects results one by one, and keeps no request and no answer. What it gives does not depend on their
/// order.
class Digest {
 public:
  /// For a FAIL, the requirements of which this is the plainest case so far.
  std::vector<Requirement> add(const run::CaseResult& result);

  /// What is broken: causes, those with most requirements first, of equally many the worst (as defects()),
  /// with requirements, kinds and cases.
  std::vector<Cause> causes() const;

  /// The defects of cases that fail, the worst first (an endpoint that fails before a wrong answer, a wrong
  /// answer before a wrong error), of the same rank the most frequent. A FAIL without a finding of severity
  /// `defect` counts as one of its own.
  std::vector<FindingGroup> defects() const;
  /// Findings of severity `advice`, of all cases, by rule; the most frequent first.
  std::vector<FindingGroup> advice() const;
  /// Anything but PASS and FAIL, in the order of Verdict, then the most frequent first.
  std::vector<ReasonGroup> reasons() const;
  /// Cases with the verdict FAIL.
  std::size_t failed() const { return failed_; }

 private:
  struct Gathered {
    FindingGroup group;  // without ids
    std::set<std::string> ids;
    std::set<std::string> messages;
  };
  using Groups = std::map<std::string, Gathered>;
  struct OfRequirement {
    Groups kinds;
    oracle::Finding finding;
    std::pair<std::size_t, std::string> example;  // how many rules its request breaks, and its id
    std::size_t first = 0;
    std::set<std::string> constraints, ids;
  };
  void enter(Groups& groups, const std::string& key, const std::string& words, const oracle::Finding& finding,
             const run::CaseResult& result) const;
  static std::vector<FindingGroup> sorted(const Groups& groups);

  std::map<Requirement, OfRequirement> requirements_;
  Groups defects_;
  Groups advice_;
  std::map<std::pair<run::Verdict, std::string>, std::set<std::string>> reasons_;
  std::size_t added_ = 0;
  std::size_t failed_ = 0;
};

/// The digest of all results.
Digest digest(const std::vector<run::CaseResult>& results);

/// A table: a header, rows, and the total. The first column is text, the others are numbers; "-" is none.
struct Table {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;  ///< without the total
  std::vector<std::string> total;
  std::vector<run::Verdict> verdicts;  ///< of the columns from the third on, of cases
};
/// A row for each operation. XFAIL and XPASS have columns only if there are any.
Table operation_table(const run::RunSummary& summary);

/// The number of cases with this verdict.
std::size_t count(const run::RunSummary& summary, run::Verdict verdict);
/// The number of all cases.
std::size_t case_count(const run::RunSummary& summary);

/// What the exit status means, in one line: "kept: …", "broken: 3 requirements in 12 cases", "nothing was
/// judged: …". `requirements` is how many are broken.
std::string outcome(const run::RunSummary& summary, std::size_t requirements);

/// "a, b, c and 12 more"
std::string name_some(const std::vector<std::string>& ids, std::size_t most, std::size_t skip = 0);

/// The lines of a request that say most: the body, if it has one and the case is about an operation; else
/// all.
std::string_view telling_part(const run::CaseResult& result);

/// An answer without its headers: the status line, `X-Amzn-Errortype`, and the body. Anything else as it is.
std::string answer_in_short(std::string_view response);

}  // namespace harness::report
