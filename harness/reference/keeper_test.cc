// A service of which the data says everything: lamps, each with bulbs and labels.
#include "harness/reference/keeper.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "harness/reference/test_support.h"

namespace harness::reference::keeper_test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::Json;
using ::testing::MatchesRegex;
using testing::Reply;

// {"MakeLamp": [{input}, {output}, ["Error"]]}: of each member, the name of a shape.
constexpr const char* kOperations = R"({
  "MakeLamp": [{"Name": "Text", "Watts": "Number", "Secret": "Text"}, {"Lamp": "Lamp"}, ["LampExists"]],
  "GetLamp": [{"LampId": "Text"}, {"Lamp": "Lamp"}, ["NoLamp"]],
  "SetLamp": [{"LampId": "Text", "Watts": "Number"}, {"Lamp": "Lamp"}, ["NoLamp"]],
  "ListLamps": [{"Most": "Number", "Next": "Text"}, {"Lamps": "Lamps", "Next": "Text"}, ["WrongNext"]],
  "DropLamp": [{"LampId": "Text"}, {}, ["NoLamp"]],
  "AddBulb": [{"LampId": "Text", "Name": "Text"}, {}, ["NoLamp"]],
  "ListBulbs": [{"LampId": "Text", "Next": "Text", "Most": "Number"}, {"Bulbs": "Bulbs", "Next": "Text"}, ["NoLamp", "WrongNext"]],
  "DropBulb": [{"LampId": "Text", "Name": "Text"}, {}, []],
  "Label": [{"Of": "Text", "Id": "Text", "Labels": "Labels"}, {}, ["NoLamp"]],
  "Unlabel": [{"Of": "Text", "Id": "Text", "Keys": "Texts"}, {}, ["NoLamp"]],
  "ListLabels": [{"Of": "Text", "Id": "Text"}, {"Labels": "Labels"}, ["NoLamp"]]})";

constexpr const char* kKinds = R"({
  "lamp": {
    "read": {"operation": "GetLamp", "input": {"LampId": "{{id}}"}}, "shown_at": "/Lamp",
    "create": {"operation": "MakeLamp", "input": {"Name": "{{id}}", "Watts": 40}},
    "id_pointer": "/Lamp/LampId", "generated": true, "id_form": "lamp-{{hex:4}}",
    "already_exists": "LampExists", "does_not_exist": "NoLamp",
    "update": {"operation": "SetLamp", "input": {"LampId": "{{id}}", "Watts": 60}},
    "list": {"operation": "ListLamps", "input": {}, "items": "Lamps", "id": "LampId", "token": "Next",
             "page_size": "Most", "invalid_token": "WrongNext"},
    "remove": {"operation": "DropLamp", "input": {"LampId": "{{id}}"}},
    "parts": {"labels": {
      "read": {"operation": "ListLabels", "input": {"Of": "Lamp", "Id": "{{id}}"}}, "list": "Labels", "value": "Key",
      "add": {"operation": "Label", "input": {"Of": "Lamp", "Id": "{{id}}", "Labels": "{{values}}"}},
      "element": {"Key": "{{value}}"},
      "remove": {"operation": "Unlabel", "input": {"Of": "Lamp", "Id": "{{id}}", "Keys": "{{values}}"}},
      "max_values": 5, "sample": "x", "does_not_exist": "NoLamp"}}},
  "bulb": {
    "parent": "lamp",
    "create": {"operation": "AddBulb", "input": {"LampId": "{{parent}}", "Name": "{{id}}"}},
    "list": {"operation": "ListBulbs", "input": {"LampId": "{{parent}}"}, "items": "Bulbs", "id": "Name",
             "token": "Next", "page_size": "Most", "invalid_token": "WrongNext"},
    "remove": {"operation": "DropBulb", "input": {"LampId": "{{parent}}", "Name": "{{id}}"}},
    "does_not_exist": "NoBulb"}})";

constexpr const char* kShapes = R"({
  "x#Text": {"type": "string"}, "x#Number": {"type": "integer"},
  "x#Texts": {"type": "list", "member": {"target": "x#Text"}},
  "x#Lamp": {"type": "structure", "members": {
    "LampId": {"target": "x#Text"}, "Name": {"target": "x#Text"}, "Watts": {"target": "x#Number"}}},
  "x#Lamps": {"type": "list", "member": {"target": "x#Lamp"}},
  "x#Bulb": {"type": "structure", "members": {"Name": {"target": "x#Text"}}},
  "x#Bulbs": {"type": "list", "member": {"target": "x#Bulb"}},
  "x#LabelOf": {"type": "structure", "members": {"Key": {"target": "x#Text"}}},
  "x#Labels": {"type": "list", "member": {"target": "x#LabelOf"}},
  "x#Lights": {"type": "service", "version": "1", "operations": [],
    "traits": {"aws.auth#sigv4": {"name": "lights"}, "aws.protocols#awsJson1_1": {}}}})";

Json structure(const Json& members) {
  Json out = {{"type", "structure"}, {"members", Json::object()}};
  for (const auto& [name, shape] : members.items())
    out["members"][name] = {{"target", "x#" + shape.get<std::string>()}};
  return out;
}

const model::Model& lights() {
  static const model::Model model = [] {
    Json shapes = Json::parse(kShapes);
    const Json operations = Json::parse(kOperations);
    for (const auto& [name, parts] : operations.items()) {
      Json errors = Json::array();
      for (const auto& error : parts[2]) {
        const std::string id = "x#" + error.get<std::string>();
        shapes[id] = {
            {"type", "structure"}, {"members", Json::object()}, {"traits", {{"smithy.api#error", "client"}}}};
        errors.push_back({{"target", id}});
      }
      shapes["x#" + name + "Request"] = structure(parts[0]);
      shapes["x#" + name + "Result"] = structure(parts[1]);
      shapes["x#" + name] = {{"type", "operation"},
                             {"input", {{"target", "x#" + name + "Request"}}},
                             {"output", {{"target", "x#" + name + "Result"}}},
                             {"errors", errors}};
      shapes["x#Lights"]["operations"].push_back({{"target", "x#" + name}});
    }
    auto loaded = model::load_smithy(Json{{"smithy", "2.0"}, {"shapes", shapes}}.dump());
    if (!loaded) throw std::runtime_error(loaded.error().message);
    return *std::move(loaded);
  }();
  return model;
}

const model::ResourceKinds& kinds() {
  static const model::ResourceKinds kinds = *model::load_kinds(Json::parse(kKinds));
  return kinds;
}

class Lights : public ::testing::Test {
 protected:
  Reply call(std::string_view operation, const Json& input) {
    auto request = testing::request_for(operation, input.dump());
    request.headers.set("X-Amz-Target", "Lights." + std::string(operation));
    return testing::read(service_.handle(request));
  }
  std::string lamp(const char* name = "desk", int watts = 40) {
    const Reply made = call("MakeLamp", {{"Name", name}, {"Watts", watts}, {"Secret", "s"}});
    EXPECT_TRUE(made.ok()) << made.response.body;
    return wire::text_at(made.body, "/Lamp/LampId");
  }
  // The texts of a member of the items of all pages.
  std::vector<std::string> listed(std::string_view operation, const char* items, const char* member,
                                  Json input = Json::object()) {
    std::vector<std::string> out;
    for (int page = 0; page < 20; ++page) {
      const Reply reply = call(operation, input);
      EXPECT_TRUE(reply.ok()) << reply.response.body;
      for (const auto& item : reply.body[items]) out.push_back(item[member]);
      if (!reply.body.contains("Next")) break;
      input["Next"] = reply.body["Next"];
    }
    return out;
  }

  Service service_{lights(), ServiceDefinition{keeping(kinds())}, {}};
};

TEST_F(Lights, ShowWhatWasWritten) {
  const std::string id = lamp();
  EXPECT_THAT(id, MatchesRegex("lamp-[0-9a-f]{4}"));
  const Reply read = call("GetLamp", {{"LampId", id}});
  EXPECT_EQ(read.body, Json::parse(R"({"Lamp":{"LampId":")" + id + R"(","Name":"desk","Watts":40}})"));
}

TEST_F(Lights, ChangeWhatIsSentAndKeepTheRest) {
  const std::string id = lamp();
  EXPECT_TRUE(call("SetLamp", {{"LampId", id}, {"Watts", 60}}).ok());
  const Json shown = call("GetLamp", {{"LampId", id}}).body["Lamp"];
  EXPECT_EQ(shown["Watts"], 60);
  EXPECT_EQ(shown["Name"], "desk");
}

TEST_F(Lights, RefuseANameThatIsTakenAndWhatDoesNotExist) {
  const std::string id = lamp();
  EXPECT_EQ(call("MakeLamp", {{"Name", "desk"}}).code, "LampExists");
  EXPECT_TRUE(call("DropLamp", {{"LampId", id}}).ok());
  for (const char* operation : {"GetLamp", "SetLamp", "DropLamp"})
    EXPECT_EQ(call(operation, {{"LampId", id}}).code, "NoLamp") << operation;
  EXPECT_NE(lamp(), id) << "another of the same name";
}

TEST_F(Lights, AreListedOnceOnPagesAsAsked) {
  std::vector<std::string> ids = {lamp("a"), lamp("b"), lamp("c")};
  EXPECT_EQ(call("ListLamps", {{"Most", 2}}).body["Lamps"].size(), 2U);
  EXPECT_THAT(listed("ListLamps", "Lamps", "LampId", {{"Most", 1}}),
              ::testing::UnorderedElementsAreArray(ids));
  EXPECT_EQ(call("ListLamps", {{"Next", "never issued"}}).code, "WrongNext");
}

TEST_F(Lights, PartsGoWithTheWhole) {
  const std::string one = lamp("one"), other = lamp("other");
  for (const char* name : {"a", "b"}) EXPECT_TRUE(call("AddBulb", {{"LampId", one}, {"Name", name}}).ok());
  EXPECT_TRUE(call("AddBulb", {{"LampId", other}, {"Name", "c"}}).ok());
  EXPECT_EQ(call("AddBulb", {{"LampId", "none"}, {"Name", "a"}}).code, "NoLamp");
  EXPECT_THAT(listed("ListBulbs", "Bulbs", "Name", {{"LampId", one}, {"Most", 1}}), ElementsAre("a", "b"));
  EXPECT_THAT(listed("ListBulbs", "Bulbs", "Name", {{"LampId", other}}), ElementsAre("c"));
  const Reply page = call("ListBulbs", {{"LampId", one}, {"Most", 1}});
  EXPECT_EQ(call("ListBulbs", {{"LampId", other}, {"Next", page.body["Next"]}}).code, "WrongNext");
  EXPECT_TRUE(call("DropLamp", {{"LampId", one}}).ok());
  EXPECT_EQ(call("ListBulbs", {{"LampId", one}}).code, "NoLamp");
  EXPECT_TRUE(call("DropBulb", {{"LampId", other}, {"Name", "none"}}).ok())
      << "it declares no error for that";
}

TEST_F(Lights, LabelsComeAndGo) {
  const std::string id = lamp();
  const Json of = {{"Of", "Lamp"}, {"Id", id}};
  const auto with = [&](const char* member, const char* json) {
    Json input = of;
    input[member] = Json::parse(json);
    return input;
  };
  EXPECT_TRUE(call("Label", with("Labels", R"([{"Key":"x"},{"Key":"y"}])")).ok());
  EXPECT_THAT(listed("ListLabels", "Labels", "Key", of), ElementsAre("x", "y"));
  EXPECT_TRUE(call("Unlabel", with("Keys", R"(["x"])")).ok());
  EXPECT_THAT(listed("ListLabels", "Labels", "Key", of), ElementsAre("y"));
  EXPECT_EQ(call("ListLabels", {{"Of", "Lamp"}, {"Id", "none"}}).code, "NoLamp");
}

}  // namespace
}  // namespace harness::reference::keeper_test
