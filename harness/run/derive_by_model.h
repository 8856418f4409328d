#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/model.h"
#include "harness/run/case.h"
#include "harness/run/example.h"
#include "harness/wire/json.h"

namespace harness::run {

/// The cases that follow from the model of an operation of which nothing else need be known
/// (Case::by_model): at every place of its input, at any depth, the nearest values inside and outside of each
/// constraint, other JSON types, null and nothing; and `<operation>/implemented`. Each breaks one rule at one
/// place, which model::validate() has said, or none. A control is the same input with a valid value there.
/// No value of a page token is valid (oracle/page_token.h): one that breaks no constraint was still never
/// issued, and the control has none.
///
/// `input` is what the operation is called with, if that is known: it may hold placeholders. Else it is made
/// from the model (generate::valid_input()). Nothing is derived where that cannot be.
std::vector<Case> derive_by_model(const model::Model& model, const model::Operation& operation,
                                  const wire::Json* input = nullptr);

/// What those cases start from where no input is given, with placeholders. Nothing where none can be made.
std::optional<Example> example_by_model(const model::Operation& operation);

/// The clause that derived cases of a kind stand for: "protocol/model/required".
std::string clause_by_model(std::string_view group);

}  // namespace harness::run
