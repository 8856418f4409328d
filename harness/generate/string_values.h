#pragma once

#include <vector>

#include "harness/generate/values.h"

namespace harness::generate {

/// The values for length, pattern and enum constraints of a string member; of lengths, up to `longest`
/// characters.
std::vector<Value> string_values(const model::Constraints& constraints, const std::string& example,
                                 std::size_t longest = kLongestValue);

/// UTF-8 of one scalar value.
std::string utf8_of(char32_t c);

}  // namespace harness::generate
