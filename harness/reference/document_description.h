#pragma once

#include <string>

#include "harness/reference/answer.h"
#include "harness/reference/store.h"
#include "harness/wire/json.h"

namespace harness::reference {

/// The DocumentDescription of a document that CreateDocument was asked for with `input`, or why its content
/// is not that of a document: JSON content must be one JSON object, and a schema version in it must look like
/// one.
Outcome describe(const std::string& name, const Document& document, const wire::Json& input);

}  // namespace harness::reference
