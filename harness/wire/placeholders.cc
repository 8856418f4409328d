#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "harness/base/ascii.h"
#include "harness/wire/http_text.h"

namespace harness::wire {

namespace {

constexpr std::size_t kMaxRepeated = std::size_t{64} << 20;
constexpr std::string_view kRepeat = "repeat";

constexpr bool in_name(char c) {
  return base::is_lower(c) || base::is_digit(c) || c == '_' || c == '-';
}

struct Placeholder {
  std::size_t begin;  ///< of `{{`
  std::size_t end;    ///< behind `}}`; npos if there is none
  std::string_view name;
  std::string_view argument;
  bool well_formed;
};

/// The first `{{` at or behind `from` that a name's first letter follows.
std::optional<Placeholder> next_placeholder(std::string_view text, std::size_t from) {
  for (;;) {
    const std::size_t begin = text.find("{{", from);
    if (begin == std::string_view::npos || begin + 2 >= text.size()) return std::nullopt;
    if (!base::is_lower(text[begin + 2])) {
      from = begin + 1;  // of three braces, the last two count
      continue;
    }
    std::size_t name_end = begin + 2;
    while (name_end < text.size() && in_name(text[name_end])) ++name_end;
    const std::string_view rest = text.substr(name_end);
    Placeholder found{begin, std::string_view::npos, text.substr(begin + 2, name_end - begin - 2), {}, false};
    // Only a well-formed start looks for its end, so that a text full of starts is read once and not once for
    // each.
    if (!rest.starts_with("}}") && !rest.starts_with(' ')) return found;
    const std::size_t close = text.find("}}", name_end);
    if (close == std::string_view::npos) return found;
    found.end = close + 2;
    found.well_formed = true;
    if (close > name_end) found.argument = text.substr(name_end + 1, close - name_end - 1);
    return found;
  }
}

Result<std::string> repeat(std::string_view argument, std::size_t& left) {
  std::size_t count = 0;
  const char* const end = argument.data() + argument.size();
  const auto [rest, error] = std::from_chars(argument.data(), end, count);
  if (error != std::errc() || rest == end || *rest != ' ' || rest + 1 == end) {
    return fail("{{repeat}}: needs a count and a text, like {{repeat 3 ab}}");
  }
  const std::string_view unit(rest + 1, static_cast<std::size_t>(end - rest - 1));
  if (count > left / unit.size()) return fail("{{repeat}}: more than 64 MiB in all");
  const std::size_t total = count * unit.size();
  left -= total;
  std::string out;
  out.reserve(total);
  if (total > 0) out = unit;
  while (out.size() < total) out.append(out, 0, total - out.size());  // doubles, then fills up
  return out;
}

}  // namespace

Result<std::string> expand(std::string_view text, const PlaceholderLookup& lookup) {
  std::string out;
  std::size_t copied = 0;
  std::size_t left_to_repeat = kMaxRepeated;
  while (const auto placeholder = next_placeholder(text, copied)) {
    if (!placeholder->well_formed) {
      return fail(
          fmt::format("'{{{{{}' starts a placeholder that is not closed by '}}}}'", placeholder->name));
    }
    out.append(text.substr(copied, placeholder->begin - copied));
    copied = placeholder->end;
    if (placeholder->name == kRepeat) {
      auto repeated = repeat(placeholder->argument, left_to_repeat);
      if (!repeated) return repeated;
      out += *repeated;
      continue;
    }
    const auto replacement =
        lookup ? lookup(placeholder->name, placeholder->argument) : fail("nothing is known of it");
    if (!replacement) {
      return fail(fmt::format("{{{{{}}}}}: {}", placeholder->name, replacement.error().message));
    }
    out += *replacement;
  }
  return out.append(text.substr(copied));
}

std::vector<std::pair<std::string, std::string>> placeholders(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> all;
  std::size_t from = 0;
  while (const auto placeholder = next_placeholder(text, from)) {
    from = placeholder->well_formed ? placeholder->end : placeholder->begin + 2;
    if (!placeholder->well_formed || placeholder->name == kRepeat) continue;
    std::pair<std::string, std::string> entry(placeholder->name, placeholder->argument);
    if (std::find(all.begin(), all.end(), entry) == all.end()) all.push_back(std::move(entry));
  }
  return all;
}

}  // namespace harness::wire
