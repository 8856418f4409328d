#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Internal to json.cc: what nlohmann/json refuses although a referee wants to read on. Texts that parse
/// never come here.
namespace harness::wire {

/// A copy of a JSON text in which everything repairable was replaced:
///  * each byte in a string that is not UTF-8 by U+FFFD,
///  * each escape of a surrogate without its partner by `\ufffd`,
///  * each number beyond double by `0` between blanks.
/// Tokens are named by their ordinal: the n-th string (keys and values alike) or the n-th number of the text,
/// from 0. Each list is ascending and without repetition.
struct RepairedJson {
  std::string text;
  std::vector<std::size_t> invalid_utf8;     ///< ordinals of strings
  std::vector<std::size_t> lone_surrogates;  ///< ordinals of strings
  std::vector<std::size_t> unrepresentable;  ///< ordinals of numbers
};

/// The repaired text, or nothing if there was nothing to repair. Time and memory are linear in the text.
std::optional<RepairedJson> repair_json(std::string_view text);

/// Where in `original` the byte at `offset` of its repaired text comes from.
std::size_t original_offset(std::string_view original, std::size_t offset);

/// The offset of the bracket that opens level `max_depth + 1`; the text's size if there is none.
std::size_t too_deep_offset(std::string_view text, std::size_t max_depth);

}  // namespace harness::wire
