#pragma once

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/built_in_for_test.h"
#include "harness/model/validate.h"

/// What the tests of validate() share: the built-in model, small models, and violations without their texts.
namespace harness::model::testing_support {

/// A violation's rule and place.
struct Broken {
  Violation::Rule rule;
  std::string path;
  bool operator==(const Broken&) const = default;
};
inline void PrintTo(const Broken& broken, std::ostream* out) {
  *out << to_string(broken.rule) << " at '" << broken.path << "'";
}

inline std::vector<Broken> of(const Validation& validation) {
  std::vector<Broken> out;
  for (const auto& v : validation.violations) out.push_back({v.rule, v.path});
  return out;
}

inline std::string times(std::size_t n, std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < n; ++i) out += text;
  return out;
}

inline wire::JsonText json(std::string_view text) {
  auto parsed = wire::parse_json(text);
  if (parsed) return *std::move(parsed);
  ADD_FAILURE() << "the test's own JSON is broken: " << parsed.error().reason << " in " << text;
  return {};
}

inline Model loaded(std::string_view text) {
  auto model = load(text);
  if (model) return *std::move(model);
  ADD_FAILURE() << "the test's own model is broken: " << model.error().message;
  std::abort();
}

/// The built-in operation's input against this text.
inline Validation built_in(std::string_view operation, std::string_view text) {
  return validate(*built_in_model().find_operation(operation)->input, json(text));
}
inline Validation output(std::string_view operation, std::string_view text) {
  return validate(*built_in_model().find_operation(operation)->output, json(text));
}

}  // namespace harness::model::testing_support
