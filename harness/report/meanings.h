#pragma once

#include <span>
#include <string>
#include <vector>

#include "harness/oracle/finding_rule.h"

namespace harness::report {

/// A sentence of the documentation that cases check.
struct ClauseMeaning {
  std::string id;
  std::string requirement;  ///< in this project's own words
  std::string source;       ///< URL
};

/// What the names in results mean, for reports that say it. A name that is not in here stands alone.
struct Meanings {
  std::span<const oracle::FindingRule> rules = oracle::finding_rules();
  std::vector<ClauseMeaning> clauses;
};

}  // namespace harness::report
