#pragma once

#include <string>

#include "conformance/ssm/documents/reference_store.h"
#include "harness/reference/answer.h"
#include "harness/wire/json.h"

namespace conformance::ssm::documents {

/// The DocumentDescription of a document that CreateDocument was asked for with `input`, or why its content
/// is not that of a document: JSON content must be one JSON object, and a schema version in it must look like
/// one.
harness::reference::Outcome describe(const std::string& name, const Document& document,
                                     const harness::wire::Json& input);

}  // namespace conformance::ssm::documents
