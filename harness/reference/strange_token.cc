#include "harness/reference/strange_token.h"

#include <algorithm>
#include <string>

#include "harness/base/ascii.h"

namespace harness::reference {

std::optional<Failure> refusal_of_token(const model::Operation& operation, const wire::Json& input) {
  if (!operation.paginator) return std::nullopt;
  const std::string& member = operation.paginator->input_token;
  if (wire::text_member(input, member).empty()) return std::nullopt;
  const auto declared = std::find_if(
      operation.errors.begin(), operation.errors.end(),
      [&](const model::Shape* error) { return base::lower(error->name()).ends_with(base::lower(member)); });
  const bool none = declared == operation.errors.end();
  return Failure{400, none ? "ValidationException" : std::string((*declared)->name()),
                 "The specified token is not valid."};
}

}  // namespace harness::reference
