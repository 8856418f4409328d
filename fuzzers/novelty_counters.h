#pragma once

#include <cstddef>
#include <string_view>

/// Feedback for libFuzzer from outside of the program: a counter for each kind of answer, in the section
/// `__libfuzzer_extra_counters`. libFuzzer shows what they find as `ft:`, and keeps an input that sets one
/// that was not set before. At its start it says "INFO: Extra Counters" if they are linked in.
namespace fuzzers {

constexpr std::size_t kCounters = std::size_t{1} << 14;

/// The counter that stands for this kind: the same in every process.
std::size_t counter_of(std::string_view kind);

/// Says that this input led to an answer of this kind (oracle::Novelty). libFuzzer clears the counters before
/// each input.
void hit(std::string_view kind);

/// Says that an input ran, whatever came of it: without any feature libFuzzer takes a target for broken.
void hit_always();

/// For tests: what is set.
bool is_hit(std::size_t counter);
void clear_counters();

}  // namespace fuzzers
