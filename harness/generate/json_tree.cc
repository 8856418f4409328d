#include "harness/generate/json_tree.h"

#include <fmt/format.h>

#include "harness/base/ascii.h"

namespace harness::generate {
namespace {

class JsonTreeReader {
 public:
  JsonTreeReader(std::string_view text, std::size_t max_depth) : text_(text), left_(max_depth) {}

  std::optional<JsonNode> read() {
    JsonNode node;
    skip_blanks();
    if (!value(node)) return std::nullopt;
    skip_blanks();
    if (at_ != text_.size()) return std::nullopt;
    return node;
  }

 private:
  void skip_blanks() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos)
      ++at_;
  }
  bool take(char c) {
    skip_blanks();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  bool value(JsonNode& node) {
    if (at_ >= text_.size()) return false;
    switch (text_[at_]) {
      case '"':
        node.kind = JsonNode::Kind::string;
        return string(node.text);
      case '{':
      case '[': {
        if (left_ == 0) return false;
        --left_;
        const bool read = container(node);
        ++left_;
        return read;
      }
      default:
        return literal(node.text);
    }
  }

  bool string(std::string& content) {
    const std::size_t start = ++at_;
    while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
    if (at_ >= text_.size()) return false;
    content = text_.substr(start, at_ - start);
    ++at_;
    return true;
  }

  bool literal(std::string& out) {
    const std::size_t start = at_;
    // A placeholder may stand where a number does.
    if (text_.substr(at_).starts_with("{{")) {
      const std::size_t end = text_.find("}}", at_);
      if (end == std::string_view::npos) return false;
      at_ = end + 2;
    }
    while (at_ < text_.size() &&
           std::string_view(",:[]{}\" \t\r\n").find(text_[at_]) == std::string_view::npos)
      ++at_;
    out = text_.substr(start, at_ - start);
    return !out.empty();
  }

  bool container(JsonNode& node) {
    if (text_.substr(at_).starts_with("{{") && text_.size() > at_ + 2 && base::is_lower(text_[at_ + 2])) {
      return literal(node.text);
    }
    const bool object = text_[at_++] == '{';
    node.kind = object ? JsonNode::Kind::object : JsonNode::Kind::array;
    const char close = object ? '}' : ']';
    if (take(close)) return true;
    do {
      skip_blanks();
      if (object) {
        node.names.emplace_back();
        if (at_ >= text_.size() || text_[at_] != '"' || !string(node.names.back()) || !take(':'))
          return false;
        skip_blanks();
      }
      node.items.emplace_back();
      if (!value(node.items.back())) return false;
    } while (take(','));
    return take(close);
  }

  std::string_view text_;
  std::size_t left_;
  std::size_t at_ = 0;
};

}  // namespace

void JsonNode::remove(std::size_t index) {
  items.erase(items.begin() + static_cast<std::ptrdiff_t>(index));
  if (kind == Kind::object) names.erase(names.begin() + static_cast<std::ptrdiff_t>(index));
}

std::optional<JsonNode> read_json_tree(std::string_view text, std::size_t max_depth) {
  return JsonTreeReader(text, max_depth).read();
}

void write_json_tree(const JsonNode& node, std::string& out) {
  switch (node.kind) {
    case JsonNode::Kind::literal:
      out += node.text;
      return;
    case JsonNode::Kind::string:
      out += '"';
      out += node.text;
      out += '"';
      return;
    case JsonNode::Kind::array:
    case JsonNode::Kind::object:
      break;
  }
  const bool object = node.kind == JsonNode::Kind::object;
  out += object ? '{' : '[';
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    if (i != 0) out += ',';
    if (object) {
      out += '"';
      out += node.names[i];
      out += "\":";
    }
    write_json_tree(node.items[i], out);
  }
  out += object ? '}' : ']';
}

std::string to_text(const JsonNode& node) {
  std::string out;
  write_json_tree(node, out);
  return out;
}

std::string json_escaped(std::string_view content) {
  std::string out;
  out.reserve(content.size());
  for (const char c : content) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace harness::generate
