#include "harness/reference/operations.h"

#include <algorithm>
#include <utility>

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

const Operations::Operation* Operations::find(std::string_view target) const {
  const auto found = by_target_.find(target);
  return found == by_target_.end() ? nullptr : &found->second;
}

}  // namespace harness::reference
