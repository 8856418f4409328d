#include "harness/model/kinds.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/wire/json.h"

namespace harness::model::kinds_test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using wire::Json;

TEST(CallTemplate, IsFilled) {
  const CallTemplate call{
      "PutThing",
      Json::parse(R"({"Id":"{{id}}","Arn":"a/{{id}}/b","In":[{"X":"{{values}}"}],"Of":"{{parent}}"})")};
  EXPECT_EQ(call.filled("t", {"1", "2"}, "p"),
            Json::parse(R"({"Id":"t","Arn":"a/t/b","In":[{"X":["1","2"]}],"Of":"p"})"));
  EXPECT_EQ(call.id_member(), "Id");
  EXPECT_EQ(call.member_of("{{parent}}"), "Of");
  EXPECT_EQ(call.member_of("{{values}}"), "") << "only members of the input itself";
}

TEST(ResourcePart, TextsAndStructures) {
  ResourcePart texts;
  texts.list = "Ids";
  EXPECT_THAT(texts.texts_of(Json::parse(R"({"Ids":["a","b"]})")), ElementsAre("a", "b"));
  EXPECT_EQ(texts.elements_of({"a"}), Json::parse(R"(["a"])"));
  ResourcePart tags;
  tags.list = "TagList";
  tags.value = "Key";
  tags.element = Json::parse(R"({"Key":"{{value}}","Value":"of {{value}}"})");
  EXPECT_THAT(tags.texts_of(Json::parse(R"({"TagList":[{"Key":"a"},{"Other":"b"},7]})")), ElementsAre("a"));
  EXPECT_EQ(tags.elements_of({"a", "b"}),
            Json::parse(R"([{"Key":"a","Value":"of a"},{"Key":"b","Value":"of b"}])"));
}

TEST(IdOfForm, HasDigitsAndTheName) {
  const auto digits = [] { return ~std::uint64_t{0}; };
  EXPECT_EQ(id_of_form("mw-{{hex:4}}", "n", digits), "mw-ffff");
  EXPECT_EQ(id_of_form("{{hex:2}}-{{hex:1}}/{{name}}", "n", digits), "ff-f/n");
  EXPECT_EQ(id_of_form("x-{{name}}", "{{hex:1}}", digits), "x-f") << "names of a run hold no braces";
}

constexpr const char* kLamp = R"({
  "read": {"operation": "GetLamp", "input": {"LampId": "{{id}}"}}, "shown_at": "",
  "create": {"operation": "MakeLamp", "input": {"Name": "{{id}}"}}, "id_pointer": "/Lamp/LampId",
  "generated": true,
  "remove": {"operation": "DropLamp", "input": {"LampId": "{{id}}"}}, "does_not_exist": "NoLamp"})";

TEST(Kinds, SayWhatTheyAre) {
  Json json = Json::object();
  json["lamp"] = Json::parse(kLamp);
  json["bulb"] = Json::parse(R"({
    "parent": "lamp",
    "create": {"operation": "AddBulb", "input": {"LampId": "{{parent}}", "Name": "{{id}}"}},
    "list": {"operation": "ListBulbs", "input": {"LampId": "{{parent}}"}, "items": "Bulbs", "id": "Name"},
    "remove": {"operation": "DropBulb", "input": {"LampId": "{{parent}}", "Name": "{{id}}"}}})");
  json["socket"] = Json::parse(R"({"read": {"operation": "GetSocket", "input": {"Id": "{{id}}"}}})");
  const auto kinds = load_kinds(json);
  ASSERT_TRUE(kinds) << kinds.error().message;
  const ResourceKind& lamp = kinds->at("lamp");
  EXPECT_EQ(lamp.made_in(), "LampId");
  EXPECT_TRUE(lamp.is_removed_alone());
  EXPECT_TRUE(lamp.has_life());
  EXPECT_TRUE(lamp.update_keeps);
  const ResourceKind& bulb = kinds->at("bulb");
  EXPECT_EQ(bulb.made_in(), "");
  EXPECT_FALSE(bulb.is_removed_alone());
  EXPECT_TRUE(bulb.has_life());
  EXPECT_FALSE(kinds->at("socket").has_life());
}

TEST(Kinds, NameWhatIsWrong) {
  const auto problem = [](const char* change) {
    Json kind = Json::parse(kLamp);
    kind.merge_patch(Json::parse(change));
    const auto kinds = load_kinds(Json{{"lamp", kind}});
    return kinds ? std::string() : kinds.error().message;
  };
  EXPECT_EQ(problem("{}"), "");
  EXPECT_EQ(problem(R"({"read": null, "shown_at": null})"),
            "kind lamp: nothing shows one: it needs read, or list");
  EXPECT_THAT(problem(R"({"read": {"operation": null}})"), HasSubstr("kind lamp: read: a call needs"));
  EXPECT_THAT(problem(R"({"remove": null})"), HasSubstr("also removed"));
  EXPECT_THAT(problem(R"({"create": {"input": {"Name": "x"}}})"), HasSubstr("no member is {{id}}"));
  EXPECT_THAT(problem(R"({"id_pointer": ""})"), HasSubstr("generated"));
  EXPECT_THAT(problem(R"({"parent": "house"})"), HasSubstr("its parent house"));
  EXPECT_THAT(problem(R"({"list": {"operation": "ListLamps", "input": {}, "items": "Lamps"}})"),
              HasSubstr("list: a list needs its items"));
  EXPECT_THAT(problem(R"({"update": {"operation": "SetLamp"}})"), HasSubstr("update: a call needs"));
  EXPECT_THAT(problem(R"({"parts": {"shades": {"list": "Shades"}}})"), HasSubstr("shades: read"));
}

}  // namespace
}  // namespace harness::model::kinds_test
