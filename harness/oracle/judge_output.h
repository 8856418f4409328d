#pragma once

#include <string>
#include <vector>

#include "harness/oracle/judge.h"

/// Judging a successful response: its shape by the model, and its relation to the request and to what is
/// known.
namespace harness::oracle {

/// Appends findings (their signatures are left to the caller).
void judge_output(const Classification& request, const wire::Response& response, const Knowledge& knowledge,
                  std::vector<Finding>& findings);

/// The sorted `key:type` paths of a JSON object, with keys that could be echoes (anything but up to 40
/// letters) as `?`.
std::string output_kind(const wire::Json& body);

}  // namespace harness::oracle
