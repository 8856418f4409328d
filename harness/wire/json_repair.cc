// How a text is repaired. One pass over the bytes finds the strings and numbers that a strict reader refuses,
// by the same lexical rules (a quote ends a string wherever it stands), and notes an edit for each: where,
// how long, what takes its place. The edits are applied in one copy. As tokens keep their order, the reader
// of the repaired text knows by ordinals which of its strings and numbers were replaced.
#include "harness/wire/json_repair.h"

#include <utf8.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>

#include "harness/base/ascii.h"

namespace harness::wire {

namespace {

enum class EditKind { invalid_utf8, lone_surrogate, unrepresentable };

struct Edit {
  EditKind kind;
  std::size_t offset;   ///< in the original text
  std::size_t length;   ///< bytes replaced
  std::size_t ordinal;  ///< of the string or number
};

constexpr std::string_view replacement(EditKind kind) {
  switch (kind) {
    case EditKind::invalid_utf8:
      return "\xEF\xBF\xBD";
    case EditKind::lone_surrogate:
      return "\\ufffd";
    case EditKind::unrepresentable:
      return " 0 ";  // what stands beside it must not become a part of it: `1-1e999` is no JSON, `10` is
  }
  return "";
}

/// The offset behind the string whose opening quote stands at `open`, or the text's size if it is not closed.
/// Bytes, not characters: a quote ends a string wherever it stands, as in nlohmann's lexer.
std::size_t end_of_string(std::string_view text, std::size_t open) {
  for (std::size_t i = open + 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      return i + 1;
    }
  }
  return text.size();
}

/// The offset behind the longest number (RFC 8259 §6) that starts at `start`; `start` if none does.
std::size_t end_of_number(std::string_view text, std::size_t start) {
  std::size_t i = start;
  const auto at = [&](std::size_t k) { return k < text.size() ? text[k] : '\0'; };
  if (at(i) == '-') ++i;
  if (!base::is_digit(at(i))) return start;
  if (at(i) == '0') {
    ++i;
  } else {
    while (base::is_digit(at(i))) ++i;
  }
  if (at(i) == '.' && base::is_digit(at(i + 1))) {
    ++i;
    while (base::is_digit(at(i))) ++i;
  }
  if (at(i) == 'e' || at(i) == 'E') {
    const std::size_t digits = at(i + 1) == '+' || at(i + 1) == '-' ? i + 2 : i + 1;
    if (base::is_digit(at(digits))) {
      i = digits;
      while (base::is_digit(at(i))) ++i;
    }
  }
  return i;
}

bool overflows_double(std::string_view number) {
  constexpr std::size_t kShortestPlainOverflow = 309;  // 10^308 still fits
  if (number.size() < kShortestPlainOverflow && number.find_first_of("eE") == std::string_view::npos) {
    return false;
  }
  return std::isinf(std::strtod(std::string(number).c_str(), nullptr));
}

/// The code unit of a `\uXXXX` escape at `i`, or -1.
int escaped_unit(std::string_view text, std::size_t i) {
  if (i + 6 > text.size() || text[i] != '\\' || text[i + 1] != 'u') return -1;
  int unit = 0;
  for (const char c : text.substr(i + 2, 4)) {
    const int digit = base::hex_value(c);
    if (digit < 0) return -1;
    unit = unit * 16 + digit;
  }
  return unit;
}

constexpr bool is_high(int unit) {
  return unit >= 0xD800 && unit <= 0xDBFF;
}
constexpr bool is_low(int unit) {
  return unit >= 0xDC00 && unit <= 0xDFFF;
}

/// Calls `on_edit` for everything repairable in the string at [begin, end), in ascending order.
template <class OnEdit>
void find_string_edits(std::string_view text, std::size_t begin, std::size_t end, std::size_t ordinal,
                       OnEdit& on_edit) {
  const char* const base = text.data();
  const auto next_invalid = [&](std::size_t from) {
    return static_cast<std::size_t>(utf8::find_invalid(base + from, base + end) - base);
  };
  std::size_t invalid = next_invalid(begin);
  for (std::size_t i = begin; i < end;) {
    if (i == invalid) {
      on_edit(Edit{EditKind::invalid_utf8, i, 1, ordinal});
      invalid = next_invalid(++i);
      continue;
    }
    if (text[i] != '\\') {
      // Nothing between here and the next point of interest needs a look.
      const std::size_t escape = text.substr(i, invalid - i).find('\\');
      i = escape == std::string_view::npos ? invalid : i + escape;
      continue;
    }
    const int unit = escaped_unit(text.substr(0, end), i);
    if (is_high(unit) && is_low(escaped_unit(text.substr(0, end), i + 6))) {
      i += 12;
    } else if (is_high(unit) || is_low(unit)) {
      on_edit(Edit{EditKind::lone_surrogate, i, 6, ordinal});
      i += 6;
    } else {
      ++i;
      // The escaped byte is no escape's start; if it is not UTF-8 it is still repaired.
      if (i < end && i != invalid) ++i;
    }
  }
}

/// Calls `on_edit` for everything repairable, in ascending order of offset.
template <class OnEdit>
void find_edits(std::string_view text, OnEdit on_edit) {
  std::size_t strings = 0;
  std::size_t numbers = 0;
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == '"') {
      const std::size_t end = end_of_string(text, i);
      find_string_edits(text, i, end, strings++, on_edit);
      i = end;
      continue;
    }
    const std::size_t end = end_of_number(text, i);
    if (end == i) {
      ++i;
      continue;
    }
    if (overflows_double(text.substr(i, end - i))) {
      on_edit(Edit{EditKind::unrepresentable, i, end - i, numbers});
    }
    ++numbers;
    i = end;
  }
}

void remember(std::vector<std::size_t>& ordinals, std::size_t ordinal) {
  if (ordinals.empty() || ordinals.back() != ordinal) ordinals.push_back(ordinal);
}

}  // namespace

std::optional<RepairedJson> repair_json(std::string_view text) {
  RepairedJson repaired;
  std::size_t copied = 0;
  find_edits(text, [&](const Edit& edit) {
    repaired.text.append(text.substr(copied, edit.offset - copied)).append(replacement(edit.kind));
    copied = edit.offset + edit.length;
    switch (edit.kind) {
      case EditKind::invalid_utf8:
        remember(repaired.invalid_utf8, edit.ordinal);
        break;
      case EditKind::lone_surrogate:
        remember(repaired.lone_surrogates, edit.ordinal);
        break;
      case EditKind::unrepresentable:
        remember(repaired.unrepresentable, edit.ordinal);
        break;
    }
  });
  if (copied == 0) return std::nullopt;  // no edit: every edit has a length
  repaired.text.append(text.substr(copied));
  return repaired;
}

std::size_t original_offset(std::string_view original, std::size_t offset) {
  std::size_t source = 0;  // both sides up to the end of the last edit before `offset`
  std::size_t target = 0;
  bool found = false;
  std::size_t result = 0;
  find_edits(original, [&](const Edit& edit) {
    if (found) return;
    const std::size_t plain = edit.offset - source;
    if (offset < target + plain) {
      result = source + (offset - target);
      found = true;
    } else if (offset < target + plain + replacement(edit.kind).size()) {
      result = edit.offset;
      found = true;
    } else {
      source = edit.offset + edit.length;
      target += plain + replacement(edit.kind).size();
    }
  });
  if (!found) result = source + (offset - target);
  return std::min(result, original.size());
}

std::size_t too_deep_offset(std::string_view text, std::size_t max_depth) {
  std::size_t depth = 0;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (c == '"') {
      i = end_of_string(text, i);
      continue;
    }
    if (c == '[' || c == '{') {
      if (++depth > max_depth) return i;
    } else if ((c == ']' || c == '}') && depth > 0) {
      --depth;
    }
    ++i;
  }
  return text.size();
}

}  // namespace harness::wire
