#include "harness/model/pattern.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <limits>
#include <mutex>
#include <optional>

#include "harness/wire/json.h"

namespace harness::model {
namespace {

// RE2 refuses a repetition over 1000 (a limit on the size of its program, not on what it can express).
constexpr int kMaxRepeat = 1000;
constexpr int kMaxUnrolled = 4000;

// Patterns of published models that need look-ahead, with what their two readings mean without it: of the
// whole string, and of any part of it.
struct Equivalent {
  std::string_view pattern, whole, part;
};
constexpr std::array<Equivalent, 2> kEquivalents = {{
    {R"(^(?!\s*$).+$)", R"(^.*\S.*$)", R"(^.*\S.*$)"},
    // Not blank up to the end, and something before the first newline.
    {R"(^(?!\s*$).+)", R"(.*\S.*)", R"(^(?:\S|[\t\f\r ]\s*\S))"},
}};

// Numbers with leading zeros are repetitions to ECMA 262, and to RE2 the very characters: "a{02}" would be
// read in silence as something else.
bool has_leading_zero(const std::string& pattern) {
  static const RE2 zero(R"(\{(?:0\d+(?:,\d*)?|\d+,0\d+)\})");
  return RE2::PartialMatch(pattern, zero);
}

struct Repeat {
  std::size_t begin = 0, end = 0;  // of "{m,n}" in the pattern
  int min = 0, max = 0;
};

// The first `{m,n}` whose n is more than RE2 takes.
std::optional<Repeat> find_large_repeat(const std::string& pattern) {
  static const RE2 braces(R"(\{(\d{1,7}),(\d{1,7})\})");
  re2::StringPiece rest(pattern);
  re2::StringPiece groups[3];
  std::size_t from = 0;
  while (braces.Match(rest, from, rest.size(), RE2::UNANCHORED, groups, 3)) {
    Repeat r;
    r.begin = static_cast<std::size_t>(groups[0].data() - pattern.data());
    r.end = r.begin + groups[0].size();
    std::from_chars(groups[1].data(), groups[1].data() + groups[1].size(), r.min);
    std::from_chars(groups[2].data(), groups[2].data() + groups[2].size(), r.max);
    if (r.max > kMaxRepeat) return r;
    from = r.end;
  }
  return std::nullopt;
}

// Behind the class that opens at `at`. A `]` that comes first, also behind `^`, stands for itself.
std::size_t class_end(const std::string& p, std::size_t at) {
  ++at;
  if (at < p.size() && p[at] == '^') ++at;
  if (at < p.size() && p[at] == ']') ++at;
  while (at < p.size() && p[at] != ']') {
    const bool named = p[at] == '[' && at + 1 < p.size() && p[at + 1] == ':';
    const auto close = named ? p.find(":]", at + 2) : std::string::npos;
    if (close != std::string::npos) {
      at = close + 2;
    } else {
      at += p[at] == '\\' ? 2 : 1;
    }
  }
  return at + 1;
}

// The single atom that ends right before `end`: an escape, a class, or one character. Groups are not taken
// apart. Read from the left: only so is a bracket or a backslash told from one that is meant literally.
std::optional<std::size_t> atom_start(const std::string& p, std::size_t end) {
  std::size_t start = 0;
  std::size_t at = 0;
  while (at < end) {
    start = at;
    if (p[at] == '\\') {
      const char escaped = at + 1 < end ? p[at + 1] : '\\';
      at += 2;
      if ((escaped | 32) == 'p') {  // \p{Name} or \pN
        at = at < end && p[at] == '{' ? std::min(p.find('}', at), end) + 1 : at + 1;
      } else if (std::isalnum(static_cast<unsigned char>(escaped)) != 0 &&
                 std::string_view("dDwWsSnrt").find(escaped) == std::string_view::npos) {
        return std::nullopt;  // an escape of some other length
      }
    } else if (p[at] == '[') {
      at = class_end(p, at);
    } else {
      ++at;
      while (at < end && (static_cast<unsigned char>(p[at]) & 0xc0) == 0x80) ++at;
    }
  }
  const bool one =
      at == end && end > 0 && std::string_view("(){}*+?|^$").find(p[start]) == std::string_view::npos;
  return one ? std::optional(start) : std::nullopt;
}

std::string unrolled(const std::string& atom, int min, int max) {
  std::string out;
  for (int done = 0; done < max; done += kMaxRepeat) {
    const int here = std::min(kMaxRepeat, max - done);
    const int need = std::clamp(min - done, 0, here);
    out += fmt::format("{}{{{},{}}}", atom, need, here);
  }
  return out;
}

RE2::Options options() {
  RE2::Options o;
  o.set_log_errors(false);
  o.set_max_mem(64 << 20);
  return o;
}

// What RE2 makes of the text.
struct Compiled {
  explicit Compiled(const std::string& text);

  std::string why_unsupported;
  std::unique_ptr<RE2> re;
  std::unique_ptr<RE2> part;  // where the reading of a part needs another expression
  // A repetition that was peeled off a pattern of the form ^ATOM{m,n}$: the length in scalar values decides.
  std::optional<std::pair<std::size_t, std::size_t>> length;
};

Compiled::Compiled(const std::string& text) {
  // A model may hold anything; thousands of strings are matched against each pattern.
  constexpr std::size_t kLongest = 10'000;
  if (text.size() > kLongest) {
    why_unsupported = "longer than 10,000 bytes";
    return;
  }
  if (has_leading_zero(text)) {
    why_unsupported = "RE2 reads repetitions with leading zeros otherwise";
    return;
  }
  std::string p = text;
  for (const Equivalent& e : kEquivalents) {
    if (p != e.pattern) continue;
    p = e.whole;
    part = std::make_unique<RE2>(re2::StringPiece(e.part.data(), e.part.size()), options());
    break;
  }
  for (int round = 0; round < 8; ++round) {
    const auto r = find_large_repeat(p);
    if (!r) break;
    const auto start = atom_start(p, r->begin);
    if (!start) break;
    const std::string atom = p.substr(*start, r->begin - *start);
    if (*start == 1 && p[0] == '^' && p.substr(r->end) == "$") {
      length = {static_cast<std::size_t>(r->min), static_cast<std::size_t>(r->max)};
      p = "^" + atom + "*$";
    } else if (r->max <= kMaxUnrolled) {
      p = p.substr(0, *start) + unrolled(atom, r->min, r->max) + p.substr(r->end);
    } else {
      break;
    }
  }
  re = std::make_unique<RE2>(p, options());
  if (!re->ok()) why_unsupported = "RE2 cannot run this pattern: " + re->error();
}

}  // namespace

// A run uses few of a model's patterns, and to compile all of them takes longer than to read the model.
struct Pattern::Impl {
  explicit Impl(std::string of) : text(std::move(of)) {}

  const Compiled& compiled() const {
    std::call_once(once, [this] { ready.emplace(text); });
    return *ready;
  }

  const std::string text;
  mutable std::once_flag once;
  mutable std::optional<Compiled> ready;
};

Pattern::Pattern(std::string text) : impl_(std::make_unique<Impl>(std::move(text))) {}

Pattern::~Pattern() = default;

const std::string& Pattern::text() const {
  return impl_->text;
}
const std::string& Pattern::why_unsupported() const {
  return impl_->compiled().why_unsupported;
}

Pattern::Match Pattern::match(std::string_view utf8) const {
  const Compiled& pattern = impl_->compiled();
  if (!pattern.why_unsupported.empty()) return Match::unsupported;
  const re2::StringPiece text(utf8.data(), utf8.size());
  bool partial = RE2::PartialMatch(text, pattern.part ? *pattern.part : *pattern.re);
  bool full = RE2::FullMatch(text, *pattern.re);
  if (pattern.length) {
    const std::size_t n = wire::scalar_count(utf8);
    const bool fits = n >= pattern.length->first && n <= pattern.length->second;
    partial = partial && fits;
    full = full && fits;
  }
  if (partial != full) return Match::ambiguous;
  return full ? Match::matches : Match::differs;
}

}  // namespace harness::model
