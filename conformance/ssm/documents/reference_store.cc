#include "conformance/ssm/documents/reference_store.h"

#include <algorithm>
#include <array>
#include <utility>

#include "harness/base/ascii.h"

namespace conformance::ssm::documents {

std::optional<std::string> canonical_account(std::string_view id) {
  constexpr std::size_t kDigits = 12;
  if (id.size() == kDigits && std::all_of(id.begin(), id.end(), harness::base::is_digit))
    return std::string(id);

  if (harness::base::lower(id) == "all") return "all";
  return std::nullopt;
}

bool reserved_name(std::string_view name) {
  constexpr std::array<std::string_view, 5> kPrefixes = {"AWS", "aws", "Amazon", "amazon", "amzn"};
  return std::any_of(kPrefixes.begin(), kPrefixes.end(),
                     [&](std::string_view prefix) { return name.substr(0, prefix.size()) == prefix; });
}

}  // namespace conformance::ssm::documents
