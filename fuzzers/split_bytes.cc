#include "fuzzers/split_bytes.h"

#include <algorithm>
#include <optional>
#include <string>

#include "harness/base/ascii.h"
#include "harness/oracle/framing.h"
#include "harness/wire/message.h"

namespace fuzzers {
namespace {

namespace oracle = harness::oracle;
namespace wire = harness::wire;

constexpr std::size_t kMaxRequests = 16;

// The end of the chunked body that begins here.
std::optional<std::size_t> end_of_chunks(std::string_view bytes, std::size_t at) {
  for (;;) {
    const std::size_t line = bytes.find("\r\n", at);
    if (line == std::string_view::npos) return std::nullopt;
    std::size_t size = 0;
    std::size_t digits = 0;
    for (; at + digits < line && digits < 8; ++digits) {
      const int value = harness::base::hex_value(bytes[at + digits]);
      if (value < 0) break;
      size = size * 16 + static_cast<std::size_t>(value);
    }
    if (digits == 0) return std::nullopt;
    at = line + 2;
    if (size > 0) {
      if (bytes.size() - at < size || bytes.size() - at - size < 2) return std::nullopt;
      at += size + 2;
      continue;
    }
    // Trailer fields, up to an empty line.
    for (;;) {
      const std::size_t end = bytes.find("\r\n", at);
      if (end == std::string_view::npos) return std::nullopt;
      const bool empty = end == at;
      at = end + 2;
      if (empty) return at;
    }
  }
}

// How long the first request is, if it says so in a way that everybody understands alike.
std::optional<std::size_t> length_of_first(std::string_view bytes, bool& is_chunked) {
  const std::size_t head = bytes.find("\r\n\r\n");
  if (head == std::string_view::npos) return std::nullopt;
  const auto parsed = wire::parse_request(bytes.substr(0, head + 4));
  // With a body the head alone is "cut short"; its headers are read with a body put in its place.
  std::optional<std::size_t> length;
  bool chunked = false;
  std::size_t at = bytes.find("\r\n") + 2;
  while (at < head) {
    const std::size_t end = bytes.find("\r\n", at);
    const std::string_view line = bytes.substr(at, end - at);
    at = end + 2;
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const std::string_view name = line.substr(0, colon);
    const std::string_view value = harness::base::trimmed(line.substr(colon + 1));
    if (wire::same_name(name, "Content-Length")) {
      if (length || value.empty() || value.size() > 7 ||
          !std::all_of(value.begin(), value.end(), harness::base::is_digit))
        return std::nullopt;
      length = static_cast<std::size_t>(std::stoul(std::string(value)));
    } else if (wire::same_name(name, "Transfer-Encoding")) {
      if (chunked || !wire::same_name(value, "chunked")) return std::nullopt;
      chunked = true;
    }
  }
  if (chunked && length) return std::nullopt;
  is_chunked = chunked;
  if (chunked) return end_of_chunks(bytes, head + 4);
  if (!length && !parsed) return std::nullopt;
  const std::size_t end = head + 4 + length.value_or(0);
  return end <= bytes.size() ? std::optional(end) : std::nullopt;
}

}  // namespace

SplitBytes split_requests(std::string_view bytes) {
  SplitBytes out;
  out.rest = bytes;
  while (!out.rest.empty() && out.requests.size() < kMaxRequests) {
    bool chunked = false;
    const auto length = length_of_first(out.rest, chunked);
    if (!length) break;
    const std::string_view first = out.rest.substr(0, *length);
    if (!wire::parse_request(first) || oracle::refusable_head(first)) break;
    out.requests.push_back(first);
    out.chunked = out.chunked || chunked;
    out.rest.remove_prefix(*length);
  }
  return out;
}

}  // namespace fuzzers
