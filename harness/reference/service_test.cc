// The engine with a service that no pack has: a shop of pencils, with a state, an error of its own, and
// paging left out. What a new family needs is what is written here.
#include "harness/reference/service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "harness/reference/test_support.h"

namespace harness::reference::service_test {
namespace {

using testing::Json;
using testing::Reply;

const model::Model& shop() {
  static const model::Model model = *model::load_smithy(R"({"smithy": "2.0", "shapes": {
      "com.example.shop#Shop": {
        "type": "service", "version": "2030-01-01",
        "operations": [{"target": "com.example.shop#MakePencil"}, {"target": "com.example.shop#GetPencil"},
                       {"target": "com.example.shop#LosePencil"}],
        "traits": {"aws.auth#sigv4": {"name": "shop"}, "aws.protocols#awsJson1_1": {}}},
      "com.example.shop#MakePencil": {"type": "operation", "input": {"target": "com.example.shop#MakeRequest"}},
      "com.example.shop#GetPencil": {"type": "operation", "input": {"target": "com.example.shop#NameRequest"}},
      "com.example.shop#LosePencil": {"type": "operation", "input": {"target": "com.example.shop#NameRequest"}},
      "com.example.shop#MakeRequest": {"type": "structure", "members": {
        "Name": {"target": "com.example.shop#Name", "traits": {"smithy.api#required": {}}},
        "Colour": {"target": "com.example.shop#Colour"}}},
      "com.example.shop#NameRequest": {"type": "structure", "members": {
        "Name": {"target": "com.example.shop#Name", "traits": {"smithy.api#required": {}}}}},
      "com.example.shop#Name": {"type": "string", "traits": {"smithy.api#length": {"min": 2, "max": 9}}},
      "com.example.shop#Colour": {"type": "enum", "members": {
        "red": {"target": "smithy.api#Unit", "traits": {"smithy.api#enumValue": "red"}},
        "blue": {"target": "smithy.api#Unit", "traits": {"smithy.api#enumValue": "blue"}}}}}})");
  return model;
}

struct Pencil {
  std::string colour;
};
/// What exists from the start, and what the family may do otherwise.
struct InitialPencils {
  std::vector<std::string> names;
};
struct PencilVariation {
  std::string colour = "red";
};

void add_pencils(const Setup& setup) {
  Store& store = setup.store;
  auto& pencils = store.add<Pencil>("pencil");
  const std::string colour = setup.options.dialect.of_family.get<PencilVariation>().colour;
  for (const auto& name : setup.options.initial.get<InitialPencils>().names) pencils.create(name, {colour});
  InputErrors errors;
  errors.not_in_enumeration["Colour"] = {400, "NoSuchColour", "There are red ones and blue ones."};
  setup.operations.add(
      "MakePencil",
      [&store, &pencils, colour](const Json& input) -> Outcome {
        const auto lock = store.lock();
        if (!pencils.create(input["Name"], {input.value("Colour", colour)}))
          return refuse("PencilExists", "There is one already.");
        return Json::object();
      },
      errors);
  setup.operations.add("GetPencil", [&store, &pencils](const Json& input) -> Outcome {
    const auto lock = store.lock();
    const auto* pencil = pencils.find(input["Name"].get_ref<const std::string&>());
    if (pencil == nullptr) return refuse("NoSuchPencil", "There is none.");
    return Json{{"Colour", pencil->value.colour}};
  });
  errors = {};
  errors.impossible["Name"] = {400, "NoSuchPencil", "There is none."};
  setup.operations.add(
      "LosePencil",
      [&store, &pencils](const Json& input) -> Outcome {
        const auto lock = store.lock();
        if (!pencils.remove(input["Name"].get_ref<const std::string&>()))
          return refuse("NoSuchPencil", "There is none.");
        return Json::object();
      },
      errors);
  setup.operations.add("SellPencil", [](const Json&) -> Outcome { return Json::object(); });
}

class Shop : public ::testing::Test {
 protected:
  Reply call(std::string_view operation, const Json& input, std::string_view prefix = "Shop") {
    if (!service_) service_ = std::make_unique<Service>(shop(), ServiceDefinition{add_pencils}, options_);
    auto request = testing::request_for(operation, input.dump());
    request.headers.set("X-Amz-Target", std::string(prefix) + "." + std::string(operation));
    if (!options_.credentials.empty())
      wire::Signer(options_.credentials.front(), scope_).sign(request, std::chrono::system_clock::now());
    return testing::read(service_->handle(request));
  }

  ServiceOptions options_;
  wire::SigningScope scope_{"us-east-1", "shop"};
  std::unique_ptr<Service> service_;
};

TEST_F(Shop, KeepsItsState) {
  options_.initial.of<InitialPencils>().names = {"first"};
  EXPECT_EQ(call("GetPencil", {{"Name", "first"}}).body, (Json{{"Colour", "red"}}));
  EXPECT_TRUE(call("MakePencil", {{"Name", "second"}, {"Colour", "blue"}}).ok());
  EXPECT_EQ(call("GetPencil", {{"Name", "second"}}).body, (Json{{"Colour", "blue"}}));
  EXPECT_EQ(call("MakePencil", {{"Name", "second"}}).code, "PencilExists");
  EXPECT_THAT(service_->resources("pencil"), ::testing::ElementsAre("first", "second"));
  EXPECT_TRUE(call("LosePencil", {{"Name", "first"}}).ok());
  EXPECT_EQ(call("LosePencil", {{"Name", "first"}}).code, "NoSuchPencil");
  EXPECT_THAT(service_->resources("pencil"), ::testing::ElementsAre("second"));
}

TEST_F(Shop, ChecksInputsByTheModel) {
  EXPECT_EQ(call("MakePencil", {{"Name", 5}}).code, "SerializationException");
  EXPECT_EQ(call("MakePencil", {{"Name", "x"}}).code, "ValidationException");
  EXPECT_EQ(call("MakePencil", Json::object()).code, "ValidationException");
}

TEST_F(Shop, HasErrorsOfItsOwnForMembers) {
  EXPECT_EQ(call("MakePencil", {{"Name", "one"}, {"Colour", "green"}}).code, "NoSuchColour");
  EXPECT_EQ(call("MakePencil", {{"Name", "x"}, {"Colour", "green"}}).code, "ValidationException")
      << "only where nothing else is wrong";
  EXPECT_EQ(call("LosePencil", {{"Name", "x"}}).code, "NoSuchPencil");
  EXPECT_EQ(call("LosePencil", Json::object()).code, "ValidationException") << "only where it is there";
}

TEST_F(Shop, HasNoOperationThatTheModelOrTheDialectLacks) {
  options_.dialect.only_operations = {"GetPencil", "SellPencil"};
  EXPECT_EQ(call("SellPencil", Json::object()).code, "UnknownOperationException");
  EXPECT_EQ(call("MakePencil", {{"Name", "one"}}).code, "UnknownOperationException");
  EXPECT_EQ(call("GetPencil", {{"Name", "one"}}).code, "NoSuchPencil");
  EXPECT_EQ(call("GetPencil", {{"Name", "one"}}, "Store").code, "UnknownOperationException");
}

TEST_F(Shop, SpeaksDialectsOfTheFamily) {
  options_.dialect.of_family.of<PencilVariation>().colour = "blue";
  EXPECT_TRUE(call("MakePencil", {{"Name", "one"}}).ok());
  EXPECT_EQ(call("GetPencil", {{"Name", "one"}}).body, (Json{{"Colour", "blue"}}));
}

TEST_F(Shop, IsNamedByItsIdentity) {
  options_.dialect.error_shape_ids = options_.dialect.any_target_form = true;
  EXPECT_EQ(call("GetPencil", {{"Name", "one"}}, "com.example.shop#shop_20300101").code,
            "com.example.shop#NoSuchPencil:http://shop.example/errors/#NoSuchPencil");
  options_.credentials = {{"AKIDEXAMPLE", "secret", ""}};
  service_.reset();
  EXPECT_THAT(call("GetPencil", {{"Name", "one"}}).code, ::testing::HasSubstr("NoSuchPencil"));
  scope_.service = "store";
  EXPECT_THAT(call("GetPencil", {{"Name", "one"}}).code, ::testing::HasSubstr("InvalidSignatureException"));
}

}  // namespace
}  // namespace harness::reference::service_test
