// What killed runs leave, at the reference endpoint.
#include "harness/run/leftovers.h"

#include <gmock/gmock.h>

#include <set>

#include "harness/run/test_support.h"

namespace harness::run::leftovers_test {
namespace {

using testing::Call;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing::StubEndpoint;

TEST(Leftovers, AreKnownByTheirNames) {
  EXPECT_TRUE(is_name_of_a_run(run_prefix(7) + "document-1"));
  EXPECT_TRUE(is_name_of_a_run(run_prefix(7, "mine.") + "x-1", "mine."));
  EXPECT_FALSE(is_name_of_a_run(run_prefix(7) + "x-1", "mine."));
  EXPECT_FALSE(is_name_of_a_run(run_prefix(7)));
  for (const char* name : {"", "ssmc-", "ssmc-production-db", "ssmc-0123456789", "ssmc-0123456789_x-1",
                           "ssmc-0123456789-", "ssmc-012345678A-x-1", "my-ssmc-0123456789-x-1"})
    EXPECT_FALSE(is_name_of_a_run(name)) << name;
  EXPECT_FALSE(is_name_of_a_run("0123456789-x-1", "")) << "everybody's names begin so";
}

class LeftoversTest : public ::testing::Test {
 protected:
  void start(StubEndpoint::Plant plant = {}) {
    endpoint_ = std::make_unique<StubEndpoint>(std::move(plant));
    situation_.pack = testing::built_in_pack();
    situation_.composer = Composer(endpoint_->authority(), std::nullopt);
    client_ = std::make_unique<Client>(*endpoint_, situation_);
  }
  // One of each kind that stands alone or is removed with what it is a part of; the kinds.
  std::set<std::string> make_all(const std::string& prefix) {
    ResourceRegistry registry(prefix);
    Resources resources(*client_, registry);
    std::map<std::string, std::string> ids;
    for (const bool parts : {false, true}) {
      for (const auto& [name, kind] : client_->catalogue().kinds()) {
        if (!kind.create || kind.parent.empty() == parts) continue;
        std::string id = registry.new_name("left");
        const auto sent = resources.create(name, id, parts ? ids[kind.parent] : "");
        EXPECT_TRUE(sent) << name << ": " << sent.error().message;
        ids[name] = id;
      }
    }
    std::set<std::string> out;
    for (const auto& [name, id] : ids) out.insert(name);
    return out;
  }

  std::unique_ptr<StubEndpoint> endpoint_;
  Situation situation_;
  std::unique_ptr<Client> client_;
};

TEST_F(LeftoversTest, OfEveryKindAreFoundAndRemoved) {
  start();
  const auto made = make_all(run_prefix(1));
  EXPECT_THAT(made, SizeIs(::testing::Gt(10U)));
  const auto before = find_leftovers(*client_);
  EXPECT_THAT(before.problems, IsEmpty());
  std::set<std::string> kinds;
  for (const auto& l : before.found) kinds.insert(l.kind);
  // What can only be listed by its window goes with it.
  for (const auto& kind : made)
    EXPECT_EQ(kinds.contains(kind), kind != "maintenance-window-target" && kind != "maintenance-window-task")
        << kind;
  for (const auto& l : before.found) {
    const auto removed = remove_leftover(*client_, l);
    EXPECT_TRUE(removed) << l.kind << " " << l.name << ": " << removed.error().message;
  }
  EXPECT_THAT(find_leftovers(*client_).found, IsEmpty());
}

TEST_F(LeftoversTest, WhatOthersMadeStays) {
  start();
  ResourceRegistry registry("ssmc-");
  Resources resources(*client_, registry);
  std::string mine = "ssmc-my-own-document";
  ASSERT_TRUE(resources.create("document", mine));
  EXPECT_THAT(find_leftovers(*client_).found, IsEmpty());
  make_all(run_prefix(1, "mine."));
  EXPECT_THAT(find_leftovers(*client_).found, IsEmpty());
  EXPECT_THAT(find_leftovers(*client_, "mine.").found, Not(IsEmpty()));
}

TEST_F(LeftoversTest, WhatHoldsSomethingIsEmptiedFirst) {
  start();
  ResourceRegistry registry(run_prefix(1));
  Resources resources(*client_, registry);
  std::string id = registry.new_name("shared");
  ASSERT_TRUE(resources.create("document", id));
  ASSERT_TRUE(resources.add("document", id, "accounts", testing::account_ids(30)));
  const auto found = find_leftovers(*client_).found;
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_TRUE(remove_leftover(*client_, found.front()));
}

TEST_F(LeftoversTest, AKindThatCannotBeListedIsSaid) {
  start([](const Call& c) -> std::optional<wire::Exchange> {
    if (c.operation == "ListDocuments") return testing::answered(500, "{}");
    if (c.operation == "DescribeActivations") return testing::error(400, "UnknownOperationException");
    // As an endpoint that fails for whatever it does not have.
    for (const char* missing : {"NoSuchOperation", "DescribeOpsItems", "DeleteOpsItem"})
      if (c.operation == missing) return testing::answered(500, "{}");
    return std::nullopt;
  });
  const auto leftovers = find_leftovers(*client_);
  ASSERT_THAT(leftovers.problems, SizeIs(1)) << "an operation that is not there has nothing to list";
  EXPECT_THAT(leftovers.problems.front(), HasSubstr("ListDocuments answered 500"));
}

}  // namespace
}  // namespace harness::run::leftovers_test
