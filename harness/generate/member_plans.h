#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/generate/header_values.h"
#include "harness/generate/json_tree.h"
#include "harness/generate/pattern_strings.h"
#include "harness/generate/random.h"
#include "harness/generate/vocabulary.h"
#include "harness/model/model.h"

/// Internal to the mutator: what it knows of each member, prepared once for a model.
namespace harness::generate {

struct ShapePlan;

struct MemberPlan {
  std::string name;
  model::ShapeType type = model::ShapeType::string;
  model::Constraints constraints;
  /// JSON texts next to each limit and of every other type (boundary_values()), but for the longest; shared
  /// by members with the same constraints.
  std::shared_ptr<const std::vector<std::string>> boundaries;
  std::shared_ptr<const PatternStrings> strings;  ///< if the pattern is there and can be used
  /// Lengths of a valid string or list, and values of a valid number, as far as the model says.
  std::size_t shortest = 0, longest = SIZE_MAX;
  const ShapePlan* nested = nullptr;  ///< of structures, unions, lists and maps

  bool is_text() const;
  bool is_integer() const;
  /// Text of which the model says nothing: only an endpoint knows what it should be.
  bool is_opaque() const;
};

struct ShapePlan {
  std::vector<MemberPlan> members;  ///< as model::Shape has them
  const MemberPlan* find(std::string_view name) const;
};

struct OperationPlan {
  std::string name;
  const ShapePlan* input = nullptr;
};

/// Of a whole model.
class Plans {
 public:
  explicit Plans(const model::Model& model);

  const std::vector<OperationPlan>& operations() const { return operations_; }
  const OperationPlan* find(std::string_view operation) const;
  const model::ServiceIdentity& service() const { return model_.identity(); }
  const HeadValues& head_values() const { return head_values_; }
  /// Every member's name, each once: for members that belong elsewhere.
  const std::vector<std::string>& member_names() const { return names_; }

 private:
  using Cache = std::map<std::string, std::shared_ptr<const std::vector<std::string>>, std::less<>>;
  using Patterns = std::map<std::string, std::shared_ptr<const PatternStrings>, std::less<>>;
  const ShapePlan* plan_of(const model::Shape& shape);
  MemberPlan member_plan(const model::Member& member);

  model::Model model_;  // the constraints' patterns live as long
  HeadValues head_values_;
  std::map<const model::Shape*, std::unique_ptr<ShapePlan>> shapes_;
  Cache boundaries_;
  Patterns patterns_;
  std::vector<OperationPlan> operations_;
  std::vector<std::string> names_;
};

/// A value that the model takes, as far as its constraints can be kept: spread over all that they allow.
/// Small numbers and lengths are as likely as each other, so that any one of them comes up.
JsonNode valid_value(const MemberPlan& member, Random& random, const Vocabulary& vocabulary,
                     std::size_t depth = 0);
/// An object with every required member and some of the others.
JsonNode valid_object(const ShapePlan& shape, Random& random, const Vocabulary& vocabulary,
                      std::size_t depth = 0);

}  // namespace harness::generate
