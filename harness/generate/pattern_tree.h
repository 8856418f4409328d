#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

#include "harness/generate/char_set.h"

/// Internal to pattern_strings.cc: a pattern, read.
namespace harness::generate {

constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();

struct PatternNode {
  enum class Kind {
    set,     ///< one character
    begin,   ///< `^`
    end,     ///< `$`
    all,     ///< the children in a row
    one_of,  ///< one of the children
    repeat,  ///< the child, `least` to `most` times
  };
  Kind kind = Kind::all;
  CharSet inside;     ///< set: characters that surely match
  CharSet printable;  ///< set: those of them that are printable ASCII
  CharSet cover;      ///< set: every character that may match
  std::vector<PatternNode> children;
  std::size_t least = 0, most = 0;
  /// Characters of the shortest and the longest string.
  std::size_t shortest = 0, longest = 0;
};

/// Nothing if something in it is not supported; see pattern_strings.h.
std::optional<PatternNode> read_pattern(std::string_view pattern);

}  // namespace harness::generate
