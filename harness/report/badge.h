#pragma once

#include <string>
#include <vector>

#include "harness/run/result.h"

namespace harness::report {

/// A badge as https://shields.io/badges/endpoint-badge reads it, described by
/// conformance/schemas/badge.schema.json:
///
///     {"schemaVersion":1,"label":"ssm-conformance","message":"coverage 71 %, divergence 78 %","color":"red"}
///
/// The message has the figures of all operations; of a run that was lost or interrupted it says only that,
/// and of a run of some cases how many requirements are broken. The colour goes by the divergence, and is
/// bright green only where the exit status is 0.
std::string badge(const run::RunInfo& info, const std::vector<run::CaseResult>& results,
                  const run::RunSummary& summary);

}  // namespace harness::report
