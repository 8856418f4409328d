#include <charconv>
#include <cstdint>
#include <limits>

#include "conformance/ssm/fault_support.h"

// MaxResults of DescribeDocumentPermission: an Integer from 1 to 200.
namespace conformance::ssm::documents {
namespace {

using enum FaultClass;
using enum Difficulty;
using wire::Json;

/// The integer, if it is one; beyond int64 the greatest or the least one.
std::optional<std::int64_t> integer(const Json& value) {
  using Limits = std::numeric_limits<std::int64_t>;
  if (value.is_number_unsigned() && value.get<std::uint64_t>() > static_cast<std::uint64_t>(Limits::max()))
    return Limits::max();
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (value.is_number_float() && value.get<double>() > 9e18) return Limits::max();
  if (value.is_number_float() && value.get<double>() < -9e18) return Limits::min();
  return std::nullopt;
}

Fault reads(std::string name, FaultClass kind, const char* clause, Difficulty difficulty,
            std::string description, Edit edit) {
  return reads_as({std::move(name), kind, clause_id("describe-document-permission/max-results/", clause),
                   difficulty, std::move(description)},
                  kDescribe, "MaxResults", std::move(edit));
}

/// Integers that fulfil `when` are read as `as`.
Fault accepts(std::string name, Difficulty difficulty, std::string description, bool (*when)(std::int64_t),
              std::int64_t as) {
  return reads(std::move(name), constraint, "range", difficulty, std::move(description), [=](Json& value) {
    const auto number = integer(value);
    if (number && when(*number)) value = as;
  });
}

Fault forbids(std::string name, std::string description, std::int64_t number) {
  return refuses({std::move(name), constraint, "describe-document-permission/max-results/range", hard,
                  std::move(description)},
                 kDescribe, [=](const Json& input) {
                   const auto value = input.find("MaxResults");
                   return value != input.end() && integer(*value) == number;
                 });
}

/// Text that `read` knows as a number is read as that.
Fault reads_text(std::string name, std::string description,
                 std::optional<std::int64_t> (*read)(std::string text)) {
  return reads(std::move(name), type, "type", hard, std::move(description), [=](Json& value) {
    if (!value.is_string()) return;
    if (const auto number = read(value.get<std::string>())) value = *number;
  });
}

/// The whole text as digits of this base.
std::optional<std::int64_t> text_digits(std::string_view text, int base = 10) {
  std::int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (text.empty() || read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

/// What follows one of these beginnings, as digits of this base.
std::optional<std::int64_t> text_digits_behind(std::string_view text, std::string_view beginning, int base) {
  if (!text.starts_with(beginning)) return std::nullopt;
  return text_digits(text.substr(beginning.size()), base);
}

/// As digits, without what `drop` says of each character; only if there is any such character.
std::optional<std::int64_t> text_digits_without(std::string text, std::string_view drop) {
  if (text.find_first_of(drop) == std::string::npos) return std::nullopt;
  std::erase_if(text, [&](char c) { return drop.find(c) != std::string_view::npos; });
  return text_digits(text);
}

/// As digits, each written as these two or three bytes and one that counts from `zero`.
std::optional<std::int64_t> digits_of_script(std::string_view text, std::string_view bytes, char zero) {
  std::string ascii;
  while (text.starts_with(bytes) && text.size() > bytes.size()) {
    ascii += static_cast<char>('0' + (text[bytes.size()] - zero));
    text.remove_prefix(bytes.size() + 1);
  }
  return text.empty() ? text_digits(ascii) : std::nullopt;
}

std::vector<Fault> number_text_faults() {
  return {
      reads_text("max-results-text-with-plus", "Reads digits in quotes with a sign as a number.",
                 [](std::string t) { return text_digits_behind(t, "+", 10); }),
      reads_text("max-results-text-with-exponent", "Reads a number with an exponent in quotes.",
                 [](std::string t) -> std::optional<std::int64_t> {
                   const auto e = t.find('e');
                   const auto number = text_digits(std::string_view(t).substr(0, e));
                   if (e == std::string::npos || !number) return std::nullopt;
                   const auto power = text_digits(std::string_view(t).substr(e + 1));
                   if (!power || *power > 2) return std::nullopt;
                   return *number * (*power == 0 ? 1 : *power == 1 ? 10 : 100);
                 }),
      reads_text("max-results-text-with-fraction", "Reads a whole number with a fraction in quotes.",
                 [](std::string t) -> std::optional<std::int64_t> {
                   if (!t.ends_with(".0")) return std::nullopt;
                   return text_digits(std::string_view(t).substr(0, t.size() - 2));
                 }),
      reads_text("max-results-text-hexadecimal", "Reads a hexadecimal number in quotes.",
                 [](std::string t) { return text_digits_behind(t, "0x", 16); }),
      reads_text("max-results-text-octal", "Reads an octal number in quotes.",
                 [](std::string t) { return text_digits_behind(t, "0o", 8); }),
      reads_text("max-results-text-binary", "Reads a binary number in quotes.",
                 [](std::string t) { return text_digits_behind(t, "0b", 2); }),
      reads_text("max-results-text-trimmed", "Ignores white space around a number in quotes.",
                 [](std::string t) { return text_digits_without(std::move(t), " \t\n"); }),
      reads_text("max-results-text-with-underscores", "Ignores underscores in a number in quotes.",
                 [](std::string t) { return text_digits_without(std::move(t), "_"); }),
      reads_text("max-results-text-with-commas", "Ignores commas in a number in quotes.",
                 [](std::string t) { return text_digits_without(std::move(t), ","); }),
      reads_text("max-results-text-up-to-a-letter", "Reads the digits at the beginning of a text.",
                 [](std::string t) -> std::optional<std::int64_t> {
                   if (t.empty() || t.back() != 'x') return std::nullopt;
                   return text_digits(std::string_view(t).substr(0, t.size() - 1));
                 }),
      reads_text("max-results-text-c-string", "Reads a number in quotes up to the first NUL.",
                 [](std::string t) -> std::optional<std::int64_t> {
                   const auto end = t.find('\0');
                   if (end == std::string::npos) return std::nullopt;
                   return text_digits(std::string_view(t).substr(0, end));
                 }),
      reads_text("max-results-text-arabic-digits", "Reads Arabic digits in quotes.",
                 [](std::string t) { return digits_of_script(t, "\xd9", '\xa0'); }),
      reads_text("max-results-text-full-width-digits", "Reads full-width digits in quotes.",
                 [](std::string t) { return digits_of_script(t, "\xef\xbc", '\x90'); }),
      reads_text("max-results-text-nan-accepted", "Reads NaN in quotes as 20.",
                 [](std::string t) -> std::optional<std::int64_t> {
                   if (t != "NaN") return std::nullopt;
                   return 20;
                 }),
      reads("max-results-text-null-is-absent", type, "type", hard, "Takes the word null for no MaxResults.",
            [](Json& value) {
              if (value == "null") value = nullptr;
            }),
  };
}

std::vector<Fault> number_faults() {
  return {
      accepts(
          "max-results-0-accepted", hard, "Accepts MaxResults 0.", [](std::int64_t n) { return n == 0; }, 1),
      accepts(
          "max-results-201-accepted", hard, "Accepts MaxResults 201.",
          [](std::int64_t n) { return n == 201; }, 200),
      accepts(
          "max-results-negative-accepted", medium, "Reads a negative MaxResults as 1.",
          [](std::int64_t n) { return n < 0; }, 1),
      accepts(
          "max-results-above-int32-accepted", hard,
          "Cuts MaxResults off at its maximum if it is beyond 32 bits.",
          [](std::int64_t n) { return n > std::numeric_limits<std::int32_t>::max(); }, 200),
      accepts(
          "max-results-far-above-accepted", medium, "Accepts any MaxResults from 1,000.",
          [](std::int64_t n) { return n >= 1000; }, 200),
      accepts(
          "max-results-clamped", easy, "Reads a MaxResults above 200 as 200.",
          [](std::int64_t n) { return n > 200; }, 200),
      reads("max-results-unchecked", constraint, "range", easy, "Does not look at the value of MaxResults.",
            [](Json& value) {
              if (integer(value)) value = 20;
            }),
      reads("max-results-wraps-at-32-bits", constraint, "protocol/request/integer", hard,
            "Keeps the lower 32 bits of MaxResults.",
            [](Json& value) {
              if (const auto number = integer(value))
                value = static_cast<std::int32_t>(static_cast<std::uint32_t>(*number));
            }),
      reads("max-results-wraps-at-64-bits", constraint, "range", hard, "Reads what is beyond 64 bits as 1.",
            [](Json& value) {
              if (value.is_number_float() && integer(value)) value = 1;
            }),
      forbids("max-results-1-refused", "Wants MaxResults to be 2 at least.", 1),
      forbids("max-results-2-refused", "Does not accept MaxResults 2.", 2),
      forbids("max-results-199-refused", "Does not accept MaxResults 199.", 199),
      forbids("max-results-200-refused", "Wants MaxResults to be below 200.", 200),
      reads("max-results-string-accepted", type, "type", hard, "Reads digits in quotes as a number.",
            [](Json& value) {
              if (!value.is_string()) return;
              const auto& text = value.get_ref<const std::string&>();
              int number = 0;
              const auto end = text.data() + text.size();
              const auto read = std::from_chars(text.data(), end, number);
              if (!text.empty() && read.ptr == end) value = number;
            }),
      reads("max-results-word-ignored", type, "type", medium,
            "Takes a string that is no number for no MaxResults.",
            [](Json& value) {
              if (value.is_string()) value = nullptr;
            }),
      reads("max-results-boolean-accepted", type, "type", hard, "Reads true as 1.",
            [](Json& value) {
              if (value.is_boolean()) value = value.get<bool>() ? 1 : 0;
            }),
      reads("max-results-false-is-absent", type, "type", hard, "Takes false for no MaxResults.",
            [](Json& value) {
              if (value.is_boolean() && !value.get<bool>()) value = nullptr;
            }),
      reads("max-results-list-accepted", type, "type", hard, "Reads a list of one number as the number.",
            [](Json& value) {
              if (value.is_array() && value.size() == 1) value = Json(value.front());
            }),
      reads("max-results-empty-list-is-absent", type, "type", hard, "Takes an empty list for no MaxResults.",
            [](Json& value) {
              if (value.is_array() && value.empty()) value = nullptr;
            }),
      reads("max-results-object-ignored", type, "type", hard, "Takes an object for no MaxResults.",
            [](Json& value) {
              if (value.is_object()) value = nullptr;
            }),
      refuses({"max-results-null-refused", type, "describe-document-permission/max-results/optional", hard,
               "Does not take null for an absent MaxResults."},
              kDescribe,
              [](const Json& input) { return input.contains("MaxResults") && input["MaxResults"].is_null(); },
              {400, "SerializationException", "MaxResults: null"}),
      refuses({"max-results-required", constraint, "describe-document-permission/max-results/optional", easy,
               "Wants every request to have MaxResults."},
              kDescribe, [](const Json& input) { return !input.contains("MaxResults"); }),
  };
}

}  // namespace

std::vector<Fault> faults_max_results() {
  std::vector<Fault> all = number_faults();
  for (Fault& f : number_text_faults()) all.push_back(std::move(f));
  return all;
}

}  // namespace conformance::ssm::documents
