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

TEST(CallTemplate, IsFilled) {
  const CallTemplate call{"PutThing",
                          Json::parse(R"({"Id":"{{id}}","Arn":"a/{{id}}/b","In":[{"X":"{{values}}"}]})")};
  EXPECT_EQ(call.filled("t", {"1", "2"}), Json::parse(R"({"Id":"t","Arn":"a/t/b","In":[{"X":["1","2"]}]})"));
  EXPECT_EQ(call.id_member(), "Id");
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
  EXPECT_THAT(problem(R"("thing":{})", ""), HasSubstr("kind thing: read"));
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
TEST(Catalogue, AgreesWithTheModel) {
  const auto& model = built_in_model();
  const auto has = [&](const model::Shape* shape, const std::string& name) {
    return shape != nullptr && shape->find_member(name) != nullptr;
  };
  const auto check = [&](const CallTemplate& call) -> const model::Operation* {
    const auto* operation = model.find_operation(call.operation);
    EXPECT_NE(operation, nullptr) << call.operation;
    if (operation == nullptr) return nullptr;
    for (const auto& [name, value] : call.input.items())
      EXPECT_TRUE(has(operation->input, name)) << call.operation << " has no " << name;
    return operation;
  };
  for (const auto& [name, kind] : built_in_catalogue().kinds()) {
    check(kind.read);
    if (kind.create) {
      check(*kind.create);
      check(kind.remove);
    }
    for (const auto& [part_name, part] : kind.parts) {
      const auto* read = check(part.read);
      ASSERT_NE(read, nullptr);
      EXPECT_TRUE(has(read->output, part.list)) << part.list;
      EXPECT_TRUE(has(read->output, part.token) && has(read->input, part.token)) << part.token;
      check(part.add);
      check(part.remove);
    }
  }
  for (const auto& f : built_in_catalogue().fixtures()) {
    if (f.form != Fixture::Form::token) continue;
    const auto* operation = check(f.call);
    ASSERT_NE(operation, nullptr);
    EXPECT_TRUE(has(operation->output, f.member)) << f.member;
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
