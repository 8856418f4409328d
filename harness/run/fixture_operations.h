#pragma once

#include <string>
#include <vector>

#include "harness/endpoint/endpoint.h"
#include "harness/run/case.h"
#include "harness/run/documents.h"
#include "harness/run/situation.h"

namespace harness::run {

/// Finds out which of the operations that make fixtures the endpoint lacks, of those that these cases judge.
/// Each is called once as it should be, on a document made for it: a refusal of anything less could be taken
/// for a missing operation. `unknown` is the answer to an operation that surely does not exist. Adds to
/// `Knowledge::unimplemented`; returns a remark for each.
std::vector<std::string> probe_fixture_operations(endpoint::Endpoint& endpoint, Situation& situation,
                                                  DocumentRegistry& registry, const std::vector<Case>& cases,
                                                  const wire::Exchange& unknown);

}  // namespace harness::run
