#include "harness/generate/values.h"

#include <fmt/format.h>

#include <set>

#include "harness/generate/string_values.h"

namespace harness::generate {
namespace {

using model::ShapeType;

bool is_integer(ShapeType type) {
  return type == ShapeType::byte_ || type == ShapeType::short_ || type == ShapeType::integer ||
         type == ShapeType::long_;
}

void type_values(const model::Member& member, const std::string& example, std::vector<Value>& out) {
  const ShapeType type = member.target->type;
  const bool text = type == ShapeType::string || type == ShapeType::enumeration || type == ShapeType::blob;
  const auto add = [&](const char* name, std::string title, std::string json) {
    out.push_back({std::string("type/") + name, std::move(title), std::move(json)});
  };
  if (text) {
    add("integer", "an integer in place of a string", "7");
    add("zero", "0 in place of a string", "0");
  } else {
    add("string", "a string that holds the value",
        example.find('"') == std::string::npos ? "\"" + example + "\"" : "\"x\"");
    add("word", "a word", "\"ten\"");
    add("empty-string", "an empty string", "\"\"");
  }
  add("fraction", "a number with a fraction", "1.5");
  add("exponent", "a number with an exponent", "1e1");
  if (type != ShapeType::boolean) {
    add("true", "true", "true");
    add("false", "false", "false");
  }
  if (type != ShapeType::list) {
    add("empty-array", "an empty array", "[]");
    add("array", "an array that holds the value", "[" + example + "]");
    add("nested-array", "an array in an array", "[[" + example + "]]");
  }
  if (type != ShapeType::structure && type != ShapeType::map && type != ShapeType::union_) {
    add("empty-object", "an empty object", "{}");
    add("object", "an object that holds the value", "{\"" + member.name + "\":" + example + "}");
  }
}

void presence_values(const model::Member& member, std::vector<Value>& out) {
  const std::string group = member.constraints.required ? "required/" : "optional/";
  out.push_back({group + "missing", "left out", ""});
  out.push_back({group + "null", "null", "null"});
}

void integer_values(const model::Member& member, std::vector<Value>& out) {
  const auto& c = member.constraints;
  std::set<std::string> seen;
  const auto add = [&](const char* name, std::string title, std::string json) {
    // The same number under a second name would be the same case twice.
    if (seen.insert(json).second)
      out.push_back({std::string("range/") + name, std::move(title), std::move(json)});
  };
  const auto number = [&](const char* name, std::int64_t n, const char* words) {
    add(name, fmt::format("{}, {}", n, words), std::to_string(n));
  };
  if (c.min_value) {
    number("below-minimum", *c.min_value - 1, "one below the minimum");
    number("minimum", *c.min_value, "the minimum");
    number("above-minimum", *c.min_value + 1, "one above the minimum");
  }
  if (c.max_value) {
    number("below-maximum", *c.max_value - 1, "one below the maximum");
    number("maximum", *c.max_value, "the maximum");
    number("above-maximum", *c.max_value + 1, "one above the maximum");
    number("far-above-maximum", *c.max_value + 256,
           "the maximum plus 256 (kept in a byte it would be in range)");
  }
  number("zero", 0, "zero");
  add("minus-zero", "-0, minus zero", "-0");
  number("minus-one", -1, "minus one");
  add("below-int32", "-2147483649, below the smallest 32-bit integer", "-2147483649");
  add("int32-minimum", "-2147483648, the smallest 32-bit integer", "-2147483648");
  add("int32-maximum", "2147483647, the largest 32-bit integer", "2147483647");
  add("above-int32", "2147483648, above the largest 32-bit integer", "2147483648");
  add("wraps-int32", "4294967297, which is 1 when cut to 32 bits", "4294967297");
  add("above-int64", "9223372036854775808, above the largest 64-bit integer", "9223372036854775808");
  add("wraps-int64", "18446744073709551617, which is 1 when cut to 64 bits", "18446744073709551617");
  add("enormous", "an integer of 60 digits", std::string(60, '9'));
}

}  // namespace

std::vector<Value> boundary_values(const model::Member& member, const std::string& example) {
  std::vector<Value> out;
  type_values(member, example, out);
  presence_values(member, out);
  if (is_integer(member.target->type)) integer_values(member, out);
  if (member.target->type == ShapeType::string || member.target->type == ShapeType::enumeration) {
    auto strings = string_values(member.constraints, example);
    out.insert(out.end(), std::make_move_iterator(strings.begin()), std::make_move_iterator(strings.end()));
  }
  return out;
}

}  // namespace harness::generate
