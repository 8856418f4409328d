#pragma once

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "harness/model/model.h"

/// For tests and benchmarks alone, in which SSMC_SOURCE_DIR is defined.
namespace harness::model::testing_support {

/// The built-in model, loaded once from the sources. Ends the process if it cannot be read: nothing that
/// follows would mean anything.
inline const Model& built_in_model() {
  static const Model model = [] {
    std::ifstream file(SSMC_SOURCE_DIR "/conformance/ssm/model/ssm.json", std::ios::binary);
    auto loaded = load(std::string{std::istreambuf_iterator<char>(file), {}});
    if (!loaded) {
      std::fprintf(stderr, "conformance/ssm/model/ssm.json: %s\n", loaded.error().message.c_str());
      std::abort();
    }
    return *std::move(loaded);
  }();
  return model;
}

/// A model in botocore's form of this text: its members "operations" and "shapes". Ends the process if it is
/// none.
inline Model small_model(const std::string& operations_and_shapes) {
  auto loaded =
      load(R"({"metadata":{"protocol":"json","jsonVersion":"1.1","targetPrefix":"X","serviceId":"X"},)" +
           operations_and_shapes + "}");
  if (!loaded) {
    std::fprintf(stderr, "a model of a test: %s\n", loaded.error().message.c_str());
    std::abort();
  }
  return *std::move(loaded);
}

}  // namespace harness::model::testing_support
