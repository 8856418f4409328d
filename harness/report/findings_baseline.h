#pragma once

#include <set>
#include <string>
#include <string_view>

#include "harness/result.h"

/// The findings that are expected: what an endpoint is known to get wrong, so that a night of fuzzing fails
/// only on what is new. A text of one signature a line (`#` begins a comment), or an index of findings
/// (index.json), of which the open ones are meant.
namespace harness::report {

using Signatures = std::set<std::string, std::less<>>;

/// Errors: one line that names the file.
Result<Signatures> load_findings_baseline(const std::string& path);

/// The same from text; `name` stands in the errors.
Result<Signatures> parse_findings_baseline(std::string_view text, std::string_view name);

/// The text of a baseline, and that text in a file.
std::string findings_baseline_text(const Signatures& signatures);
Status save_findings_baseline(const std::string& path, const Signatures& signatures);

}  // namespace harness::report
