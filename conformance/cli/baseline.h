#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "harness/result.h"
#include "harness/run/result.h"

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
///      "selection": ["--shard 1/2", "--shard 2/2"], "expected_failures": {"<case id>": ["<rule>", …], …}}
class Baseline {
 public:
  /// Errors name the file and what is wrong with it: unreadable, not JSON, another tool's, an unknown case.
  static harness::Result<Baseline> load(const std::string& path, const std::set<std::string>& known_cases,
                                        UnknownEntries unknown = UnknownEntries::refuse);

  /// FAIL and FLAKY become XFAIL if every rule that the case broke is expected; PASS becomes XPASS if the
  /// case is expected to fail.
  void apply(harness::run::CaseResult& result) const;

  /// Takes over what a run found: its failures are expected, its other cases are not any more. Entries of
  /// cases that it did not run stay. `selection` is "" for a run of all cases.
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
  std::map<std::string, std::set<std::string>> expected_;
  std::string level_, tool_version_;
  std::set<std::string> selection_;  // kEverything for a run of all cases
};

}  // namespace conformance
