#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <string>

#include "harness/run/example.h"

/// Requests made small enough to be read.
///
///     const auto shorter = minimise(found, [&](const std::string& http_text) {
///       return signatures_of(http_text).contains(signature);
///     }, {}, examples);
///
/// What a person would have written by hand is the aim: headers and members that nothing depends on are gone,
/// values are those of the examples or short, long repetitions stand as `{{repeat 1000 [}}`, and characters
/// are plain ASCII wherever others make no difference. Placeholders stay, so that the result is portable.
namespace harness::run {

struct MinimiseLimits {
  std::size_t tries = 300;  ///< calls of `still`
  /// No try begins later; one that has begun is waited for. So that results are the same everywhere, let the
  /// tries decide and this be generous.
  std::chrono::milliseconds time{20'000};
};

/// The smallest HTTP text found of which `still` says that it shows the same. `still` is assumed for the text
/// itself, and asked of each other text at most once. The result is never larger than the text, and as long
/// as the limits were not reached, minimising it again changes nothing. Text that is no HTTP text is
/// shortened as any text.
///
/// `examples` (by operation) are the values that are preferred; without them it is "Example".
std::string minimise(std::string http_text, const std::function<bool(const std::string&)>& still,
                     const MinimiseLimits& limits, const Examples& examples = {});

}  // namespace harness::run
