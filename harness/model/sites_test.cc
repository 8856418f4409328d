#include "harness/model/sites.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <string>
#include <vector>

#include "harness/model/built_in_for_test.h"

namespace harness::model::sites_test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::string_view kModel = R"({
  "metadata": {"protocol": "json", "jsonVersion": "1.1", "targetPrefix": "X", "serviceId": "X", "signingName": "x"},
  "operations": {
    "Put": {"name": "Put", "input": {"shape": "PutInput"}},
    "Ping": {"name": "Ping"}
  },
  "shapes": {
    "PutInput": {"type": "structure", "required": ["Name"], "members": {
      "Name": {"shape": "Name"}, "Count": {"shape": "Count"}, "Tags": {"shape": "Tags"}, "Map": {"shape": "Map"},
      "Tree": {"shape": "Tree"}}},
    "Name": {"type": "string", "min": 1, "max": 9, "pattern": "[a-z]+"},
    "Count": {"type": "integer", "max": 9},
    "Tags": {"type": "list", "member": {"shape": "Tag"}, "max": 5},
    "Tag": {"type": "structure", "required": ["Key"], "members": {"Key": {"shape": "Kind"}}},
    "Kind": {"type": "string", "enum": ["a", "b"]},
    "Map": {"type": "map", "key": {"shape": "Kind"}, "value": {"shape": "Name"}},
    "Tree": {"type": "structure", "required": ["Left"], "members": {"Left": {"shape": "Trees"}, "Leaf": {"shape": "Count"}}},
    "Trees": {"type": "list", "member": {"shape": "Tree"}, "max": 2}
  }
})";

std::vector<std::string> sites_of(const Operation* operation) {
  std::vector<std::string> out;
  for (const Site& s : constraint_sites(*operation))
    out.push_back(s.path + " " + std::string(to_string(s.kind)));
  return out;
}

TEST(ConstraintSites, AreFoundAtAnyDepth) {
  const auto model = load(kModel);
  ASSERT_TRUE(model) << model.error().message;
  EXPECT_THAT(sites_of(model->find_operation("Put")),
              ElementsAre("Name required", "Name length", "Name pattern", "Count range", "Tags length",
                          "Tags[].Key required", "Tags[].Key enum", "Map{key} enum", "Map{} length",
                          "Map{} pattern", "Tree.Left required", "Tree.Left length", "Tree.Leaf range"));
  EXPECT_THAT(sites_of(model->find_operation("Ping")), IsEmpty());
}

TEST(ConstraintSites, OfTheBuiltInModelHoldEveryMembersConstraint) {
  for (const auto& operation : testing_support::built_in_model().operations()) {
    const auto sites = constraint_sites(operation);
    for (const auto& m : operation.input->members) {
      const bool listed =
          std::any_of(sites.begin(), sites.end(), [&](const Site& s) { return s.path == m.name; });
      const auto& c = m.constraints;
      EXPECT_EQ(listed, c.required || c.min_length || c.max_length || c.min_value || c.max_value ||
                            c.pattern || !c.enum_values.empty())
          << operation.name << "." << m.name;
    }
  }
}

}  // namespace
}  // namespace harness::model::sites_test
