#include "harness/run/json_tree.h"

#include <algorithm>
#include <utility>

namespace harness::run {
namespace {

constexpr std::size_t kDeepest = 200;
constexpr std::string_view kWhiteSpace = " \t\r\n";
constexpr std::string_view kEndsWord = " \t\r\n,:[]{}\"";

class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  std::optional<JsonBody> read() {
    JsonBody out;
    if (!value(out.root, 0)) return std::nullopt;
    out.rest = std::string(rest_);
    return out;
  }

 private:
  std::string white_space() {
    const std::size_t end = std::min(rest_.find_first_not_of(kWhiteSpace), rest_.size());
    return take(end);
  }
  std::string take(std::size_t size) {
    std::string out(rest_.substr(0, size));
    rest_.remove_prefix(out.size());
    return out;
  }
  bool skip(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool value(JsonTree& out, std::size_t depth) {
    if (depth > kDeepest) return false;
    out.before = white_space();
    if (rest_.empty()) return false;
    bool read = true;
    if (is_placeholder()) {
      out.text = take(rest_.find("}}") + 2);
    } else if (skip('{')) {
      out.kind = JsonTree::Kind::object;
      read = members(out, '}', depth);
    } else if (skip('[')) {
      out.kind = JsonTree::Kind::array;
      read = members(out, ']', depth);
    } else if (skip('"')) {
      out.kind = JsonTree::Kind::string;
      out.closed = string(out.text);
    } else {
      out.text = take(std::min(rest_.find_first_of(kEndsWord), rest_.size()));
      // Nothing where a value should be: a comma too many.
      read = !out.text.empty() ||
             (depth > 0 && (rest_.starts_with(',') || rest_.starts_with(']') || rest_.starts_with('}')));
    }
    out.after = white_space();
    return read;
  }

  bool is_placeholder() const {
    return rest_.size() > 2 && rest_.starts_with("{{") && rest_[2] >= 'a' && rest_[2] <= 'z' &&
           rest_.find("}}") != std::string_view::npos;
  }

  // True if the closing quote was there.
  bool string(std::string& out) {
    std::size_t end = 0;
    while (end < rest_.size() && rest_[end] != '"') end += rest_[end] == '\\' ? 2 : 1;
    out = take(std::min(end, rest_.size()));
    return skip('"');
  }

  bool members(JsonTree& out, char close, std::size_t depth) {
    out.inside = white_space();
    if (skip(close)) return true;
    if (rest_.empty()) {
      out.closed = false;
      return true;
    }
    for (;;) {
      JsonMember& m = out.members.emplace_back();
      m.before_key = std::exchange(out.inside, {});
      if (close == '}' && !key(m)) bare(m);
      if (!m.bare && !value(m.value, depth + 1)) return false;
      if (skip(close)) return true;
      if (rest_.empty()) {
        out.closed = false;
        return true;
      }
      if (!skip(',')) return false;
      out.inside = white_space();
    }
  }

  bool key(JsonMember& m) {
    const std::string_view here = rest_;
    if (skip('"') && string(m.key)) {
      m.after_key = white_space();
      if (skip(':')) return true;
    }
    rest_ = here;
    return false;
  }

  // What is no member, up to where the next may begin.
  void bare(JsonMember& m) {
    m.bare = true;
    m.key.clear();
    m.after_key.clear();
    m.value.text = take(std::min(rest_.find_first_of(",}"), rest_.size()));
  }

  std::string_view rest_;
};

void write(const JsonTree& t, std::string& out) {
  out += t.before;
  switch (t.kind) {
    case JsonTree::Kind::word:
      out += t.text;
      break;
    case JsonTree::Kind::string:
      out += '"';
      out += t.text;
      if (t.closed) out += '"';
      break;
    case JsonTree::Kind::object:
    case JsonTree::Kind::array: {
      const bool is_object = t.kind == JsonTree::Kind::object;
      out += is_object ? '{' : '[';
      bool first = true;
      for (const JsonMember& m : t.members) {
        if (!std::exchange(first, false)) out += ',';
        out += m.before_key;
        if (is_object && !m.bare) out += '"' + m.key + '"' + m.after_key + ':';
        write(m.value, out);
      }
      out += t.inside;
      if (t.closed) out += is_object ? '}' : ']';
      break;
    }
  }
  out += t.after;
}

void collect(const JsonPlace& place, std::vector<JsonPlace>& out) {
  out.push_back(place);
  auto& members = place.node->members;
  for (JsonMember& m : members) collect({&m.value, place.depth + 1, &m, members.size() - 1}, out);
}

}  // namespace

std::optional<JsonBody> read_json_tree(std::string_view text) {
  return Reader(text).read();
}

std::string to_text(const JsonTree& tree) {
  std::string out;
  write(tree, out);
  return out;
}

std::string to_text(const JsonBody& body) {
  return to_text(body.root) + body.rest;
}

std::vector<JsonPlace> places(JsonTree& root) {
  std::vector<JsonPlace> out;
  collect({&root, 0, nullptr, 0}, out);
  return out;
}

}  // namespace harness::run
