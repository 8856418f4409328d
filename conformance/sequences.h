#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "harness/result.h"

namespace fuzzers {
class Live;
}

namespace conformance::pack {

/// Sequences of calls that depend on one another, as the pack writes them down: a step a line. What
/// sequence_live fuzzes with.
class Sequences {
 public:
  virtual ~Sequences() = default;
  /// Whether the endpoint can do what sequences rest on. Error: why not.
  virtual harness::Status possible() = 0;
  /// One input of the fuzzer: runs it, learns from the answers, reports what is wrong.
  virtual void one(std::string_view text) = 0;
};
/// `live` must outlive it.
std::unique_ptr<Sequences> sequences(fuzzers::Live& live);

/// A text with a step put in, left out, doubled, moved or changed; at most `max_size` bytes. The same seed
/// gives the same text.
std::string mutate_sequence(std::string_view text, std::uint64_t seed, std::size_t max_size);

}  // namespace conformance::pack
