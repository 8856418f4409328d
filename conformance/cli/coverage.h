#pragma once

#include <string>

#include "conformance/cli/case_data.h"

namespace conformance {

/// clause -> cases -> planted faults, as a Markdown table: conformance/COVERAGE.md. A test holds the file to
/// it.
std::string coverage_table(const CaseData& data);

}  // namespace conformance
