#include "harness/run/families.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/run/select.h"
#include "harness/wire/json.h"

namespace harness::run {

Families::Families(std::vector<Family> families) : families_(std::move(families)) {
  const char* title = families_.empty() ? "All operations" : "Other operations";
  families_.push_back({std::string(kOtherFamily), title, {"*"}});
}

const Family& Families::of(std::string_view operation) const {
  const auto has = [&](const Family& family) {
    return std::any_of(family.operations.begin(), family.operations.end(),
                       [&](const std::string& glob) { return glob_match(glob, operation); });
  };
  return *std::find_if(families_.begin(), families_.end() - 1, has);
}

Result<Families> load_families(std::string_view json) {
  const auto parsed = wire::parse_json(json);
  if (!parsed || !parsed->value.is_object()) return fail("the families are not a JSON object");
  std::vector<Family> out;
  for (const auto& [key, entry] : parsed->value.items()) {
    Family family{key, wire::text_member(entry, "title"), {}};
    const wire::Json* globs = wire::member(entry, "operations");
    if (globs != nullptr && globs->is_array()) {
      for (const auto& glob : *globs)
        family.operations.push_back(glob.is_string() ? glob.get<std::string>() : "");
    }
    const bool named = std::none_of(family.operations.begin(), family.operations.end(),
                                    [](const std::string& glob) { return glob.empty(); });
    if (family.title.empty() || family.operations.empty() || !named)
      return fail(fmt::format("the family {} needs a title and operations", key));
    if (key == kOtherFamily) return fail(fmt::format("the family {} holds what no family names", key));
    out.push_back(std::move(family));
  }
  return Families(std::move(out));
}

}  // namespace harness::run
