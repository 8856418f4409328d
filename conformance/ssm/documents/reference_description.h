#pragma once

#include "conformance/ssm/documents/reference_store.h"
#include "harness/wire/json.h"

/// How answers show a document.
namespace conformance::ssm::documents {

/// DocumentDescription: one version of a document.
harness::wire::Json description(const Document& document, const DocumentVersion& version);
/// DocumentIdentifier, an item of ListDocuments: its default version.
harness::wire::Json identifier(const Document& document);
/// DocumentVersionInfo, an item of ListDocumentVersions.
harness::wire::Json version_info(const Document& document, const DocumentVersion& version);
/// The output of GetDocument, with the content in this format ("": JSON); text is neither.
harness::wire::Json whole(const Document& document, const DocumentVersion& version,
                          const std::string& format);

}  // namespace conformance::ssm::documents
