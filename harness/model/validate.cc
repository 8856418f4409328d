#include "harness/model/validate.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <unordered_map>
#include <utility>

#include "harness/base/ascii.h"

namespace harness::model {
namespace {

using wire::Json;
using Note = wire::JsonNote::Kind;

std::string shown(const Json& value, const Constraints& constraints) {
  if (constraints.sensitive) return {};
  constexpr std::size_t kMost = 200;
  std::string text = value.is_string() ? value.get<std::string>() : wire::to_text(value);
  if (text.size() <= kMost) return text;
  std::size_t end = kMost - 3;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;  // not inside a character
  return text.substr(0, end) + "...";
}

std::string_view json_type(const Json& value) {
  if (value.is_string()) return "a string";
  if (value.is_boolean()) return "a boolean";
  if (value.is_number_float()) return "a number";
  if (value.is_number()) return "an integer";
  if (value.is_array()) return "an array";
  if (value.is_object()) return "an object";
  return "null";
}

struct IntegerWidth {
  std::int64_t min, max;
};

template <class Int>
constexpr IntegerWidth width_of() {
  return {std::numeric_limits<Int>::min(), std::numeric_limits<Int>::max()};
}

std::optional<IntegerWidth> width(ShapeType type) {
  switch (type) {
    case ShapeType::byte_:
      return width_of<std::int8_t>();
    case ShapeType::short_:
      return width_of<std::int16_t>();
    case ShapeType::integer:
      return width_of<std::int32_t>();
    case ShapeType::long_:
      return width_of<std::int64_t>();
    default:
      return std::nullopt;
  }
}

constexpr std::size_t kMost = 1000;  // violations, and uncertainties

class Validator {
 public:
  Validator(const wire::JsonText& text, Validation& out) : out_(out) {
    for (const auto& note : text.notes) notes_[note.path].push_back(note.kind);
  }

  // `c` are the member's merged constraints; `name` the innermost structure member's name.
  void value(const Shape& shape, const Constraints& c, const Json& v, const std::string& path,
             const std::string& name) {
    if (noted(path)) return;
    switch (shape.type) {
      case ShapeType::structure:
        return structure(shape, c, v, path, name);
      case ShapeType::union_:
        return union_value(shape, c, v, path, name);
      case ShapeType::list:
        return list(shape, c, v, path, name);
      case ShapeType::map:
        return map(shape, c, v, path, name);
      case ShapeType::string:
      case ShapeType::enumeration:
        return string(c, v, path, name);
      case ShapeType::blob:
        if (!v.is_string()) type("a base64 string", c, v, path, name);
        return;
      case ShapeType::boolean:
        if (!v.is_boolean()) type("a boolean", c, v, path, name);
        return;
      case ShapeType::timestamp:
        if (v.is_string()) return uncertain(path, "a timestamp written as a string: some services read it");
        if (!v.is_number()) type("a number (epoch seconds)", c, v, path, name);
        return;
      case ShapeType::float_:
      case ShapeType::double_:
      case ShapeType::big_decimal:
        if (v.is_string()) return uncertain(path, "a number written as a string (NaN and Infinity are)");
        if (!v.is_number()) return type("a number", c, v, path, name);
        return range(c, v.get<double>(), v, path, name);
      case ShapeType::big_integer:
        if (!v.is_number()) type("an integer", c, v, path, name);
        return;
      case ShapeType::byte_:
      case ShapeType::short_:
      case ShapeType::integer:
      case ShapeType::long_:
        return integer(shape, c, v, path, name);
      case ShapeType::document:
        return;
    }
  }

 private:
  using Rule = Violation::Rule;

  void add(Rule rule, const Constraints& c, const Json& v, const std::string& path, const std::string& name,
           std::string constraint) {
    if (out_.violations.size() >= kMost) return;
    out_.violations.push_back({rule, path, name, std::move(constraint), shown(v, c), c.sensitive});
  }
  void type(std::string_view expected, const Constraints& c, const Json& v, const std::string& path,
            const std::string& name) {
    add(Rule::type, c, v, path, name, fmt::format("expected {}, got {}", expected, json_type(v)));
  }
  void uncertain(const std::string& path, std::string reason) {
    if (out_.uncertainties.size() >= kMost) return;
    out_.uncertainties.push_back({path, std::move(reason)});
  }

  // True if the text at this path is one whose value is not certain, so that it cannot be checked further.
  bool noted(const std::string& path) {
    bool skip = false;
    const auto here = notes_.find(path);
    if (here == notes_.end()) return false;
    for (const Note kind : here->second) {
      switch (kind) {
        case Note::duplicate_key:
          uncertain(path, "the member stands twice"), skip = true;
          break;
        case Note::unrepresentable:
          uncertain(path, "a number beyond double precision"), skip = true;
          break;
        case Note::invalid_utf8:
          uncertain(path, "bytes that are not UTF-8");
          break;
        case Note::lone_surrogate:
          uncertain(path, "half of a surrogate pair");
          break;
        case Note::byte_order_mark:
          uncertain(path, "a byte order mark");
          break;
        case Note::fractional_integer:
        case Note::beyond_int64:
          break;  // a matter of the shape: see integer()
      }
    }
    return skip;
  }
  bool noted_as(Note kind, const std::string& path) const {
    const auto here = notes_.find(path);
    return here != notes_.end() &&
           std::find(here->second.begin(), here->second.end(), kind) != here->second.end();
  }

  void structure(const Shape& shape, const Constraints& c, const Json& v, const std::string& path,
                 const std::string& name) {
    if (!v.is_object()) return type("an object", c, v, path, name);
    for (const Member& m : shape.members) {
      const std::string at = path.empty() ? m.name : path + "." + m.name;
      const auto it = v.find(m.name);
      if (it == v.end() || it->is_null()) {
        // A number that became null because it could not be represented is not an absent member.
        if (it != v.end() && noted(at)) continue;
        if (m.constraints.required && out_.violations.size() < kMost) {
          out_.violations.push_back({Rule::required, at, m.name, "Member must not be null", "null"});
        }
        continue;
      }
      value(*m.target, m.constraints, *it, at, m.name);
    }
  }

  void union_value(const Shape& shape, const Constraints& c, const Json& v, const std::string& path,
                   const std::string& name) {
    if (!v.is_object()) return type("an object with exactly one member", c, v, path, name);
    std::size_t set = 0;
    for (const Member& m : shape.members) {
      const auto it = v.find(m.name);
      if (it == v.end() || it->is_null()) continue;
      ++set;
      value(*m.target, m.constraints, *it, path + "." + m.name, m.name);
    }
    if (set != 1) uncertain(path, "a union with other than one known member");
  }

  void list(const Shape& shape, const Constraints& c, const Json& v, const std::string& path,
            const std::string& name) {
    if (!v.is_array()) return type("an array", c, v, path, name);
    length(c, v.size(), v, path, name);
    const Member& element = shape.members.front();
    for (std::size_t i = 0; i < v.size(); ++i) {
      const std::string at = fmt::format("{}[{}]", path, i);
      if (v[i].is_null()) {
        uncertain(at, "null in a list");
      } else {
        value(*element.target, element.constraints, v[i], at, name);
      }
    }
  }

  void map(const Shape& shape, const Constraints& c, const Json& v, const std::string& path,
           const std::string& name) {
    if (!v.is_object()) return type("an object", c, v, path, name);
    length(c, v.size(), v, path, name);
    for (const auto& [key, entry] : v.items()) {
      const std::string at = path.empty() ? key : path + "." + key;
      value(*shape.members[0].target, shape.members[0].constraints, Json(key), at, name);
      if (entry.is_null()) {
        uncertain(at, "null in a map");
      } else {
        value(*shape.members[1].target, shape.members[1].constraints, entry, at, name);
      }
    }
  }

  void string(const Constraints& c, const Json& v, const std::string& path, const std::string& name) {
    if (!v.is_string()) return type("a string", c, v, path, name);
    const auto& text = v.get_ref<const std::string&>();
    if (c.min_length || c.max_length) length(c, wire::scalar_count(text), v, path, name);
    if (c.pattern) {
      switch (c.pattern->match(text)) {
        case Pattern::Match::matches:
          break;
        case Pattern::Match::differs:
          add(Rule::pattern, c, v, path, name,
              "Member must satisfy regular expression pattern: " + c.pattern->text());
          break;
        case Pattern::Match::ambiguous:
          uncertain(path,
                    "anchored and unanchored readings of the pattern " + c.pattern->text() + " differ here");
          break;
        case Pattern::Match::unsupported:
          uncertain(path, c.pattern->why_unsupported());
          break;
      }
    }
    if (!c.enum_values.empty() &&
        std::find(c.enum_values.begin(), c.enum_values.end(), text) == c.enum_values.end()) {
      add(Rule::enumeration, c, v, path, name,
          fmt::format("Member must satisfy enum value set: [{}]", fmt::join(c.enum_values, ", ")));
    }
  }

  void length(const Constraints& c, std::size_t n, const Json& v, const std::string& path,
              const std::string& name) {
    if (c.min_length && std::cmp_less(n, *c.min_length)) {
      add(Rule::length, c, v, path, name,
          fmt::format("Member must have length greater than or equal to {}", *c.min_length));
    }
    if (c.max_length && std::cmp_greater(n, *c.max_length)) {
      add(Rule::length, c, v, path, name,
          fmt::format("Member must have length less than or equal to {}", *c.max_length));
    }
  }

  template <class Number>
  void range(const Constraints& c, Number n, const Json& v, const std::string& path,
             const std::string& name) {
    if (c.min_value && n < static_cast<Number>(*c.min_value)) {
      add(Rule::range, c, v, path, name,
          fmt::format("Member must have value greater than or equal to {}", *c.min_value));
    }
    if (c.max_value && n > static_cast<Number>(*c.max_value)) {
      add(Rule::range, c, v, path, name,
          fmt::format("Member must have value less than or equal to {}", *c.max_value));
    }
  }

  void integer(const Shape& shape, const Constraints& c, const Json& v, const std::string& path,
               const std::string& name) {
    if (!v.is_number()) return type("an integer", c, v, path, name);
    const auto w = *width(shape.type);
    const bool beyond =
        noted_as(Note::beyond_int64, path) ||
        (v.is_number_unsigned() && v.get<std::uint64_t>() > static_cast<std::uint64_t>(w.max)) ||
        (v.is_number_integer() && !v.is_number_unsigned() &&
         (v.get<std::int64_t>() < w.min || v.get<std::int64_t>() > w.max));
    if (beyond) {
      return add(Rule::integer_size, c, v, path, name,
                 fmt::format("expected an integer of {} to {}", w.min, w.max));
    }
    if (v.is_number_float()) return uncertain(path, "an integer written with a fraction or an exponent");
    // Only "-0" is read as a signed zero. To some readers it is a floating-point number; a range that has no
    // zero is violated either way.
    if (v == 0 && !v.is_number_unsigned()) uncertain(path, "minus zero: some readers take it for a fraction");
    range(c, v.get<std::int64_t>(), v, path, name);
  }

  std::unordered_map<std::string_view, std::vector<Note>>
      notes_;  // by path: a long list asks at each element
  Validation& out_;
};

// "ToAdd[1].Key" -> "toAdd.2.member.key", as AWS writes paths.
std::string aws_path(std::string_view path) {
  std::string out;
  bool start = true;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path[i] == '[') {
      std::size_t index = 0;
      for (++i; i < path.size() && path[i] != ']'; ++i)
        index = index * 10 + static_cast<std::size_t>(path[i] - '0');
      out += fmt::format(".{}.member", index + 1);
      continue;
    }
    out += start ? base::lower(path[i]) : path[i];
    start = path[i] == '.';
  }
  return out;
}

}  // namespace

std::string_view to_string(Violation::Rule rule) {
  switch (rule) {
    case Violation::Rule::type:
      return "type";
    case Violation::Rule::integer_size:
      return "integer-size";
    case Violation::Rule::required:
      return "required";
    case Violation::Rule::length:
      return "length";
    case Violation::Rule::range:
      return "range";
    case Violation::Rule::pattern:
      return "pattern";
    case Violation::Rule::enumeration:
      return "enum";
  }
  return "?";
}

Validation validate(const Shape& shape, const wire::JsonText& text) {
  Validation out;
  Validator(text, out).value(shape, shape.constraints, text.value, "", "");
  return out;
}

std::string aws_message(const std::vector<Violation>& violations) {
  std::vector<std::string> items;
  for (const Violation& v : violations) {
    if (v.rule == Violation::Rule::type || v.rule == Violation::Rule::integer_size) continue;
    std::string value = "Value";
    if (v.rule == Violation::Rule::required) {
      value += " null";
    } else if (!v.sensitive) {
      value += " '" + v.value + "'";
    }
    items.push_back(
        fmt::format("{} at '{}' failed to satisfy constraint: {}", value, aws_path(v.path), v.constraint));
  }
  return fmt::format("{} validation error{} detected: {}", items.size(), items.size() == 1 ? "" : "s",
                     fmt::join(items, "; "));
}

}  // namespace harness::model
