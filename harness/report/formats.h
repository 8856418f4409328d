#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/report/meanings.h"
#include "harness/run/result.h"

namespace harness::report {

/// A form in which a whole run is written down.
struct Format {
  std::string_view option;       ///< of the command: "--junit"
  std::string_view description;  ///< of the option, for people
  std::string (*render)(const run::RunInfo& info, const std::vector<run::CaseResult>& results,
                        const run::RunSummary& summary, const Meanings& meanings);
};

/// Every form there is: the command's options, its help and the fuzzer of reports go by this table.
std::span<const Format> formats();

}  // namespace harness::report
