#include "harness/oracle/page_token.h"

#include <algorithm>

#include "harness/base/ascii.h"
#include "harness/model/paginator.h"

namespace harness::oracle {
namespace {

void add_errors_about(const std::string& member, const model::Operation& operation,
                      std::vector<std::string_view>& out) {
  for (const model::Shape* error : operation.errors) {
    const bool about = base::lower(error->name()).find(member) != std::string::npos;
    if (about && std::find(out.begin(), out.end(), error->name()) == out.end()) out.push_back(error->name());
  }
}

}  // namespace

std::optional<Rule> rule_of_token(const model::Operation& operation) {
  if (!operation.paginator || !model::names_page_token(operation.paginator->input_token)) return std::nullopt;
  std::vector<std::string_view> declared;
  add_errors_about(base::lower(operation.paginator->input_token), operation, declared);
  return declared.empty() ? Rule::page_token_undeclared : Rule::page_token;
}

std::vector<std::string_view> token_errors(const model::Model& model, const model::Operation& operation) {
  std::vector<std::string_view> out;
  if (!operation.paginator) return out;
  const std::string member = base::lower(operation.paginator->input_token);
  add_errors_about(member, operation, out);
  if (!out.empty()) return out;
  for (const model::Operation& other : model.operations()) add_errors_about(member, other, out);
  return out;
}

}  // namespace harness::oracle
