#include "harness/wire/http_text_escapes.h"

#include <fmt/format.h>
#include <simdjson.h>
#include <utf8.h>

#include <algorithm>

#include "harness/base/ascii.h"

namespace harness::wire {

namespace {

constexpr bool is_control(char c) {
  return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == '\x7F';
}

// Most texts are valid, which is told many times faster than where one is not.
std::size_t find_invalid_utf8(std::string_view text) {
  if (simdjson::validate_utf8(text.data(), text.size())) return text.size();
  return static_cast<std::size_t>(utf8::find_invalid(text.data(), text.data() + text.size()) - text.data());
}

void append_escaped_byte(std::string& out, char c) {
  switch (c) {
    case '\r':
      out += "\\r";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\t':
      out += "\\t";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\0':
      out += "\\0";
      return;
    default:
      break;
  }
  constexpr std::string_view kDigits = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  out += "\\x";
  out += kDigits[byte >> 4];
  out += kDigits[byte & 15];
}

}  // namespace

std::optional<std::string_view> directive_value(std::string_view comment, std::string_view name) {
  if (!comment.starts_with('@')) return std::nullopt;
  comment.remove_prefix(1);
  if (name.empty() || !comment.starts_with(name)) return std::nullopt;
  comment.remove_prefix(name.size());
  if (!comment.empty() && base::kBlanks.find(comment.front()) == std::string_view::npos) return std::nullopt;
  return base::trimmed(comment);
}

std::vector<std::string> without_of(const std::vector<std::string>& comments) {
  std::vector<std::string> names;
  for (const std::string& comment : comments) {
    std::string_view list = directive_value(comment, "without").value_or("");
    while (!list.empty()) {
      const std::size_t comma = std::min(list.find(','), list.size());
      const std::string_view name = base::trimmed(list.substr(0, comma));
      if (!name.empty()) names.emplace_back(name);
      list.remove_prefix(std::min(comma + 1, list.size()));
    }
  }
  return names;
}

bool says_cut(const std::vector<std::string>& comments) {
  return std::any_of(comments.begin(), comments.end(),
                     [](const std::string& comment) { return directive_value(comment, "raw") == "cut"; });
}

std::size_t find_unprintable(std::string_view text, bool newlines) {
  const auto control = std::find_if(text.begin(), text.end(),
                                    [&](char c) { return is_control(c) && !(newlines && c == '\n'); });
  return std::min(static_cast<std::size_t>(control - text.begin()), find_invalid_utf8(text));
}

void append_escaped(std::string& out, std::string_view text, bool newlines, std::string_view also) {
  std::size_t invalid = find_invalid_utf8(text);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool bad_byte = i == invalid;
    if (bad_byte) invalid = i + 1 + find_invalid_utf8(text.substr(i + 1));
    if (bad_byte || c == '\\' || (is_control(c) && !(newlines && c == '\n')) ||
        also.find(c) != std::string_view::npos) {
      append_escaped_byte(out, c);
    } else {
      out += c;
    }
  }
}

tl::expected<std::string, std::size_t> unescape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      out += text[i];
      continue;
    }
    const std::size_t backslash = i++;
    switch (i < text.size() ? text[i] : ' ') {
      case 'r':
        out += '\r';
        continue;
      case 'n':
        out += '\n';
        continue;
      case 't':
        out += '\t';
        continue;
      case '\\':
        out += '\\';
        continue;
      case '0':
        out += '\0';
        continue;
      default:
        break;
    }
    const bool in_hex = i + 2 < text.size() && text[i] == 'x';
    const int high = in_hex ? base::hex_value(text[i + 1]) : -1;
    const int low = in_hex ? base::hex_value(text[i + 2]) : -1;
    if (high < 0 || low < 0) return tl::unexpected(backslash);
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

}  // namespace harness::wire
