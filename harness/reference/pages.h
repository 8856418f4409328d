#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/reference/dialect.h"
#include "harness/reference/page_token.h"
#include "harness/wire/json.h"

/// Pages of a list, as a dialect has them.
namespace harness::reference {

/// Which of a list's items a page holds, and the token of the next one ("" behind the last).
struct Page {
  std::size_t first = 0, count = 0;
  std::string next_token;
};

/// What a request asks for of a list: how many a page may hold, at least 1, or the usual number; and the
/// token, if it sends one.
std::size_t page_size_in(const wire::Json& input, std::string_view member, std::size_t usual);
std::optional<std::string> token_in(const wire::Json& input, std::string_view member);

/// Cuts lists into pages. Immutable, so thread-safe.
class Pages {
 public:
  explicit Pages(const Dialect& dialect) : dialect_(dialect) {}

  /// Of a list's items by their keys, sorted. `list` tells it from others (Stored::serial). `token`: what the
  /// request has of it; nothing for the first page. nullopt: the token was not issued for this list.
  std::optional<Page> page(std::uint64_t list, const std::vector<std::string>& keys,
                           const std::optional<std::string>& token, std::size_t limit) const;

 private:
  const Dialect dialect_;
  const PageTokens tokens_;
};

}  // namespace harness::reference
