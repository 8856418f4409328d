#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/model/sites.h"
#include "harness/wire/json.h"

/// Values for one place of an input, a few for each of its constraints: the nearest inside and outside, other
/// JSON types, null and nothing. Where boundary_values() has all that an implementation may get wrong for the
/// operations that are judged deeply, these are what tells whether a constraint is looked at.
namespace harness::generate {

struct SiteValue {
  std::string label;  ///< "range/above-maximum": stable; the end of a case's id
  std::string title;  ///< for people: "201, one above the maximum"
  /// Nothing: what stands there is left out.
  std::optional<wire::Json> json;
};

/// `example` is a valid value for the place. Labels are unique within their group. Deterministic. Which rule
/// a value really breaks is not said here: of several that try to break the same constraint (a pattern has no
/// nearest outside), the first are the simplest. `prefix` is that of valid_input().
std::vector<SiteValue> site_values(const model::Place& place, const wire::Json& example,
                                   std::string_view prefix = {});

}  // namespace harness::generate
