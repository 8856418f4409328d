#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "harness/generate/random.h"

/// Internal to the mutator: changes that know no model.
namespace harness::generate {

/// Damages the syntax of a JSON text, or writes the same in an unusual way: cut short, commas, quotes, white
/// space, escapes, numbers, depth, encodings, something behind its end.
void damage_json(std::string& text, Random& random, std::size_t most);

/// Changes bytes, as libFuzzer does: flipped, replaced, inserted, removed, repeated, numbers changed.
void change_bytes(std::string& bytes, Random& random, std::size_t most);

}  // namespace harness::generate
