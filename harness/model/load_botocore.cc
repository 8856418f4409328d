#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "harness/base/ascii.h"
#include "harness/model/data.h"
#include "harness/model/paginator.h"

namespace harness::model {
namespace {

using wire::Json;

const std::map<std::string_view, ShapeType>& botocore_types() {
  static const std::map<std::string_view, ShapeType> types = {
      {"boolean", ShapeType::boolean}, {"integer", ShapeType::integer},     {"long", ShapeType::long_},
      {"float", ShapeType::float_},    {"double", ShapeType::double_},      {"string", ShapeType::string},
      {"blob", ShapeType::blob},       {"timestamp", ShapeType::timestamp}, {"list", ShapeType::list},
      {"map", ShapeType::map},         {"structure", ShapeType::structure},
  };
  return types;
}

bool flag(const Json& object, std::string_view key) {
  const Json* value = find(object, key);
  return value != nullptr && value->is_boolean() && value->get<bool>();
}

// `min` and `max` are a range on numbers and a length on everything else.
void constrain(Shape& shape, const Json& json) {
  Constraints& c = shape.constraints;
  const bool number = shape.type == ShapeType::integer || shape.type == ShapeType::long_ ||
                      shape.type == ShapeType::float_ || shape.type == ShapeType::double_;
  (number ? c.min_value : c.min_length) = whole_number(json, "min");
  (number ? c.max_value : c.max_length) = whole_number(json, "max");
  if (auto pattern = text_of(json, "pattern"); !pattern.empty())
    c.pattern = std::make_shared<const Pattern>(pattern);
  if (const Json* values = find(json, "enum"); values != nullptr && values->is_array()) {
    for (const Json& v : *values) {
      if (v.is_string()) c.enum_values.push_back(v.get<std::string>());
    }
    if (!c.enum_values.empty()) shape.type = ShapeType::enumeration;
  }
  c.sensitive = flag(json, "sensitive");
  shape.documentation = text_of(json, "documentation");
  shape.streaming = flag(json, "eventstream");
  if (const Json* error = find(json, "error"))
    shape.http_status = static_cast<int>(whole_number(*error, "httpStatusCode").value_or(400));
}

// `protocol` is the one that botocore prefers, `protocols` are all that the service has.
bool speaks_json(const Json& metadata) {
  const Json* all = find(metadata, "protocols");
  if (all != nullptr && std::find(all->begin(), all->end(), Json("json")) != all->end()) return true;
  const std::string preferred = text_of(metadata, "protocol");
  return preferred.empty() || preferred == "json";
}

ServiceIdentity botocore_identity(const Json& metadata) {
  const auto text = [&](std::string_view member, const std::string& otherwise) {
    std::string value = text_of(metadata, member);
    return value.empty() ? otherwise : value;
  };
  ServiceIdentity out;
  out.target_prefix = text_of(metadata, "targetPrefix");
  out.id = text("serviceId", out.target_prefix);
  out.version = text_of(metadata, "apiVersion");
  out.signing_name = text("signingName", text("endpointPrefix", base::lower(out.target_prefix)));
  out.shape_namespace = "com.amazonaws." + lower_with_blanks_as(out.id, "");
  if (speaks_json(metadata)) out.content_type = json_content_type(text("jsonVersion", "1.1"));
  return out;
}

class BotocoreLoader {
 public:
  explicit BotocoreLoader(const Json& service) : service_(service) {}

  Result<Model> run(std::string_view text) {
    const Json* metadata = find(service_, "metadata");
    if (metadata != nullptr) data_->identity = botocore_identity(*metadata);
    if (data_->identity.target_prefix.empty())
      return fail("metadata: no \"targetPrefix\" (only JSON services have one)");
    const Json* shapes = find(service_, "shapes");
    if (shapes == nullptr || !shapes->is_object()) return fail("the model has no object \"shapes\"");
    for (const auto& [name, json] : shapes->items()) {
      const auto type = botocore_types().find(text_of(json, "type"));
      if (type == botocore_types().end()) {
        return fail(fmt::format("shapes/{}: unknown type \"{}\"", name, text_of(json, "type")));
      }
      auto shape = std::make_unique<Shape>();
      shape->id = name;
      shape->type = type->second;
      constrain(*shape, json);
      data_->shapes[name] = std::move(shape);
    }
    data_->shapes.emplace("smithy.api#Unit", std::make_unique<Shape>(Shape{"smithy.api#Unit"}));
    for (const auto& [name, json] : shapes->items()) {
      if (auto s = members(name, json); !s) return tl::unexpected(s.error());
    }
    return operations(text);
  }

 private:
  Result<const Shape*> target(const std::string& where, const Json& reference) {
    const std::string id = text_of(reference, "shape");
    const auto it = data_->shapes.find(id);
    if (it == data_->shapes.end()) return fail(fmt::format("{}: shape \"{}\" does not exist", where, id));
    return it->second.get();
  }

  Status member(Shape& shape, const std::string& name, const Json& json, bool required) {
    auto to = target(fmt::format("shapes/{}/members/{}", shape.id, name), json);
    if (!to) return tl::unexpected(to.error());
    Constraints own;
    own.required = required;
    shape.members.push_back({name, *to, merged(own, (*to)->constraints)});
    return {};
  }

  Status part(Shape& shape, const Json& json, std::string_view name) {
    const Json* m = find(json, name);
    if (m == nullptr) return fail(fmt::format("shapes/{}: no \"{}\"", shape.id, name));
    return member(shape, std::string(name), *m, false);
  }

  Status members(const std::string& name, const Json& json) {
    Shape& shape = *data_->shapes.find(name)->second;
    if (shape.type == ShapeType::list) return part(shape, json, "member");
    if (shape.type == ShapeType::map) {
      if (auto s = part(shape, json, "key"); !s) return s;
      return part(shape, json, "value");
    }
    const Json* all = find(json, "members");
    if (shape.type != ShapeType::structure || all == nullptr || !all->is_object()) return {};
    const Json* required = find(json, "required");
    for (const auto& [member_name, m] : all->items()) {
      const bool needed = required != nullptr && required->is_array() &&
                          std::find(required->begin(), required->end(), Json(member_name)) != required->end();
      if (auto s = member(shape, member_name, m, needed); !s) return s;
    }
    if (flag(json, "union")) shape.type = ShapeType::union_;
    return {};
  }

  Result<Model> operations(std::string_view text) {
    const Json* all = find(service_, "operations");
    if (all == nullptr || !all->is_object() || all->empty()) return fail("the model has no operation");
    for (const auto& [name, json] : all->items()) {
      Operation op;
      op.name = name;
      op.input = op.output = data_->shapes.find("smithy.api#Unit")->second.get();
      for (auto [key, slot] : {std::pair{"input", &op.input}, std::pair{"output", &op.output}}) {
        if (const Json* reference = find(json, key)) {
          auto to = target(fmt::format("operations/{}/{}", name, key), *reference);
          if (!to) return tl::unexpected(to.error());
          *slot = *to;
        }
      }
      if (const Json* errors = find(json, "errors"); errors != nullptr && errors->is_array()) {
        for (const Json& e : *errors) {
          auto to = target(fmt::format("operations/{}/errors", name), e);
          if (!to) return tl::unexpected(to.error());
          op.errors.push_back(*to);
        }
      }
      op.paginator = infer_paginator(*op.input, *op.output);
      data_->operations.push_back(std::move(op));
    }
    data_->finish(text);
    return Model(std::move(data_));
  }

  const Json& service_;
  std::shared_ptr<Model::Data> data_ = std::make_shared<Model::Data>();
};

}  // namespace

Result<Model> load_botocore_json(std::string_view text, const Json& service) {
  if (auto good = check_botocore_types(service); !good) return tl::unexpected(good.error());
  return BotocoreLoader(service).run(text);
}

}  // namespace harness::model
