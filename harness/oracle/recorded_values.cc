#include "harness/oracle/recorded_values.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/oracle/operation_rules.h"

namespace harness::oracle {

std::vector<std::string> contradictions(const model::Model& model, const ServiceRules& rules) {
  std::vector<std::string> out;
  for (const auto& [name, of_operation] : rules.by_operation()) {
    const model::Operation* operation = model.find_operation(name);
    if (operation == nullptr || operation->output == nullptr) continue;
    for (const RecordedValues& row : of_operation.recorded) {
      const model::Member* member = operation->output->find_member(row.member);
      if (member == nullptr) continue;
      const auto& modelled = member->constraints.enum_values;
      const bool agrees = modelled.empty() || std::is_permutation(modelled.begin(), modelled.end(),
                                                                  row.values.begin(), row.values.end());
      if (agrees) continue;
      out.push_back(
          fmt::format("the model says that {} of {} is one of {}, but AWS was recorded to answer one of {}: "
                      "what was recorded counts; a newer model would say the same",
                      row.member, name, fmt::join(modelled, ", "), fmt::join(row.values, ", ")));
    }
  }
  return out;
}

}  // namespace harness::oracle
