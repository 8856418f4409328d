#include <charconv>
#include <cstdint>
#include <limits>

#include "harness/reference/faults/catalogue.h"
#include "harness/reference/faults/kit.h"

// MaxResults of DescribeDocumentPermission: an Integer from 1 to 200.
namespace harness::reference {
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

}  // namespace

std::vector<Fault> max_results_faults() {
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

}  // namespace harness::reference
