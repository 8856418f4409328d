#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Bytes that an endpoint chose as parts of a Markdown file (CommonMark).
namespace harness::report {

/// Text as text: whatever could begin markup is escaped. One line.
std::string markdown_text(std::string_view bytes);

/// A name in fixed width, also in tables, where a code span could not hold a `|`.
std::string markdown_name(std::string_view bytes);

/// A fenced block whose fence is longer than any row of backticks in it.
std::string markdown_block(std::string_view language, const std::vector<std::string>& lines);

}  // namespace harness::report
