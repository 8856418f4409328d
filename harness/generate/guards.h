#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "harness/generate/vocabulary.h"
#include "harness/wire/http_text.h"

/// Internal to the mutator: what its outputs must never hold.
namespace harness::generate {

/// The most that a length may promise: no body that fuzzing makes is as long (kMaxRepeated), so it is never
/// more than that beyond what there is. It does not depend on the body, which other guards may still shorten.
constexpr std::size_t kMaxBeyond = std::size_t{1} << 20;

/// Content-Length and chunk sizes of more than kMaxBeyond become that. True if something was changed.
bool cap_lengths(wire::HttpText& text);

/// How many bytes the text's `{{repeat}}` fill.
std::size_t repeated_bytes(std::string_view text);
/// Lowers their counts so that they fill at most `most`. True if something was changed.
bool cap_repeats(std::string& text, std::size_t most);

/// What looks like a placeholder, but stands neither in the input nor in the vocabulary and is none that
/// always has a value, loses a brace: no endpoint could be sent the whole request otherwise. True if
/// something was changed.
bool break_unknown_placeholders(std::string& text, std::string_view input, const Vocabulary& vocabulary);

}  // namespace harness::generate
