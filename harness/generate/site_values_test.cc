#include "harness/generate/site_values.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "harness/generate/place.h"
#include "harness/generate/valid_input.h"
#include "harness/model/built_in_for_test.h"
#include "harness/model/validate.h"
#include "harness/wire/json.h"

namespace harness::generate::site_values_test {
namespace {

using model::Place;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;
using wire::Json;

constexpr const char* kModel = R"(
  "operations": {"Put": {"name": "Put", "input": {"shape": "PutInput"}}},
  "shapes": {
    "PutInput": {"type": "structure", "required": ["Word", "Kind"], "members": {
      "Word": {"shape": "Word"}, "Name": {"shape": "Name"}, "Filled": {"shape": "Filled"},
      "Fixed": {"shape": "Fixed"}, "Huge": {"shape": "Huge"}, "Code": {"shape": "Code"},
      "Kind": {"shape": "Kind"}, "Mode": {"shape": "Mode"},
      "Count": {"shape": "Count"}, "Offset": {"shape": "Offset"}, "One": {"shape": "One"},
      "Size": {"shape": "Size"},
      "Names": {"shape": "Names"}, "Counts": {"shape": "Counts"}, "Many": {"shape": "Many"},
      "Map": {"shape": "Map"}, "Inner": {"shape": "Inner"},
      "Flag": {"shape": "Flag"}, "Ratio": {"shape": "Ratio"}, "When": {"shape": "When"},
      "Data": {"shape": "Data"}}},
    "Word": {"type": "string"},
    "Name": {"type": "string", "min": 3, "max": 10},
    "Filled": {"type": "string", "min": 1},
    "Fixed": {"type": "string", "min": 4, "max": 4},
    "Huge": {"type": "string", "max": 100000},
    "Code": {"type": "string", "min": 2, "max": 40, "pattern": "^[a-z]+(-[a-z]+)*$"},
    "Kind": {"type": "string", "enum": ["One", "two", "Three"]},
    "Mode": {"type": "string", "enum": ["only"], "max": 9},
    "Count": {"type": "integer", "min": 1, "max": 200},
    "Offset": {"type": "long", "min": -1, "max": 0},
    "One": {"type": "integer", "min": 1, "max": 1},
    "Size": {"type": "integer"},
    "Names": {"type": "list", "member": {"shape": "Name"}, "min": 2, "max": 4},
    "Counts": {"type": "list", "member": {"shape": "Count"}, "max": 60},
    "Many": {"type": "list", "member": {"shape": "Count"}, "max": 61},
    "Map": {"type": "map", "key": {"shape": "Key"}, "value": {"shape": "Count"}, "min": 1, "max": 3},
    "Key": {"type": "string", "min": 1, "max": 30},
    "Inner": {"type": "structure", "required": ["Word"], "members": {
      "Word": {"shape": "Word"}, "Flag": {"shape": "Flag"}, "Count": {"shape": "Count"},
      "Kinds": {"shape": "Kinds"}}},
    "Kinds": {"type": "list", "member": {"shape": "Kind"}},
    "Flag": {"type": "boolean"},
    "Ratio": {"type": "double"},
    "When": {"type": "timestamp"},
    "Data": {"type": "blob"}
  }
)";

const model::Operation& put() {
  static const model::Model model = model::testing_support::small_model(kModel);
  return *model.find_operation("Put");
}

Place place(const std::string& path) {
  auto places = model::places(put());
  const auto it = std::find_if(places.begin(), places.end(), [&](const Place& p) { return p.path == path; });
  EXPECT_NE(it, places.end()) << "the model has no place " << path;
  return it == places.end() ? places.front() : *it;
}

std::vector<SiteValue> values_at(const Place& p, std::string_view prefix = {}) {
  const auto example = valid_value(p.member(), p.path, prefix);
  EXPECT_TRUE(example) << p.path << " " << (example ? "" : example.error().message);
  return example ? site_values(p, *example, prefix) : std::vector<SiteValue>();
}

// The labels at a place that begin so, in order.
std::vector<std::string> labels(const std::string& path, const std::string& group = "") {
  std::vector<std::string> out;
  for (const auto& v : values_at(place(path))) {
    if (v.label.starts_with(group)) out.push_back(v.label);
  }
  return out;
}

Json value(const std::string& path, const std::string& label, std::string_view prefix = {}) {
  for (const auto& v : values_at(place(path), prefix)) {
    if (v.label == label) return v.json.value_or(Json("(left out)"));
  }
  return Json("(no value)");
}

std::string text(const std::string& path, const std::string& label, std::string_view prefix = {}) {
  const Json json = value(path, label, prefix);
  return json.is_string() ? json.get<std::string>() : "(" + wire::to_text(json) + ")";
}

std::string title(const std::string& path, const std::string& label) {
  for (const auto& v : values_at(place(path))) {
    if (v.label == label) return v.title;
  }
  return "(no value)";
}

// What a valid input breaks with the value at the place, as the model's readers of JSON have it.
model::Validation broken_by(const Place& p, const SiteValue& v) {
  const auto input = with_value_at(*valid_input(put()), p, v.json);
  EXPECT_TRUE(input) << p.path << " " << v.label << " " << (input ? "" : input.error().message);
  if (!input) return {};
  const auto read = wire::parse_json(wire::to_text(*input));
  EXPECT_TRUE(read) << p.path << " " << v.label;
  return read ? model::validate(*put().input, *read) : model::Validation();
}

TEST(SiteValues, AreTheNearestLengthsOfAString) {
  EXPECT_THAT(labels("Name", "length/"), ElementsAre("length/below-minimum", "length/minimum",
                                                     "length/maximum", "length/above-maximum"));
  EXPECT_EQ(text("Name", "length/below-minimum").size(), 2U);
  EXPECT_EQ(text("Name", "length/minimum").size(), 3U);
  EXPECT_EQ(text("Name", "length/maximum").size(), 10U);
  EXPECT_EQ(text("Name", "length/above-maximum").size(), 11U);
  EXPECT_EQ(title("Name", "length/above-maximum"), "11 characters, one more than the maximum");
  EXPECT_EQ(text("Filled", "length/below-minimum"), "");
  EXPECT_THAT(labels("Filled", "length/"), ElementsAre("length/below-minimum", "length/minimum"));
  EXPECT_THAT(labels("Fixed", "length/"),
              ElementsAre("length/below-minimum", "length/minimum", "length/above-maximum"))
      << "the minimum is the maximum";
  EXPECT_THAT(labels("Word", "length/"), IsEmpty()) << "no constraint, no value";
  EXPECT_THAT(labels("Huge", "length/"), IsEmpty()) << "services limit the body before the length";
}

TEST(SiteValues, OfALengthKeepThePatternWhereTheyCan) {
  for (const auto& [label, length] :
       {std::pair{"below-minimum", 1U}, {"minimum", 2U}, {"maximum", 40U}, {"above-maximum", 41U}}) {
    const std::string made = text("Code", std::string("length/") + label);
    EXPECT_EQ(made.size(), length) << label;
    EXPECT_EQ(place("Code").member().constraints.pattern->match(made), model::Pattern::Match::matches)
        << label << " " << made;
  }
}

TEST(SiteValues, OfALengthBeginWithThePrefixWhereTheyCan) {
  EXPECT_EQ(text("Name", "length/above-maximum", "own-"), "own-aaaaaaa");
  EXPECT_EQ(text("Name", "length/maximum", "own-"), "own-aaaaaa");
  EXPECT_EQ(text("Name", "length/minimum", "own-").size(), 3U) << "there is no room for it";
  EXPECT_THAT(text("Code", "length/maximum", "own-"), StartsWith("own-a"));
  EXPECT_EQ(text("Code", "length/maximum", "OWN-").size(), 40U);
  EXPECT_THAT(text("Code", "length/maximum", "OWN-"), Not(StartsWith("OWN-"))) << "the pattern forbids it";
}

TEST(SiteValues, AreTheNearestNumbersOfARange) {
  EXPECT_THAT(labels("Count", "range/"),
              ElementsAre("range/below-minimum", "range/minimum", "range/maximum", "range/above-maximum"));
  EXPECT_EQ(value("Count", "range/below-minimum"), 0);
  EXPECT_EQ(value("Count", "range/minimum"), 1);
  EXPECT_EQ(value("Count", "range/maximum"), 200);
  EXPECT_EQ(value("Count", "range/above-maximum"), 201);
  EXPECT_EQ(title("Count", "range/above-maximum"), "201, one above the maximum");
  EXPECT_EQ(value("Offset", "range/below-minimum"), -2);
  EXPECT_EQ(value("Offset", "range/minimum"), -1);
  EXPECT_EQ(value("Offset", "range/above-maximum"), 1);
  EXPECT_THAT(labels("One", "range/"),
              ElementsAre("range/below-minimum", "range/minimum", "range/above-maximum"));
  EXPECT_THAT(labels("Size", "range/"), IsEmpty());
}

TEST(SiteValues, HaveNoMinusZero) {
  // A signed zero is minus zero to validate(): uncertain, and so no case.
  EXPECT_TRUE(value("Count", "range/below-minimum").is_number_unsigned());
  EXPECT_TRUE(value("Offset", "range/maximum").is_number_unsigned());
  EXPECT_EQ(value("Offset", "range/maximum"), 0);
  for (const char* label : {"range/below-minimum", "range/minimum", "range/maximum", "range/above-maximum"}) {
    const Json made = value("Offset", label);
    const auto read = wire::parse_json(wire::to_text(made));
    ASSERT_TRUE(read) << label;
    EXPECT_EQ(made.is_number_unsigned(), read->value.is_number_unsigned()) << label;
  }
}

TEST(SiteValues, AreTheNearestSizesOfAListAndAMap) {
  const auto sizes = [](const std::string& path) {
    std::vector<std::string> out;
    for (const auto& v : values_at(place(path))) {
      if (v.label.starts_with("length/"))
        out.push_back(v.label.substr(7) + " " + std::to_string(v.json->size()));
    }
    return out;
  };
  EXPECT_THAT(sizes("Names"), ElementsAre("below-minimum 1", "minimum 2", "maximum 4", "above-maximum 5"));
  EXPECT_THAT(sizes("Map"), ElementsAre("below-minimum 0", "minimum 1", "maximum 3", "above-maximum 4"));
  EXPECT_THAT(sizes("Counts"), ElementsAre("maximum 60", "above-maximum 61"));
  EXPECT_THAT(sizes("Many"), ElementsAre("above-maximum 62")) << "the maximum only where it is short";
  EXPECT_EQ(title("Names", "length/above-maximum"), "5 elements, one more than the maximum");
  EXPECT_TRUE(value("Names", "length/below-minimum").is_array());
  EXPECT_TRUE(value("Map", "length/below-minimum").is_object());
  const Json names = value("Names", "length/above-maximum");
  EXPECT_EQ(std::set<Json>(names.begin(), names.end()).size(), names.size()) << "all different";
}

TEST(SiteValues, OfAnEnumAreOneDocumentedValueAndItsNeighbours) {
  EXPECT_THAT(labels("Kind", "enum/"), ElementsAre("enum/last", "enum/unknown", "enum/upper-case",
                                                   "enum/lower-case", "enum/final-newline", "enum/empty"));
  EXPECT_EQ(text("Kind", "enum/last"), "Three");
  EXPECT_EQ(text("Kind", "enum/upper-case"), "ONE");
  EXPECT_EQ(text("Kind", "enum/lower-case"), "one");
  EXPECT_EQ(text("Kind", "enum/final-newline"), "One\n");
  EXPECT_EQ(text("Kind", "enum/empty"), "");
  EXPECT_THAT(labels("Mode", "enum/"),
              ElementsAre("enum/unknown", "enum/upper-case", "enum/final-newline", "enum/empty"))
      << "the only value is no other valid one, and is in lower case already";
  EXPECT_THAT(labels("Mode", "length/"), IsEmpty()) << "an enum has no lengths of its own";
}

TEST(SiteValues, OfAPatternAreManyOfWhichTheFirstAreTheSimplest) {
  const auto made = labels("Code", "pattern/");
  ASSERT_GT(made.size(), 5U);
  EXPECT_EQ(made.front(), "pattern/final-newline");
  EXPECT_EQ(text("Code", "pattern/final-newline"), "example\n");
  EXPECT_EQ(text("Code", "pattern/exclamation-mark"), "examp!e");
  EXPECT_EQ(text("Code", "pattern/only-spaces"), "       ");
  EXPECT_EQ(text("Code", "pattern/empty"), "");
  EXPECT_EQ(place("Code").member().constraints.pattern->match(text("Code", "pattern/near")),
            model::Pattern::Match::differs);
  EXPECT_THAT(labels("Word", "pattern/"), IsEmpty());
}

TEST(SiteValues, OfALengthOrARangeBreakNothingInsideAndThatRuleOutside) {
  std::size_t outside = 0;
  for (const Place& p : model::places(put())) {
    for (const auto& v : values_at(p)) {
      const bool length = v.label.starts_with("length/");
      if (!length && !v.label.starts_with("range/")) continue;
      const auto validation = broken_by(p, v);
      EXPECT_THAT(validation.uncertainties, IsEmpty()) << p.path << " " << v.label;
      if (v.label.ends_with("/minimum") || v.label.ends_with("/maximum")) {
        EXPECT_THAT(validation.violations, IsEmpty()) << p.path << " " << v.label;
        continue;
      }
      ++outside;
      ASSERT_EQ(validation.violations.size(), 1U) << p.path << " " << v.label;
      EXPECT_EQ(model::to_string(validation.violations.front().rule), length ? "length" : "range")
          << p.path << " " << v.label;
    }
  }
  EXPECT_GT(outside, 20U);
}

TEST(SiteValues, OfAnotherTypeBreakTheType) {
  for (const Place& p : model::places(put())) {
    std::size_t types = 0;
    for (const auto& v : values_at(p)) {
      if (!v.label.starts_with("type/")) continue;
      ++types;
      const auto validation = broken_by(p, v);
      ASSERT_EQ(validation.violations.size(), 1U) << p.path << " " << v.label;
      EXPECT_EQ(validation.violations.front().rule, model::Violation::Rule::type) << p.path << " " << v.label;
      EXPECT_THAT(validation.uncertainties, IsEmpty()) << p.path << " " << v.label;
    }
    EXPECT_EQ(types > 0, !p.is_key()) << p.path;
  }
}

TEST(SiteValues, OfKeysHaveNoOtherTypesAndAreNeverLeftOut) {
  EXPECT_THAT(labels("Map{key}"), ElementsAre("length/below-minimum", "length/minimum", "length/maximum",
                                              "length/above-maximum"));
  for (const auto& v : values_at(place("Map{key}"))) {
    ASSERT_TRUE(v.json.has_value()) << v.label;
    EXPECT_TRUE(v.json->is_string()) << v.label;
  }
}

TEST(SiteValues, LeaveOutOnlyWhatIsRequired) {
  EXPECT_THAT(labels("Word", "required/"), ElementsAre("required/missing", "required/null"));
  EXPECT_THAT(labels("Word", "optional/"), IsEmpty());
  EXPECT_THAT(labels("Inner.Word", "required/"), ElementsAre("required/missing", "required/null"));
  EXPECT_THAT(labels("Name", "required/"), IsEmpty());
  EXPECT_THAT(labels("Name", "optional/"), ElementsAre("optional/null"));
  EXPECT_EQ(text("Word", "required/missing"), "(left out)");
  EXPECT_EQ(value("Word", "required/null"), Json());
  EXPECT_EQ(value("Name", "optional/null"), Json());
}

TEST(SiteValues, LeaveNoElementOrEntryOut) {
  for (const char* path : {"Names[]", "Inner.Kinds[]", "Map{}"}) {
    EXPECT_THAT(labels(path, "required/"), IsEmpty()) << path;
    EXPECT_THAT(labels(path, "optional/"), IsEmpty()) << path;
  }
  for (const Place& p : model::places(put())) {
    for (const auto& v : values_at(p)) {
      EXPECT_EQ(v.json.has_value(), v.label != "required/missing") << p.path << " " << v.label;
    }
  }
}

TEST(SiteValues, OfAnotherTypeAreFewerInside) {
  EXPECT_THAT(labels("Word", "type/"), ElementsAre("type/integer", "type/true", "type/object"));
  EXPECT_THAT(labels("Inner.Word", "type/"), ElementsAre("type/integer", "type/object"));
  EXPECT_THAT(labels("Flag", "type/"), Contains("type/integer"));
  EXPECT_THAT(labels("Inner.Flag", "type/"), Not(Contains("type/integer")));
}

TEST(SiteValues, HaveOneLabelEachAndATitle) {
  const auto check = [](const model::Operation& operation) {
    for (const Place& p : model::places(operation)) {
      std::set<std::string> seen;
      for (const auto& v : values_at(p)) {
        EXPECT_TRUE(seen.insert(v.label).second) << operation.name << " " << p.path << " twice: " << v.label;
        EXPECT_EQ(std::count(v.label.begin(), v.label.end(), '/'), 1) << v.label;
        EXPECT_FALSE(v.title.empty()) << v.label;
      }
      EXPECT_FALSE(seen.empty() && !p.is_key()) << operation.name << " " << p.path;
    }
  };
  check(put());
  for (const auto& operation : model::testing_support::built_in_model().operations()) check(operation);
}

TEST(SiteValues, AreTheSameEachTime) {
  for (const Place& p : model::places(put())) {
    const auto once = values_at(p), again = values_at(p);
    ASSERT_EQ(once.size(), again.size()) << p.path;
    for (std::size_t i = 0; i < once.size(); ++i) {
      EXPECT_EQ(once[i].label, again[i].label) << p.path;
      EXPECT_EQ(once[i].title, again[i].title) << p.path;
      EXPECT_EQ(once[i].json, again[i].json) << p.path << " " << once[i].label;
    }
  }
}

}  // namespace
}  // namespace harness::generate::site_values_test
