#pragma once

#include <cstddef>
#include <cstdint>

/// Pseudo-random choices that are the same on every machine: the standard library's distributions differ
/// between implementations, and a seed that is printed must find the same again.
namespace harness::generate {

/// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014).
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
  }
  /// From 0 to n-1; 0 if n is 0.
  std::size_t below(std::size_t n) { return n == 0 ? 0 : static_cast<std::size_t>(next() % n); }
  /// From `low` to `high`, both possible; `low` if they are the wrong way round.
  std::size_t between(std::size_t low, std::size_t high) {
    return high <= low ? low : low + below(high - low + 1);
  }
  bool percent(std::size_t chance) { return below(100) < chance; }
  /// One of the elements; there must be some.
  template <typename Range>
  const auto& pick(const Range& range) {
    return range[below(std::size(range))];
  }

 private:
  std::uint64_t state_;
};

}  // namespace harness::generate
