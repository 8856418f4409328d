#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "harness/generate/random.h"
#include "harness/wire/http_text.h"

/// Internal to the mutator: one input of two.
namespace harness::generate {

/// Members, headers and pieces of strings of both; neither is a raw text.
wire::HttpText cross_requests(const wire::HttpText& a, const wire::HttpText& b, Random& random);

/// The beginning of one and the end of the other.
std::string splice_bytes(std::string_view a, std::string_view b, Random& random);

}  // namespace harness::generate
