#include "harness/reference/input_check.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "harness/model/validate.h"

namespace harness::reference {
namespace {

using model::ShapeType;
using model::Violation;
using wire::Json;
using Note = wire::JsonNote::Kind;

/// Whole numbers that were written with a fraction or an exponent become integers. What is beyond every
/// integer becomes the greatest or the least one, which no shape here allows.
void read_whole_numbers(const model::Shape& shape, Json& input) {
  using Limits = std::numeric_limits<std::int64_t>;
  constexpr double kBeyond = 9.0e18;
  for (const model::Member& m : shape.members) {
    if (!is_sized_integer(m.target->type)) continue;
    const auto value = input.find(m.name);
    if (value == input.end() || !value->is_number_float()) continue;
    const double number = value->get<double>();
    if (std::trunc(number) != number) continue;
    *value = number >= kBeyond    ? Limits::max()
             : number <= -kBeyond ? Limits::min()
                                  : static_cast<std::int64_t>(number);
  }
}

/// A referee leaves open what most notes are about; an endpoint has to decide, and takes the value as it was
/// read. What is beyond every integer stays noted, unless a fault has put another value there.
bool is_decided(const wire::JsonNote& note, const Json& input) {
  if (note.kind != Note::beyond_int64) return true;
  const auto value = input.find(note.path);
  return value != input.end() && !value->is_number_float();
}

/// An integer that is too wide for its shape is above the maximum (or below the minimum) of its range.
std::optional<Violation> as_range(const model::Shape& shape, const Violation& violation) {
  const model::Member* m = shape.find_member(violation.path);
  if (m == nullptr) return std::nullopt;
  const bool negative = violation.value.starts_with('-');
  const auto bound = negative ? m->constraints.min_value : m->constraints.max_value;
  if (!bound) return std::nullopt;
  Violation result = violation;
  result.rule = Violation::Rule::range;
  result.constraint = std::string("Member must have value ") + (negative ? "greater" : "less") +
                      " than or equal to " + std::to_string(*bound);
  return result;
}

/// A pattern that matches a part of the text and not the whole is an uncertainty to the model; here it is a
/// violation. Looks at top-level strings and lists of strings; further down such a text passes, which is as
/// right, for nobody can say which reading counts.
void add_partial_matches(const model::Shape& shape, const Json& input, std::vector<Violation>& violations) {
  const auto check = [&](const model::Member& m, const model::Constraints& constraints, const Json& value,
                         const std::string& path) {
    if (!constraints.pattern || !value.is_string()) return;
    const auto& text = value.get_ref<const std::string&>();
    if (constraints.pattern->match(text) != model::Pattern::Match::ambiguous) return;
    violations.push_back({Violation::Rule::pattern, path, m.name,
                          "Member must satisfy regular expression pattern: " + constraints.pattern->text(),
                          text});
  };
  for (const model::Member& m : shape.members) {
    const auto value = input.find(m.name);
    if (value == input.end()) continue;
    check(m, m.constraints, *value, m.name);
    if (m.target->type != ShapeType::list || !value->is_array()) continue;
    const auto& element = m.target->members.front().constraints;
    for (std::size_t i = 0; i < value->size(); ++i)
      check(m, element, (*value)[i], m.name + "[" + std::to_string(i) + "]");
  }
}

Failure wrong_type(const std::string& path, const std::string& why) {
  return {400, "SerializationException", path.empty() ? why : path + ": " + why};
}

}  // namespace

std::optional<Failure> check_input(const model::Shape& shape, wire::JsonText& text, const InputErrors& errors,
                                   const std::function<bool(const Violation&)>& overlooks) {
  if (text.has(Note::unrepresentable)) return wrong_type("", "a number is beyond double precision");
  std::erase_if(text.notes, [&](const wire::JsonNote& note) { return is_decided(note, text.value); });
  if (text.value.is_object()) read_whole_numbers(shape, text.value);

  model::Validation validation = model::validate(shape, text);
  if (overlooks) std::erase_if(validation.violations, overlooks);
  if (validation.violations.empty() && validation.uncertainties.empty()) return std::nullopt;

  std::vector<Violation> constraints;
  const Failure* not_in_enumeration = nullptr;
  const Failure* impossible = nullptr;
  const auto own = [](const auto& failures, const std::string& path) -> const Failure* {
    const auto found = failures.find(path);
    return found == failures.end() ? nullptr : &found->second;
  };
  for (const Violation& violation : validation.violations) {
    if (violation.rule == Violation::Rule::type) return wrong_type(violation.path, violation.constraint);
    if (violation.rule == Violation::Rule::integer_size) {
      auto range = as_range(shape, violation);
      if (!range) return wrong_type(violation.path, violation.constraint);
      constraints.push_back(*std::move(range));
      continue;
    }
    const Failure* enumeration = violation.rule == Violation::Rule::enumeration
                                     ? own(errors.not_in_enumeration, violation.path)
                                     : nullptr;
    if (enumeration != nullptr) {
      not_in_enumeration = enumeration;
      continue;
    }
    if (violation.rule != Violation::Rule::required && impossible == nullptr)
      impossible = own(errors.impossible, violation.path);
    constraints.push_back(violation);
  }
  // What is still a fraction where an integer belongs is only an uncertainty to the model.
  for (const model::Member& m : shape.members) {
    if (!is_sized_integer(m.target->type)) continue;
    const auto value = text.value.find(m.name);
    if (value != text.value.end() && value->is_number_float())
      return wrong_type(m.name, "expected an integer");
  }
  if (!validation.uncertainties.empty()) add_partial_matches(shape, text.value, constraints);
  if (impossible != nullptr) return *impossible;
  if (!constraints.empty()) return Failure{400, "ValidationException", model::aws_message(constraints)};
  if (not_in_enumeration != nullptr) return *not_in_enumeration;
  return std::nullopt;
}

}  // namespace harness::reference
