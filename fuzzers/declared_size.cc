#include "fuzzers/declared_size.h"

#include <algorithm>
#include <cstdint>

#include "harness/base/ascii.h"

namespace fuzzers {
namespace {

constexpr std::uint64_t kMaxBeyond = std::uint64_t{1} << 20;

std::size_t find_word(std::string_view text, std::string_view lower_case_word, std::size_t from) {
  const auto start = text.begin() + static_cast<std::ptrdiff_t>(from);
  const auto it = std::search(start, text.end(), lower_case_word.begin(), lower_case_word.end(),
                              [](char a, char b) { return harness::base::lower(a) == b; });
  return it == text.end() ? std::string_view::npos : static_cast<std::size_t>(it - text.begin());
}

int digit(char c, unsigned base) {
  const int value = harness::base::hex_value(c);
  return value >= 0 && static_cast<unsigned>(value) < base ? value : -1;
}

// The number that begins here, at most `most` + 1.
std::uint64_t number(std::string_view text, unsigned base, std::uint64_t most) {
  std::uint64_t value = 0;
  for (const char c : text) {
    const int d = digit(c, base);
    if (d < 0) break;
    value = value * base + static_cast<std::uint64_t>(d);
    if (value > most) return most + 1;
  }
  return value;
}

}  // namespace

bool declares_too_much(std::string_view bytes) {
  constexpr std::string_view kLength = "content-length";
  const std::uint64_t most = bytes.size() + kMaxBeyond;
  for (std::size_t at = find_word(bytes, kLength, 0); at != std::string_view::npos;
       at = find_word(bytes, kLength, at + 1)) {
    // Whatever stands between: some servers read through blanks, signs, quotes and lists.
    const std::string_view line = bytes.substr(at, std::min(bytes.find('\n', at), bytes.size()) - at);
    for (std::size_t i = kLength.size(); i < line.size(); ++i) {
      if (digit(line[i], 10) < 0 || digit(line[i - 1], 16) >= 0) continue;
      const bool hex = harness::base::lower(line[std::min(i + 1, line.size() - 1)]) == 'x';
      if ((hex ? number(line.substr(i + 2), 16, most) : number(line.substr(i), 10, most)) > most) return true;
    }
  }
  if (find_word(bytes, "chunked", 0) == std::string_view::npos) return false;
  // Sizes of chunks stand at the beginning of lines.
  for (std::size_t at = bytes.find('\n'); at != std::string_view::npos; at = bytes.find('\n', at + 1)) {
    std::size_t i = at + 1;
    while (i < bytes.size() && (bytes[i] == ' ' || bytes[i] == '\t' || bytes[i] == '+' || bytes[i] == '-'))
      ++i;
    if (bytes.substr(i, 2) == "0x" || bytes.substr(i, 2) == "0X") i += 2;
    if (number(bytes.substr(std::min(i, bytes.size())), 16, most) > most) return true;
  }
  return false;
}

}  // namespace fuzzers
