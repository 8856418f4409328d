#include "harness/report/markdown_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/report/case_view.h"
#include "harness/report/text.h"

namespace harness::report {

std::string markdown_text(std::string_view bytes) {
  // CommonMark lets any ASCII punctuation be escaped, and these are all that can begin markup.
  std::string out;
  for (const char c : one_line(bytes)) {
    if (std::string_view("\\`*_{}[]<>()#+!|&~$").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::string markdown_name(std::string_view bytes) {
  return "<code>" + markdown_text(bytes) + "</code>";
}

std::string markdown_block(std::string_view language, const std::vector<std::string>& lines) {
  std::size_t longest = 0;
  for (const std::string& line : lines) {
    std::size_t row = 0;
    for (const char c : line) longest = std::max(longest, row = c == '`' ? row + 1 : 0);
  }
  const std::string fence(std::max<std::size_t>(3, longest + 1), '`');
  return fmt::format("{}{}\n{}\n{}\n\n", fence, language, joined(lines), fence);
}

}  // namespace harness::report
