#include "harness/reference/pages.h"

#include <algorithm>
#include <string_view>

namespace harness::reference {
namespace {

// In front of a key in a token: an empty page comes first.
constexpr std::string_view kGap = "-";
// In place of a key in a token: the first page was empty.
constexpr std::string_view kStart = "+";

}  // namespace

std::size_t page_size_in(const wire::Json& input, std::string_view member, std::size_t usual) {
  const wire::Json* size = wire::member(input, member);
  if (size == nullptr || !size->is_number_integer()) return usual;
  return static_cast<std::size_t>(std::max<std::int64_t>(1, size->get<std::int64_t>()));
}

std::optional<std::string> token_in(const wire::Json& input, std::string_view member) {
  const wire::Json* token = wire::member(input, member);
  return token != nullptr && token->is_string() ? std::optional(token->get<std::string>()) : std::nullopt;
}

std::optional<Page> Pages::page(std::uint64_t list, const std::vector<std::string>& keys,
                                const std::optional<std::string>& token, std::size_t limit) const {
  std::string after;
  if (token) {
    auto last = tokens_.read(list, *token);
    if (!last) return std::nullopt;
    after = *std::move(last);
  } else if (dialect_.empty_first_page) {
    return Page{0, 0, tokens_.issue(list, kStart)};
  }
  if (after == kStart) after.clear();
  // Behind a page comes an empty one, whose token says where to go on.
  if (after.starts_with(kGap)) return Page{0, 0, tokens_.issue(list, after.substr(kGap.size()))};

  if (dialect_.page_limit)
    limit = std::min(limit, static_cast<std::size_t>(std::max(1, *dialect_.page_limit)));
  const auto begin = after.empty() ? keys.begin() : std::upper_bound(keys.begin(), keys.end(), after);
  const auto rest = static_cast<std::size_t>(keys.end() - begin);
  Page out{static_cast<std::size_t>(begin - keys.begin()), std::min(limit, rest), {}};
  if (rest > limit || (dialect_.token_after_full_page && out.count == limit)) {
    const std::string& last = keys[out.first + out.count - 1];
    out.next_token = tokens_.issue(list, dialect_.empty_pages_between ? std::string(kGap) + last : last);
  }
  return out;
}

}  // namespace harness::reference
