#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// NextToken: where the next page begins, sealed.
namespace harness::reference {

/// Makes and reads page tokens with a random key of its own, so that no other service's tokens are accepted.
///
/// A token holds the last account of the page before, not an index: accounts that are unshared between two
/// pages then cost no other account its place. It is bound to one document (by its serial number), and any
/// changed character, also one that base64 would decode to the same bytes, makes it invalid. Immutable, so
/// thread-safe.
class PageTokens {
 public:
  PageTokens();

  std::string issue(std::uint64_t document_serial, std::string_view last_account) const;
  /// The last account, if this very token was issued here for this document.
  std::optional<std::string> read(std::uint64_t document_serial, std::string_view token) const;

 private:
  std::string seal(std::uint64_t document_serial, std::string_view last_account) const;

  std::array<unsigned char, 32> key_{};
};

}  // namespace harness::reference
