#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>

/// The state of the family on the reference endpoint: documents, and with whom each is shared.
namespace conformance::ssm::documents {

/// A document. Its name is its key in the store.
struct Document {
  std::string content;
  std::string type = "Command";
  std::string format = "JSON";
  std::string version_name;  ///< "" if it has none
  std::chrono::system_clock::time_point created;
  /// Accounts it is shared with -> the shared version. Ordered, so that a page can go on after the last
  /// account of the one before, whatever was shared or unshared in between. The public is the account `all`.
  std::map<std::string, std::string, std::less<>> shares;
};

/// The one spelling in which an account id is kept: twelve digits, or `all` whatever its case. Nothing if it
/// is neither.
std::optional<std::string> canonical_account(std::string_view id);

/// True if AWS keeps names like this one for its own documents.
bool reserved_name(std::string_view name);

}  // namespace conformance::ssm::documents
