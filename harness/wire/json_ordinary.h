#pragma once

#include <simdjson.h>

#include <string>
#include <string_view>

#include "harness/wire/kept_parser.h"

/// Ordinary JSON texts, read several times as fast as nlohmann reads them. Private to json.cc.
namespace harness::wire {

namespace ordinary_json {

// Deeper ones are read by the other reader, which needs no stack for it.
constexpr std::size_t kDepth = 128;
constexpr std::size_t kLargest = std::size_t{1} << 20;

/// False only if no number begins with "-0": outside of strings, such a number stands at the beginning or
/// after a blank or a separator. Ids like "i-0123" are ordinary.
inline bool may_hold_negative_zero(std::string_view text) {
  constexpr std::string_view kBeforeNumbers = " \t\r\n:,[";
  for (std::size_t at = text.find("-0"); at != std::string_view::npos; at = text.find("-0", at + 1)) {
    if (at == 0 || kBeforeNumbers.find(text[at - 1]) != std::string_view::npos) return true;
  }
  return false;
}

template <class Events>
bool emit(simdjson::dom::element element, Events& events) {
  using Type = simdjson::dom::element_type;
  switch (element.type()) {
    case Type::OBJECT: {
      const simdjson::dom::object object = element.get_object().value_unsafe();
      if (!events.start_object(0)) return false;
      for (const auto& [name, value] : object) {
        if (!events.key(std::string(name)) || !emit(value, events)) return false;
      }
      return events.end_object();
    }
    case Type::ARRAY: {
      const simdjson::dom::array array = element.get_array().value_unsafe();
      if (!events.start_array(0)) return false;
      for (const auto& value : array) {
        if (!emit(value, events)) return false;
      }
      return events.end_array();
    }
    case Type::STRING:
      return events.string(std::string(element.get_string().value_unsafe()));
    case Type::INT64: {
      const std::int64_t number = element.get_int64().value_unsafe();
      if (number < 0) return events.number_integer(number);
      return events.number_unsigned(static_cast<std::uint64_t>(number));
    }
    case Type::UINT64:
      return events.number_unsigned(element.get_uint64().value_unsafe());
    case Type::BOOL:
      return events.boolean(element.get_bool().value_unsafe());
    case Type::NULL_VALUE:
      return events.null();
    case Type::DOUBLE:
      return false;  // how it was written tells a fraction from a large integer
  }
  return false;
}

}  // namespace ordinary_json

/// Tells `events` (nlohmann's SAX interface, with strings that may be moved from) what stands in `text`, as
/// nlohmann's parser would. False for what is no JSON, for whatever the two readers might understand
/// differently (escapes of surrogates, fractions, integers beyond 64 bits, a negative zero, deep nesting),
/// and where an event returned false: `events` is useless then.
template <class Events>
bool read_ordinary_json(std::string_view text, Events& events) {
  using namespace ordinary_json;
  if (text.size() > kLargest || text.find("\\u") != std::string_view::npos || may_hold_negative_zero(text)) {
    return false;
  }
  KeptParser parser(text.size(), kDepth);
  simdjson::dom::element root;
  return parser && parser->parse(text.data(), text.size()).get(root) == simdjson::SUCCESS &&
         emit(root, events);
}

}  // namespace harness::wire
