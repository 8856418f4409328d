#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/model/model.h"

/// Values of outputs that AWS was recorded to send. They are admissible whatever the model in use says: a
/// model may be older than the recording, or wrong.
namespace harness::oracle {

class ServiceRules;

/// What AWS was recorded to send as one member of an operation's output, which is an enumeration.
struct RecordedValues {
  std::string_view member;  ///< of the output, at its top
  std::vector<std::string_view> values;
};

/// Where a model says otherwise, a sentence each for people. Empty for the built-in model.
std::vector<std::string> contradictions(const model::Model& model, const ServiceRules& rules);

}  // namespace harness::oracle
