#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "harness/result.h"
#include "harness/run/result.h"
#include "harness/wire/json.h"

/// Expected failures: what an endpoint is known to get wrong, so that a run fails only on what is new.
namespace conformance {

/// What a baseline does with entries for cases that are not among the known ones.
enum class UnknownEntries {
  refuse,  ///< an error: a misspelt entry expects nothing
  drop,    ///< the baseline is about to be written anew
  keep,    ///< the cases are files, and only some of them were named
};

/// The rules that each case is expected to break ("outcome/accepted"), and which runs said so. The file is
/// JSON (conformance/schemas/baseline.schema.json); of an older file only the rules are there:
///     {"tool": "ssm-conformance", "format": 1, "tool_version": "0.1.0", "level": "documented",
///      "selection": ["--shard 1/2", "--shard 2/2"], "expected_failures": {"<case id>": ["<rule>", …], …},
///      "notes": {"<glob on case ids>": {"reason": "…", "link": "…", "expires": "2027-03-31"}, …}}
/// `notes` are written by people: why the cases that a glob matches are expected to fail, where that is told,
/// and up to which day (UTC) it holds. From the day after, they are failures again.
class Baseline {
 public:
  using Day = std::chrono::sys_days;

  /// Errors name the file and what is wrong with it: unreadable, not JSON, another tool's, an unknown case, a
  /// note that is about no entry.
  static harness::Result<Baseline> load(const std::string& path, const std::set<std::string>& known_cases,
                                        UnknownEntries unknown = UnknownEntries::refuse);

  /// FAIL and FLAKY become XFAIL if every rule that the case broke is expected, and no note of it has
  /// expired; PASS becomes XPASS if the case is expected to fail. Reasons say what notes do.
  void apply(harness::run::CaseResult& result, Day today) const;

  /// Takes over what a run found: its failures are expected, its other cases are not any more. Entries of
  /// cases that it did not run stay, and so do notes that are still about an entry. `selection` is "" for a
  /// run of all cases.
  void update(const std::vector<harness::run::CaseResult>& results, const std::string& level,
              const std::string& tool_version, const std::string& selection);
  harness::Status save(const std::string& path) const;

  std::size_t size() const { return expected_.size(); }
  /// An entry for a case that is not among these; "" if there is none.
  std::string entry_outside(const std::set<std::string>& cases) const;
  const std::string& level() const { return level_; }  ///< "" if an older version wrote it
  const std::string& tool_version() const { return tool_version_; }
  /// True if the runs that it was written from had all cases that a run with this selection has, as far as
  /// the file says.
  bool covers(const std::string& selection) const;
  /// The selections that it was written from, for people.
  std::string selections() const;

 private:
  struct Note {
    std::string reason, link;
    std::string expires;  // as the file has it; "" for never
    std::optional<Day> last_day;

    /// "no paging yet (https://…)", or what there is of it.
    std::string text() const;
  };
  static constexpr std::pair<const char*, std::string Note::*> kNoteMembers[] = {
      {"reason", &Note::reason}, {"link", &Note::link}, {"expires", &Note::expires}};
  harness::Status add_note(const std::string& glob, const harness::wire::Json& note);
  bool is_about_an_entry(const std::string& glob) const;

  std::map<std::string, std::set<std::string>> expected_;
  std::map<std::string, Note> notes_;  // by glob
  std::string level_, tool_version_;
  std::set<std::string> selection_;  // kEverything for a run of all cases
};

}  // namespace conformance
