// JSON: our reader and nlohmann's own agree on what is JSON and on its value, but for what JsonNote names;
// and what is written reads the same.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "fuzzers/check.h"
#include "harness/wire/json.h"

namespace {

using fuzzers::check;
namespace wire = harness::wire;
using Note = wire::JsonNote::Kind;

// nlohmann's ordered objects cost quadratic time in their members, and comparing values costs stack in their
// depth.
constexpr std::size_t kMaxInput = 16 * 1024;
constexpr std::size_t kMaxDepth = 500;

// Texts that nlohmann refuses and we read on.
bool repaired(const wire::JsonText& text) {
  return text.has(Note::invalid_utf8) || text.has(Note::lone_surrogate) || text.has(Note::unrepresentable);
}

void agree(std::string_view text, const tl::expected<wire::JsonText, wire::JsonSyntaxError>& ours) {
  // nlohmann takes a NUL outside of strings for the end of its input, which is a peculiarity of its own.
  if (text.find('\0') != std::string_view::npos) return;
  const bool theirs = nlohmann::json::accept(text);
  if (!ours) {
    if (ours.error().kind == wire::JsonSyntaxError::Kind::too_deep) return;
    check(!theirs, "what we refuse is not JSON", ours.error().reason);
    check(ours.error().offset <= text.size(), "an error stands within the text");
    return;
  }
  check(theirs == !repaired(*ours), "we read what is JSON, and name what is not quite", text);
  if (!theirs || ours->has(Note::duplicate_key)) return;
  check(wire::Json::parse(text, nullptr, false) == ours->value, "the value is the one that nlohmann reads",
        text);
}

void reads_back(const wire::Json& value) {
  const std::string written = wire::to_text(value);
  check(std::all_of(written.begin(), written.end(), [](char c) { return c >= ' ' && c <= '~'; }),
        "what is written is printable ASCII on one line", written);
  const auto again = wire::parse_json(written);
  check(again.has_value(), "what was written can be read", written);
  check(again->value == value, "writing and reading give the same value", written);
  check(!repaired(*again) && !again->has(Note::duplicate_key), "what was written is plain JSON", written);
  check(wire::to_text(again->value) == written, "writing is stable", written);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > kMaxInput) return 0;
  const auto text = fuzzers::as_text(data, size);
  const auto parsed = wire::parse_json(text, kMaxDepth);
  agree(text, parsed);
  if (parsed) reads_back(parsed->value);
  check(wire::scalar_count(text) <= size, "a text has no more characters than bytes");
  return 0;
}
