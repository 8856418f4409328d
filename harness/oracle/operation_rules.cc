#include "harness/oracle/operation_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace harness::oracle {

bool StateCheck::has(std::string_view member) const {
  if (!input_.is_object()) return false;
  const auto it = input_.find(member);
  return it != input_.end() && !it->is_null();
}

std::string_view StateCheck::text(std::string_view member) const {
  if (!input_.is_object()) return {};
  const auto it = input_.find(member);
  return it != input_.end() && it->is_string() ? std::string_view(it->get_ref<const std::string&>())
                                               : std::string_view();
}

bool StateCheck::is_wrong(std::string_view member) const {
  return std::any_of(violations_.begin(), violations_.end(),
                     [&](const auto& v) { return v.member == member; });
}

void StateCheck::breaks(std::string_view name, std::string detail, std::string member) {
  violations_.push_back({Rule::state, std::move(member), std::move(detail), name});
}

const wire::Json* AnswerCheck::required(std::string_view member) {
  const auto it = output_.find(member);
  if (it != output_.end() && !it->is_null()) return &*it;
  defect("shape/missing", fmt::format("the answer has no {}", member));
  return nullptr;
}

void AnswerCheck::defect(std::string rule, std::string message) {
  findings_.push_back({std::move(rule), Severity::defect, std::move(message), {}});
}

void AnswerCheck::advice(std::string rule, std::string message) {
  findings_.push_back({std::move(rule), Severity::advice, std::move(message), {}});
}

ServiceRules::ServiceRules(Map by_operation) : by_operation_(std::move(by_operation)) {
  for (auto& [operation, rules] : by_operation_) rules.rows = with_documented_spelling(std::move(rules.rows));
}

const OperationRules* ServiceRules::find(std::string_view operation) const {
  const auto it = by_operation_.find(operation);
  return it == by_operation_.end() ? nullptr : &it->second;
}

}  // namespace harness::oracle
