#include "harness/run/resources.h"

#include <gmock/gmock.h>

#include <set>
#include <thread>

#include "conformance/ssm/rules.h"
#include "harness/run/test_support.h"

namespace harness::run::resources_test {
namespace {

using conformance::ssm::kAccounts;
using conformance::ssm::kDocument;
using testing::account_ids;
using testing::built_in_model;
using testing::Call;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using testing::StubEndpoint;

TEST(RunPrefix, FollowsFromTheSeedAlone) {
  EXPECT_EQ(run_prefix(1), run_prefix(1));
  EXPECT_THAT(run_prefix(1), ::testing::MatchesRegex("ssmc-[a-z0-9]{10}-"));
  EXPECT_THAT(run_prefix(18446744073709551615U, "a.b_"), ::testing::MatchesRegex("a\\.b_[a-z0-9]{10}-"));
  std::set<std::string> prefixes;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) prefixes.insert(run_prefix(seed));
  EXPECT_EQ(prefixes.size(), 1000U);
  EXPECT_EQ(letters_for("names 1", 10), "mdbmwt41f5") << "the same on every machine";
}

TEST(Registry, NamesAreNewAndCarryThePrefix) {
  ResourceRegistry registry("ssmc-abc-");
  std::mutex mutex;
  std::set<std::string> names;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 50; ++i) {
          const auto name = registry.new_name("x");
          const std::lock_guard lock(mutex);
          names.insert(name);
        }
      });
    }
  }
  EXPECT_EQ(names.size(), 200U);
  for (const auto& name : names) EXPECT_THAT(name, StartsWith("ssmc-abc-x-"));
}

TEST(Registry, RemembersWhatIsLeft) {
  ResourceRegistry registry("p-");
  registry.created("thing", "b");
  registry.created("thing", "a");
  registry.created("thing", "a");
  registry.created("other", "a");
  registry.removed("thing", "b");
  registry.removed("thing", "never there");
  EXPECT_THAT(registry.remaining(), ElementsAre(ResourceId{"other", "a"}, ResourceId{"thing", "a"}));
  registry.forget_all();
  EXPECT_THAT(registry.remaining_ids(), IsEmpty());
}

class ResourcesTest : public ::testing::Test {
 protected:
  Sent create(std::string id) { return resources_->create(kDocument, id); }
  void start(StubEndpoint::Plant plant = {}, reference::ServiceOptions options = {}) {
    endpoint_ = std::make_unique<StubEndpoint>(std::move(plant), std::move(options));
    situation_.pack = testing::built_in_pack();
    situation_.composer = Composer(endpoint_->authority(), std::nullopt);
    client_ = std::make_unique<Client>(*endpoint_, situation_);
    resources_ = std::make_unique<Resources>(*client_, registry_);
  }
  std::vector<std::string> there() { return conformance::ssm::documents_in(endpoint_->service()); }
  std::size_t shared_with(const std::string& name) {
    const auto reply = client_->call("DescribeDocumentPermission",
                                     {{"Name", name}, {"PermissionType", "Share"}, {"MaxResults", 200}});
    return reply.ok() ? reply.body["AccountIds"].size() : 9999U;
  }

  Situation situation_;
  ResourceRegistry registry_{"p-"};
  std::unique_ptr<StubEndpoint> endpoint_;
  std::unique_ptr<Client> client_;
  std::unique_ptr<Resources> resources_;
};

TEST_F(ResourcesTest, AreCreatedFilledEmptiedAndRemoved) {
  start();
  const auto created = create("p-one");
  ASSERT_TRUE(created.has_value());
  EXPECT_EQ(created->size(), 1U) << "the requests sent, to be sent again";
  EXPECT_THAT(there(), ElementsAre("p-one"));
  EXPECT_THAT(registry_.remaining_ids(), ElementsAre("p-one"));

  const auto shared = resources_->add(kDocument, "p-one", kAccounts, account_ids(45));
  ASSERT_TRUE(shared.has_value());
  EXPECT_EQ(shared->size(), 3U) << "at most 20 accounts a call";
  EXPECT_EQ(shared_with("p-one"), 45U);

  ASSERT_TRUE(resources_->take(kDocument, "p-one", kAccounts, account_ids(44)).has_value());
  EXPECT_EQ(shared_with("p-one"), 1U);
  EXPECT_FALSE(resources_->remove(kDocument, "p-one").has_value()) << "what is shared cannot be deleted";
  EXPECT_THAT(registry_.remaining_ids(), ElementsAre("p-one")) << "and is not forgotten";
  EXPECT_TRUE(resources_->empty_and_remove(kDocument, "p-one").has_value());
  EXPECT_THAT(there(), IsEmpty());
  EXPECT_THAT(registry_.remaining_ids(), IsEmpty());
}

TEST_F(ResourcesTest, ManyAndPublicSharesAreTakenBack) {
  start();
  ASSERT_TRUE(create("p-many").has_value());
  ASSERT_TRUE(resources_->add(kDocument, "p-many", kAccounts, account_ids(120)).has_value());
  ASSERT_TRUE(create("p-public").has_value());
  ASSERT_TRUE(resources_->add(kDocument, "p-public", kAccounts, {"all"}).has_value());
  EXPECT_TRUE(resources_->empty_and_remove(kDocument, "p-many").has_value());
  EXPECT_TRUE(resources_->empty_and_remove(kDocument, "p-public").has_value());
  EXPECT_THAT(there(), IsEmpty());
}

TEST_F(ResourcesTest, SharesAreTakenBackThoughPagesAreEmpty) {
  for (const char* dialect :
       {"pages-by-1", "empty-first-page", "empty-pages-between", "empty-pages-everywhere"}) {
    reference::ServiceOptions options;
    options.dialect = conformance::ssm::find_dialect(dialect)->dialect;
    start({}, std::move(options));
    ASSERT_TRUE(create("p-one").has_value());
    ASSERT_TRUE(resources_->add(kDocument, "p-one", kAccounts, account_ids(30)).has_value());
    EXPECT_TRUE(resources_->empty_and_remove(kDocument, "p-one").has_value()) << dialect;
    EXPECT_THAT(there(), IsEmpty()) << dialect;
  }
}

TEST_F(ResourcesTest, WhatIsGoneNeedNotBeRemoved) {
  start();
  registry_.created(kDocument, "p-gone");
  EXPECT_TRUE(resources_->remove(kDocument, "p-gone").has_value());
  EXPECT_THAT(registry_.remaining_ids(), IsEmpty());
}

TEST_F(ResourcesTest, ARefusalSaysWhatWasAnswered) {
  start([](const Call& c) -> std::optional<wire::Exchange> {
    return c.operation == "DescribeDocumentPermission"
               ? std::nullopt
               : std::optional(testing::error(403, "AccessDeniedException"));
  });
  const auto created = create("p-one");
  ASSERT_FALSE(created.has_value());
  EXPECT_THAT(created.error().message,
              AllOf(HasSubstr("CreateDocument"), HasSubstr("403"), HasSubstr("AccessDeniedException")));
  EXPECT_THAT(registry_.remaining_ids(), IsEmpty()) << "it was refused, so it is not there";
  EXPECT_THAT(resources_->add(kDocument, "p-one", kAccounts, {"all"}).error().message,
              HasSubstr("ModifyDocumentPermission"));
  EXPECT_THAT(resources_->remove(kDocument, "p-one").error().message, HasSubstr("DeleteDocument"));
}

TEST_F(ResourcesTest, AnAnswerThatGotLostMayHaveCreatedIt) {
  start([](const Call&) { return std::optional(testing::ended(wire::Transport::timed_out)); });
  EXPECT_FALSE(create("p-lost").has_value());
  EXPECT_THAT(registry_.remaining_ids(), ElementsAre("p-lost"));
}

TEST_F(ResourcesTest, RemovingEndsEvenIfTakingHasNoEffect) {
  start([](const Call& c) -> std::optional<wire::Exchange> {
    if (c.operation == "ModifyDocumentPermission") return testing::answered(200, "{}");
    if (c.operation == "DescribeDocumentPermission")
      return testing::answered(200, R"({"AccountIds":["100000000001"],"AccountSharingInfoList":[]})");
    return testing::error(400, "InvalidDocumentOperation");
  });
  registry_.created(kDocument, "p-stuck");
  EXPECT_FALSE(resources_->empty_and_remove(kDocument, "p-stuck").has_value());
  EXPECT_THAT(registry_.remaining_ids(), ElementsAre("p-stuck"));
}

}  // namespace
}  // namespace harness::run::resources_test
