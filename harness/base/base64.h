#pragma once

#include <optional>
#include <string>
#include <string_view>

/// Base64 (RFC 4648 §4, with padding).
namespace harness::base {

std::string to_base64(std::string_view bytes);

/// The bytes, or nothing if the text is not base64.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace harness::base
