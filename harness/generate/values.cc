#include "harness/generate/values.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>

#include "harness/generate/string_values.h"

namespace harness::generate {
namespace {

using model::ShapeType;

void type_values(const model::Member& member, const std::string& example, std::vector<Value>& out) {
  const ShapeType type = member.target->type;
  const bool text = is_text(type);
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

// A number inside the range, as text: with one outside, an endpoint that reads text as a number would refuse
// it for its value, and so for the wrong reason.
std::int64_t inside_range(const model::Constraints& constraints) {
  using Limits = std::numeric_limits<std::int64_t>;
  constexpr std::int64_t kOrdinary = 5;
  const std::int64_t least = constraints.min_value.value_or(Limits::min());
  return std::clamp(kOrdinary, least, std::max(least, constraints.max_value.value_or(Limits::max())));
}

// Text in place of an integer, in each syntax that some reader of numbers takes: JSON's, C's, Python's,
// Java's, Unicode's.
void number_texts(const model::Member& member, const std::string& example, std::vector<Value>& out) {
  const std::int64_t number = inside_range(member.constraints);
  const std::string n = std::to_string(number);
  // The example in quotes is among the wrong types already.
  std::set<std::string> seen = {'"' + example + '"'};
  const auto add = [&](const char* name, const std::string& text, const char* title) {
    std::string json = '"' + text + '"';
    if (seen.insert(json).second) out.push_back({std::string("type/text-") + name, title, std::move(json)});
  };
  // The digits in another script, whose zero is `zero`.
  const auto digits_from = [&](char32_t zero) {
    std::string text;
    for (const char c : n) text += c == '-' ? "-" : utf8_of(zero + static_cast<char32_t>(c - '0'));
    return text;
  };
  const auto magnitude =
      number < 0 ? 0 - static_cast<std::uint64_t>(number) : static_cast<std::uint64_t>(number);
  const char* const sign = number < 0 ? "-" : "";
  add("digits", n, "digits in quotes");
  add("plus", "+" + std::to_string(magnitude), "digits in quotes, with a sign");
  add("leading-zeros", fmt::format("{}00{}", sign, magnitude), "digits in quotes, with zeros before them");
  add("exponent", n + "e0", "a number with an exponent, in quotes");
  add("hundred", "1e2", "1e2, in quotes");
  add("fraction", n + ".0", "a whole number with a fraction, in quotes");
  add("final-dot", n + ".", "a number with a dot behind it, in quotes");
  add("hexadecimal", fmt::format("{}0x{:x}", sign, magnitude), "a hexadecimal number, in quotes");
  add("octal", fmt::format("{}0o{:o}", sign, magnitude), "an octal number, in quotes");
  add("binary", fmt::format("{}0b{:b}", sign, magnitude), "a binary number, in quotes");
  add("first-space", " " + n, "a space and a number, in quotes");
  add("final-space", n + " ", "a number and a space, in quotes");
  add("final-newline", n + R"(\n)", "a number and a newline, in quotes");
  add("first-tab", R"(\t)" + n, "a tab and a number, in quotes");
  add("no-break-space", utf8_of(0xa0) + n, "a no-break space and a number, in quotes");
  add("final-nul", n + R"(\u0000)", "a number and a NUL, in quotes");
  add("letters-behind", n + "x", "a number and a letter, in quotes");
  add("suffix", n + "L", "a number with the suffix of a long integer, in quotes");
  add("underscore", "0_" + std::to_string(magnitude), "digits with an underscore between them, in quotes");
  add("comma", "0," + std::to_string(magnitude), "digits with a comma between them, in quotes");
  add("arabic-digits", digits_from(0x660), "Arabic digits, in quotes");
  add("full-width-digits", digits_from(0xff10), "full-width digits, in quotes");
  add("quoted", R"(\")" + n + R"(\")", "a number in quotes, in quotes");
  add("not-a-number", "NaN", "NaN, in quotes");
  add("infinity", "Infinity", "Infinity, in quotes");
  add("null", "null", "the word null");
  add("true", "true", "the word true");
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

std::vector<Value> boundary_values(const model::Member& member, const std::string& example,
                                   std::size_t longest) {
  std::vector<Value> out;
  type_values(member, example, out);
  if (is_sized_integer(member.target->type)) number_texts(member, example, out);
  presence_values(member, out);
  if (is_sized_integer(member.target->type)) integer_values(member, out);
  if (member.target->type == ShapeType::string || member.target->type == ShapeType::enumeration) {
    auto strings = string_values(member.constraints, example, longest);
    out.insert(out.end(), std::make_move_iterator(strings.begin()), std::make_move_iterator(strings.end()));
  }
  return out;
}

}  // namespace harness::generate
