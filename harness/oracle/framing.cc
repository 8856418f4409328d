#include "harness/oracle/framing.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/ascii.h"
#include "harness/wire/message.h"

namespace harness::oracle {
namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::string_view kBlanks = " \t";

/// Head and body of a request, as somebody reads them: without the empty line between them.
struct Reading {
  std::string_view head, body;
  std::string_view line_end;  ///< of chunk lines
};

/// Lines end with CRLF; but for those who take a line feed alone for the end of a line (RFC 9112 §2.2) the
/// first line that is empty may come earlier, and what is behind it is body.
std::vector<Reading> readings(std::string_view bytes) {
  std::vector<Reading> out;
  const auto add = [&](std::string_view empty_line, std::string_view line_end) {
    const std::size_t end = bytes.find(empty_line);
    if (end != std::string_view::npos)
      out.push_back({bytes.substr(0, end), bytes.substr(end + empty_line.size()), line_end});
  };
  add("\r\n\r\n", kLineEnd);
  add("\n\n", "\n");
  add("\n\r\n", "\n");
  return out;
}

/// Calls `use(line)` for each line of the head behind the request line. A line feed alone ends a line too,
/// for those who read it so; what they take for the end of the head does not end it here.
template <class Use>
void each_header_line(std::string_view head, Use use) {
  for (std::size_t at = head.find('\n'); at != std::string_view::npos;) {
    const std::size_t end = head.find('\n', ++at);
    std::string_view line = head.substr(at, end == std::string_view::npos ? end : end - at);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty()) use(line);
    at = end;
  }
}

/// The value of a header line of this name, or "".
std::string_view value_of(std::string_view line, std::string_view name) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || !wire::same_name(line.substr(0, colon), name)) return {};
  const std::string_view value = line.substr(colon + 1);
  const std::size_t first = value.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return value.substr(first, value.find_last_not_of(kBlanks) - first + 1);
}

/// A length too large for 64 bits is a length all the same (RFC 9110 §8.6, RFC 9112 §7.1): whoever can count
/// that far may wait for so many bytes.
bool announces_more_than_64_bits(const Reading& r) {
  constexpr std::size_t kDecimalDigits = 19;
  constexpr std::size_t kHexDigits = 16;
  bool found = false;
  bool chunked = false;
  each_header_line(r.head, [&](std::string_view line) {
    const std::string_view length = value_of(line, "Content-Length");
    if (length.size() > kDecimalDigits && std::all_of(length.begin(), length.end(), base::is_digit))
      found = true;
    if (!value_of(line, "Transfer-Encoding").empty()) chunked = true;
  });
  if (!chunked) return found;
  for (std::size_t i = 0; i < r.body.size();) {
    const auto start = r.body.begin() + static_cast<std::ptrdiff_t>(i);
    const auto end = std::find_if_not(start, r.body.end(), base::is_hex_digit);
    const auto digits = static_cast<std::size_t>(end - start);
    if (digits > kHexDigits && (i == 0 || r.body.substr(0, i).ends_with(r.line_end))) return true;
    i += digits + 1;
  }
  return found;
}

/// Fewer bytes follow the head than its only Content-Length announces. Whatever else is wrong with the head,
/// a server that overlooks it waits for the rest.
bool body_is_missing(const Reading& r) {
  constexpr std::size_t kDecimalDigits = 18;
  std::size_t lengths = 0;
  std::size_t announced = 0;
  each_header_line(r.head, [&](std::string_view line) {
    const std::string_view length = value_of(line, "Content-Length");
    if (length.empty()) return;
    ++lengths;
    if (length.size() > kDecimalDigits || !std::all_of(length.begin(), length.end(), base::is_digit)) return;
    for (const char c : length) announced = announced * 10 + static_cast<std::size_t>(c - '0');
  });
  return lengths == 1 && announced > r.body.size();
}

/// The next line, without its end, taken from `rest`; nothing if its end is missing.
std::optional<std::string_view> take_line(std::string_view& rest, const Reading& r) {
  const std::size_t end = rest.find(r.line_end);
  if (end == std::string_view::npos) return std::nullopt;
  std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end + r.line_end.size());
  if (r.line_end == "\n" && line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

bool is_chunked(const Reading& r) {
  bool chunked = false;
  each_header_line(r.head, [&](std::string_view line) {
    const std::string_view codings = value_of(line, "Transfer-Encoding");
    if (codings.empty()) return;
    const std::string_view last = codings.substr(codings.find_last_of(", \t") + 1);
    chunked = wire::same_name(last, "chunked");
  });
  return chunked;
}

/// A chunked body whose end is missing. Other headers may say that the request is broken anyhow; a server
/// that goes by this one (RFC 9112 §6.1 and §6.3 let it) waits for the rest.
bool chunks_are_missing(const Reading& r) {
  constexpr std::size_t kHexDigits = 15;
  if (!is_chunked(r)) return false;
  std::string_view rest = r.body;
  for (;;) {
    const auto line = take_line(rest, r);
    if (!line) return true;
    std::size_t size = 0;
    std::size_t digits = 0;
    for (; digits < std::min(kHexDigits, line->size()) && base::is_hex_digit((*line)[digits]); ++digits) {
      const char c = (*line)[digits];
      size = size * 16 + static_cast<std::size_t>(base::hex_value(c));
    }
    if (digits == 0) return false;
    if (size == 0) break;
    if (rest.size() <= size) return true;
    rest.remove_prefix(size);
    const auto behind = take_line(rest, r);
    if (!behind) return true;
    if (!behind->empty()) return false;
  }
  // Trailer fields end with an empty line.
  for (;;) {
    const auto line = take_line(rest, r);
    if (!line) return true;
    if (line->empty()) return false;
  }
}

/// To somebody, the message is not over.
bool may_be_waited_for(std::string_view bytes) {
  const auto all = readings(bytes);
  return std::any_of(all.begin(), all.end(), [](const Reading& r) {
    return chunks_are_missing(r) || body_is_missing(r) || announces_more_than_64_bits(r);
  });
}

}  // namespace

Rule broken_framing(std::string_view bytes, std::string_view reason) {
  // Empty lines before a request are nothing, to many (RFC 9112 §2.2).
  const std::size_t empty_lines = std::min(bytes.find_first_not_of(kLineEnd), bytes.size());
  bytes.remove_prefix(empty_lines);
  // More bytes could still make it whole, or end the head: then waiting for them is what a server may do.
  if (bytes.find("\r\n\r\n") == std::string_view::npos) return Rule::incomplete;
  if (reason.find("cut short") != std::string_view::npos || may_be_waited_for(bytes)) return Rule::incomplete;
  if (bytes.substr(0, bytes.find(kLineEnd)).find(" HTTP/1.") == std::string_view::npos)
    return Rule::request_line;
  return empty_lines > 0 ? Rule::request_line : Rule::framing;
}

bool refusable_head(std::string_view bytes) {
  std::size_t lengths = 0;
  bool odd = false;
  each_header_line(bytes.substr(0, bytes.find("\r\n\r\n")), [&](std::string_view line) {
    if (kBlanks.find(line.front()) != std::string_view::npos) odd = true;
    const std::string_view length = value_of(line, "Content-Length");
    if (length.empty()) return;
    ++lengths;
    if (length.find(',') != std::string_view::npos) odd = true;
  });
  return odd || lengths > 1;
}

}  // namespace harness::oracle
