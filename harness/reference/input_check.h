#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "harness/model/validate.h"
#include "harness/reference/answer.h"
#include "harness/wire/json.h"

namespace harness::reference {

/// Errors of its own that an operation has for top-level members that break their constraints, by member.
struct InputErrors {
  /// Answered where the value is none of its enumeration's and nothing else is wrong.
  std::map<std::string, Failure, std::less<>> not_in_enumeration;
  /// Answered where the value is present and breaks a constraint, whatever else is wrong (but for types).
  std::map<std::string, Failure, std::less<>> impossible;
};

/// Checks an input against its shape: first every type, then every constraint, all of them reported together.
/// Afterwards each member that the shape knows has the JSON type of its shape or is absent (elements of lists
/// may be null).
///
/// Where the specification leaves the meaning of a number open, this reads it kindly: `5.0` and `5e0` in an
/// integer member are 5 (and become so in `text`), `5.5` is a wrong type. Of a member that stands twice, the
/// last counts.
///
/// Where a pattern can be read in two ways (model::Pattern), the whole text has to match, as AWS has it.
///
/// What a planted fault `overlooks` does not count; then a member may have any JSON type.
std::optional<Failure> check_input(const model::Shape& shape, wire::JsonText& text,
                                   const InputErrors& errors = {},
                                   const std::function<bool(const model::Violation&)>& overlooks = {});

}  // namespace harness::reference
