#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/generate/place.h"
#include "harness/model/built_in_for_test.h"
#include "harness/model/sites.h"
#include "harness/model/validate.h"
#include "harness/run/compose.h"
#include "harness/run/derive_by_model.h"
#include "harness/run/example.h"
#include "harness/run/resources.h"
#include "harness/run/test_support.h"
#include "harness/wire/http_text.h"
#include "harness/wire/json.h"

namespace harness::run::derive_by_small_models_test {
namespace {

using testing::built_in_model;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;
using wire::Json;

constexpr const char* kModel = R"(
  "operations": {
    "Op": {"name": "Op", "input": {"shape": "OpInput"}},
    "Other": {"name": "Other", "input": {"shape": "OpInput"}},
    "Joint": {"name": "Joint", "input": {"shape": "JointInput"}},
    "Loop": {"name": "Loop", "input": {"shape": "LoopInput"}},
    "List": {"name": "List", "input": {"shape": "PageInput"}, "output": {"shape": "PageOutput"},
             "errors": [{"shape": "InvalidNextToken"}]},
    "Ping": {"name": "Ping"}
  },
  "shapes": {
    "OpInput": {"type": "structure", "required": ["Name", "Tags"], "members": {
      "Name": {"shape": "Name"}, "Title": {"shape": "Title"}, "Count": {"shape": "Count"},
      "Offset": {"shape": "Offset"}, "Kind": {"shape": "Kind"}, "Tags": {"shape": "Tags"},
      "Parameters": {"shape": "Parameters"}, "Target": {"shape": "Target"}, "Tree": {"shape": "Tree"},
      "When": {"shape": "When"}, "Flag": {"shape": "Flag"}, "Data": {"shape": "Data"}}},
    "Name": {"type": "string", "min": 3, "max": 64, "pattern": "^[a-zA-Z0-9_.-]+$"},
    "Title": {"type": "string"},
    "Count": {"type": "integer", "min": 1, "max": 200},
    "Offset": {"type": "long", "min": -5, "max": 5},
    "Kind": {"type": "string", "enum": ["One", "Two"]},
    "Tags": {"type": "list", "member": {"shape": "Tag"}, "min": 1, "max": 5},
    "Tag": {"type": "structure", "required": ["Key"], "members": {
      "Key": {"shape": "Key"}, "Kind": {"shape": "Kind"}}},
    "Key": {"type": "string", "min": 1, "max": 128},
    "Parameters": {"type": "map", "key": {"shape": "Key"}, "value": {"shape": "Names"}, "max": 3},
    "Names": {"type": "list", "member": {"shape": "Name"}, "max": 4},
    "Target": {"type": "structure", "union": true, "members": {
      "Id": {"shape": "Key"}, "Number": {"shape": "Count"}}},
    "Tree": {"type": "structure", "required": ["Leaf"], "members": {
      "Leaf": {"shape": "Key"}, "Left": {"shape": "Tree"}, "Trees": {"shape": "Trees"}}},
    "Trees": {"type": "list", "member": {"shape": "Tree"}, "max": 2},
    "When": {"type": "timestamp"},
    "Flag": {"type": "boolean"},
    "Data": {"type": "blob"},
    "JointInput": {"type": "structure", "members": {"Code": {"shape": "Code"}}},
    "Code": {"type": "string", "min": 4, "max": 4, "pattern": "^[a-z]{4}$"},
    "PageInput": {"type": "structure", "members": {"NextToken": {"shape": "Token"}}},
    "PageOutput": {"type": "structure", "members": {"NextToken": {"shape": "Token"}}},
    "Token": {"type": "string", "min": 1, "max": 64},
    "InvalidNextToken": {"type": "structure", "members": {}},
    "LoopInput": {"type": "structure", "required": ["Loop"], "members": {"Loop": {"shape": "LoopInput"}}}
  }
)";

const model::Model& small_model() {
  static const model::Model model = model::testing_support::small_model(kModel);
  return model;
}

const model::Operation& operation(std::string_view name) {
  return *small_model().find_operation(name);
}

std::vector<Case> derived_of(std::string_view name, const Json* input = nullptr) {
  return derive_by_model(small_model(), operation(name), input);
}

const Case& find(const std::vector<Case>& cases, std::string_view id) {
  static const Case none;
  const auto it = std::find_if(cases.begin(), cases.end(), [&](const Case& c) { return c.id == id; });
  EXPECT_NE(it, cases.end()) << "there is no case " << id;
  return it == cases.end() ? none : *it;
}

// As written in the case.
std::string body_of(const std::string& http_text) {
  const auto text = wire::parse_http_text(http_text);
  return text ? text->request.body : "(" + text.error().message + ")";
}

// As it is sent by a run.
wire::JsonText sent(const std::string& http_text) {
  Bindings bindings;
  bindings.set("prefix", run_prefix(1));
  bindings.set("thing", "a-thing");
  const auto body = bindings.expand(body_of(http_text));
  EXPECT_TRUE(body) << (body ? "" : body.error().message);
  const auto read = wire::parse_json(body ? *body : "null");
  EXPECT_TRUE(read) << (body ? *body : "");
  return read ? *read : wire::JsonText();
}

// Every rule that the request breaks, as "length Tags[0].Key"; uncertain places as "uncertain …".
std::vector<std::string> broken_by(const model::Operation& of, const std::string& http_text) {
  const auto validation = model::validate(*of.input, sent(http_text));
  std::vector<std::string> out;
  for (const auto& v : validation.violations)
    out.push_back(std::string(model::to_string(v.rule)) + " " + v.path);
  for (const auto& u : validation.uncertainties) out.push_back("uncertain " + u.path);
  return out;
}

std::string path_of(const model::Operation& of, const Case& c) {
  for (const auto& place : model::places(of)) {
    if (place.path == c.place) return generate::concrete_path(sent(c.request).value, place);
  }
  return "(the model has no place " + c.place + ")";
}

// "length" of "Op/Name/length/minimum".
std::string group_of(const Case& c) {
  const auto end = c.id.rfind('/');
  const auto start = c.id.rfind('/', end - 1) + 1;
  return c.id.substr(start, end - start);
}

std::size_t count_of(const std::vector<Case>& cases, std::string_view place, const std::string& breaks) {
  return static_cast<std::size_t>(std::count_if(cases.begin(), cases.end(), [&](const Case& c) {
    return c.place == place && c.breaks == std::vector{breaks};
  }));
}

bool has_case(const std::vector<Case>& cases, std::string_view place, const std::string& breaks) {
  return count_of(cases, place, breaks) > 0;
}

bool is_implemented(const Case& c) {
  return c.id == c.operation + "/implemented";
}

// What a case says of itself is what the model says of its request.
void expect_breaks_what_it_says(const model::Operation& of, const Case& c) {
  const auto broken = broken_by(of, c.request);
  EXPECT_THAT(broken_by(of, c.control), IsEmpty()) << c.id;
  if (c.breaks.empty()) return;
  ASSERT_EQ(c.breaks.size(), 1U) << c.id;
  if (c.breaks.front() == "valid" || c.breaks.front().starts_with("page-token")) {
    EXPECT_THAT(broken, IsEmpty()) << c.id << " " << body_of(c.request);
  } else {
    EXPECT_THAT(broken, ElementsAre(c.breaks.front() + " " + path_of(of, c)))
        << c.id << " " << body_of(c.request);
  }
}

TEST(DeriveByModel, EveryCaseIsWellFormed) {
  for (const char* name : {"Op", "Other", "Joint", "Ping"}) {
    const auto cases = derived_of(name);
    ASSERT_FALSE(cases.empty()) << name;
    EXPECT_TRUE(is_implemented(cases.front())) << name;
    for (const Case& c : cases) {
      EXPECT_EQ(c.operation, name) << c.id;
      EXPECT_EQ(c.source, Source::derived) << c.id;
      EXPECT_TRUE(c.by_model) << c.id;
      EXPECT_FALSE(c.title.empty()) << c.id;
      EXPECT_THAT(c.clauses, ElementsAre(clause_by_model(is_implemented(c) ? "implemented" : group_of(c))))
          << c.id;
      EXPECT_EQ(c.place.empty(), is_implemented(c)) << c.id;
      for (const auto& text : {c.request, c.control})
        EXPECT_THAT(text, StartsWith("POST / HTTP/1.1\nX-Amz-Target: X." + c.operation + "\n")) << c.id;
    }
  }
}

TEST(DeriveByModel, IdsNameThePlaceWithoutBracketsAndAreUnique) {
  const auto cases = derived_of("Op");
  std::set<std::string> ids;
  for (const Case& c : cases) {
    EXPECT_TRUE(ids.insert(c.id).second) << "twice: " << c.id;
    EXPECT_THAT(c.id, StartsWith("Op/"));
    EXPECT_EQ(c.id.find_first_of("[]{} *?"), std::string::npos) << c.id;
  }
  EXPECT_EQ(find(cases, "Op/Tags.member.Key/length/above-maximum").place, "Tags[].Key");
  EXPECT_EQ(find(cases, "Op/Parameters.key/length/above-maximum").place, "Parameters{key}");
  EXPECT_EQ(find(cases, "Op/Parameters.value/length/above-maximum").place, "Parameters{}");
  EXPECT_EQ(find(cases, "Op/Parameters.value.member/length/below-minimum").place, "Parameters{}[]");
  EXPECT_EQ(find(cases, "Op/Target.Number/range/above-maximum").place, "Target.Number");
  EXPECT_THAT(find(cases, "Op/Tags.member.Key/length/above-maximum").title, StartsWith("Tags[].Key: 129 "));
}

TEST(DeriveByModel, EveryCaseBreaksExactlyWhatItSays) {
  for (const char* name : {"Op", "Other", "Joint", "Ping"}) {
    for (const Case& c : derived_of(name)) expect_breaks_what_it_says(operation(name), c);
  }
}

TEST(DeriveByModel, EveryConstraintSiteHasACaseThatBreaksIt) {
  const auto cases = derived_of("Op");
  std::size_t sites = 0;
  for (const auto& site : model::constraint_sites(operation("Op"))) {
    const std::string kind(model::to_string(site.kind));
    EXPECT_TRUE(has_case(cases, site.path, kind)) << "no case breaks " << site.path << " " << kind;
    ++sites;
  }
  EXPECT_GT(sites, 20U);
}

TEST(DeriveByModel, EveryRangeAndLengthHasACaseOnEachSideOfBothEnds) {
  const auto cases = derived_of("Op");
  for (const char* label : {"length/minimum", "length/maximum"})
    EXPECT_THAT(find(cases, std::string("Op/Name/") + label).breaks, ElementsAre("valid")) << label;
  for (const char* label : {"length/below-minimum", "length/above-maximum"})
    EXPECT_THAT(find(cases, std::string("Op/Name/") + label).breaks, ElementsAre("length")) << label;
  for (const char* label : {"range/minimum", "range/maximum"})
    EXPECT_THAT(find(cases, std::string("Op/Offset/") + label).breaks, ElementsAre("valid")) << label;
  for (const char* label : {"range/below-minimum", "range/above-maximum"})
    EXPECT_THAT(find(cases, std::string("Op/Offset/") + label).breaks, ElementsAre("range")) << label;
  EXPECT_THAT(find(cases, "Op/Count/optional/null").breaks, ElementsAre("valid"));
  EXPECT_THAT(find(cases, "Op/Name/required/missing").breaks, ElementsAre("required"));
  EXPECT_THAT(find(cases, "Op/Tags.member.Key/required/null").breaks, ElementsAre("required"));
}

TEST(DeriveByModel, OfAPatternAndAnEnumFewCasesAreKept) {
  const auto cases = derived_of("Op");
  EXPECT_EQ(count_of(cases, "Name", "pattern"), 2U);
  EXPECT_EQ(count_of(cases, "Parameters{}[]", "pattern"), 2U);
  EXPECT_EQ(count_of(cases, "Kind", "enum"), 2U);
  EXPECT_TRUE(std::none_of(cases.begin(), cases.end(), [](const Case& c) {
    return group_of(c) == "pattern" && c.breaks == std::vector<std::string>{"valid"};
  })) << "inside a pattern is the control";
}

TEST(DeriveByModel, ARuleThatCannotBeBrokenAloneIsBrokenWithItsNeighbour) {
  const auto cases = derived_of("Joint");
  for (const char* end : {"below-minimum", "above-maximum"}) {
    const Case& c = find(cases, std::string("Joint/Code/length/") + end);
    EXPECT_THAT(c.breaks, IsEmpty()) << "which of the two a service names is not stated";
    EXPECT_THAT(broken_by(operation("Joint"), c.request), ElementsAre("length Code", "pattern Code"));
  }
}

TEST(DeriveByModel, EachControlIsTheSameInputWithAValidValueThere) {
  for (const char* name : {"Op", "Joint"}) {
    for (const Case& c : derived_of(name)) {
      if (is_implemented(c)) {
        EXPECT_EQ(c.request, c.control);
        continue;
      }
      // The valid value may be the minimum itself.
      EXPECT_TRUE(c.request != c.control || c.id.ends_with("/minimum")) << c.id;
      // Nothing but what stands in the member of the place differs.
      const std::string member = c.place.substr(0, c.place.find_first_of("[{."));
      Json request = sent(c.request).value, control = sent(c.control).value;
      request.erase(member);
      control.erase(member);
      EXPECT_EQ(request, control) << c.id;
      EXPECT_THAT(broken_by(operation(name), c.control), IsEmpty()) << c.id;
    }
  }
}

TEST(DeriveByModel, NoValueOfAPageTokenIsValid) {
  const auto cases = derived_of("List");
  for (const char* label : {"length/minimum", "length/maximum", "token/never-issued", "token/base64"})
    EXPECT_THAT(find(cases, std::string("List/NextToken/") + label).breaks, ElementsAre("page-token"))
        << label;
  EXPECT_THAT(find(cases, "List/NextToken/length/above-maximum").breaks, ElementsAre("length"));
  EXPECT_THAT(find(cases, "List/NextToken/optional/null").breaks, ElementsAre("valid"));
  for (const Case& c : cases) {
    EXPECT_EQ(body_of(c.control), "{}") << c.id << ": no token is valid";
    EXPECT_FALSE(c.id.ends_with("/token/long")) << "a length has one";
    expect_breaks_what_it_says(operation("List"), c);
  }
}

TEST(DeriveByModel, NamesThatAreMadeUpBeginWithThePrefix) {
  const auto cases = derived_of("Op");
  const Json input = Json::parse(body_of(find(cases, "Op/implemented").request));
  const auto name = input["Name"].get<std::string>();
  EXPECT_THAT(name, StartsWith("{{prefix}}"));
  EXPECT_THAT(input["Tags"][0]["Key"].get<std::string>(), StartsWith("{{prefix}}"));
  EXPECT_THAT(wire::text_member(Json::parse(body_of(find(cases, "Op/Title/optional/null").control)), "Title"),
              StartsWith("{{prefix}}"));
  for (const Case& c : cases) {
    if (c.place == "Name") continue;
    EXPECT_EQ(wire::text_member(Json::parse(body_of(c.request)), "Name"), name) << c.id;
  }
  for (const Case& c : cases) {
    EXPECT_THAT(c.control, Not(HasSubstr("ssmc-"))) << c.id << ": the prefix of no run";
    if (group_of(c) == "pattern") continue;  // what breaks a pattern may be no name at all
    EXPECT_THAT(c.request, Not(HasSubstr("ssmc-"))) << c.id;
  }
}

TEST(DeriveByModel, NamesAreAsLongAsTheyMustBeOnceThePrefixIsThere) {
  const auto cases = derived_of("Op");
  for (const auto& [label, length] : {std::pair{"maximum", 64U}, {"above-maximum", 65U}}) {
    const Case& c = find(cases, std::string("Op/Name/length/") + label);
    EXPECT_THAT(body_of(c.request), HasSubstr(R"("Name":"{{prefix}})")) << label;
    EXPECT_EQ(sent(c.request).value["Name"].get<std::string>().size(), length) << label;
  }
}

TEST(DeriveByModel, TwoOperationsMakeUpDifferentNames) {
  const auto name = [](const char* of) {
    return wire::text_member(Json::parse(body_of(derived_of(of).front().request)), "Name");
  };
  EXPECT_NE(name("Op"), name("Other"));
}

TEST(DeriveByModel, AGivenInputIsUsedAsItIs) {
  // A placeholder breaks the pattern of names by itself, which does not count.
  const Json given = Json::parse(R"({"Name":"{{thing}}","Tags":[{"Key":"mine","Kind":"Two"}],"Count":7})");
  const auto cases = derived_of("Op", &given);
  EXPECT_EQ(body_of(find(cases, "Op/implemented").request), wire::to_text(given));
  for (const Case& c : cases) {
    expect_breaks_what_it_says(operation("Op"), c);
    const Json request = Json::parse(body_of(c.request)), control = Json::parse(body_of(c.control));
    for (const char* member : {"Name", "Tags", "Count"}) {
      EXPECT_EQ(control.at(member), given[member]) << c.id;
      if (c.place.substr(0, c.place.find_first_of("[{.")) == member) continue;
      EXPECT_EQ(request.value(member, Json()), given[member]) << c.id;
    }
  }
  for (const auto& site : model::constraint_sites(operation("Op"))) {
    const std::string kind(model::to_string(site.kind));
    EXPECT_TRUE(has_case(cases, site.path, kind)) << "no case breaks " << site.path << " " << kind;
  }
}

TEST(DeriveByModel, AGivenValueIsWhatIsChangedAtItsPlace) {
  const Json given = Json::parse(R"({"Name":"a-name","Tags":[{"Key":"mine"}]})");
  const auto cases = derived_of("Op", &given);
  const auto newline = sent(find(cases, "Op/Name/pattern/final-newline").request).value;
  EXPECT_EQ(newline, Json::parse(R"({"Name":"a-name\n","Tags":[{"Key":"mine"}]})"));
  const auto array = sent(find(cases, "Op/Tags.member/type/array").request).value;
  EXPECT_EQ(array, Json::parse(R"({"Name":"a-name","Tags":[[{"Key":"mine"}]]})"));
}

TEST(DeriveByModel, AGivenInputMayHoldWhatTheModelAloneWouldNotSay) {
  const Json given = Json::parse(R"({"Loop":{"Loop":{}}})");
  EXPECT_THAT(derived_of("Loop"), IsEmpty()) << "its input requires itself";
  const auto cases = derived_of("Loop", &given);
  ASSERT_FALSE(cases.empty());
  EXPECT_EQ(body_of(cases.front().request), wire::to_text(given));
}

TEST(DeriveByModel, AnOperationWithoutInputIsCalledAtLeast) {
  const auto cases = derived_of("Ping");
  ASSERT_EQ(cases.size(), 1U);
  EXPECT_EQ(cases.front().id, "Ping/implemented");
  EXPECT_EQ(body_of(cases.front().request), "{}");
}

TEST(DeriveByModel, GivesTheSameCasesEachTime) {
  const auto once = derived_of("Op"), again = derived_of("Op");
  ASSERT_EQ(once.size(), again.size());
  for (std::size_t i = 0; i < once.size(); ++i) {
    EXPECT_EQ(once[i].id, again[i].id);
    EXPECT_EQ(once[i].title, again[i].title) << once[i].id;
    EXPECT_EQ(once[i].breaks, again[i].breaks) << once[i].id;
    EXPECT_EQ(once[i].request, again[i].request) << once[i].id;
    EXPECT_EQ(once[i].control, again[i].control) << once[i].id;
  }
}

TEST(DeriveByModel, HoldsForEveryOperationOfTheBuiltInModel) {
  std::size_t all = 0;
  for (const auto& of : built_in_model().operations()) {
    std::set<std::string> ids;
    const auto cases = derive_by_model(built_in_model(), of);
    EXPECT_FALSE(cases.empty()) << of.name;
    for (const Case& c : cases) {
      EXPECT_TRUE(ids.insert(c.id).second) << "twice: " << c.id;
      EXPECT_EQ(c.id.find_first_of("[]{}"), std::string::npos) << c.id;
      expect_breaks_what_it_says(of, c);
    }
    all += cases.size();
  }
  EXPECT_GT(all, 100U);
}

TEST(ClausesByModel, AreOneForEachKindOfCase) {
  EXPECT_EQ(clause_by_model("required"), "protocol/model/required");
  EXPECT_EQ(clause_by_model("implemented"), "protocol/model/implemented");
}

}  // namespace
}  // namespace harness::run::derive_by_small_models_test
