#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/ssm/reference_tags.h"
#include "harness/wire/json.h"

/// The state of the family on the reference endpoint: documents with their versions, and with whom each is
/// shared.
namespace conformance::ssm::documents {

struct DocumentVersion {
  int number = 1;
  std::string content;       ///< as it was sent
  harness::wire::Json read;  ///< what it says
  std::string format = "JSON";
  std::string version_name, display_name, target_type;  ///< "" if it has none
  std::chrono::system_clock::time_point created;
};

/// A document. Its name is its key in the store.
struct Document {
  std::string name;  ///< as it was created
  std::string type = "Command";
  std::vector<DocumentVersion> versions;  ///< ascending; at least one
  int default_version = 1;
  Tags tags;
  /// Accounts it is shared with -> the shared version. Ordered, so that a page can go on after the last
  /// account of the one before, whatever was shared or unshared in between. The public is the account `all`.
  std::map<std::string, std::string, std::less<>> shares;

  const DocumentVersion& latest() const { return versions.back(); }
  /// The version that a request selects: by "$LATEST", "$DEFAULT" or its number, by its name, or by both;
  /// the default one by neither. nullptr if there is none such.
  const DocumentVersion* find(std::string_view selector, std::string_view version_name) const;
};

/// The one spelling in which an account id is kept: twelve digits, or `all` whatever its case. Nothing if it
/// is neither.
std::optional<std::string> canonical_account(std::string_view id);

/// True if AWS keeps names like this one for its own documents.
bool reserved_name(std::string_view name);

/// Whether ListDocuments shows a document, by the members Filters and DocumentFilterList of its input.
bool passes(const Document& document, const harness::wire::Json& input);
/// The first key of these filters that there is not; "" if all are known.
std::string unknown_filter(const harness::wire::Json& input);

}  // namespace conformance::ssm::documents
