#pragma once

#include <cstdint>
#include <vector>

/// Internal to pattern_strings.cc: sets of Unicode scalar values.
namespace harness::generate {

class CharSet {
 public:
  struct Range {
    char32_t first, last;
  };

  void add(char32_t first, char32_t last);
  void add(const CharSet& other);
  /// Every other scalar value.
  CharSet complement() const;
  /// With the other case of every ASCII letter in it.
  CharSet folded() const;

  bool empty() const { return ranges_.empty(); }
  bool contains(char32_t c) const;
  /// Ascending, not touching each other.
  const std::vector<Range>& ranges() const { return ranges_; }
  std::uint32_t size() const;
  /// The n-th, from 0.
  char32_t at(std::uint32_t n) const;
  /// Those of printable ASCII.
  CharSet printable() const;

 private:
  std::vector<Range> ranges_;
};

}  // namespace harness::generate
