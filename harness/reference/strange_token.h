#pragma once

#include <optional>

#include "harness/model/model.h"
#include "harness/reference/answer.h"
#include "harness/wire/json.h"

namespace harness::reference {

/// Why an operation that issues no page tokens refuses an input that holds one; nothing if it holds none. The
/// error is the one that the operation declares for tokens, or else ValidationException.
std::optional<Failure> refusal_of_token(const model::Operation& operation, const wire::Json& input);

}  // namespace harness::reference
