// HTTP text: whatever can be read is written back so that it reads the same, whatever bytes a request holds
// can be written, and placeholders never do harm.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "fuzzers/check.h"
#include "harness/wire/http_text.h"

namespace {

using fuzzers::check;
namespace wire = harness::wire;

// No text that a person writes is larger, and every step is linear: more bytes reach no more code.
constexpr std::size_t kMaxInput = 64 * 1024;
constexpr std::size_t kMaxRepeated = 1 << 20;

void reads_back(const wire::HttpText& text) {
  const std::string printed = wire::print_http_text(text);
  const auto again = wire::parse_http_text(printed);
  check(again.has_value(), "what was printed can be read", printed);
  check(*again == text, "print and parse give the same text", printed);
  check(wire::print_http_text(*again) == printed, "printing is stable", printed);
}

// A request that no text was the source of.
void carries_any_bytes(std::string_view bytes) {
  wire::HttpText raw;
  raw.raw = true;
  raw.raw_bytes = bytes;
  const auto raw_again = wire::parse_http_text(wire::print_http_text(raw));
  check(raw_again && raw_again->raw && raw_again->raw_bytes == bytes, "raw text carries any bytes",
        wire::print_http_text(raw));

  wire::HttpText text;
  const std::size_t head = std::min<std::size_t>(bytes.size(), 64);
  text.request.headers.add("X-Amz-Target", std::string(bytes.substr(0, head)));
  text.request.body = bytes.substr(head);
  const auto again = wire::parse_http_text(wire::print_http_text(text));
  check(again && again->request == text.request, "a header's value and a body may be any bytes",
        wire::print_http_text(text));
}

void expands(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> asked;
  const auto lookup = [&](std::string_view name, std::string_view argument) -> harness::Result<std::string> {
    std::pair<std::string, std::string> entry(name, argument);
    if (std::find(asked.begin(), asked.end(), entry) == asked.end()) asked.push_back(std::move(entry));
    return std::string(name);
  };
  const auto expanded = wire::expand(text, lookup);
  const auto listed = wire::placeholders(text);
  if (expanded) check(asked == listed, "expand asks for exactly the placeholders that are listed");
  if (text.find("{{") == std::string_view::npos) {
    check(expanded && *expanded == text, "text without placeholders is returned as it is");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > kMaxInput) return 0;
  const auto text = fuzzers::as_text(data, size);
  if (const auto parsed = wire::parse_http_text(text)) reads_back(*parsed);
  carries_any_bytes(text);
  if (fuzzers::asks_to_repeat(text) <= kMaxRepeated) expands(text);
  return 0;
}
