#pragma once

#include <string_view>

#include "harness/model/model.h"
#include "harness/result.h"
#include "harness/wire/json.h"

/// Inputs that a model takes for valid, made from the model alone: for operations of which no example is
/// known. Deterministic: one model gives one input on every machine. That a service takes it too is not said:
/// it may ask for more than its model does (a resource that exists, two members that go together).
///
/// With a `prefix`, texts begin with it where their constraints let them, instead of "example": names that a
/// run makes up are its own then, and hit nothing that belongs to somebody else.
namespace harness::generate {

/// An input with the required members, and with `optional` beside them unless that is "". Structures inside
/// hold their required members; lists and maps hold one entry, or the least that they must; strings are
/// readable where their pattern lets them be. Error: names the member of which no value could be made, and
/// why ("Filters[0].Key: no string of its pattern was found", "the model has no member X").
Result<wire::Json> valid_input(const model::Operation& operation, std::string_view optional = {},
                               std::string_view prefix = {});

/// A value for a member by itself. `path` is where it stands, for errors, and to tell values apart.
Result<wire::Json> valid_value(const model::Member& member, const std::string& path,
                               std::string_view prefix = {});
/// The same of a list or a map, with exactly so many entries, all different; whether the model allows as many
/// is not asked. Error: no more than 2,000 are made.
Result<wire::Json> valid_entries(const model::Member& member, std::size_t entries, const std::string& path,
                                 std::string_view prefix = {});

}  // namespace harness::generate
