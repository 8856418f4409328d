#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "harness/generate/json_tree.h"
#include "harness/generate/member_plans.h"
#include "harness/generate/random.h"
#include "harness/generate/vocabulary.h"

/// Internal to the mutator: changes of an input's values by the model.
namespace harness::generate {

class JsonChanges {
 public:
  /// `most`: about how many bytes a value may get.
  JsonChanges(const Plans& plans, const Vocabulary& vocabulary, Random& random, std::size_t most)
      : plans_(plans), vocabulary_(vocabulary), random_(random), most_(most) {}

  /// One change of the input of this operation; without one, of any JSON.
  void change(JsonNode& input, const OperationPlan* operation);

 private:
  /// A value in the tree, and what the model says of it, if anything.
  struct Site {
    JsonNode* node;
    const MemberPlan* member;
  };
  void collect(JsonNode& node, const MemberPlan* member, const ShapePlan* shape, std::size_t depth,
               std::vector<Site>& out);
  std::vector<Site> sites(JsonNode& input, const OperationPlan* operation);

  void change_value(const Site& site);
  void change_text(JsonNode& node, const MemberPlan& member);
  void change_integer(JsonNode& node, const MemberPlan& member);
  void change_container(JsonNode& node, const MemberPlan& member);
  JsonNode element_of(const MemberPlan& member);
  void resize_to_limit(JsonNode& list, const MemberPlan& member);
  JsonNode any_value();
  JsonNode boundary(const MemberPlan& member);
  std::string telling_integer(const MemberPlan* member, const std::string& current);

  void change_members(JsonNode& object, const ShapePlan* shape);
  void resample(JsonNode& object, const ShapePlan& shape);
  void change_name(std::string& name);
  const std::string* known_value(const std::string& member);
  void look_inside(JsonNode& node);
  void change_inside(JsonNode& node, const MemberPlan& member);

  const Plans& plans_;
  const Vocabulary& vocabulary_;
  Random& random_;
  std::size_t most_;
};

}  // namespace harness::generate
