#include "harness/generate/place.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "harness/generate/valid_input.h"
#include "harness/model/built_in_for_test.h"
#include "harness/model/validate.h"
#include "harness/wire/json.h"

namespace harness::generate::place_test {
namespace {

using model::Place;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using wire::Json;

constexpr const char* kModel = R"(
  "operations": {
    "Put": {"name": "Put", "input": {"shape": "PutInput"}},
    "Broken": {"name": "Broken", "input": {"shape": "BrokenInput"}},
    "Ping": {"name": "Ping"}
  },
  "shapes": {
    "PutInput": {"type": "structure", "required": ["Name"], "members": {
      "Name": {"shape": "Word"}, "Tags": {"shape": "Tags"}, "Groups": {"shape": "Groups"},
      "Target": {"shape": "Target"}, "Tree": {"shape": "Tree"}}},
    "Word": {"type": "string", "pattern": "^[a-z0-9-]+$"},
    "Tags": {"type": "list", "member": {"shape": "Tag"}},
    "Tag": {"type": "structure", "required": ["Key"], "members": {
      "Key": {"shape": "Word"}, "Value": {"shape": "Word"}}},
    "Groups": {"type": "map", "key": {"shape": "Word"}, "value": {"shape": "Words"}},
    "Words": {"type": "list", "member": {"shape": "Word"}},
    "Target": {"type": "structure", "union": true, "members": {
      "Id": {"shape": "Word"}, "Tag": {"shape": "Tag"}}},
    "Tree": {"type": "structure", "members": {
      "Leaf": {"shape": "Word"}, "Left": {"shape": "Tree"}, "Trees": {"shape": "Trees"}}},
    "Trees": {"type": "list", "member": {"shape": "Tree"}},
    "BrokenInput": {"type": "structure", "members": {
      "Odd": {"shape": "Odd"}, "Odds": {"shape": "Odds"}, "ByOdd": {"shape": "ByOdd"}}},
    "Odd": {"type": "structure", "required": ["Text"], "members": {
      "Text": {"shape": "OddText"}, "Word": {"shape": "Word"}}},
    "OddText": {"type": "string", "pattern": "^(?!x).*$"},
    "Odds": {"type": "list", "member": {"shape": "Odd"}},
    "ByOdd": {"type": "map", "key": {"shape": "OddText"}, "value": {"shape": "Word"}}
  }
)";

const model::Model& small_model() {
  static const model::Model model = model::testing_support::small_model(kModel);
  return model;
}

std::vector<Place> places_of(std::string_view operation) {
  return model::places(*small_model().find_operation(operation));
}

Place place(const std::string& path, std::string_view operation = "Put") {
  for (auto& p : places_of(operation)) {
    if (p.path == path) return p;
  }
  ADD_FAILURE() << "the model has no place " << path;
  return places_of(operation).front();
}

// The text of `input` with the value at the place of Put; "(why not)" on an error.
std::string put(const char* input, const std::string& path, std::optional<Json> value,
                std::string_view prefix = {}) {
  const auto out = with_value_at(Json::parse(input), place(path), std::move(value), prefix);
  return out ? wire::to_text(*out) : "(" + out.error().message + ")";
}

std::string path_in(const char* input, const std::string& path) {
  return concrete_path(Json::parse(input), place(path));
}

TEST(Places, AreAllOfTheModelWithARecursiveShapeFollowedOnce) {
  std::vector<std::string> all, recursive, keys;
  for (const Place& p : places_of("Put")) {
    all.push_back(p.path);
    if (p.recurs) recursive.push_back(p.path);
    if (p.is_key()) keys.push_back(p.path);
  }
  EXPECT_THAT(
      all, ElementsAre("Name", "Tags", "Tags[]", "Tags[].Key", "Tags[].Value", "Groups", "Groups{key}",
                       "Groups{}", "Groups{}[]", "Target", "Target.Id", "Target.Tag", "Target.Tag.Key",
                       "Target.Tag.Value", "Tree", "Tree.Leaf", "Tree.Left", "Tree.Trees", "Tree.Trees[]"));
  EXPECT_THAT(recursive, ElementsAre("Tree.Left", "Tree.Trees[]"));
  EXPECT_THAT(keys, ElementsAre("Groups{key}")) << "a member that is named Key is none";
  EXPECT_THAT(places_of("Ping"), IsEmpty());
}

TEST(Places, AreNamedByTheInnermostMemberOfAStructure) {
  EXPECT_EQ(place("Name").name(), "Name");
  EXPECT_EQ(place("Tags[]").name(), "Tags");
  EXPECT_EQ(place("Tags[].Key").name(), "Key");
  EXPECT_EQ(place("Groups{key}").name(), "Groups");
  EXPECT_EQ(place("Groups{}[]").name(), "Groups");
  EXPECT_EQ(place("Target.Id").name(), "Id");
}

TEST(WithValueAt, AddsWhatLiesBetween) {
  EXPECT_EQ(put("{}", "Name", "x"), R"({"Name":"x"})") << "nothing lies between";
  EXPECT_EQ(put("{}", "Tags[]", 7), R"({"Tags":[7]})");
  EXPECT_EQ(put("{}", "Tags[].Key", "x"), R"({"Tags":[{"Key":"x"}]})");
  EXPECT_EQ(put("{}", "Tags[].Value", "x"), R"({"Tags":[{"Key":"example","Value":"x"}]})")
      << "with the required members beside it";
  EXPECT_EQ(put("{}", "Groups{}", 7), R"({"Groups":{"example":7}})");
  EXPECT_EQ(put("{}", "Groups{}[]", "x"), R"({"Groups":{"example":["x"]}})");
  EXPECT_EQ(put("{}", "Groups{key}", "x"), R"({"Groups":{"x":["example"]}})");
  EXPECT_EQ(put("{}", "Target.Id", "x"), R"({"Target":{"Id":"x"}})");
  EXPECT_EQ(put("{}", "Target.Tag.Value", "x"), R"({"Target":{"Tag":{"Key":"example","Value":"x"}}})");
  EXPECT_EQ(put("{}", "Tree.Left", 7), R"({"Tree":{"Left":7}})");
  EXPECT_EQ(put("{}", "Tree.Trees[]", 7), R"({"Tree":{"Trees":[7]}})");
}

TEST(WithValueAt, AddsAnElementAndAnEntryWhereTheirListIsEmpty) {
  EXPECT_EQ(put(R"({"Tags":[]})", "Tags[].Key", "x"), R"({"Tags":[{"Key":"x"}]})");
  EXPECT_EQ(put(R"({"Tags":[]})", "Tags[]", 7), R"({"Tags":[7]})");
  EXPECT_EQ(put(R"({"Groups":{}})", "Groups{}[]", "x"), R"({"Groups":{"example":["x"]}})");
  EXPECT_EQ(put(R"({"Groups":{"a":[]}})", "Groups{}[]", "x"), R"({"Groups":{"a":["x"]}})");
}

TEST(WithValueAt, ReplacesWhatCannotHoldTheValue) {
  for (const char* input :
       {R"({"Tags":null})", R"({"Tags":"word"})", R"({"Tags":{}})", R"({"Tags":[null]})", R"({"Tags":[7]})"})
    EXPECT_EQ(put(input, "Tags[].Key", "x"), R"({"Tags":[{"Key":"x"}]})") << input;
  for (const char* input : {R"({"Groups":null})", R"({"Groups":[1]})", R"({"Groups":"word"})"})
    EXPECT_EQ(put(input, "Groups{}", 7), R"({"Groups":{"example":7}})") << input;
  EXPECT_EQ(put(R"({"Target":{"Tag":null}})", "Target.Tag.Value", "x"),
            R"({"Target":{"Tag":{"Key":"example","Value":"x"}}})")
      << "null is an absent member";
}

TEST(WithValueAt, KeepsTheRestOfTheInput) {
  EXPECT_EQ(put(R"({"Other":1,"Name":"a","Tags":[{"Value":"v","Key":"a"},{"Key":"b"}]})", "Tags[].Key", "x"),
            R"({"Other":1,"Name":"a","Tags":[{"Value":"v","Key":"x"},{"Key":"b"}]})");
  EXPECT_EQ(put(R"({"Groups":{"a":["b","c"],"d":["e"]}})", "Groups{}[]", "x"),
            R"({"Groups":{"a":["x","c"],"d":["e"]}})");
}

TEST(WithValueAt, PutsKeysOfMaps) {
  EXPECT_EQ(put(R"({"Groups":{"a":["b"]}})", "Groups{key}", "x"), R"({"Groups":{"x":["b"]}})");
  EXPECT_EQ(put(R"({"Groups":{"a":["b"]}})", "Groups{key}", ""), R"({"Groups":{"":["b"]}})");
  EXPECT_EQ(put(R"({"Groups":{"a":["b"]}})", "Groups{key}", 7), "(Groups{key}: a key is a string)");
  EXPECT_EQ(put(R"({"Groups":{"a":["b"]}})", "Groups{key}", std::nullopt),
            "(Groups{key}: a key is a string)");
}

TEST(WithValueAt, LeavesMembersOut) {
  EXPECT_EQ(put(R"({"Name":"a","Tags":[]})", "Name", std::nullopt), R"({"Tags":[]})");
  EXPECT_EQ(put(R"({"Tags":[{"Key":"a","Value":"b"}]})", "Tags[].Key", std::nullopt),
            R"({"Tags":[{"Value":"b"}]})");
  EXPECT_EQ(put("{}", "Name", std::nullopt), "{}") << "it was not there";
  EXPECT_EQ(put("{}", "Tags[].Key", std::nullopt), R"({"Tags":[{}]})") << "what lies between is added";
  EXPECT_EQ(put(R"({"Name":"a"})", "Name", Json()), R"({"Name":null})") << "null is a value";
}

TEST(WithValueAt, CannotLeaveOutAnElementOrAnEntry) {
  EXPECT_EQ(put(R"({"Tags":[{"Key":"a"}]})", "Tags[]", std::nullopt),
            "(Tags[]: an element cannot be left out)");
  EXPECT_EQ(put(R"({"Groups":{"a":["b"]}})", "Groups{}", std::nullopt),
            "(Groups{}: an entry cannot be left out)");
  EXPECT_EQ(put(R"({"Groups":{"a":["b"]}})", "Groups{}[]", std::nullopt),
            "(Groups{}[]: an element cannot be left out)");
}

TEST(WithValueAt, RemovesTheOtherMembersOfAUnion) {
  EXPECT_EQ(put(R"({"Target":{"Tag":{"Key":"a"}}})", "Target.Id", "x"), R"({"Target":{"Id":"x"}})");
  EXPECT_EQ(put(R"({"Target":{"Id":"a"}})", "Target.Tag.Key", "x"), R"({"Target":{"Tag":{"Key":"x"}}})");
  EXPECT_EQ(put(R"({"Target":{"Id":"a","Tag":{"Key":"b","Value":"c"},"Odd":1}})", "Target.Tag.Key", "x"),
            R"({"Target":{"Tag":{"Key":"x","Value":"c"}}})")
      << "the member that the place is in stays";
  EXPECT_EQ(put(R"({"Target":{"Id":"a"}})", "Target.Id", std::nullopt), R"({"Target":{}})");
}

TEST(WithValueAt, GivesWhatItMakesThePrefix) {
  EXPECT_EQ(put("{}", "Tags[].Value", "x", "own-"), R"({"Tags":[{"Key":"own-","Value":"x"}]})");
  EXPECT_EQ(put("{}", "Groups{}[]", "x", "own-"), R"({"Groups":{"own-":["x"]}})");
}

TEST(WithValueAt, SaysOfWhatLiesBetweenWhyItCannotBeMade) {
  for (const char* path : {"Odd.Word", "Odds[].Word", "ByOdd{}"}) {
    const auto out = with_value_at(Json::object(), place(path, "Broken"), "x");
    ASSERT_FALSE(out) << path << " " << wire::to_text(*out);
    EXPECT_THAT(out.error().message, HasSubstr("Odd")) << path;
    EXPECT_THAT(out.error().message, HasSubstr("its pattern cannot be read here: ^(?!x).*$")) << path;
  }
  const auto there = with_value_at(Json::parse(R"({"Odd":{"Text":"a"}})"), place("Odd.Word", "Broken"), "x");
  ASSERT_TRUE(there) << there.error().message;
  EXPECT_EQ(wire::to_text(*there), R"({"Odd":{"Text":"a","Word":"x"}})") << "nothing has to be made";
}

TEST(ConcretePath, NamesTheFirstElementAndTheFirstKey) {
  constexpr const char* kInput = R"({"Tags":[{"Key":"a"},{"Key":"b"}],"Groups":{"one":["c"],"two":["d"]}})";
  EXPECT_EQ(path_in(kInput, "Name"), "Name");
  EXPECT_EQ(path_in(kInput, "Tags[]"), "Tags[0]");
  EXPECT_EQ(path_in(kInput, "Tags[].Key"), "Tags[0].Key");
  EXPECT_EQ(path_in(kInput, "Groups{}"), "Groups.one");
  EXPECT_EQ(path_in(kInput, "Groups{key}"), "Groups.one") << "violations name an entry and its key alike";
  EXPECT_EQ(path_in(kInput, "Groups{}[]"), "Groups.one[0]");
  EXPECT_EQ(path_in(kInput, "Target.Tag.Key"), "Target.Tag.Key");
  EXPECT_EQ(path_in(kInput, "Tree.Trees[]"), "Tree.Trees[0]");
}

TEST(ConcretePath, DoesNotNeedAnythingToBeThere) {
  EXPECT_EQ(path_in("{}", "Tags[].Key"), "Tags[0].Key");
  EXPECT_EQ(path_in(R"({"Tags":"word"})", "Tags[].Key"), "Tags[0].Key");
  EXPECT_EQ(path_in(R"({"Tags":[7]})", "Tags[].Key"), "Tags[0].Key");
}

TEST(ConcretePath, IsTheOneThatViolationsName) {
  const auto& operation = *small_model().find_operation("Put");
  for (const Place& p : places_of("Put")) {
    // Nothing in the model is true or false, and no key has blanks.
    const Json wrong = p.is_key() ? Json("a b") : Json(true);
    const auto input = with_value_at(*valid_input(operation), p, wrong);
    ASSERT_TRUE(input) << p.path << " " << input.error().message;
    const auto validation = model::validate(*operation.input, {*input, {}});
    ASSERT_EQ(validation.violations.size(), 1U) << p.path << " " << wire::to_text(*input);
    EXPECT_EQ(validation.violations.front().path, concrete_path(*input, p)) << p.path;
    EXPECT_EQ(validation.violations.front().member, p.name()) << p.path;
    EXPECT_THAT(validation.uncertainties, IsEmpty()) << p.path;
  }
}

TEST(ValueAt, GivesWhatWasPutForEveryPlaceOfTheModel) {
  const auto& operation = *small_model().find_operation("Put");
  for (const Place& p : places_of("Put")) {
    const Json value = p.is_key() ? Json("put") : Json::parse(R"(["put",{"a":1}])");
    const Json full = Json::parse(
        R"({"Name":"a","Tags":[{"Key":"a"}],"Groups":{"a":["b"]},"Target":{"Id":"a"},"Tree":{"Leaf":"a"}})");
    for (const Json& before : {Json::object(), *valid_input(operation), full}) {
      const auto input = with_value_at(before, p, value);
      ASSERT_TRUE(input) << p.path << " " << input.error().message;
      EXPECT_EQ(value_at(*input, p), value) << p.path << " " << wire::to_text(*input);
    }
  }
}

TEST(ValueAt, GivesAValidInputForEveryPlaceOfTheBuiltInModel) {
  std::size_t values = 0;
  for (const auto& operation : model::testing_support::built_in_model().operations()) {
    for (const Place& p : model::places(operation)) {
      const auto value = valid_value(p.member(), p.path);
      ASSERT_TRUE(value) << operation.name << " " << p.path << " " << value.error().message;
      const auto input = with_value_at(*valid_input(operation), p, *value);
      ASSERT_TRUE(input) << operation.name << " " << p.path << " " << input.error().message;
      EXPECT_EQ(value_at(*input, p), *value) << operation.name << " " << p.path;
      const auto validation = model::validate(*operation.input, {*input, {}});
      EXPECT_THAT(validation.violations, IsEmpty()) << operation.name << " " << wire::to_text(*input);
      EXPECT_THAT(validation.uncertainties, IsEmpty()) << operation.name << " " << wire::to_text(*input);
      ++values;
    }
  }
  EXPECT_GT(values, 50U);
}

TEST(ValueAt, IsNothingWhereNothingIs) {
  for (const Place& p : places_of("Put")) {
    EXPECT_EQ(value_at(Json::object(), p), std::nullopt) << p.path;
    EXPECT_EQ(value_at(Json("word"), p), std::nullopt) << p.path;
  }
  const Json input = Json::parse(R"({"Name":null,"Tags":[],"Groups":{},"Target":"word"})");
  EXPECT_EQ(value_at(input, place("Name")), Json()) << "null is something";
  EXPECT_EQ(value_at(input, place("Tags[].Key")), std::nullopt);
  EXPECT_EQ(value_at(input, place("Groups{key}")), std::nullopt);
  EXPECT_EQ(value_at(input, place("Target.Id")), std::nullopt);
  const Json keys = Json::parse(R"({"Groups":{"one":["a"],"two":["b"]}})");
  EXPECT_EQ(value_at(keys, place("Groups{key}")), Json("one")) << "of keys, the first";
}

}  // namespace
}  // namespace harness::generate::place_test
