#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/model.h"
#include "harness/wire/json.h"

/// What the two loaders fill; private to harness/model.
namespace harness::model {

struct Model::Data {
  std::map<std::string, std::unique_ptr<Shape>, std::less<>> shapes;
  std::vector<Operation> operations;
  ServiceIdentity identity;
  std::string hash;

  /// Sorts the operations and computes the hash of the text.
  void finish(std::string_view text);
};

/// `application/x-amz-json-VERSION`, the media type of AWS JSON.
std::string json_content_type(std::string_view version);

/// "CloudWatch Logs" -> "cloudwatch_logs" with `blank` '_'.
std::string lower_with_blanks_as(std::string_view text, std::string_view blank);

/// A member's constraints are its own, and its target's where it has none.
Constraints merged(const Constraints& own, const Constraints& target);

/// `object[key]` as a string, or "".
std::string text_of(const wire::Json& object, std::string_view key);

/// The member `key` of a JSON object, or nullptr (also if `object` is no object).
const wire::Json* find(const wire::Json& object, std::string_view key);

/// The number `object[key]` as a limit: cut to a whole one, and to the nearest that 64 bits hold. Nothing if
/// it is no number.
std::optional<std::int64_t> whole_number(const wire::Json& object, std::string_view key);

/// Whether everything that the loaders read has the JSON type that it must have; the loaders themselves pass
/// over what is of another type. Error: "shapes/a#Name/traits/smithy.api#length/min must be a number".
Status check_smithy_types(const wire::Json& ast);
Status check_botocore_types(const wire::Json& service);

Result<Model> load_smithy_json(std::string_view text, const wire::Json& ast);
Result<Model> load_botocore_json(std::string_view text, const wire::Json& service);

}  // namespace harness::model
