#pragma once

#include <optional>
#include <string>
#include <string_view>

/// Base64 (RFC 4648 §4, with padding), for the bytes in a result file that are not UTF-8.
namespace harness::report {

std::string to_base64(std::string_view bytes);

/// The bytes, or nothing if the text is not base64.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace harness::report
