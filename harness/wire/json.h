#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/result.h"

/// JSON as awsJson1_1 carries it (RFC 8259), with what a referee must know beyond the value: duplicates, lost
/// precision, bytes that are not UTF-8. Read by simdjson where ordinary, by nlohmann/json (SAX) elsewhere.
namespace harness::wire {

/// Members keep their order, so that a request is sent as it was written.
using Json = nlohmann::ordered_json;

/// Something about a text that its value does not show. `path` is like "Tags[1].Key" ("" is the whole
/// text).
struct JsonNote {
  enum class Kind {
    duplicate_key,       ///< a member stands twice; the value holds the last (RFC 8259 §4: behaviour
                         ///< unpredictable)
    fractional_integer,  ///< a number written with a fraction or an exponent; the value holds a double
    beyond_int64,        ///< an integer literal outside int64 (and uint64); the value holds a double
    unrepresentable,     ///< a number beyond double ("1e999"); the value holds null
    invalid_utf8,        ///< bytes that are not UTF-8; the value holds U+FFFD in their place
    lone_surrogate,      ///< an escape like \ud800 without its partner; the value holds U+FFFD in its place
    byte_order_mark,     ///< the text starts with U+FEFF
  };
  Kind kind;
  std::string path;
  bool operator==(const JsonNote&) const = default;
};

/// A text and what is noted about it. So that a hostile text cannot make the notes larger than itself, at
/// most 1,000 notes of each kind are kept, and a path is cut after 1,000 bytes. Something wrong inside a
/// member's name is noted at the path of the object that holds the member.
struct JsonText {
  Json value;
  std::vector<JsonNote> notes;
  /// True if some note of this kind exists (at `path`, if one is given).
  bool has(JsonNote::Kind kind, std::optional<std::string_view> path = std::nullopt) const;
};

/// Why a text is not JSON: byte offset and a reason for people. `empty` is a text without any value (only
/// white space). `too_deep`: nested deeper than the limit, so not judged; the rest of the text was not read.
struct JsonSyntaxError {
  enum class Kind { empty, syntax, too_deep };
  Kind kind;
  std::size_t offset;
  std::string reason;
};

/// Reads one JSON text. Never throws; its time is linear (times log n in the members of one object) and
/// its stack use is constant in the length of the text.
tl::expected<JsonText, JsonSyntaxError> parse_json(std::string_view text, std::size_t max_depth = 2000);

/// Number of Unicode scalar values in a UTF-8 string: the length that Smithy's length trait counts. Invalid
/// bytes count as one each.
std::size_t scalar_count(std::string_view utf8);

/// The member of an object; nullptr if the value is no object, or has none of this name.
const Json* member(const Json& value, std::string_view name);
/// The member's text; "" if it is no string, or not there.
std::string text_member(const Json& value, std::string_view name);
/// The text at a JSON pointer (RFC 6901); "" if there is none.
std::string text_at(const Json& value, const std::string& pointer);
/// The strings among the elements of a member that is an array, in order.
std::vector<std::string> strings_member(const Json& value, std::string_view name);

/// The value on one line, non-ASCII escaped, invalid UTF-8 replaced: never throws.
std::string to_text(const Json& value);

}  // namespace harness::wire
