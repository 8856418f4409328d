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
/// A token holds the last item of the page before, not an index: items that are removed between two pages
/// then cost no other item its place. It is bound to one list (by a number: Stored::serial), and any changed
/// character, also one that base64 would decode to the same bytes, makes it invalid. Immutable, so
/// thread-safe.
class PageTokens {
 public:
  PageTokens();

  std::string issue(std::uint64_t list, std::string_view last_item) const;
  /// The last item, if this very token was issued here for this list.
  std::optional<std::string> read(std::uint64_t list, std::string_view token) const;

 private:
  std::string seal(std::uint64_t list, std::string_view last_item) const;

  std::array<unsigned char, 32> key_{};
};

}  // namespace harness::reference
