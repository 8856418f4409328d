#include "harness/oracle/recorded_values.h"

#include <fmt/format.h>

#include <algorithm>

namespace harness::oracle {

std::span<const RecordedValues> recorded_values() {
  static const std::vector<RecordedValues> rows = {
      {"GetConnectionStatus", "Status", {"connected", "notconnected"}},
  };
  return rows;
}

const RecordedValues* find_recorded(std::string_view operation, std::string_view member) {
  const auto rows = recorded_values();
  const auto row = std::find_if(rows.begin(), rows.end(), [&](const RecordedValues& r) {
    return r.operation == operation && r.member == member;
  });
  return row == rows.end() ? nullptr : &*row;
}

std::vector<std::string> contradictions(const model::Model& model) {
  std::vector<std::string> out;
  for (const RecordedValues& row : recorded_values()) {
    const model::Operation* operation = model.find_operation(row.operation);
    const model::Member* member = operation == nullptr || operation->output == nullptr
                                      ? nullptr
                                      : operation->output->find_member(row.member);
    if (member == nullptr) continue;
    const auto& modelled = member->constraints.enum_values;
    const bool agrees = modelled.empty() || std::is_permutation(modelled.begin(), modelled.end(),
                                                                row.values.begin(), row.values.end());
    if (agrees) continue;
    out.push_back(
        fmt::format("the model says that {} of {} is one of {}, but AWS was recorded to answer one of {}: "
                    "what was recorded "
                    "counts; a newer model would say the same",
                    row.member, row.operation, fmt::join(modelled, ", "), fmt::join(row.values, ", ")));
  }
  return out;
}

}  // namespace harness::oracle
