#pragma once

#include <optional>

#include "harness/model/sites.h"
#include "harness/result.h"
#include "harness/wire/json.h"

/// Inputs that have something at a place of the model, at any depth.
namespace harness::generate {

/// `input` with `value` at the place, or with nothing there. What lies between and is missing is added: valid
/// values, the first element of a list, the first entry of a map; of a union, the other members go. Error:
/// no value could be made of what lies between, or an element or an entry is to be left out. `prefix` is that
/// of valid_input().
Result<wire::Json> with_value_at(wire::Json input, const model::Place& place, std::optional<wire::Json> value,
                                 std::string_view prefix = {});

/// The place in this very input, as violations name it: "Tags[0].Key", "Parameters.example".
std::string concrete_path(const wire::Json& input, const model::Place& place);

/// What `input` has at the place, if there is anything. Of a key, the first.
std::optional<wire::Json> value_at(const wire::Json& input, const model::Place& place);

}  // namespace harness::generate
