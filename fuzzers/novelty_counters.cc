#include "fuzzers/novelty_counters.h"

#include <algorithm>
#include <cstdint>

#include "harness/base/hash.h"

namespace {

// Set to 1, never counted up: how often an answer came says nothing, and libFuzzer would take each number for
// something new. Volatile and used, or the compiler sees that nobody reads it.
__attribute__((section("__libfuzzer_extra_counters"), used,
               aligned(8))) volatile std::uint8_t counters[fuzzers::kCounters];

}  // namespace

namespace fuzzers {

std::size_t counter_of(std::string_view kind) {
  std::uint64_t h = harness::base::fnv1a(kind);
  h ^= h >> 32;
  // The first is the one that is always set.
  return 1 + static_cast<std::size_t>(h % (kCounters - 1));
}

void hit(std::string_view kind) {
  hit_always();
  counters[counter_of(kind)] = 1;
}

void hit_always() {
  counters[0] = 1;
}

bool is_hit(std::size_t counter) {
  return counter < kCounters && counters[counter] != 0;
}

void clear_counters() {
  std::fill(std::begin(counters), std::end(counters), std::uint8_t{0});
}

}  // namespace fuzzers
