#include "harness/report/server_words.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/ascii.h"
#include "harness/report/text.h"
#include "harness/wire/json.h"

namespace harness::report {
namespace {

constexpr std::size_t kMaxRead = std::size_t{64} << 10;  // of a body
constexpr std::size_t kMaxWords = 160;                   // columns
constexpr std::size_t kMinHexDigits = 8;                 // "decade" and "facade" are words

bool word_character(char c) {
  return base::is_digit(c) || base::is_letter(c) || static_cast<unsigned char>(c) >= 0x80;
}

// The end of the quoted text that begins at `at`; npos if none does. The apostrophe of "can't" is no quote.
std::size_t quoted_end(std::string_view text, std::size_t at) {
  const char quote = text[at];
  if (quote != '\'' && quote != '"' && quote != '`') return std::string_view::npos;
  if (at > 0 && word_character(text[at - 1])) return std::string_view::npos;
  for (std::size_t end = text.find(quote, at + 1); end != std::string_view::npos;
       end = text.find(quote, end + 1)) {
    if (end + 1 == text.size() || !word_character(text[end + 1])) return end + 1;
  }
  return std::string_view::npos;
}

// The end of the number that begins at `at`: decimal, 0x..., or a long run of hexadecimal digits and hyphens
// with a digit in it (an id, an address); `at` if none does.
std::size_t number_end(std::string_view text, std::size_t at) {
  if (at > 0 && word_character(text[at - 1])) return at;
  std::size_t end = at;
  if (text.substr(at, 2) == "0x") {
    end = at + 2;
    while (end < text.size() && base::hex_value(text[end]) >= 0) ++end;
    if (end > at + 2) return end;
  }
  end = at;
  std::size_t digits = 0;
  bool decimal = false;
  while (end < text.size() && (base::hex_value(text[end]) >= 0 || (text[end] == '-' && end > at))) {
    digits += text[end] == '-' ? 0 : 1;
    decimal = decimal || base::is_digit(text[end]);
    ++end;
  }
  while (end > at && text[end - 1] == '-') --end;
  const bool whole = end == text.size() || !word_character(text[end]);
  if (whole && decimal && digits >= kMinHexDigits) return end;
  return at;
}

std::string masked(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (const std::size_t end = quoted_end(text, at); end != std::string_view::npos) {
      out += fmt::format("{0}...{0}", text[at]);
      at = end;
    } else if (const std::size_t number = number_end(text, at); number > at) {
      out += '#';
      at = number;
    } else if (base::is_digit(text[at])) {
      out += '#';
      while (at < text.size() && base::is_digit(text[at])) ++at;
    } else {
      out += text[at++];
    }
  }
  return out;
}

// A page's text: what stands between its tags.
std::string without_tags(std::string_view page) {
  std::string out;
  bool in_tag = false;
  for (const char c : page) {
    if (c == '<') {
      in_tag = true;
      out += ' ';
    } else if (c == '>' && in_tag) {
      in_tag = false;
    } else if (!in_tag) {
      out += c;
    }
  }
  return out;
}

std::string with_single_blanks(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool blank = c == ' ' || (c >= '\t' && c <= '\r');
    if (!blank) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

std::string message_of(std::string_view body) {
  if (const auto json = wire::parse_json(body); json && json->value.is_object()) {
    for (const char* name : {"message", "Message"}) {
      const auto it = json->value.find(name);
      if (it != json->value.end() && it->is_string()) return it->get<std::string>();
    }
    const auto type = json->value.find("__type");
    return type != json->value.end() && type->is_string() ? type->get<std::string>() : std::string();
  }
  return without_tags(body);
}

}  // namespace

std::string server_words(std::string_view response) {
  if (response.substr(0, 5) != "HTTP/") return {};
  const std::string_view line = response.substr(0, response.find_first_of("\r\n"));
  const std::size_t blank = std::min(line.find(' '), line.size());
  const std::string_view status = line.substr(std::min(blank + 1, line.size()), 3);
  const std::size_t lf = response.find("\n\n");
  const std::size_t crlf = response.find("\n\r\n");
  std::string_view body;
  if (lf < crlf) {
    body = response.substr(lf + 2);
  } else if (crlf != std::string_view::npos) {
    body = response.substr(crlf + 3);
  }
  std::string words = with_single_blanks(message_of(body.substr(0, kMaxRead)));
  if (words.empty()) words = with_single_blanks(line.substr(std::min(blank + 4, line.size())));
  words = cut(one_line(masked(words)), kMaxWords);
  return words.empty() ? one_line(status) : fmt::format("{} \"{}\"", one_line(status), words);
}

}  // namespace harness::report
