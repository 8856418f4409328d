#include "harness/wire/http_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/ascii.h"
#include "harness/wire/http_text_escapes.h"

namespace harness::wire {

namespace {

class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  Result<HttpText> read() {
    read_comments();
    const auto done = text_.raw ? read_raw() : read_request();
    if (!done) return fail(fmt::format("line {}: {}", line_, done.error().message));
    return std::move(text_);
  }

 private:
  /// The next line without its end. `line_` is then its number.
  std::string_view next_line() {
    const std::size_t end = std::min(rest_.find('\n'), rest_.size());
    std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    ++line_;
    return line;
  }

  void read_comments() {
    while (rest_.starts_with('#')) {
      std::string_view comment = next_line().substr(1);
      if (comment.starts_with(' ')) comment.remove_prefix(1);
      // Written again, such a comment would lose another carriage return to its line's end.
      while (comment.ends_with('\r')) comment.remove_suffix(1);
      text_.comments.emplace_back(comment);
    }
    text_.raw = text_.directive("raw").has_value();
    text_.escaped = text_.directive("escaped").has_value();
    text_.without = without_of(text_.comments);
  }

  /// The bytes that stand for what is written; `line_` moves to where a mistake is.
  Result<std::string> bytes_of(std::string_view written, bool newlines) {
    const auto go_to = [&](std::size_t offset) {
      const std::string_view before = written.substr(0, offset);
      line_ += static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
    };
    const std::size_t bad = find_unprintable(written, newlines);
    if (bad != written.size()) {
      go_to(bad);
      return fail(fmt::format("the byte 0x{0:02x} must be written as \\x{0:02x}, with '# @escaped' on top",
                              static_cast<unsigned char>(written[bad])));
    }
    if (!text_.escaped) return std::string(written);
    auto bytes = unescape(written);
    if (bytes) return *std::move(bytes);
    go_to(bytes.error());
    return fail("a backslash must be followed by r, n, t, 0, another backslash, or x and two digits");
  }

  /// Everything up to the end of the text but one newline.
  Result<std::string> read_body() {
    std::string_view written = rest_;
    if (written.ends_with('\n')) {
      written.remove_suffix(1);
      if (written.ends_with('\r')) written.remove_suffix(1);
    }
    ++line_;
    return bytes_of(written, true);
  }

  Status read_raw() {
    const bool cut = says_cut(text_.comments);
    while (!rest_.empty()) {
      const std::string_view line = next_line();
      if (line.empty()) {
        text_.raw_bytes += "\r\n";
        const auto body = read_body();
        if (!body) return tl::unexpected(body.error());
        text_.raw_bytes += *body;
        return {};
      }
      const auto bytes = bytes_of(line, false);
      if (!bytes) return tl::unexpected(bytes.error());
      text_.raw_bytes += *bytes;
      if (!cut || !rest_.empty()) text_.raw_bytes += "\r\n";
    }
    return {};
  }

  Status read_request() {
    const std::string_view start = next_line();
    const std::size_t first = start.find(' ');
    const std::size_t last = start.rfind(' ');
    if (first == last) return fail("a request line is needed, like 'POST / HTTP/1.1'");
    Request& request = text_.request;
    Status start_line = fill({{&request.method, start.substr(0, first)},
                              {&request.target, start.substr(first + 1, last - first - 1)},
                              {&request.version, start.substr(last + 1)}});
    if (!start_line) return start_line;
    while (!rest_.empty()) {
      const std::string_view line = next_line();
      if (line.empty()) {
        auto body = read_body();
        if (!body) return tl::unexpected(body.error());
        request.body = *std::move(body);
        return {};
      }
      const std::size_t colon = line.find(':');
      if (colon == std::string_view::npos) return fail("a header line needs a colon");
      std::string name;
      std::string value;
      const Status header =
          fill({{&name, line.substr(0, colon)}, {&value, base::trimmed(line.substr(colon + 1))}});
      if (!header) return header;
      request.headers.add(std::move(name), std::move(value));
    }
    return {};
  }

  /// Gives each target the bytes that are written for it.
  Status fill(std::initializer_list<std::pair<std::string*, std::string_view>> parts) {
    for (const auto& [target, written] : parts) {
      auto bytes = bytes_of(written, false);
      if (!bytes) return tl::unexpected(bytes.error());
      *target = *std::move(bytes);
    }
    return {};
  }

  std::string_view rest_;
  std::size_t line_ = 0;
  HttpText text_;
};

}  // namespace

std::optional<std::string_view> HttpText::directive(std::string_view name) const {
  for (const std::string& comment : comments) {
    if (const auto value = directive_value(comment, name)) return value;
  }
  return std::nullopt;
}

Result<HttpText> parse_http_text(std::string_view text) {
  return Reader(text).read();
}

}  // namespace harness::wire
