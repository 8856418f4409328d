#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <map>

#include "harness/base/ascii.h"
#include "harness/model/data.h"
#include "harness/model/paginator.h"

namespace harness::model {
namespace {

using wire::Json;

const std::map<std::string_view, ShapeType>& smithy_types() {
  static const std::map<std::string_view, ShapeType> types = {
      {"boolean", ShapeType::boolean},
      {"byte", ShapeType::byte_},
      {"short", ShapeType::short_},
      {"integer", ShapeType::integer},
      {"intEnum", ShapeType::integer},
      {"long", ShapeType::long_},
      {"float", ShapeType::float_},
      {"double", ShapeType::double_},
      {"bigInteger", ShapeType::big_integer},
      {"bigDecimal", ShapeType::big_decimal},
      {"string", ShapeType::string},
      {"enum", ShapeType::enumeration},
      {"blob", ShapeType::blob},
      {"timestamp", ShapeType::timestamp},
      {"document", ShapeType::document},
      {"list", ShapeType::list},
      {"set", ShapeType::list},
      {"map", ShapeType::map},
      {"structure", ShapeType::structure},
      {"union", ShapeType::union_},
  };
  return types;
}

// The prelude's shapes that members may target (https://smithy.io/2.0/spec/model.html#prelude).
constexpr std::array<std::pair<std::string_view, ShapeType>, 19> kPrelude = {{
    {"smithy.api#String", ShapeType::string},
    {"smithy.api#Blob", ShapeType::blob},
    {"smithy.api#BigInteger", ShapeType::big_integer},
    {"smithy.api#BigDecimal", ShapeType::big_decimal},
    {"smithy.api#Timestamp", ShapeType::timestamp},
    {"smithy.api#Document", ShapeType::document},
    {"smithy.api#Boolean", ShapeType::boolean},
    {"smithy.api#PrimitiveBoolean", ShapeType::boolean},
    {"smithy.api#Byte", ShapeType::byte_},
    {"smithy.api#Short", ShapeType::short_},
    {"smithy.api#Integer", ShapeType::integer},
    {"smithy.api#PrimitiveInteger", ShapeType::integer},
    {"smithy.api#Long", ShapeType::long_},
    {"smithy.api#PrimitiveLong", ShapeType::long_},
    {"smithy.api#Float", ShapeType::float_},
    {"smithy.api#PrimitiveFloat", ShapeType::float_},
    {"smithy.api#Double", ShapeType::double_},
    {"smithy.api#PrimitiveDouble", ShapeType::double_},
    {"smithy.api#Unit", ShapeType::structure},
}};

Constraints constraints_of(const Json* traits) {
  Constraints c;
  if (traits == nullptr) return c;
  c.required = find(*traits, "smithy.api#required") != nullptr;
  c.sensitive = find(*traits, "smithy.api#sensitive") != nullptr;
  if (const Json* length = find(*traits, "smithy.api#length")) {
    c.min_length = whole_number(*length, "min");
    c.max_length = whole_number(*length, "max");
  }
  if (const Json* range = find(*traits, "smithy.api#range")) {
    c.min_value = whole_number(*range, "min");
    c.max_value = whole_number(*range, "max");
  }
  if (const auto pattern = text_of(*traits, "smithy.api#pattern"); !pattern.empty()) {
    c.pattern = std::make_shared<const Pattern>(pattern);
  }
  if (const Json* values = find(*traits, "smithy.api#enum"); values != nullptr && values->is_array()) {
    for (const Json& v : *values) c.enum_values.push_back(text_of(v, "value"));
  }
  return c;
}

// The values of an `enum` shape: a member's enumValue, or its name.
std::vector<std::string> enum_values_of(const Json& shape) {
  std::vector<std::string> values;
  const Json* members = find(shape, "members");
  if (members == nullptr || !members->is_object()) return values;
  for (const auto& [name, member] : members->items()) {
    std::string value;
    if (const Json* traits = find(member, "traits")) value = text_of(*traits, "smithy.api#enumValue");
    values.push_back(value.empty() ? name : value);
  }
  return values;
}

// The first of these texts that is not empty.
std::string first_of(std::initializer_list<std::string> texts) {
  for (const std::string& text : texts) {
    if (!text.empty()) return text;
  }
  return {};
}

// The media type of the requests that a service with these traits reads: ServiceIdentity::content_type.
std::string media_type_of(const Json& traits) {
  const auto speaks = [&](const char* protocol) { return find(traits, protocol) != nullptr; };
  if (speaks("aws.protocols#awsJson1_0")) return json_content_type("1.0");
  constexpr std::array kOthers = {"aws.protocols#restJson1", "aws.protocols#restXml",
                                  "aws.protocols#awsQuery", "aws.protocols#ec2Query",
                                  "smithy.protocols#rpcv2Cbor"};
  const bool another = std::any_of(kOthers.begin(), kOthers.end(), speaks);
  return another && !speaks("aws.protocols#awsJson1_1") ? std::string() : json_content_type("1.1");
}

ServiceIdentity smithy_identity(const std::string& shape_id, const Json& service) {
  static const Json kNoTraits = Json::object();
  const Json* traits = find(service, "traits");
  if (traits == nullptr) traits = &kNoTraits;
  const auto text = [&](std::string_view trait, std::string_view member) {
    const Json* value = find(*traits, trait);
    return value == nullptr ? std::string() : text_of(*value, member);
  };
  const std::size_t hash = shape_id.find('#');
  ServiceIdentity out;
  if (hash != std::string::npos) out.shape_namespace = shape_id.substr(0, hash);
  out.target_prefix = shape_id.substr(hash + 1);  // npos + 1 is 0
  out.id = first_of({text("aws.api#service", "sdkId"), out.target_prefix});
  out.version = text_of(service, "version");
  out.signing_name = first_of({text("aws.auth#sigv4", "name"), text("aws.api#service", "arnNamespace"),
                               base::lower(out.target_prefix)});
  out.content_type = media_type_of(*traits);
  return out;
}

// The trait `paginated` of an operation; what it leaves out, the service's says for all of them. Nothing if
// it names no member of the input that may be left out, as the first call does.
std::optional<Paginator> paginator_of(const Json& operation, const Json& service, const Shape& input) {
  constexpr std::string_view kTrait = "smithy.api#paginated";
  const auto trait_of = [&](const Json& shape) {
    const Json* traits = find(shape, "traits");
    return traits == nullptr ? nullptr : find(*traits, kTrait);
  };
  const Json* own = trait_of(operation);
  if (own == nullptr) return std::nullopt;
  const Json* of_all = trait_of(service);
  const auto text = [&](std::string_view name) {
    return first_of({text_of(*own, name), of_all == nullptr ? std::string() : text_of(*of_all, name)});
  };
  Paginator out{text("inputToken"), text("outputToken"), text("pageSize"), text("items")};
  const Member* token = input.find_member(out.input_token);
  if (token == nullptr || token->constraints.required) return std::nullopt;
  return out;
}

class SmithyLoader {
 public:
  explicit SmithyLoader(const Json& ast) : ast_(ast) {}

  Result<Model> run(std::string_view text) {
    const Json* shapes = find(ast_, "shapes");
    if (shapes == nullptr || !shapes->is_object()) return fail("the model has no object \"shapes\"");
    for (const auto& [id, type] : kPrelude) add(std::string(id), type);
    std::string service;
    for (const auto& [id, shape] : shapes->items()) {
      const std::string type = text_of(shape, "type");
      if (type == "service") {
        if (!service.empty()) return fail(fmt::format("two services: {} and {}", service, id));
        service = id;
      } else if (const auto t = smithy_types().find(type); t != smithy_types().end()) {
        Shape& s = add(id, t->second);
        const Json* traits = find(shape, "traits");
        s.constraints = constraints_of(traits);
        if (traits != nullptr) s.documentation = text_of(*traits, "smithy.api#documentation");
        if (traits != nullptr)
          s.http_status = static_cast<int>(whole_number(*traits, "smithy.api#httpError").value_or(400));
        s.streaming = traits != nullptr && find(*traits, "smithy.api#streaming") != nullptr;
        if (type == "enum") s.constraints.enum_values = enum_values_of(shape);
        if (s.type == ShapeType::string && !s.constraints.enum_values.empty())
          s.type = ShapeType::enumeration;
      } else if (type != "operation" && type != "resource") {
        return fail(fmt::format("shapes/{}: unknown type \"{}\"", id, type));
      }
    }
    if (service.empty()) return fail("the model has no service shape");
    for (const auto& [id, shape] : shapes->items()) {
      if (auto s = members(id, shape); !s) return tl::unexpected(s.error());
    }
    for (const auto& [id, shape] : shapes->items()) {
      if (text_of(shape, "type") != "operation") continue;
      if (auto s = operation(id, shape, *find(*shapes, service)); !s) return tl::unexpected(s.error());
    }
    if (data_->operations.empty()) return fail("the model has no operation");
    data_->identity = smithy_identity(service, *find(*shapes, service));
    if (data_->identity.target_prefix.empty())
      return fail(fmt::format("shapes/{}: the service's shape has no name", service));
    data_->finish(text);
    return Model(std::move(data_));
  }

 private:
  Shape& add(std::string id, ShapeType type) {
    auto shape = std::make_unique<Shape>();
    shape->id = id;
    shape->type = type;
    return *(data_->shapes[std::move(id)] = std::move(shape));
  }

  Result<const Shape*> target(const std::string& where, const Json& reference) {
    const std::string id = text_of(reference, "target");
    const auto it = data_->shapes.find(id);
    if (it == data_->shapes.end()) return fail(fmt::format("{}: target \"{}\" does not exist", where, id));
    return it->second.get();
  }

  Status member(Shape& shape, const std::string& name, const Json& json) {
    auto to = target(fmt::format("shapes/{}/members/{}", shape.id, name), json);
    if (!to) return tl::unexpected(to.error());
    shape.members.push_back({name, *to, merged(constraints_of(find(json, "traits")), (*to)->constraints)});
    return {};
  }

  Status members(const std::string& id, const Json& json) {
    const auto it = data_->shapes.find(id);
    if (it == data_->shapes.end()) return {};
    Shape& shape = *it->second;
    switch (shape.type) {
      case ShapeType::structure:
      case ShapeType::union_:
        if (const Json* all = find(json, "members"); all != nullptr && all->is_object()) {
          for (const auto& [name, m] : all->items()) {
            if (auto s = member(shape, name, m); !s) return s;
          }
        }
        return {};
      case ShapeType::list:
        return part(shape, json, "member");
      case ShapeType::map:
        if (auto s = part(shape, json, "key"); !s) return s;
        return part(shape, json, "value");
      default:
        return {};
    }
  }

  Status part(Shape& shape, const Json& json, std::string_view name) {
    const Json* m = find(json, name);
    if (m == nullptr) return fail(fmt::format("shapes/{}: no \"{}\"", shape.id, name));
    return member(shape, std::string(name), *m);
  }

  Status operation(const std::string& id, const Json& json, const Json& service) {
    Operation op;
    op.name = id.substr(id.find('#') + 1);
    const Shape* unit = data_->shapes.find("smithy.api#Unit")->second.get();
    op.input = op.output = unit;
    for (auto [key, slot] : {std::pair{"input", &op.input}, std::pair{"output", &op.output}}) {
      if (const Json* reference = find(json, key)) {
        auto to = target(fmt::format("shapes/{}/{}", id, key), *reference);
        if (!to) return tl::unexpected(to.error());
        *slot = *to;
      }
    }
    if (const Json* errors = find(json, "errors"); errors != nullptr && errors->is_array()) {
      for (const Json& e : *errors) {
        auto to = target(fmt::format("shapes/{}/errors", id), e);
        if (!to) return tl::unexpected(to.error());
        op.errors.push_back(*to);
      }
    }
    op.paginator = paginator_of(json, service, *op.input);
    if (!op.paginator) op.paginator = infer_paginator(*op.input, *op.output);
    data_->operations.push_back(std::move(op));
    return {};
  }

  const Json& ast_;
  std::shared_ptr<Model::Data> data_ = std::make_shared<Model::Data>();
};

}  // namespace

Result<Model> load_smithy_json(std::string_view text, const Json& ast) {
  if (auto good = check_smithy_types(ast); !good) return tl::unexpected(good.error());
  return SmithyLoader(ast).run(text);
}

}  // namespace harness::model
