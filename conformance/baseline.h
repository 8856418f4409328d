#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "harness/result.h"
#include "harness/run/result.h"

/// Expected failures: what an endpoint is known to get wrong, so that a run fails only on what is new.
namespace conformance {

/// The rules that each case is expected to break ("outcome/accepted"); the file is JSON:
///     {"tool": "ssm-conformance", "format": 1, "expected_failures": {"<case id>": ["<rule>", …], …}}
class Baseline {
 public:
  /// Errors name the file and what is wrong with it: unreadable, not JSON, another tool's, an unknown case
  /// (which is passed over if `forget_unknown`: the baseline is about to be written anew).
  static harness::Result<Baseline> load(const std::string& path, const std::set<std::string>& known_cases,
                                        bool forget_unknown = false);

  /// FAIL and FLAKY become XFAIL if every rule that the case broke is expected; PASS becomes XPASS if the
  /// case is expected to fail.
  void apply(harness::run::CaseResult& result) const;

  void add(const harness::run::CaseResult& result);
  harness::Status save(const std::string& path) const;
  std::size_t size() const { return expected_.size(); }
  void forget(const std::string& id) { expected_.erase(id); }

 private:
  std::map<std::string, std::set<std::string>> expected_;
};

}  // namespace conformance
