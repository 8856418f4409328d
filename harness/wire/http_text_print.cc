#include <algorithm>

#include "harness/wire/http_text.h"
#include "harness/wire/http_text_escapes.h"

namespace harness::wire {

namespace {

constexpr std::string_view kEnd = "\r\n";

bool printable(std::string_view text, bool newlines = false) {
  return find_unprintable(text, newlines) == text.size();
}

bool has_blank_at_an_end(std::string_view text) {
  return !text.empty() && (text.find_first_of(" \t") == 0 || text.find_last_of(" \t") == text.size() - 1);
}

/// Raw bytes as a text holds them: lines that end in CRLF, and behind the first empty one the body.
struct RawParts {
  std::vector<std::string_view> lines;
  std::optional<std::string_view> body;  ///< nothing if there is no blank line
  bool cut = false;                      ///< the last line does not end in CRLF
};

RawParts split_raw(std::string_view bytes, bool cut_declared) {
  RawParts parts;
  while (!bytes.empty()) {
    const std::size_t end = bytes.find(kEnd);
    if (end == std::string_view::npos) {
      parts.lines.push_back(bytes);
      parts.cut = true;
      return parts;
    }
    if (end == 0) {
      parts.body = bytes.substr(kEnd.size());
      return parts;
    }
    parts.lines.push_back(bytes.substr(0, end));
    bytes.remove_prefix(end + kEnd.size());
    // The comments say that the last line is cut, so its CRLF must be written as part of it.
    if (bytes.empty() && cut_declared) {
      parts.lines.back() = {parts.lines.back().data(), parts.lines.back().size() + kEnd.size()};
      parts.cut = true;
    }
  }
  return parts;
}

class Writer {
 public:
  explicit Writer(const HttpText& text) : text_(text) {}

  std::string write() {
    const bool cut_declared = text_.raw && says_cut(text_.comments);
    if (text_.raw) raw_ = split_raw(text_.raw_bytes, cut_declared);
    const bool declared = has_directive("escaped");
    escaped_ = text_.escaped || declared || (text_.raw ? raw_needs_escapes() : request_needs_escapes());

    for (const std::string& comment : text_.comments) write_comment(comment);
    if (raw_.cut && !cut_declared) {
      write_comment("@raw cut");
    } else if (text_.raw && !has_directive("raw")) {
      write_comment("@raw");
    }
    if (!text_.without.empty() && without_of(text_.comments) != text_.without) write_without();
    if (escaped_ && !declared) write_comment("@escaped");

    if (text_.raw) {
      write_raw();
    } else {
      write_request();
    }
    return std::move(out_);
  }

 private:
  bool has_directive(std::string_view name) const { return text_.directive(name).has_value(); }

  bool request_needs_escapes() const {
    const Request& request = text_.request;
    if (request.method.starts_with('#') || request.method.find(' ') != std::string::npos ||
        request.version.find(' ') != std::string::npos || !printable(request.method) ||
        !printable(request.target) || !printable(request.version) || !printable(request.body, true)) {
      return true;
    }
    const auto& lines = request.headers.lines();
    return std::any_of(lines.begin(), lines.end(), [](const Header& line) {
      return line.name.find(':') != std::string::npos || !printable(line.name) || !printable(line.value) ||
             has_blank_at_an_end(line.value);
    });
  }

  bool raw_needs_escapes() const {
    if (!raw_.lines.empty() && raw_.lines.front().starts_with('#')) return true;
    if (raw_.body && !printable(*raw_.body, true)) return true;
    return !std::all_of(raw_.lines.begin(), raw_.lines.end(),
                        [](std::string_view line) { return printable(line); });
  }

  void write_comment(std::string_view comment) {
    out_ += comment.empty() ? "#" : "# ";
    // A newline would end the comment, and a carriage return at its end would be taken for the line's.
    while (comment.ends_with('\r')) comment.remove_suffix(1);
    for (const char c : comment) out_ += c == '\n' ? ' ' : c;
    out_ += '\n';
  }

  void write_without() {
    std::string comment = "@without";
    for (const std::string& name : text_.without)
      comment += (&name == &text_.without.front() ? " " : ", ") + name;
    write_comment(comment);
  }

  void put(std::string_view bytes, bool newlines = false, std::string_view also = {}) {
    if (escaped_) {
      append_escaped(out_, bytes, newlines, also);
    } else {
      out_ += bytes;
    }
  }

  /// The start of the first line, where a `#` would begin one more comment.
  void put_start(std::string_view bytes, std::string_view also = {}) {
    if (escaped_ && bytes.starts_with('#')) {
      out_ += "\\x23";
      bytes.remove_prefix(1);
    }
    put(bytes, false, also);
  }

  void put_value(std::string_view value) {
    if (!escaped_ || !has_blank_at_an_end(value)) return put(value);
    // Only the blanks at the ends need an escape.
    const std::size_t first = std::min(value.find_first_not_of(" \t"), value.size());
    const std::size_t last = value.find_last_not_of(" \t") + 1;  // 0 if there are only blanks
    put(value.substr(0, first), false, " \t");
    if (first == value.size()) return;
    put(value.substr(first, last - first));
    put(value.substr(last), false, " \t");
  }

  void write_raw() {
    bool first = true;
    for (const std::string_view line : raw_.lines) {
      if (first) {
        put_start(line);
      } else {
        put(line);
      }
      first = false;
      out_ += '\n';
    }
    if (!raw_.body) return;
    out_ += '\n';
    write_body(*raw_.body);
  }

  void write_request() {
    const Request& request = text_.request;
    put_start(request.method, " ");
    out_ += ' ';
    put(request.target);
    out_ += ' ';
    put(request.version, false, " ");
    out_ += '\n';
    for (const Header& line : request.headers.lines()) {
      put(line.name, false, ":");
      out_ += line.value.empty() ? ":" : ": ";
      put_value(line.value);
      out_ += '\n';
    }
    if (request.body.empty()) return;
    out_ += '\n';
    write_body(request.body);
  }

  /// One newline more than the body has.
  void write_body(std::string_view body) {
    if (body.empty()) return;
    put(body, true);
    out_ += '\n';
  }

  const HttpText& text_;
  RawParts raw_;
  bool escaped_ = false;
  std::string out_;
};

}  // namespace

std::string print_http_text(const HttpText& text) {
  return Writer(text).write();
}

}  // namespace harness::wire
