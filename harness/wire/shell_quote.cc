// How bytes become shell words. What can be seen is written between single quotes; anything else goes through
// printf with escapes, which every POSIX shell has. Long bodies are cut into pieces first: a unit of up to 16
// bytes that repeats for 512 bytes or more is made by `head -c` or `yes`, so that a line stays short enough
// to paste. The pieces are piped into the command in order.
#include "harness/wire/shell_quote.h"

#include <fmt/format.h>
#include <utf8.h>

#include <algorithm>
#include <vector>

#include "harness/base/ascii.h"

namespace harness::wire {
namespace {

/// Characters that can be seen, and do not change how their neighbours are seen.
bool is_plain(char32_t c) {
  if (c < 0x20 || (c >= 0x7F && c < 0xA1) || c == 0xAD || c == 0x61C || c == 0x180E) return false;
  if ((c >= 0x2000 && c <= 0x200F) || (c >= 0x2028 && c <= 0x202F) || (c >= 0x205F && c <= 0x206F))
    return false;
  if (c == 0x3000 || (c >= 0xE000 && c <= 0xF8FF) || (c >= 0xFE00 && c <= 0xFE0F) || c == 0xFEFF)
    return false;
  return (c < 0xFFF0 || c > 0xFFFF) && c < 0xE0000;
}

/// Calls plain(bytes of one character) or other(byte) for everything in `bytes`, in order.
template <class Plain, class Other>
void each(std::string_view bytes, Plain plain, Other other) {
  const char* at = bytes.data();
  const char* const end = at + bytes.size();
  while (at != end) {
    const char* const bad = utf8::find_invalid(at, end);
    while (at != bad) {
      const char* const begin = at;
      const char32_t c = utf8::unchecked::next(at);
      const std::string_view character(begin, static_cast<std::size_t>(at - begin));
      if (is_plain(c)) {
        plain(character);
      } else {
        for (const char byte : character) other(byte);
      }
    }
    if (at != end) other(*at++);
  }
}

std::string hex(char byte) {
  return fmt::format("\\x{:02x}", static_cast<unsigned>(static_cast<unsigned char>(byte)));
}

std::string escape(char byte) {
  switch (byte) {
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      return hex(byte);
  }
}

/// A repetition of a short unit, or what stands between two.
struct Piece {
  std::string_view bytes;
  std::size_t unit = 0;  ///< 0: literal
};

constexpr std::size_t kLongestUnit = 16;
constexpr std::size_t kShortestRun = 512;  // bytes: what is shorter is better read as it is

/// The length of the repetition with this period that begins at `from`.
std::size_t run_length(std::string_view bytes, std::size_t from, std::size_t period) {
  std::size_t at = from + period;
  while (at < bytes.size() && bytes[at] == bytes[at - period]) ++at;
  return at - from;
}

/// What begins here: a repetition that is worth it; or one that no command makes (unit 0, bytes not empty);
/// or nothing.
Piece repetition(std::string_view bytes, std::size_t from) {
  for (std::size_t period = 1; period <= kLongestUnit && from + kShortestRun <= bytes.size(); ++period) {
    // A look at the far end first: almost always no.
    if (bytes[from + kShortestRun - 1] != bytes[from + kShortestRun - 1 - period]) continue;
    const std::size_t length = run_length(bytes, from, period) / period * period;
    if (length < kShortestRun) continue;
    const std::string_view unit = bytes.substr(from, period);
    const bool possible =
        period == 1 || unit.find_first_of(std::string_view("\n\0", 2)) == std::string_view::npos;
    return {bytes.substr(from, length), possible ? period : 0};
  }
  return {};
}

std::vector<Piece> pieces(std::string_view bytes) {
  std::vector<Piece> out;
  std::size_t literal = 0;
  for (std::size_t at = 0; at < bytes.size();) {
    const Piece found = repetition(bytes, at);
    if (found.unit == 0) {
      at += std::max<std::size_t>(1, found.bytes.size());
      continue;
    }
    if (literal < at) out.push_back({bytes.substr(literal, at - literal), 0});
    out.push_back(found);
    at += found.bytes.size();
    literal = at;
  }
  if (literal < bytes.size() || out.empty()) out.push_back({bytes.substr(literal), 0});
  return out;
}

std::string printf_command(std::string_view bytes) {
  std::string format;
  each(
      bytes,
      [&](std::string_view c) {
        if (c == "'" || (c == "-" && format.empty())) {
          format += hex(c[0]);  // a quote would end the word, a dash at the beginning would be an option
        } else if (c == "%") {
          format += "%%";
        } else if (c == "\\") {
          format += "\\\\";
        } else {
          format += c;
        }
      },
      [&](char byte) { format += escape(byte); });
  return "printf '" + format + "'";
}

std::string command(const Piece& piece) {
  if (piece.unit == 0) return printf_command(piece.bytes);
  const std::string_view unit = piece.bytes.substr(0, piece.unit);
  if (piece.unit > 1) {
    return fmt::format("yes -- {} | head -n {} | tr -d '\\n'", shell_word(unit),
                       piece.bytes.size() / piece.unit);
  }
  std::string zeros = fmt::format("head -c {} /dev/zero", piece.bytes.size());
  const auto byte = static_cast<unsigned char>(unit[0]);
  if (byte == 0) return zeros;
  const bool plain = base::is_digit(unit[0]) || base::is_letter(unit[0]);
  return zeros + (plain ? fmt::format(" | tr '\\0' {}", unit) : fmt::format(" | tr '\\0' '\\{:03o}'", byte));
}

}  // namespace

std::string shell_word(std::string_view bytes) {
  static constexpr std::string_view kBare =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./:@%+,=";
  if (!bytes.empty() && bytes.find_first_not_of(kBare) == std::string_view::npos) return std::string(bytes);
  bool plain = true;
  each(
      bytes, [](std::string_view) {}, [&](char) { plain = false; });
  std::string out(plain ? "'" : "$'");
  each(
      bytes,
      [&](std::string_view c) {
        if (c == "'") {
          out += plain ? "'\\''" : "\\x27";
        } else if (!plain && c == "\\") {
          out += "\\\\";
        } else if (!plain && c == "!") {
          out += "\\x21";  // history expansion knows '…' and not $'…'
        } else {
          out += c;
        }
      },
      [&](char byte) { out += escape(byte); });
  return out + "'";
}

std::string shell_output(std::string_view bytes) {
  const std::vector<Piece> all = pieces(bytes);
  if (all.size() == 1) return command(all[0]);
  std::string out = "{ ";
  for (const Piece& piece : all) out += command(piece) + "; ";
  return out + "}";
}

}  // namespace harness::wire
