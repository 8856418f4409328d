#pragma once

#include <vector>

#include "harness/model/model.h"
#include "harness/run/case.h"
#include "harness/run/example.h"

namespace harness::run {

/// The cases that follow from an operation's model: for every member the nearest values inside and outside of
/// each constraint, every other JSON type, absence and null; the example cut off at every token; and
/// `<operation>/implemented`.
std::vector<Case> derive_cases(const model::Model& model, const model::Operation& operation,
                               const Example& example);

}  // namespace harness::run
