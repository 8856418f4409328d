// Service models: any bytes are a model or an error with a reason, in either form; and any model can be used
// to validate with.
#include <array>
#include <string>

#include "fuzzers/check.h"
#include "harness/model/model.h"
#include "harness/model/validate.h"

namespace {

using fuzzers::check;
namespace model = harness::model;
namespace wire = harness::wire;

// The built-in model has 24 KB; patterns cost the most, and RE2 bounds each of them.
constexpr std::size_t kMaxInput = 32 * 1024;
constexpr std::size_t kMaxOperations = 16;

const std::array<wire::JsonText, 3>& inputs() {
  static const std::array<wire::JsonText, 3> values = {
      *wire::parse_json("{}"),
      *wire::parse_json(R"({"Name":"Example","Type":"Simple","MaxResults":201,"Tags":[{"Key":"a"},null]})"),
      *wire::parse_json(
          R"({"Target":5,"Name":[["x"]],"Tags":{"a":{"a":{"a":"\u00fc"}}},"MaxResults":1e300})"),
  };
  return values;
}

void can_be_used(const model::Model& loaded) {
  check(loaded.hash().size() == 64, "a model has a hash", loaded.hash());
  check(!loaded.target_prefix().empty(), "a model has a target prefix");
  check(!loaded.operations().empty(), "a model has an operation");
  std::size_t left = kMaxOperations;
  for (const auto& operation : loaded.operations()) {
    check(loaded.find_operation(operation.name) != nullptr, "an operation is found by its name",
          operation.name);
    check(operation.input != nullptr && operation.output != nullptr, "an operation has input and output",
          operation.name);
    if (left-- == 0) break;
    for (const auto& input : inputs()) {
      const auto result = model::validate(*operation.input, input);
      for (const auto& violation : result.violations) {
        check(violation.value.size() <= 203, "a shown value is short", violation.value);
      }
      (void)model::aws_message(result.violations);
    }
  }
}

void try_load(harness::Result<model::Model> loaded) {
  if (loaded) {
    can_be_used(*loaded);
  } else {
    check(!loaded.error().message.empty(), "an error has a reason");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > kMaxInput) return 0;
  const auto text = fuzzers::as_text(data, size);
  try_load(model::load(text));
  try_load(model::load_smithy(text));
  try_load(model::load_botocore(text));
  return 0;
}
