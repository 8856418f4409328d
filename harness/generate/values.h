#pragma once

#include <string>
#include <vector>

#include "harness/model/model.h"

/// Values worth sending for a member of the model: the nearest inside and outside of each constraint, and
/// every other JSON type. Whether a value is valid is not said here: that is the oracle's to find.
namespace harness::generate {

/// Longer ones are not made.
inline constexpr std::size_t kLongestValue = 100'000;

struct Value {
  std::string label;  ///< "range/above-maximum": stable; the end of a case's id
  std::string title;  ///< for people: "201, one above the maximum"
  /// The value's JSON text; may hold placeholders. Empty: the member is left out.
  std::string json;
};

/// `example` is a valid value's JSON text (it may hold placeholders). Labels are unique. Deterministic. Texts
/// for a length beyond `longest` characters are left out.
std::vector<Value> boundary_values(const model::Member& member, const std::string& example,
                                   std::size_t longest = kLongestValue);

/// JSON text cut off at every place where a reader's state differs: before and after each token, inside each
/// string and number. Labels like "after-colon-of-name". The whole text is not among them.
struct Truncation {
  std::string label;
  std::string text;
};
std::vector<Truncation> truncations(const std::string& json_object);

}  // namespace harness::generate
