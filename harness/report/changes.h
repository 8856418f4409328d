#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/report/digest.h"
#include "harness/report/result_file.h"

/// Two runs, before and after a change: what became of each case, and of each requirement. All text in here
/// is raw, but for changes_markdown().
namespace harness::report {

/// A case whose verdict differs, or that breaks other rules. Of one that was run more than once (--repeat),
/// the runs that failed count.
struct CaseChange {
  std::string id;
  std::optional<run::Verdict> before, after;        ///< nothing: it was not run
  std::set<std::string> rules_before, rules_after;  ///< of its defects

  bool now_fails() const;
  /// It failed, and passes.
  bool recovers() const;
  /// It passed, and shows nothing any more: an endpoint that loses an operation has not become better.
  bool is_lost() const;
  bool fails_otherwise() const { return before == after; }
  /// It failed and fails, and breaks a rule that it kept.
  bool breaks_more() const;
};

/// "PASS"; "(not run)".
std::string_view verdict_text(const std::optional<run::Verdict>& verdict);

struct Changes {
  std::vector<CaseChange> cases;         ///< sorted by id
  std::vector<RequirementGroup> broken;  ///< that were not; as they are broken now
  std::vector<RequirementGroup> fixed;   ///< that are not any more: one of its cases passes
  std::vector<RequirementGroup> untold;  ///< that no case tells any more
  std::size_t still_broken = 0;          ///< requirements, before and after
  std::size_t added = 0, gone = 0;       ///< cases that only one of the runs has

  std::size_t count(bool (CaseChange::*of)() const) const;
  /// Something is worse: a case fails, breaks more, or is lost.
  bool is_worse() const;
};

Changes changes_between(const std::vector<run::CaseResult>& before,
                        const std::vector<run::CaseResult>& after);

/// For the comment on a pull request: CommonMark with GitHub's tables, below the 65,536 characters that a
/// comment may have. `rules` says what rules mean.
std::string changes_markdown(const Changes& changes, const ResultFile& before, const ResultFile& after,
                             std::span<const oracle::FindingRule> rules);

}  // namespace harness::report
