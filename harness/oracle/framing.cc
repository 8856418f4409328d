#include "harness/oracle/framing.h"

#include <algorithm>
#include <string>

#include "harness/wire/message.h"

namespace harness::oracle {
namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::string_view kBlanks = " \t";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_hex_digit(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// Calls `use(line)` for each line of the head behind the request line. A line feed alone ends a line too,
/// for those who read it so (RFC 9112 §2.2); what they take for the end of the head does not end it here.
template <class Use>
void each_header_line(std::string_view bytes, Use use) {
  const std::string_view head = bytes.substr(0, bytes.find("\r\n\r\n"));
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
bool announces_more_than_64_bits(std::string_view bytes) {
  constexpr std::size_t kDecimalDigits = 19;
  constexpr std::size_t kHexDigits = 16;
  bool found = false;
  bool chunked = false;
  each_header_line(bytes, [&](std::string_view line) {
    const std::string_view length = value_of(line, "Content-Length");
    if (length.size() > kDecimalDigits && std::all_of(length.begin(), length.end(), is_digit)) found = true;
    if (!value_of(line, "Transfer-Encoding").empty()) chunked = true;
  });
  if (!chunked) return found;
  const std::size_t body = bytes.find("\r\n\r\n");
  for (std::size_t i = body; i < bytes.size();) {
    const auto start = bytes.begin() + static_cast<std::ptrdiff_t>(i);
    const auto end = std::find_if_not(start, bytes.end(), is_hex_digit);
    const auto digits = static_cast<std::size_t>(end - start);
    const bool line_starts =
        i >= kLineEnd.size() && bytes.substr(i - kLineEnd.size(), kLineEnd.size()) == kLineEnd;
    if (line_starts && digits > kHexDigits) return true;
    i += digits + 1;
  }
  return found;
}

/// Fewer bytes follow the head than its only Content-Length announces. Whatever else is wrong with the head,
/// a server that overlooks it waits for the rest.
bool body_is_missing(std::string_view bytes) {
  constexpr std::size_t kDecimalDigits = 18;
  std::size_t lengths = 0;
  std::size_t announced = 0;
  each_header_line(bytes, [&](std::string_view line) {
    const std::string_view length = value_of(line, "Content-Length");
    if (length.empty()) return;
    ++lengths;
    if (length.size() > kDecimalDigits || !std::all_of(length.begin(), length.end(), is_digit)) return;
    for (const char c : length) announced = announced * 10 + static_cast<std::size_t>(c - '0');
  });
  const std::size_t body = bytes.find("\r\n\r\n") + 2 * kLineEnd.size();
  return lengths == 1 && announced > bytes.size() - body;
}

bool is_chunked(std::string_view bytes) {
  bool chunked = false;
  each_header_line(bytes, [&](std::string_view line) {
    const std::string_view codings = value_of(line, "Transfer-Encoding");
    if (codings.empty()) return;
    const std::string_view last = codings.substr(codings.find_last_of(", \t") + 1);
    chunked = wire::same_name(last, "chunked");
  });
  return chunked;
}

/// A chunked body whose end is missing. Other headers may say that the request is broken anyhow; a server
/// that goes by this one (RFC 9112 §6.1 and §6.3 let it) waits for the rest.
bool chunks_are_missing(std::string_view bytes) {
  constexpr std::size_t kHexDigits = 15;
  if (!is_chunked(bytes)) return false;
  std::size_t at = bytes.find("\r\n\r\n") + 2 * kLineEnd.size();
  for (;;) {
    const std::size_t end = bytes.find(kLineEnd, at);
    if (end == std::string_view::npos) return true;
    std::size_t size = 0;
    std::size_t digits = 0;
    for (; digits < kHexDigits && is_hex_digit(bytes[at + digits]); ++digits) {
      const char c = bytes[at + digits];
      size = size * 16 + static_cast<std::size_t>(is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    if (digits == 0) return false;
    at = end + kLineEnd.size();
    if (size == 0) break;
    if (bytes.size() - at < kLineEnd.size() || bytes.size() - at - kLineEnd.size() < size) return true;
    if (bytes.substr(at + size, kLineEnd.size()) != kLineEnd) return false;
    at += size + kLineEnd.size();
  }
  // Trailer fields end with an empty line.
  return bytes.substr(at, kLineEnd.size()) != kLineEnd &&
         bytes.find("\r\n\r\n", at) == std::string_view::npos;
}

}  // namespace

Rule broken_framing(std::string_view bytes, std::string_view reason) {
  // Empty lines before a request are nothing, to many (RFC 9112 §2.2).
  const std::size_t empty_lines = std::min(bytes.find_first_not_of(kLineEnd), bytes.size());
  bytes.remove_prefix(empty_lines);
  // More bytes could still make it whole, or end the head: then waiting for them is what a server may do.
  if (bytes.find("\r\n\r\n") == std::string_view::npos) return Rule::incomplete;
  if (bytes.substr(0, bytes.find(kLineEnd)).find(" HTTP/1.") == std::string_view::npos)
    return Rule::request_line;
  if (reason.find("cut short") != std::string_view::npos || chunks_are_missing(bytes) ||
      body_is_missing(bytes) || announces_more_than_64_bits(bytes))
    return Rule::incomplete;
  return empty_lines > 0 ? Rule::request_line : Rule::framing;
}

bool refusable_head(std::string_view bytes) {
  std::size_t lengths = 0;
  bool odd = false;
  each_header_line(bytes, [&](std::string_view line) {
    if (kBlanks.find(line.front()) != std::string_view::npos) odd = true;
    const std::string_view length = value_of(line, "Content-Length");
    if (length.empty()) return;
    ++lengths;
    if (length.find(',') != std::string_view::npos) odd = true;
  });
  return odd || lengths > 1;
}

}  // namespace harness::oracle
