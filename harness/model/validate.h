#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/model/model.h"
#include "harness/wire/json.h"

/// A JSON value against a shape: every type and constraint violation, each with its path.
namespace harness::model {

/// One broken rule. `path` is in the words of the model: "Name", "Keys[2]", "Attachments[0].Key".
struct Violation {
  enum class Rule {
    type,          ///< the JSON type cannot carry the shape ("expected an integer, got a string")
    integer_size,  ///< an integer beyond the shape's width (int32 for `integer`)
    required,      ///< a required member is missing or null
    length,
    range,
    pattern,
    enumeration,
  };
  Rule rule;
  std::string path;
  std::string member;  ///< the name of the innermost member of a structure on the path ("Keys")
  /// What must hold, in the grammar of AWS's messages: "Member must have value less than or equal to 200".
  /// For `type` and `integer_size`, a plain sentence.
  std::string constraint;
  std::string
      value;  ///< the offending value for people: at most 200 bytes, "null" if absent, "" if sensitive
  bool sensitive = false;  ///< the value must not be shown: "" is not what it was
};
std::string_view to_string(Violation::Rule rule);

/// A place where the answer is not certain, and why: an ambiguous or unsupported pattern, `null` in a list, a
/// number written with a fraction or an exponent, text that was not UTF-8.
struct Uncertainty {
  std::string path;
  std::string reason;
};

struct Validation {
  std::vector<Violation> violations;       ///< in the order of the model's members; the first 1,000
  std::vector<Uncertainty> uncertainties;  ///< the first 1,000
};

/// Checks `text.value` as the shape. Unknown members are ignored and a null member is an absent one (Smithy,
/// JSON protocols). Where a value has the wrong type, its constraints are not checked.
Validation validate(const Shape& shape, const wire::JsonText& text);

/// The message that AWS writes for constraint violations (types excluded):
/// "2 validation errors detected: Value '0' at 'maxResults' failed to satisfy constraint: Member must …; …".
std::string aws_message(const std::vector<Violation>& violations);

}  // namespace harness::model
