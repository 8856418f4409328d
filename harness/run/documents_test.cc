#include "harness/run/documents.h"

#include <gmock/gmock.h>

#include <set>
#include <thread>

#include "conformance/ssm/rules.h"
#include "harness/run/test_support.h"

namespace harness::run::documents_test {
namespace {

using testing::built_in_model;
using testing::Call;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using testing::StubEndpoint;

TEST(AccountIds, AreDistinctAndAscending) {
  EXPECT_THAT(account_ids(2), ElementsAre("100000000001", "100000000002"));
  EXPECT_THAT(account_ids(2, 7), ElementsAre("000000000007", "000000000008"));
  EXPECT_THAT(account_ids(0), IsEmpty());
}

TEST(DocumentPrefix, FollowsFromTheSeedAlone) {
  EXPECT_EQ(document_prefix(1), document_prefix(1));
  EXPECT_THAT(document_prefix(1), ::testing::MatchesRegex("ssmc-[a-z0-9]{10}-"));
  EXPECT_THAT(document_prefix(18446744073709551615U, "a.b_"), ::testing::MatchesRegex("a\\.b_[a-z0-9]{10}-"));
  std::set<std::string> prefixes;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) prefixes.insert(document_prefix(seed));
  EXPECT_EQ(prefixes.size(), 1000U);
  EXPECT_EQ(letters_for("documents 1", 10), "jqn9vu7cg5") << "the same on every machine";
}

TEST(Registry, NamesAreNewAndCarryThePrefix) {
  DocumentRegistry registry("ssmc-abc-");
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
  DocumentRegistry registry("p-");
  registry.created("b");
  registry.created("a");
  registry.created("a");
  registry.removed("b");
  registry.removed("never there");
  EXPECT_THAT(registry.remaining(), ElementsAre("a"));
}

class DocumentsTest : public ::testing::Test {
 protected:
  void start(StubEndpoint::Plant plant = {}, reference::ServiceOptions options = {}) {
    endpoint_ = std::make_unique<StubEndpoint>(std::move(plant), std::move(options));
    situation_.model = &built_in_model();
    situation_.rules = &conformance::ssm::rules();
    situation_.composer = Composer(endpoint_->authority(), std::nullopt);
    client_ = std::make_unique<Client>(*endpoint_, situation_);
    documents_ = std::make_unique<Documents>(*client_, registry_);
  }
  std::vector<std::string> there() { return conformance::ssm::documents_in(endpoint_->service()); }
  std::size_t shared_with(const std::string& name) {
    const auto reply = client_->call("DescribeDocumentPermission",
                                     {{"Name", name}, {"PermissionType", "Share"}, {"MaxResults", 200}});
    return reply.ok() ? reply.body["AccountIds"].size() : 9999U;
  }

  Situation situation_;
  DocumentRegistry registry_{"p-"};
  std::unique_ptr<StubEndpoint> endpoint_;
  std::unique_ptr<Client> client_;
  std::unique_ptr<Documents> documents_;
};

TEST_F(DocumentsTest, CreateShareUnshareRemove) {
  start();
  const auto created = documents_->create("p-one");
  ASSERT_TRUE(created.has_value());
  EXPECT_EQ(created->size(), 1U) << "the requests sent, to be sent again";
  EXPECT_THAT(there(), ElementsAre("p-one"));
  EXPECT_THAT(registry_.remaining(), ElementsAre("p-one"));

  const auto shared = documents_->share("p-one", account_ids(45));
  ASSERT_TRUE(shared.has_value());
  EXPECT_EQ(shared->size(), 3U) << "at most 20 accounts a call";
  EXPECT_EQ(shared_with("p-one"), 45U);

  ASSERT_TRUE(documents_->unshare("p-one", account_ids(44)).has_value());
  EXPECT_EQ(shared_with("p-one"), 1U);
  EXPECT_FALSE(documents_->remove("p-one").has_value()) << "what is shared cannot be deleted";
  EXPECT_THAT(registry_.remaining(), ElementsAre("p-one")) << "and is not forgotten";
  EXPECT_TRUE(documents_->unshare_and_remove("p-one").has_value());
  EXPECT_THAT(there(), IsEmpty());
  EXPECT_THAT(registry_.remaining(), IsEmpty());
}

TEST_F(DocumentsTest, ManyAndPublicSharesAreUndone) {
  start();
  ASSERT_TRUE(documents_->create("p-many").has_value());
  ASSERT_TRUE(documents_->share("p-many", account_ids(120)).has_value());
  ASSERT_TRUE(documents_->create("p-public").has_value());
  ASSERT_TRUE(documents_->share("p-public", {"all"}).has_value());
  EXPECT_TRUE(documents_->unshare_and_remove("p-many").has_value());
  EXPECT_TRUE(documents_->unshare_and_remove("p-public").has_value());
  EXPECT_THAT(there(), IsEmpty());
}

TEST_F(DocumentsTest, SharesAreUndoneThoughPagesAreEmpty) {
  for (const char* dialect :
       {"pages-by-1", "empty-first-page", "empty-pages-between", "empty-pages-everywhere"}) {
    reference::ServiceOptions options;
    options.dialect = conformance::ssm::find_dialect(dialect)->dialect;
    start({}, std::move(options));
    ASSERT_TRUE(documents_->create("p-one").has_value());
    ASSERT_TRUE(documents_->share("p-one", account_ids(30)).has_value());
    EXPECT_TRUE(documents_->unshare_and_remove("p-one").has_value()) << dialect;
    EXPECT_THAT(there(), IsEmpty()) << dialect;
  }
}

TEST_F(DocumentsTest, WhatIsGoneNeedNotBeRemoved) {
  start();
  registry_.created("p-gone");
  EXPECT_TRUE(documents_->remove("p-gone").has_value());
  EXPECT_THAT(registry_.remaining(), IsEmpty());
}

TEST_F(DocumentsTest, ARefusalSaysWhatWasAnswered) {
  start([](const Call& c) -> std::optional<wire::Exchange> {
    return c.operation == "DescribeDocumentPermission"
               ? std::nullopt
               : std::optional(testing::error(403, "AccessDeniedException"));
  });
  const auto created = documents_->create("p-one");
  ASSERT_FALSE(created.has_value());
  EXPECT_THAT(created.error().message,
              AllOf(HasSubstr("CreateDocument"), HasSubstr("403"), HasSubstr("AccessDeniedException")));
  EXPECT_THAT(registry_.remaining(), IsEmpty()) << "it was refused, so it is not there";
  EXPECT_THAT(documents_->share("p-one", {"all"}).error().message, HasSubstr("ModifyDocumentPermission"));
  EXPECT_THAT(documents_->remove("p-one").error().message, HasSubstr("DeleteDocument"));
}

TEST_F(DocumentsTest, AnAnswerThatGotLostMayHaveCreatedIt) {
  start([](const Call&) { return std::optional(testing::ended(wire::Transport::timed_out)); });
  EXPECT_FALSE(documents_->create("p-lost").has_value());
  EXPECT_THAT(registry_.remaining(), ElementsAre("p-lost"));
}

TEST_F(DocumentsTest, RemovingEndsEvenIfUnsharingHasNoEffect) {
  start([](const Call& c) -> std::optional<wire::Exchange> {
    if (c.operation == "ModifyDocumentPermission") return testing::answered(200, "{}");
    if (c.operation == "DescribeDocumentPermission")
      return testing::answered(200, R"({"AccountIds":["100000000001"],"AccountSharingInfoList":[]})");
    return testing::error(400, "InvalidDocumentOperation");
  });
  registry_.created("p-stuck");
  EXPECT_FALSE(documents_->unshare_and_remove("p-stuck").has_value());
  EXPECT_THAT(registry_.remaining(), ElementsAre("p-stuck"));
}

}  // namespace
}  // namespace harness::run::documents_test
