#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/model.h"

/// Values of outputs that AWS was recorded to send. They are admissible whatever the model in use says: a
/// model may be older than the recording, or wrong (botocore of 2022 has Connected and NotConnected).
namespace harness::oracle {

/// What AWS was recorded to send as one member of an output, which is an enumeration.
struct RecordedValues {
  std::string_view operation;
  std::string_view member;  ///< of the output, at its top
  std::vector<std::string_view> values;
};
std::span<const RecordedValues> recorded_values();

/// The row of a member, or nullptr.
const RecordedValues* find_recorded(std::string_view operation, std::string_view member);

/// Where a model says otherwise, a sentence each for people: "the model says that GetConnectionStatus answers
/// Connected or NotConnected as Status, but …". Empty for the built-in model.
std::vector<std::string> contradictions(const model::Model& model);

}  // namespace harness::oracle
