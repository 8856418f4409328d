#pragma once

#include <map>
#include <string_view>
#include <vector>

#include "harness/model/model.h"
#include "harness/run/case.h"
#include "harness/run/example.h"

namespace harness::run {

/// Reads one file of vectors (form: conformance/schemas/suite.schema.json). Errors
/// name the suite and the case.
Result<std::vector<Case>> load_suite(std::string_view json, const model::Model& model,
                                     const Examples& examples);

}  // namespace harness::run
