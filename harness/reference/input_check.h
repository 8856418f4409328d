#pragma once

#include <optional>

#include "harness/model/model.h"
#include "harness/reference/answer.h"
#include "harness/wire/json.h"

namespace harness::reference {

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
/// `PermissionType` other than Share has a documented error of its own: it is answered only where nothing
/// else is wrong. With `look_up_name`, a Name that breaks its constraints is one that no document has:
/// InvalidDocument.
std::optional<Failure> check_input(const model::Shape& shape, wire::JsonText& text,
                                   bool look_up_name = false);

}  // namespace harness::reference
