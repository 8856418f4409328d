#include "harness/report/text.h"

#include <fmt/format.h>
#include <utf8.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace harness::report {
namespace {

using Range = std::pair<char32_t, char32_t>;

bool within(char32_t code, const Range* begin, const Range* end) {
  return std::any_of(begin, end, [code](const Range& r) { return code >= r.first && code <= r.second; });
}

std::size_t columns(char32_t code) {
  static constexpr Range kNone[] = {{0x0300, 0x036F}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF},
                                    {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}};
  static constexpr Range kTwo[] = {{0x1100, 0x115F},   {0x2E80, 0x303E},   {0x3041, 0xA4CF},
                                   {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},
                                   {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6},   {0x1F300, 0x1F64F},
                                   {0x1F680, 0x1F6FF}, {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD}};
  if (code < 0x300) return 1;
  if (within(code, std::begin(kNone), std::end(kNone))) return 0;
  return within(code, std::begin(kTwo), std::end(kTwo)) ? 2 : 1;
}

std::string escaped(const Scalar& scalar) {
  if (!scalar.valid) return fmt::format("\\x{:02x}", static_cast<unsigned>(scalar.code));
  switch (scalar.code) {
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      return scalar.code < 0x80 ? fmt::format("\\x{:02x}", static_cast<unsigned>(scalar.code))
                                : fmt::format("\\u{{{:x}}}", static_cast<unsigned>(scalar.code));
  }
}

std::string shown(std::string_view bytes, bool keep_lines) {
  std::string out;
  out.reserve(bytes.size());
  const std::vector<Scalar> all = scalars(bytes);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Scalar& scalar = all[i];
    if (scalar.valid && !is_unsafe(scalar.code)) {
      out += scalar.bytes;
    } else if (keep_lines && scalar.valid && scalar.code == '\n') {
      out += '\n';
    } else if (keep_lines && scalar.valid && scalar.code == '\t') {
      out += "  ";
    } else if (keep_lines && scalar.valid && scalar.code == '\r' && i + 1 < all.size() &&
               all[i + 1].code == '\n') {
      continue;  // the CR of a CRLF
    } else {
      out += escaped(scalar);
    }
  }
  return out;
}

}  // namespace

std::vector<Scalar> scalars(std::string_view bytes) {
  std::vector<Scalar> out;
  out.reserve(bytes.size());
  const char* at = bytes.data();
  const char* const end = at + bytes.size();
  while (at != end) {
    const char* const bad = utf8::find_invalid(at, end);
    while (at != bad) {
      const char* const begin = at;
      const char32_t code = utf8::unchecked::next(at);
      out.push_back({code, {begin, static_cast<std::size_t>(at - begin)}, true});
    }
    if (at == end) break;
    out.push_back({static_cast<unsigned char>(*at), {at, 1}, false});
    ++at;
  }
  return out;
}

bool is_unsafe(char32_t code) {
  static constexpr Range kUnsafe[] = {{0x00, 0x1F},     {0x7F, 0x9F},     {0x00AD, 0x00AD},  {0x061C, 0x061C},
                                      {0x180E, 0x180E}, {0x200B, 0x200F}, {0x2028, 0x202E},  {0x2060, 0x206F},
                                      {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}, {0xE0000, 0xE007F}};
  if (code >= 0x20 && code < 0x7F) return false;
  return within(code, std::begin(kUnsafe), std::end(kUnsafe));
}

std::string one_line(std::string_view bytes) {
  return shown(bytes, false);
}

std::string many_lines(std::string_view bytes) {
  return shown(bytes, true);
}

std::size_t display_width(std::string_view utf8) {
  std::size_t width = 0;
  for (const Scalar& scalar : scalars(utf8)) width += columns(scalar.code);
  return width;
}

std::string cut(std::string_view utf8, std::size_t width) {
  // The longest possible result has four bytes a column; combining marks beyond that are not worth reading 1
  // MiB for.
  std::size_t used = 0;
  std::size_t kept = 0;  // bytes that fit together with "..."
  std::size_t read = 0;
  for (const Scalar& scalar : scalars(utf8.substr(0, width * 8 + 16))) {
    if (!scalar.valid) break;  // the middle of a character, where the text was cut above
    used += columns(scalar.code);
    read += scalar.bytes.size();
    if (used > width) break;
    if (used + 3 <= width) kept = read;
  }
  if (used <= width && read == utf8.size()) return std::string(utf8);
  if (width < 3) return std::string(width, '.');
  return std::string(utf8.substr(0, kept)) + "...";
}

std::string pad_right(std::string_view utf8, std::size_t width) {
  const std::size_t used = display_width(utf8);
  return std::string(utf8) + std::string(used < width ? width - used : 0, ' ');
}

std::string pad_left(std::string_view utf8, std::size_t width) {
  const std::size_t used = display_width(utf8);
  return std::string(used < width ? width - used : 0, ' ') + std::string(utf8);
}

std::vector<std::string> excerpt(std::string_view bytes, const ExcerptLimits& limits) {
  // A line feed at the end ends the last line; it does not begin another.
  const std::size_t total = bytes.size();
  if (!bytes.empty() && bytes.back() == '\n') bytes.remove_suffix(1);
  std::vector<std::string> out;
  bool shortened = false;
  std::size_t begin = 0;
  while (begin <= bytes.size() && out.size() < limits.lines) {
    const std::size_t end = std::min(bytes.find('\n', begin), bytes.size());
    std::string_view line = bytes.substr(begin, end - begin);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    // What cannot be shown anyway is not escaped first: a line may be 1 MiB long.
    const std::string safe = many_lines(line.substr(0, limits.columns * 8 + 16));
    out.push_back(cut(safe, limits.columns));
    shortened = shortened || line.size() > limits.columns * 8 + 16 || out.back() != safe;
    begin = end + 1;
  }
  if (begin <= bytes.size()) {
    const auto rest = bytes.substr(begin);
    const auto more = static_cast<std::uint64_t>(std::count(rest.begin(), rest.end(), '\n')) + 1;
    out.push_back(fmt::format("... ({}; {} in all)", counted(more, "more line", "more lines"),
                              counted(total, "byte", "bytes")));
  } else if (shortened) {
    out.push_back(fmt::format("... ({} in all)", counted(total, "byte", "bytes")));
  }
  return out;
}

std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, 1, ',');
  return digits;
}

std::string counted(std::uint64_t number, std::string_view one, std::string_view many) {
  return grouped(number) + " " + std::string(number == 1 ? one : many);
}

std::string percent_encoded(std::string_view bytes) {
  static constexpr std::string_view kKept =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
  std::string out;
  for (const char c : bytes) {
    if (kKept.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    }
  }
  return out;
}

std::string duration_text(std::chrono::microseconds duration) {
  const auto us = std::max<std::int64_t>(duration.count(), 0);
  if (us < 1000) return fmt::format("{} us", us);
  if (us < 1'000'000) return fmt::format("{} ms", us / 1000);
  if (us < 60'000'000) return fmt::format("{}.{} s", us / 1'000'000, us / 100'000 % 10);
  const auto s = us / 1'000'000;
  if (s < 3600) return fmt::format("{} min {} s", s / 60, s % 60);
  return fmt::format("{} h {} min", s / 3600, s / 60 % 60);
}

bool is_utf8(std::string_view bytes) {
  return utf8::find_invalid(bytes.begin(), bytes.end()) == bytes.end();
}

std::string xml_text(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  for (const Scalar& scalar : scalars(bytes)) {
    const char32_t c = scalar.code;
    const bool allowed =
        scalar.valid && (c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c < 0xFFFE) || c >= 0x10000);
    if (allowed) {
      out += scalar.bytes;
    } else {
      out += "\xEF\xBF\xBD";
    }
  }
  return out;
}

}  // namespace harness::report
