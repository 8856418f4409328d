#include "harness/generate/damage.h"

#include <algorithm>
#include <array>

namespace harness::generate {
namespace {

using namespace std::string_view_literals;

constexpr std::array kTokens = {"{"sv,
                                "}"sv,
                                "["sv,
                                "]"sv,
                                ","sv,
                                ":"sv,
                                "\""sv,
                                "'"sv,
                                "\\"sv,
                                "null"sv,
                                "true"sv,
                                "NaN"sv,
                                "-"sv,
                                "1e999"sv,
                                "0x1"sv,
                                "01"sv,
                                "//x\n"sv,
                                "/**/"sv,
                                "\"\":"sv,
                                ",,"sv,
                                "{}"sv,
                                "[]"sv,
                                "\"x\":1,"sv,
                                "+1"sv,
                                ".5"sv,
                                "5."sv,
                                "Infinity"sv,
                                "undefined"sv,
                                "\\u0000"sv,
                                "\\ud800"sv,
                                "\\x41"sv,
                                "\\u00"sv,
                                "\xff"sv,
                                "\xc0\xaf"sv,
                                "\xed\xa0\x80"sv,
                                "\0"sv,
                                "\n"sv,
                                "\t"sv,
                                "\x0b"sv,
                                "\xc2\xa0"sv,
                                "\xe2\x80\xa8"sv,
                                "\x1f"sv};

// Where tokens begin and end: the places that a reader's states are between.
std::size_t token_edge(const std::string& text, Random& random) {
  const std::size_t from = random.below(text.size() + 1);
  const std::size_t at = text.find_first_of("{}[],:\"", from);
  if (at == std::string::npos) return from;
  return at + random.below(2);
}

void insert(std::string& text, std::size_t at, std::string_view what) {
  text.insert(std::min(at, text.size()), what);
}

void surround(std::string& text, Random& random, std::size_t most) {
  static constexpr std::array kAround = {std::pair{"\xef\xbb\xbf"sv, ""sv},
                                         std::pair{""sv, "{}"sv},
                                         std::pair{""sv, "\0"sv},
                                         std::pair{""sv, "x"sv},
                                         std::pair{"["sv, "]"sv},
                                         std::pair{"\""sv, "\""sv},
                                         std::pair{" \r\n\t"sv, "\n"sv},
                                         std::pair{"("sv, ")"sv},
                                         std::pair{"\0"sv, ""sv},
                                         std::pair{"\xc2\xa0"sv, ""sv},
                                         std::pair{""sv, ","sv},
                                         std::pair{""sv, "}"sv},
                                         std::pair{")]}',\n"sv, ""sv},
                                         std::pair{"\x0c"sv, ""sv},
                                         std::pair{""sv, " \t\r\n"sv}};
  if (random.percent(25)) {  // deep
    const std::size_t depth = std::min(most / 2, std::size_t{1} << random.below(11));
    const auto open = random.percent(50) ? "["sv : "{\"a\":"sv;
    std::string deep;
    for (std::size_t i = 0; i < depth && deep.size() + text.size() < most; ++i) deep += open;
    const std::size_t levels = deep.size() / open.size();
    text = deep + text +
           (random.percent(80) ? std::string(levels, open.size() == 1 ? ']' : '}') : std::string());
    return;
  }
  const auto& [before, after] = random.pick(kAround);
  text = std::string(before) + text + std::string(after);
}

// In another encoding: some readers detect it, others see zeros.
void reencode(std::string& text, Random& random) {
  const bool little = random.percent(50);
  const std::size_t zeros = random.percent(80) ? 1 : 3;
  std::string out =
      random.percent(50) && zeros == 1 ? std::string(little ? "\xff\xfe" : "\xfe\xff") : std::string();
  for (const char c : text) {
    if (!little) out.append(zeros, '\0');
    out += c;
    if (little) out.append(zeros, '\0');
  }
  text = std::move(out);
}

// Letters, digits or escapes of a string, in another spelling.
void respell(std::string& text, Random& random) {
  const std::size_t from = random.below(text.size());
  const std::size_t quote = text.find('"', from);
  if (quote == std::string::npos) return;
  switch (random.below(4)) {
    case 0:
      text[quote] = '\'';
      return;
    case 1:
      text.erase(quote, 1);
      return;
    case 2:
      if (quote + 1 < text.size() && text[quote + 1] > ' ' && text[quote + 1] < '\x7f' &&
          text[quote + 1] != '"' && text[quote + 1] != '\\' && text[quote + 1] != '{') {
        constexpr std::string_view kHex = "0123456789abcdef";
        const auto c = static_cast<unsigned char>(text[quote + 1]);
        text.replace(quote + 1, 1, std::string("\\u00") + kHex[c >> 4] + kHex[c & 15]);
      }
      return;
    default:
      text.insert(quote, 1, '\\');
  }
}

}  // namespace

void damage_json(std::string& text, Random& random, std::size_t most) {
  if (text.empty()) {
    text = random.pick(kTokens);
    return;
  }
  switch (random.below(12)) {
    case 0:
    case 1:
      text.resize(random.percent(50) ? std::min(token_edge(text, random), text.size())
                                     : random.below(text.size()));
      return;
    case 2:
    case 3:
    case 4: {
      const auto token = random.pick(kTokens);  // before the place: the order of arguments is the compiler's
      insert(text, random.percent(70) ? token_edge(text, random) : random.below(text.size() + 1), token);
      return;
    }
    case 5: {  // one token less
      const std::size_t at = text.find_first_of("{}[],:\"", random.below(text.size()));
      if (at != std::string::npos) text.erase(at, 1);
      return;
    }
    case 6: {
      const auto blank = random.pick(std::array{" "sv, "\n"sv, "\t"sv, "\r\n"sv, "    "sv, "\xc2\xa0"sv});
      insert(text, token_edge(text, random), blank);
      return;
    }
    case 7:
    case 8:
      return surround(text, random, most);
    case 9:
      if (random.percent(30)) return reencode(text, random);
      return respell(text, random);
    case 10:
      return respell(text, random);
    default:
      change_bytes(text, random, most);
  }
}

void change_bytes(std::string& bytes, Random& random, std::size_t most) {
  const auto any = [&] { return static_cast<char>(random.below(256)); };
  if (bytes.empty()) {
    if (most > 0) bytes.push_back(any());
    return;
  }
  const std::size_t at = random.below(bytes.size());
  const std::size_t end = random.between(at + 1, std::min(bytes.size(), at + 1 + random.below(32)));
  switch (random.below(9)) {
    case 0:
      bytes[at] = static_cast<char>(bytes[at] ^ (1 << random.below(8)));
      return;
    case 1:
      bytes[at] = any();
      return;
    case 2:
      bytes[at] = static_cast<char>(random.between(0x20, 0x7e));
      return;
    case 3:
      bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(at), 1,
                   random.percent(50) ? any() : static_cast<char>(random.between(0x20, 0x7e)));
      return;
    case 4:
      bytes.erase(at, end - at);
      return;
    case 5:
      bytes.insert(random.below(bytes.size() + 1), bytes.substr(at, end - at));
      return;
    case 6: {
      const char c = random.percent(50) ? any() : bytes[at];
      bytes.insert(at, random.between(1, 128), c);
      return;
    }
    case 7: {  // a number
      const std::size_t digit = bytes.find_first_of("0123456789", at);
      if (digit == std::string::npos) return;
      bytes[digit] = static_cast<char>('0' + random.below(10));
      return;
    }
    default:
      std::swap(bytes[at], bytes[random.below(bytes.size())]);
  }
}

}  // namespace harness::generate
