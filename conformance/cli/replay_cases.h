#pragma once

#include <string>
#include <vector>

#include "conformance/cli/case_data.h"
#include "harness/result.h"
#include "harness/run/case.h"
#include "harness/run/situation.h"

/// Requests in files (HTTP text) as cases.
namespace conformance {

/// The files named, and the .http files in the folders named, sorted. Errors: a name that is not there, a
/// folder without any such file.
harness::Result<std::vector<std::string>> gather_http_files(const std::vector<std::string>& names);

/// The file as a case; its id is the path. Errors: one line that begins with the path. `situation` knows
/// every placeholder, so that one that does not exist is found before anything is sent.
harness::Result<harness::run::Case> replay_case(const std::string& path, const CaseData& data,
                                                const harness::run::Situation& situation);

}  // namespace conformance
