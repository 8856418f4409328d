#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/result.h"

/// Internal to HTTP text: what reading and writing share.
namespace harness::wire {

/// The value of the comment's directive `@name`, if that is what the comment is.
std::optional<std::string_view> directive_value(std::string_view comment, std::string_view name);

/// The headers that the comments' `@without` directives name.
std::vector<std::string> without_of(const std::vector<std::string>& comments);

/// True if some comment is `@raw cut`.
bool says_cut(const std::vector<std::string>& comments);

/// The offset of the first byte that must not stand as it is in a text: a control character other than tab
/// (and, if `newlines`, line feed), or a byte that is not UTF-8. The text's size if there is none.
std::size_t find_unprintable(std::string_view text, bool newlines);

/// Appends `text` with backslashes, unprintable bytes and all characters of `also` escaped.
void append_escaped(std::string& out, std::string_view text, bool newlines, std::string_view also = {});

/// The bytes that an escaped text stands for; if it has a backslash that starts no escape, that backslash's
/// offset.
tl::expected<std::string, std::size_t> unescape(std::string_view text);

}  // namespace harness::wire
