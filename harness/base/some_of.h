#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace harness::base {

/// "A, B, C and 12 others": no more than so many, but for a single other.
inline std::string some_of(const std::vector<std::string>& names, std::size_t most) {
  const std::size_t shown = names.size() <= most + 1 ? names.size() : most;
  std::string out;
  for (std::size_t i = 0; i < shown; ++i) out += (i == 0 ? "" : ", ") + names[i];
  if (shown < names.size()) out += " and " + std::to_string(names.size() - shown) + " others";
  return out;
}

}  // namespace harness::base
