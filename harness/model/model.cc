#include "harness/model/model.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "harness/base/ascii.h"
#include "harness/base/hash.h"
#include "harness/model/data.h"

namespace harness::model {

std::string_view to_string(ShapeType type) {
  switch (type) {
    case ShapeType::boolean:
      return "boolean";
    case ShapeType::byte_:
      return "byte";
    case ShapeType::short_:
      return "short";
    case ShapeType::integer:
      return "integer";
    case ShapeType::long_:
      return "long";
    case ShapeType::float_:
      return "float";
    case ShapeType::double_:
      return "double";
    case ShapeType::big_integer:
      return "bigInteger";
    case ShapeType::big_decimal:
      return "bigDecimal";
    case ShapeType::string:
      return "string";
    case ShapeType::enumeration:
      return "enum";
    case ShapeType::blob:
      return "blob";
    case ShapeType::timestamp:
      return "timestamp";
    case ShapeType::document:
      return "document";
    case ShapeType::list:
      return "list";
    case ShapeType::map:
      return "map";
    case ShapeType::structure:
      return "structure";
    case ShapeType::union_:
      return "union";
  }
  return "?";
}

std::string json_content_type(std::string_view version) {
  return fmt::format("application/x-amz-json-{}", version);
}

std::string lower_with_blanks_as(std::string_view text, std::string_view blank) {
  std::string out;
  for (const char c : text) {
    if (c == ' ') {
      out += blank;
    } else {
      out += base::lower(c);
    }
  }
  return out;
}

std::string ServiceIdentity::compact_version() const {
  std::string digits = version;
  std::erase(digits, '-');
  return digits;
}

std::string ServiceIdentity::endpoint_variable() const {
  return "AWS_ENDPOINT_URL_" + base::upper(services_key());
}

std::string ServiceIdentity::services_key() const {
  return lower_with_blanks_as(id, "_");
}

bool is_text(ShapeType type) {
  return type == ShapeType::string || type == ShapeType::enumeration || type == ShapeType::blob;
}

bool is_sized_integer(ShapeType type) {
  return type == ShapeType::byte_ || type == ShapeType::short_ || type == ShapeType::integer ||
         type == ShapeType::long_;
}

bool is_integer(ShapeType type) {
  return is_sized_integer(type) || type == ShapeType::big_integer;
}

std::string_view Shape::name() const {
  const auto hash = id.find('#');
  return hash == std::string::npos ? std::string_view(id) : std::string_view(id).substr(hash + 1);
}

const Member* Shape::find_member(std::string_view member) const {
  const auto it =
      std::find_if(members.begin(), members.end(), [&](const Member& m) { return m.name == member; });
  return it == members.end() ? nullptr : &*it;
}

bool Operation::declares(std::string_view error) const {
  return std::any_of(errors.begin(), errors.end(), [&](const Shape* e) { return e->name() == error; });
}

bool Operation::answers_nothing() const {
  return output != nullptr && output->id == "smithy.api#Unit";
}

bool Operation::answers_in_events() const {
  return output != nullptr && std::any_of(output->members.begin(), output->members.end(),
                                          [](const Member& m) { return m.target->streaming; });
}

const std::vector<Operation>& Model::operations() const {
  return data_->operations;
}
const ServiceIdentity& Model::identity() const {
  return data_->identity;
}
const std::string& Model::hash() const {
  return data_->hash;
}

const Operation* Model::find_operation(std::string_view name) const {
  const auto& ops = data_->operations;
  const auto it = std::lower_bound(ops.begin(), ops.end(), name,
                                   [](const Operation& op, std::string_view n) { return op.name < n; });
  return it != ops.end() && it->name == name ? &*it : nullptr;
}

const Shape* Model::find_shape(std::string_view id) const {
  const auto it = data_->shapes.find(id);
  return it == data_->shapes.end() ? nullptr : it->second.get();
}

void Model::Data::finish(std::string_view text) {
  std::sort(operations.begin(), operations.end(),
            [](const Operation& a, const Operation& b) { return a.name < b.name; });
  hash = base::sha256_hex(text);
}

Constraints merged(const Constraints& own, const Constraints& target) {
  Constraints c = own;
  if (!c.min_length && !c.max_length) c.min_length = target.min_length, c.max_length = target.max_length;
  if (!c.min_value && !c.max_value) c.min_value = target.min_value, c.max_value = target.max_value;
  if (!c.pattern) c.pattern = target.pattern;
  if (c.enum_values.empty()) c.enum_values = target.enum_values;
  c.sensitive = c.sensitive || target.sensitive;
  return c;
}

const wire::Json* find(const wire::Json& object, std::string_view key) {
  if (!object.is_object()) return nullptr;
  const auto it = object.find(key);
  return it == object.end() ? nullptr : &*it;
}

std::string text_of(const wire::Json& object, std::string_view key) {
  const wire::Json* value = find(object, key);
  return value != nullptr && value->is_string() ? value->get<std::string>() : std::string();
}

std::optional<std::int64_t> whole_number(const wire::Json& object, std::string_view key) {
  using Limits = std::numeric_limits<std::int64_t>;
  const wire::Json* value = find(object, key);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  if (value->is_number_unsigned()) {
    const auto number = value->get<std::uint64_t>();
    return number > static_cast<std::uint64_t>(Limits::max()) ? Limits::max()
                                                              : static_cast<std::int64_t>(number);
  }
  if (value->is_number_integer()) return value->get<std::int64_t>();
  const double number = value->get<double>();
  constexpr double kBeyond = 9223372036854775808.0;  // 2^63; converting it would be undefined
  if (number >= kBeyond) return Limits::max();
  return number < -kBeyond ? Limits::min() : static_cast<std::int64_t>(number);
}

namespace {

Result<wire::Json> read(std::string_view text) {
  auto parsed = wire::parse_json(text);
  if (!parsed) {
    return fail(
        fmt::format("the model is not JSON: {} at byte {}", parsed.error().reason, parsed.error().offset));
  }
  if (parsed->has(wire::JsonNote::Kind::invalid_utf8)) return fail("the model is not UTF-8");
  if (!parsed->value.is_object()) return fail("the model is not a JSON object");
  return std::move(parsed->value);
}

}  // namespace

Result<Model> load_smithy(std::string_view text) {
  auto json = read(text);
  if (!json) return tl::unexpected(json.error());
  return load_smithy_json(text, *json);
}

Result<Model> load_botocore(std::string_view text) {
  auto json = read(text);
  if (!json) return tl::unexpected(json.error());
  return load_botocore_json(text, *json);
}

Result<Model> load(std::string_view text) {
  auto json = read(text);
  if (!json) return tl::unexpected(json.error());
  if (find(*json, "smithy") != nullptr) return load_smithy_json(text, *json);
  if (find(*json, "metadata") != nullptr) return load_botocore_json(text, *json);
  return fail(
      "the file is neither a Smithy JSON AST (it has no member \"smithy\") nor a botocore service-2.json (no "
      "member "
      "\"metadata\")");
}

}  // namespace harness::model
