#include "conformance/ssm/documents/reference_store.h"

#include <algorithm>
#include <array>
#include <utility>

#include "harness/base/ascii.h"

namespace conformance::ssm::documents {
namespace {

namespace wire = harness::wire;
using wire::Json;

struct Filter {
  std::string key;
  std::vector<std::string> values;
};

// Of both forms: the older one has one value each.
std::vector<Filter> filters_in(const Json& input) {
  std::vector<Filter> out;
  if (const Json* filters = wire::member(input, "Filters"); filters != nullptr && filters->is_array()) {
    for (const Json& f : *filters)
      out.push_back({wire::text_member(f, "Key"), wire::strings_member(f, "Values")});
  }
  if (const Json* filters = wire::member(input, "DocumentFilterList");
      filters != nullptr && filters->is_array()) {
    for (const Json& f : *filters)
      out.push_back({wire::text_member(f, "key"), {wire::text_member(f, "value")}});
  }
  return out;
}

bool has(const std::vector<std::string>& values, std::string_view value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

bool passes_one(const Document& d, const Filter& filter) {
  const auto& [key, values] = filter;
  if (key == "Name")
    return std::any_of(values.begin(), values.end(), [&](const auto& v) { return d.name.starts_with(v); });
  // All that there is was made by the account itself.
  if (key == "Owner") return has(values, "Self") || has(values, "Private") || has(values, "All");
  if (key == "DocumentType") return has(values, d.type);
  if (key == "TargetType") return has(values, d.latest().target_type);
  if (key == "PlatformTypes") return has(values, "Windows") || has(values, "Linux") || has(values, "MacOS");
  if (key.starts_with("tag:")) {
    const auto tag = d.tags.find(key.substr(4));
    return tag != d.tags.end() && (values.empty() || has(values, tag->second));
  }
  return std::any_of(values.begin(), values.end(),
                     [&](const auto& v) { return d.name.find(v) != std::string::npos; });
}

}  // namespace

const DocumentVersion* Document::find(std::string_view selector, std::string_view version_name) const {
  if (selector.empty() && version_name.empty()) selector = "$DEFAULT";
  const std::string number = selector == "$LATEST"    ? std::to_string(latest().number)
                             : selector == "$DEFAULT" ? std::to_string(default_version)
                                                      : std::string(selector);
  const auto found = std::find_if(versions.begin(), versions.end(), [&](const DocumentVersion& v) {
    return (number.empty() || std::to_string(v.number) == number) &&
           (version_name.empty() || v.version_name == version_name);
  });
  return found == versions.end() ? nullptr : &*found;
}

std::optional<std::string> canonical_account(std::string_view id) {
  constexpr std::size_t kDigits = 12;
  if (id.size() == kDigits && std::all_of(id.begin(), id.end(), harness::base::is_digit))
    return std::string(id);

  if (harness::base::lower(id) == "all") return "all";
  return std::nullopt;
}

bool reserved_name(std::string_view name) {
  constexpr std::array<std::string_view, 5> kPrefixes = {"AWS", "aws", "Amazon", "amazon", "amzn"};
  return std::any_of(kPrefixes.begin(), kPrefixes.end(),
                     [&](std::string_view prefix) { return name.substr(0, prefix.size()) == prefix; });
}

bool passes(const Document& document, const Json& input) {
  const auto filters = filters_in(input);
  return std::all_of(filters.begin(), filters.end(),
                     [&](const Filter& filter) { return passes_one(document, filter); });
}

std::string unknown_filter(const Json& input) {
  constexpr std::array<std::string_view, 6> kKeys = {"Name",          "Owner",      "DocumentType",
                                                     "PlatformTypes", "TargetType", "SearchKeyword"};
  for (const auto& [key, values] : filters_in(input)) {
    if (!key.starts_with("tag:") && std::find(kKeys.begin(), kKeys.end(), key) == kKeys.end()) return key;
  }
  return {};
}

}  // namespace conformance::ssm::documents
