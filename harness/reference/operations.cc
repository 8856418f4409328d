#include "harness/reference/operations.h"

#include <algorithm>
#include <utility>

#include "harness/reference/strange_token.h"

namespace harness::reference {

Operations::Operations(const model::Model& model, const Dialect& dialect)
    : model_(model), only_(dialect.only_operations) {}

void Operations::add(const std::string& name, Handler run, InputErrors errors) {
  if (!only_.empty() && std::find(only_.begin(), only_.end(), name) == only_.end()) return;
  const model::Operation* operation = model_.find_operation(name);
  if (operation == nullptr || operation->input == nullptr) return;
  by_target_[model_.target_prefix() + "." + name] = {name, operation->input, std::move(run),
                                                     std::move(errors)};
}

Handler Operations::handler(const std::string& name) const {
  const auto* found = find(model_.target_prefix() + "." + name);
  return found == nullptr ? Handler() : found->run;
}

void Operations::add_others() {
  for (const model::Operation& operation : model_.operations()) {
    if (by_target_.contains(model_.target_prefix() + "." + operation.name)) continue;
    add(operation.name,
        [&operation, answer = operation.output == nullptr
                                  ? wire::Json::object()
                                  : empty_output(*operation.output)](const wire::Json& input) -> Outcome {
          if (auto why = refusal_of_token(operation, input)) return tl::unexpected(*std::move(why));
          return answer;
        });
  }
}

namespace {

wire::Json least_value(const model::Member& member) {
  using model::ShapeType;
  switch (member.target->type) {
    case ShapeType::list:
      return wire::Json::array();
    case ShapeType::boolean:
      return false;
    case ShapeType::string:
    case ShapeType::blob:
      return "";
    case ShapeType::enumeration:
      return member.constraints.enum_values.front();
    case ShapeType::structure:
      return empty_output(*member.target);
    case ShapeType::map:
    case ShapeType::union_:
    case ShapeType::document:
      return wire::Json::object();
    default:
      return member.constraints.min_value.value_or(0);
  }
}

}  // namespace

wire::Json empty_output(const model::Shape& output) {
  wire::Json out = wire::Json::object();
  for (const model::Member& member : output.members) {
    const auto type = member.target->type;
    const bool holds_none = (type == model::ShapeType::list || type == model::ShapeType::map) &&
                            member.constraints.min_length.value_or(0) == 0;
    if (member.constraints.required || holds_none) out[member.name] = least_value(member);
  }
  return out;
}

const Operations::Operation* Operations::find(std::string_view target) const {
  const auto found = by_target_.find(target);
  return found == by_target_.end() ? nullptr : &found->second;
}

}  // namespace harness::reference
