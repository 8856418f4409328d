#include "conformance/ssm/parameters/reference_filters.h"

#include <algorithm>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace conformance::ssm::parameters {
namespace {

using harness::reference::Failure;
using harness::wire::Json;
namespace wire = harness::wire;

struct Filter {
  std::string key, option;
  std::vector<std::string> values;
};

constexpr std::string_view kOldFilters = "Filters";
constexpr std::string_view kNewFilters = "ParameterFilters";

std::vector<Filter> filters_of(const Json& input, std::string_view list) {
  std::vector<Filter> out;
  const Json* filters = wire::member(input, list);
  if (filters == nullptr || !filters->is_array()) return out;
  for (const Json& f : *filters)
    out.push_back(
        {wire::text_member(f, "Key"), wire::text_member(f, "Option"), wire::strings_member(f, "Values")});
  return out;
}

bool is_tag(const Filter& filter) {
  return filter.key.starts_with("tag:");
}

// Options that a key may have; the first is the usual one.
std::vector<std::string_view> options_of(const Filter& filter) {
  if (filter.key == "Path") return {"OneLevel", "Recursive"};
  if (filter.key == "Name") return {"Equals", "BeginsWith", "Contains"};
  return {"Equals", "BeginsWith"};
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> all) {
  return std::find(all.begin(), all.end(), text) != all.end();
}

std::optional<Failure> refusal_of(const Filter& filter, FilteredBy operation) {
  const bool key = operation == FilteredBy::describe ? filter.key != "Label"
                                                     : is_one_of(filter.key, {"Type", "KeyId", "Label"});
  if (!key)
    return Failure{400, "InvalidFilterKey",
                   "The following filter key is not valid: " + filter.key + ". Valid filter keys include: [" +
                       (operation == FilteredBy::describe ? "Path, Name, Type, KeyId, Tier" : "Type, KeyId") +
                       "]."};
  const auto options = options_of(filter);
  if (!filter.option.empty() && std::find(options.begin(), options.end(), filter.option) == options.end())
    return Failure{400, "InvalidFilterOption",
                   "The following filter option is not valid: " + filter.option +
                       ". Valid options include: [" +
                       (filter.key == "Path" ? "Recursive, OneLevel" : "BeginsWith, Equals") + "]."};
  if (filter.values.empty() && !is_tag(filter))
    return Failure{400, "InvalidFilterValue",
                   "The following filter values are missing : null for filter key " + filter.key};
  const bool of_types = filter.key == "Type" && filter.option != "BeginsWith";
  for (const auto& value : filter.values) {
    if (of_types && !is_one_of(value, {"String", "StringList", "SecureString"}))
      return Failure{400, "InvalidFilterValue",
                     "The following filter value is not valid: " + value +
                         ". Valid values include: [String, StringList, SecureString]."};
    if (filter.key == "Path" && !is_path(value))
      return Failure{400, "ValidationException", std::string(kNoPath)};
  }
  return std::nullopt;
}

bool any_value(const Filter& filter, const std::function<bool(const std::string&)>& holds) {
  return std::any_of(filter.values.begin(), filter.values.end(), holds);
}

bool compares(const Filter& filter, std::string_view text) {
  return any_value(filter, [&](const std::string& value) {
    if (filter.option == "BeginsWith") return text.starts_with(value);
    if (filter.option == "Contains") return text.find(value) != std::string_view::npos;
    return text == value;
  });
}

bool passes_one(const Parameter& parameter, const Filter& filter) {
  const Version& latest = parameter.latest();
  if (is_tag(filter)) {
    const auto tag = parameter.tags.find(filter.key.substr(std::string_view("tag:").size()));
    return tag != parameter.tags.end() && (filter.values.empty() || compares(filter, tag->second));
  }
  if (filter.key == "Name") {
    Filter bare = filter;
    for (auto& value : bare.values) {
      if (filter.option != "Contains") value = key_of(value);
    }
    // With a slash before it or not, it is one name.
    const std::string key = key_of(parameter.name);
    return compares(bare, filter.option == "Contains" && !key.starts_with('/') ? "/" + key : key);
  }
  if (filter.key == "Path")
    return any_value(filter, [&](const std::string& path) {
      return is_below(parameter.name, path, filter.option == "Recursive");
    });
  if (filter.key == "Type") return compares(filter, latest.type);
  if (filter.key == "KeyId") return compares(filter, latest.key_id);
  if (filter.key == "Tier") return compares(filter, latest.tier);
  if (filter.key == "DataType") return compares(filter, latest.data_type);
  return any_value(filter, [&](const std::string& label) {
    return std::any_of(parameter.versions.begin(), parameter.versions.end(),
                       [&](const Version& v) { return v.labels.contains(label); });
  });
}

}  // namespace

std::optional<Failure> refusal_of_filters(const Json& input, FilteredBy operation) {
  const auto filters = filters_of(input, kNewFilters);
  if (!filters.empty() && !filters_of(input, kOldFilters).empty())
    return Failure{400, "ValidationException",
                   "You can use either Filters or ParameterFilters in a single request."};
  for (auto f = filters.begin(); f != filters.end(); ++f) {
    if (auto why = refusal_of(*f, operation)) return why;
    if (std::any_of(filters.begin(), f, [&](const Filter& earlier) { return earlier.key == f->key; }))
      return Failure{400, "InvalidFilterKey",
                     "The following filter is duplicated in the request: " + f->key +
                         ". A request can contain only one occurrence of a specific filter."};
  }
  return std::nullopt;
}

bool passes(const Parameter& parameter, const Json& input) {
  auto filters = filters_of(input, kNewFilters);
  for (Filter& old : filters_of(input, kOldFilters)) {
    old.option = "BeginsWith";
    filters.push_back(std::move(old));
  }
  return std::all_of(filters.begin(), filters.end(),
                     [&](const Filter& f) { return passes_one(parameter, f); });
}

}  // namespace conformance::ssm::parameters
