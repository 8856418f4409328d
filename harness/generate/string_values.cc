#include "harness/generate/string_values.h"

#include <fmt/format.h>
#include <utf8cpp/utf8.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <span>
#include <utility>

#include "harness/base/ascii.h"
#include "harness/wire/json.h"

namespace harness::generate {
namespace {

struct Probe {
  char32_t c;
  std::string_view what;
};

// Characters outside ASCII that readers of a pattern let in by mistake: Unicode letters and digits (\w, \d,
// isalnum()), look-alikes, what case folding maps into ASCII, and what is invisible.
constexpr std::array kBeyondAscii = {
    Probe{0x00e9, "a Latin letter with an accent"},
    Probe{0x00df, "sharp s"},
    Probe{0x0131, "dotless i"},
    Probe{0x017f, "long s, which folds to s"},
    Probe{0x0430, "a Cyrillic letter that looks like a"},
    Probe{0x03b1, "a Greek letter"},
    Probe{0x05d0, "a Hebrew letter"},
    Probe{0x4e2d, "a Chinese character"},
    Probe{0x212a, "the Kelvin sign, which folds to k"},
    Probe{0xff41, "a full-width letter"},
    Probe{0xff11, "a full-width digit"},
    Probe{0x0663, "an Arabic digit"},
    Probe{0x0967, "a Devanagari digit"},
    Probe{0x00b2, "superscript two"},
    Probe{0x2167, "a Roman numeral"},
    Probe{0x2010, "a hyphen that is not ASCII's"},
    Probe{0xff0e, "a full-width full stop"},
    Probe{0x203f, "a connector that is not the underscore"},
    Probe{0x0301, "a combining accent"},
    Probe{0x00a0, "a no-break space"},
    Probe{0x200b, "a zero-width space"},
    Probe{0x2028, "a line separator"},
    Probe{0x0085, "a next-line control"},
    Probe{0xfeff, "a byte order mark"},
    Probe{0x1f600, "an emoji"},
    Probe{0x20000, "a letter beyond the basic plane"},
    Probe{0x1d7d9, "a mathematical digit beyond the basic plane"},
};

constexpr std::array kControls = {
    Probe{0x00, "NUL"},
    Probe{0x01, "a control character"},
    Probe{0x09, "a tab"},
    Probe{0x0a, "a newline"},
    Probe{0x0b, "a vertical tab"},
    Probe{0x0d, "a carriage return"},
    Probe{0x1b, "an escape"},
    Probe{0x7f, "a delete"},
};

std::string json_string(const std::string& text) {
  return wire::to_text(wire::Json(text));
}

// A string that the pattern takes, of this many characters, made of one of the plain characters; or nothing.
std::string member_of(const model::Pattern& pattern, std::size_t length) {
  for (char c : std::string_view("a1A/.$")) {
    std::string s(length, c);
    if (pattern.match(s) == model::Pattern::Match::matches) return s;
  }
  return {};
}

struct Lengths {
  std::size_t shortest = 0, longest = 0;
};

// The shortest and longest string of one plain character that the pattern takes, up to 1,100.
std::optional<Lengths> lengths_of(const model::Pattern& pattern) {
  std::optional<Lengths> out;
  for (std::size_t n = 0; n <= 1100; ++n) {
    const bool in =
        n == 0 ? pattern.match("") == model::Pattern::Match::matches : !member_of(pattern, n).empty();
    if (!in) {
      if (out) break;
      continue;
    }
    if (!out) out = Lengths{n, n};
    out->longest = n;
  }
  return out;
}

void pattern_values(const model::Pattern& pattern, const std::string& example, std::vector<Value>& out) {
  const auto lengths = lengths_of(pattern);
  if (!lengths) return;
  const auto of_length = [&](std::size_t n, std::string_view words) {
    // The shortest may be the longest too.
    const std::string label = "pattern/length-" + std::to_string(n);
    if (std::any_of(out.begin(), out.end(), [&](const Value& v) { return v.label == label; })) return;
    std::string s = member_of(pattern, n);
    if (s.empty()) s = std::string(n, 'a');
    std::string title = fmt::format("{} characters, {}", n, words);
    out.push_back({label, std::move(title), json_string(s)});
  };
  if (lengths->shortest > 0) {
    out.push_back({"pattern/length-0", "an empty string", "\"\""});
    if (lengths->shortest > 1) of_length(lengths->shortest - 1, "one fewer than the pattern takes");
  }
  of_length(lengths->shortest, "the fewest that the pattern takes");
  if (lengths->longest < 1100) {
    of_length(lengths->longest, "the most that the pattern takes");
    of_length(lengths->longest + 1, "one more than the pattern takes");
    of_length(lengths->longest * 8, "eight times as many as the pattern takes");
  }
  // One character under test between the run's own prefix (so that it names nothing that is there) and two
  // plain ones.
  const auto with = [&](const std::string& c) { return json_string("{{prefix}}" + c + "xx"); };
  for (char32_t c = 0x20; c < 0x7f; ++c) {
    const std::string s(1, static_cast<char>(c));
    const bool in = pattern.match("aa" + s + "xx") == model::Pattern::Match::matches;
    out.push_back({fmt::format("pattern/{}-u{:04x}", in ? "allowed" : "forbidden", static_cast<unsigned>(c)),
                   fmt::format("'{}' in the middle", s), with(s)});
  }
  for (const auto& probes : {std::span<const Probe>(kControls), std::span<const Probe>(kBeyondAscii)}) {
    for (const Probe& p : probes) {
      out.push_back({fmt::format("pattern/forbidden-u{:04x}", static_cast<unsigned>(p.c)),
                     fmt::format("{} in the middle (U+{:04X})", p.what, static_cast<unsigned>(p.c)),
                     with(utf8_of(p.c))});
    }
  }
  // The ends are where anchors go wrong: `$` that lets a final newline through, a match of a part of the
  // string.
  const std::string inner = example.size() >= 2 ? example.substr(1, example.size() - 2) : std::string();
  const auto around = [&](const char* label, const char* title, const std::string& before,
                          const std::string& after) {
    // Each part quoted by itself, then joined around the example, which may hold a placeholder.
    out.push_back({std::string("pattern/") + label, title,
                   json_string(before).substr(0, json_string(before).size() - 1) + inner +
                       json_string(after).substr(1)});
  };
  around("final-newline", "a valid value and a newline", "", "\n");
  around("final-carriage-return-newline", "a valid value, a carriage return and a newline", "", "\r\n");
  around("first-newline", "a newline and a valid value", "\n", "");
  around("second-line", "a valid value on a second line", "!!\n", "");
  around("first-line", "a valid value on a first line of two", "", "\n!!");
  around("final-space", "a valid value and a space", "", " ");
  around("first-space", "a space and a valid value", " ", "");
  around("final-nul", "a valid value and a NUL", "", std::string(1, '\0'));
  around("final-forbidden", "a valid value and a forbidden character", "", "!");
  around("first-forbidden", "a forbidden character and a valid value", "!", "");
}

void length_values(const model::Constraints& c, std::size_t longest, std::vector<Value>& out) {
  struct Width {
    const char* suffix;
    const char* words;
    char32_t character;
  };
  static constexpr std::array kWidths = {Width{"", "", 'a'}, Width{"-two-byte", " of two bytes", 0x00e9},
                                         Width{"-three-byte", " of three bytes", 0x4e2d},
                                         Width{"-four-byte", " of four bytes (two UTF-16 units)", 0x20000}};
  const auto add = [&](const char* name, std::int64_t n, const char* words) {
    if (n < 0 || std::cmp_greater(n, longest)) return;
    for (const Width& w : kWidths) {
      if (n == 0 && *w.suffix != '\0') break;
      std::string text;
      for (std::int64_t i = 0; i < n; ++i) text += utf8_of(w.character);
      std::string title = fmt::format("{} characters{}, {}", n, w.words, words);
      out.push_back({std::string("length/") + name + w.suffix, std::move(title), json_string(text)});
    }
  };
  if (c.min_length && *c.min_length > 0) {
    add("below-minimum", *c.min_length - 1, "one fewer than the minimum");
    add("minimum", *c.min_length, "the minimum");
  }
  if (c.max_length) {
    add("half", *c.max_length / 2 + 1, "just over half of the maximum");
    add("below-maximum", *c.max_length - 1, "one fewer than the maximum");
    add("maximum", *c.max_length, "the maximum");
    add("above-maximum", *c.max_length + 1, "one more than the maximum");
    add("far-above-maximum", *c.max_length * 16, "sixteen times the maximum");
  }
}

void enum_values(const model::Constraints& c, std::vector<Value>& out) {
  for (const std::string& v : c.enum_values) {
    out.push_back({"enum/value-" + base::lower(v), "the documented value " + v, json_string(v)});
  }
  const std::string v = c.enum_values.front();
  std::string swapped = base::upper(v);
  swapped[0] = base::lower(v[0]);
  std::string alike = v;
  if (const auto at = alike.find('a'); at != std::string::npos) alike.replace(at, 1, utf8_of(0x0430));
  const std::array<std::array<std::string, 3>, 17> misses = {{
      {"lower-case", "in lower case", base::lower(v)},
      {"upper-case", "in upper case", base::upper(v)},
      {"swapped-case", "with its cases swapped", swapped},
      {"empty", "an empty string", ""},
      {"space", "a space", " "},
      {"first-space", "with a space before it", " " + v},
      {"final-space", "with a space after it", v + " "},
      {"final-newline", "with a newline after it", v + "\n"},
      {"final-tab", "with a tab after it", v + "\t"},
      {"final-nul", "with a NUL after it", v + std::string(1, '\0')},
      {"shortened", "without its last character", v.substr(0, v.size() - 1)},
      {"lengthened", "with an s after it", v + "s"},
      {"twice", "twice", v + v},
      {"listed", "twice, with a comma", v + "," + v},
      {"quoted", "in quotes", "\"" + v + "\""},
      {"look-alike", "with a look-alike character", alike},
      {"unknown", "an unknown value", "Unknown"},
  }};
  for (const auto& [label, title, text] : misses) {
    const bool known = std::find(c.enum_values.begin(), c.enum_values.end(), text) != c.enum_values.end();
    if (!known) out.push_back({"enum/" + label, title, json_string(text)});
  }
}

}  // namespace

std::string utf8_of(char32_t c) {
  std::string out;
  utf8::unchecked::append(static_cast<std::uint32_t>(c), std::back_inserter(out));
  return out;
}

std::vector<Value> string_values(const model::Constraints& c, const std::string& example,
                                 std::size_t longest) {
  std::vector<Value> out;
  if (!c.enum_values.empty()) {
    enum_values(c, out);
    return out;
  }
  length_values(c, longest, out);
  if (c.pattern && c.pattern->why_unsupported().empty()) pattern_values(*c.pattern, example, out);
  return out;
}

}  // namespace harness::generate
