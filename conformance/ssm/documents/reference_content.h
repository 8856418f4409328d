#pragma once

#include <string>
#include <string_view>

#include "harness/reference/answer.h"
#include "harness/wire/json.h"

/// What stands in a document: JSON, or YAML that says the same.
namespace conformance::ssm::documents {

/// The content's value: one JSON object. Of a format other than JSON and YAML, which is not looked into, an
/// empty one. Refused with InvalidDocumentContent: it is not well-formed, or no object; an Automation runbook
/// that uses a parameter which it does not declare. With InvalidDocumentSchemaVersion: a schema version that
/// does not look like one.
harness::reference::Outcome read_content(std::string_view text, std::string_view format,
                                         std::string_view type);

/// The value as a text of the format ("JSON", "YAML").
std::string write_content(const harness::wire::Json& content, std::string_view format);

}  // namespace conformance::ssm::documents
