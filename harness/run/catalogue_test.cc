// The catalogue of resources: what it refuses, and what the pack's own promises.
#include "harness/run/catalogue.h"

#include <gmock/gmock.h>

#include "harness/run/fixtures.h"
#include "harness/run/test_support.h"

namespace harness::run::catalogue_test {
namespace {

using testing::built_in_catalogue;
using testing::built_in_model;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using wire::Json;

TEST(CountedUp, KeepsTheLength) {
  EXPECT_THAT(counted_up("100000000001", 2), ElementsAre("100000000001", "100000000002"));
  EXPECT_THAT(counted_up("007", 2), ElementsAre("007", "008"));
  EXPECT_THAT(counted_up("1", 0), IsEmpty());
}

std::string problem(std::string_view kinds, std::string_view fixtures) {
  const auto loaded =
      load_catalogue("{\"kinds\":{" + std::string(kinds) + "},\"fixtures\":[" + std::string(fixtures) + "]}");
  return loaded ? std::string() : loaded.error().message;
}

constexpr std::string_view kThing =
    R"("thing":{"read":{"operation":"Get","input":{"Id":"{{id}}"}},)"
    R"("create":{"operation":"Put","input":{"Id":"{{id}}"}},"remove":{"operation":"Del","input":{"Id":"{{id}}"}}})";

TEST(Catalogue, NamesWhatIsWrong) {
  EXPECT_EQ(problem(kThing, R"({"name":"a","form":"created","kind":"thing","purpose":"a"})"), "");
  EXPECT_THAT(problem(R"("thing":{})", ""), HasSubstr("kind thing: nothing shows one"));
  EXPECT_THAT(
      problem(R"("thing":{"read":{"operation":"Get","input":{}},"create":{"operation":"Put","input":{}}})",
              ""),
      HasSubstr("also removed"));
  EXPECT_THAT(problem(kThing, R"({"name":"a","form":"wild"})"), HasSubstr("fixture a: \"wild\""));
  EXPECT_THAT(problem(kThing, R"({"name":"a","form":"absent","kind":"other"})"), HasSubstr("no kind"));
  EXPECT_THAT(problem(kThing, R"({"name":"a","form":"altered","of":"b"})"), HasSubstr("before it"));
  EXPECT_THAT(
      problem(
          kThing,
          R"({"name":"a","form":"created","kind":"thing","purpose":"a","holds":{"x":{"first":"1","count":1}}})"),
      HasSubstr("no x"));
}

TEST(Catalogue, SaysWhatACallDoes) {
  const auto* creates = built_in_catalogue().use("CreateDocument");
  ASSERT_NE(creates, nullptr);
  EXPECT_EQ(creates->effect, Effect::creates);
  EXPECT_EQ(creates->id_member, "Name");
  EXPECT_EQ(built_in_catalogue().use("ModifyDocumentPermission")->effect, Effect::changes);
  EXPECT_EQ(built_in_catalogue().use("GetConnectionStatus")->effect, Effect::reads);
  EXPECT_EQ(built_in_catalogue().use("Nothing"), nullptr);
}

// Producers and consumers against the model: every call names members that its operation has, and what is
// read from answers is there.
class AgreesWithTheModel : public ::testing::Test {
 protected:
  static bool has(const model::Shape* shape, const std::string& name) {
    return shape != nullptr && shape->find_member(name) != nullptr;
  }
  static const model::Operation& check(const CallTemplate& call) {
    static const model::Operation none{};
    const auto* operation = built_in_model().find_operation(call.operation);
    EXPECT_NE(operation, nullptr) << call.operation;
    if (operation == nullptr) return none;
    for (const auto& [name, value] : call.input.items())
      EXPECT_TRUE(has(operation->input, name)) << call.operation << " has no " << name;
    return *operation;
  }
  // What continues with the next page is a member of the answer and of the input.
  static void check_token(const model::Operation& operation, const std::string& token) {
    if (token.empty()) return;
    EXPECT_TRUE(has(operation.output, token) && has(operation.input, token))
        << operation.name << " " << token;
  }
  static const model::Shape* at(const model::Shape* shape, const std::string& pointer) {
    return model::shape_at(shape, wire::Json::json_pointer(pointer));
  }
  // An error that no operation declares would be no error of the service.
  static void check_error(const std::string& error, const model::Operation& operation) {
    EXPECT_TRUE(operation.declares(error)) << operation.name << " declares no " << error;
  }
};

TEST_F(AgreesWithTheModel, Kinds) {
  for (const auto& [name, kind] : built_in_catalogue().kinds()) {
    SCOPED_TRACE(name);
    if (!kind.read.operation.empty()) {
      const auto& read = check(kind.read);
      if (kind.shown_at) {
        EXPECT_NE(at(read.output, *kind.shown_at), nullptr) << *kind.shown_at;
      }
    }
    if (kind.create) {
      const auto& create = check(*kind.create);
      check(kind.remove);
      if (!kind.id_pointer.empty()) {
        EXPECT_NE(at(create.output, kind.id_pointer), nullptr) << kind.id_pointer;
      }
      if (!kind.already_exists.empty()) check_error(kind.already_exists, create);
    }
    if (kind.update) check(*kind.update);
    if (kind.list) {
      const auto& list = check(kind.list->call);
      ASSERT_TRUE(has(list.output, kind.list->items)) << kind.list->items;
      const auto* item = list.output->find_member(kind.list->items)->target->members.front().target;
      EXPECT_TRUE(has(item, kind.list->id)) << kind.list->id;
      check_token(list, kind.list->token);
      if (!kind.list->page_size.empty()) {
        EXPECT_TRUE(has(list.input, kind.list->page_size));
      }
    }
  }
}

TEST_F(AgreesWithTheModel, PartsOfKinds) {
  for (const auto& [kind_name, kind] : built_in_catalogue().kinds()) {
    for (const auto& [name, part] : kind.parts) {
      SCOPED_TRACE(kind_name + " " + name);
      const auto& read = check(part.read);
      ASSERT_TRUE(has(read.output, part.list)) << part.list;
      if (!part.value.empty()) {
        EXPECT_TRUE(has(read.output->find_member(part.list)->target->members.front().target, part.value));
      }
      check_token(read, part.token);
      check(part.add);
      check(part.remove);
    }
  }
}

TEST_F(AgreesWithTheModel, Fixtures) {
  for (const auto& f : built_in_catalogue().fixtures()) {
    if (f.form != Fixture::Form::token) continue;
    EXPECT_TRUE(has(check(f.call).output, f.member)) << f.member;
  }
}

TEST(Samples, GiveEveryFixtureAValue) {
  Situation s;
  s.pack = testing::built_in_pack();
  ResourceRegistry registry("ssmc-x-");
  bind_without_endpoint(s, registry.prefix());
  bind_samples(s, registry, {{conformance::ssm::kNode, "i-1"}});
  for (const auto& f : s.pack.catalogue->fixtures()) EXPECT_TRUE(s.bindings.has(f.name)) << f.name;
  EXPECT_EQ(s.bindings.value("example-node"), "i-1");
  EXPECT_NE(s.bindings.value("token"), s.bindings.value("changed-token"));
  const auto* shared = s.knowledge.find("document", s.bindings.value("shared-document"));
  ASSERT_NE(shared, nullptr);
  EXPECT_EQ(shared->known("accounts")->size(), 45U);
}

}  // namespace
}  // namespace harness::run::catalogue_test
