#include <algorithm>
#include <string>
#include <utility>

#include "conformance/ssm/fault_support.h"

// Faults meant for the fuzzers: in operations that are known by their model alone. Each shows on one value,
// or on values that stand together, which no derived case has. See fault.h, `for_fuzzing`.
namespace conformance::ssm::protocol {
namespace {

using enum FaultClass;
using enum Difficulty;
using wire::Json;

Fault rare(std::string name, const char* clause, std::string description, const char* operation,
           Predicate when) {
  Fault f = breaks(
      {std::move(name), constraint, std::string("protocol/model/") + clause, hard, std::move(description)},
      operation, std::move(when));
  f.by_model = operation;
  f.for_fuzzing = true;
  return f;
}

// The list of this name, or an empty one.
Json list(const Json& input, const char* name) {
  const auto found = input.find(name);
  return found != input.end() && found->is_array() ? *found : Json::array();
}

bool is(const Json& input, const char* name, std::int64_t number) {
  const auto found = input.find(name);
  return found != input.end() && found->is_number_integer() && *found == number;
}

bool is_true(const Json& input, const char* name) {
  const auto found = input.find(name);
  return found != input.end() && *found == true;
}

bool holds(const Json& input, const char* name, std::string_view part) {
  return text_of(input, name).value_or("").find(part) != std::string::npos;
}

// Two entries of a list have the same text in this member.
bool same_twice(const Json& entries, const char* name) {
  for (std::size_t i = 0; i < entries.size(); ++i) {
    for (std::size_t j = i + 1; j < entries.size(); ++j) {
      const auto one = text_of(entries[i], name);
      if (one && one == text_of(entries[j], name)) return true;
    }
  }
  return false;
}

bool any_text(const Json& value, bool (*of)(const std::string&)) {
  if (value.is_string()) return of(value.get_ref<const std::string&>());
  return value.is_structured() &&
         std::any_of(value.begin(), value.end(), [&](const Json& v) { return any_text(v, of); });
}

}  // namespace

std::vector<Fault> faults_rare_by_model() {
  return {
      rare("parameter-name-of-slashes-fails", "pattern",
           "Fails (500) on two slashes in a row in a parameter's name.", "GetParameter",
           [](const Json& input) { return holds(input, "Name", "//"); }),
      rare("path-max-results-3-fails", "range",
           "Fails (500) on MaxResults 3 where the path is searched recursively.", "GetParametersByPath",
           [](const Json& input) { return is(input, "MaxResults", 3) && is_true(input, "Recursive"); }),
      rare("two-names-alike-fail", "length", "Fails (500) if a name is asked for twice.", "GetParameters",
           [](const Json& input) {
             const Json names = list(input, "Names");
             return names.size() > 1 && names[0].is_string() &&
                    std::count(names.begin(), names.end(), names[0]) > 1;
           }),
      rare("filters-of-one-key-fail", "enum", "Fails (500) on two filters of one key.",
           "DescribeMaintenanceWindows",
           [](const Json& input) { return same_twice(list(input, "Filters"), "Key"); }),
      rare("window-cutoff-of-17-hours-fails", "range", "Fails (500) on a cutoff of 17 hours.",
           "UpdateMaintenanceWindow", [](const Json& input) { return is(input, "Cutoff", 17); }),
      rare("command-timeout-of-an-hour-fails", "range", "Fails (500) on a timeout of exactly an hour.",
           "SendCommand", [](const Json& input) { return is(input, "TimeoutSeconds", 3600); }),
      rare("ops-item-emoji-fails", "length", "Fails (500) on a character beyond the basic plane in any text.",
           "CreateOpsItem",
           [](const Json& input) {
             return any_text(input,
                             [](const std::string& text) { return text.find('\xf0') != std::string::npos; });
           }),
      rare("inventory-attribute-percent-fails", "pattern", "Fails (500) on a percent sign in a filter's key.",
           "GetInventory",
           [](const Json& input) {
             const Json filters = list(input, "Filters");
             return std::any_of(filters.begin(), filters.end(),
                                [](const Json& f) { return holds(f, "Key", "%"); });
           }),
      rare("baseline-description-with-replace-fails", "type",
           "Fails (500) where Replace is true and a description is given.", "UpdatePatchBaseline",
           [](const Json& input) {
             return is_true(input, "Replace") && text_of(input, "Description").has_value();
           }),
      rare("commands-page-of-50-with-filter-fails", "range",
           "Fails (500) on the largest page together with a filter.", "ListCommands",
           [](const Json& input) { return is(input, "MaxResults", 50) && !list(input, "Filters").empty(); }),
  };
}

}  // namespace conformance::ssm::protocol
