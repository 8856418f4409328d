#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// JSON as it is written: what a value cannot hold (duplicates, spellings of numbers, escapes of ordinary
/// characters, placeholders) survives reading and writing. Only white space between tokens is lost.
namespace harness::generate {

struct JsonNode {
  enum class Kind {
    literal,  ///< a number, true, false, null, or whatever is to stand there
    string,
    array,
    object,
  };
  Kind kind = Kind::literal;
  std::string text;             ///< literal: as written; string: what stands between the quotes, as written
  std::vector<JsonNode> items;  ///< of arrays and objects
  std::vector<std::string> names;  ///< of an object's items: between the quotes, as written

  static JsonNode literal(std::string text) { return {Kind::literal, std::move(text), {}, {}}; }
  /// A string with this content, already escaped.
  static JsonNode string(std::string content) { return {Kind::string, std::move(content), {}, {}}; }

  void add(std::string name, JsonNode value) {
    names.push_back(std::move(name));
    items.push_back(std::move(value));
  }
  void remove(std::size_t index);
};

/// Reads one JSON text; nothing if it is none, or nested deeper than `max_depth`. Does not look inside
/// strings and numbers more than to find their ends.
std::optional<JsonNode> read_json_tree(std::string_view text, std::size_t max_depth = 64);

void write_json_tree(const JsonNode& node, std::string& out);
std::string to_text(const JsonNode& node);

/// Content for a JSON string: quotes, backslashes and control characters escaped, everything else as it is.
std::string json_escaped(std::string_view content);

}  // namespace harness::generate
