#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Text for people out of bytes that an endpoint chose. Everything that a report shows of a request or an
/// answer goes through here, so that no answer can move the cursor, retitle the window, or reverse what a
/// person reads.
namespace harness::report {

/// One step through bytes that are meant to be UTF-8.
struct Scalar {
  char32_t code = 0;       ///< the scalar value; the byte itself if not `valid`
  std::string_view bytes;  ///< where it stands; one byte if not `valid`
  bool valid = true;
};

/// The bytes as scalar values, and as single bytes wherever they are not UTF-8. Linear.
std::vector<Scalar> scalars(std::string_view bytes);

/// True for what must never reach a terminal or a page as it is: C0 and C1 controls, and characters that are
/// invisible or change the direction of text (U+200B, U+202E, …).
bool is_unsafe(char32_t code);

/// `bytes` on one line: unsafe characters as `\n`, `\x1b` or `\u{202e}`, bytes that are not UTF-8 as `\xff`.
std::string one_line(std::string_view bytes);

/// As one_line(), but LF and CRLF stay line ends (as LF) and tabs become two spaces.
std::string many_lines(std::string_view bytes);

/// The columns that a text takes on a terminal: East Asian wide characters and emoji two, combining marks
/// none.
std::size_t display_width(std::string_view utf8);

/// At most `width` columns: the text itself, or its beginning and "...".
std::string cut(std::string_view utf8, std::size_t width);

/// Filled up with spaces to `width` columns, on the right or on the left.
std::string pad_right(std::string_view utf8, std::size_t width);
std::string pad_left(std::string_view utf8, std::size_t width);

/// The first lines of a text, safe to show: at most `lines` lines of at most `columns` columns. What was left
/// out is said in the end: "... (3 more lines)", "... (1,048,576 bytes in all)".
struct ExcerptLimits {
  std::size_t lines = 6;
  std::size_t columns = 160;
};
/// In reports that are files, where a case has room.
inline constexpr ExcerptLimits kReportExcerpt{60, 2000};
/// In Markdown, which people read whole.
inline constexpr ExcerptLimits kMarkdownExcerpt{20, 500};
std::vector<std::string> excerpt(std::string_view bytes, const ExcerptLimits& limits);

/// "1,597"
std::string grouped(std::uint64_t number);

/// "1 case", "1,597 cases"
std::string counted(std::uint64_t number, std::string_view one, std::string_view many);

/// Every byte escaped that is not unreserved (RFC 3986, §2.3) or a slash: for a path or a fragment of a URI.
std::string percent_encoded(std::string_view bytes);

/// "340 ms", "12.3 s", "2 min 5 s"
std::string duration_text(std::chrono::microseconds duration);

/// True if the bytes are UTF-8 throughout.
bool is_utf8(std::string_view bytes);

/// The text with every character that XML 1.0 forbids (and every byte that is not UTF-8) as U+FFFD.
std::string xml_text(std::string_view bytes);

}  // namespace harness::report
