#pragma once

#include <optional>

#include "conformance/ssm/parameters/reference_store.h"
#include "harness/reference/answer.h"
#include "harness/wire/json.h"

/// ParameterFilters of DescribeParameters and GetParametersByPath, and the older Filters.
namespace conformance::ssm::parameters {

enum class FilteredBy { describe, path };

/// Why the filters of an input are refused; nothing if they are not.
std::optional<harness::reference::Failure> refusal_of_filters(const harness::wire::Json& input,
                                                              FilteredBy operation);
/// Whether a parameter passes all of them. They must not be refused.
bool passes(const Parameter& parameter, const harness::wire::Json& input);

}  // namespace conformance::ssm::parameters
