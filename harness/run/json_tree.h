#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// JSON as it is written, for making requests smaller. A value (wire::Json) forgets what a finding may rest
/// on: members that stand twice, how a number or an escape is spelled, white space, a bracket that is
/// missing.
namespace harness::run {

struct JsonMember;

struct JsonTree {
  enum class Kind {
    object,
    array,
    string,
    word,  ///< anything else without blanks: a number, `true`, a placeholder, also what is no JSON (`tru`)
  };
  Kind kind = Kind::word;
  std::string text;                 ///< of a string what stands between the quotes; of a word the word
  std::vector<JsonMember> members;  ///< of an object; of an array too, without keys
  bool closed = true;               ///< false: the text ends before the closing quote or bracket
  std::string before, after;        ///< white space around it
  std::string inside;               ///< white space in an empty object or array
};

struct JsonMember {
  std::string before_key, key, after_key;  ///< the key as spelled, without quotes, and white space around it
  bool bare = false;  ///< in an object: no key, but something else, or nothing (a comma too many): a word
  JsonTree value;
};

/// A text that begins with a value; `rest` is what follows it.
struct JsonBody {
  JsonTree root;
  std::string rest;
};

/// Reads a text; nothing if it is not even nearly JSON, or nested deeper than 200. Linear.
std::optional<JsonBody> read_json_tree(std::string_view text);

/// Writes exactly what was read.
std::string to_text(const JsonTree& tree);
std::string to_text(const JsonBody& body);

/// Every node, the root first, each before what is in it. The pointers last as long as nothing is added or
/// removed. `depth` of the root is 0.
struct JsonPlace {
  JsonTree* node;
  std::size_t depth;
  JsonMember* member;    ///< that holds it; nullptr for the root
  std::size_t siblings;  ///< how many others stand beside it
};
std::vector<JsonPlace> places(JsonTree& root);

}  // namespace harness::run
