#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace harness::wire {

/// Compresses content in a coding of RFC 9110 §8.4.1: `gzip` or `deflate` (the zlib format). The same content
/// gives the same bytes. Nothing for any other coding.
///
///     compress(R"({"Name":"Example"})", "gzip")
std::optional<std::string> compress(std::string_view content, std::string_view coding);

}  // namespace harness::wire
