// Paging of DescribeDocumentPermission: a partition of the accounts, whatever the size of a page.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include "conformance/ssm/documents/reference_test_support.h"
#include "conformance/ssm/reference.h"

namespace conformance::ssm::documents::reference_paging_test {
namespace {

using documents::testing::account;
using documents::testing::pages;
using documents::testing::share;
using harness::reference::Service;
using harness::reference::ServiceOptions;
using harness::reference::testing::built_in_model;
using harness::reference::testing::call;
using harness::reference::testing::Json;
using harness::reference::testing::Reply;

constexpr const char* kDescribe = "DescribeDocumentPermission";

ServiceOptions with_documents() {
  ServiceOptions options;
  initial_documents(options) = {"Example", "Other"};
  return options;
}

std::vector<std::string> accounts(int count) {
  std::vector<std::string> result;
  for (int n = 0; n < count; ++n) result.push_back(account(n));
  return result;
}

std::vector<std::string> joined(const std::vector<std::vector<std::string>>& parts) {
  std::vector<std::string> result;
  for (const auto& part : parts) result.insert(result.end(), part.begin(), part.end());
  return result;
}

class Partition : public ::testing::TestWithParam<std::tuple<int, int>> {};

TEST_P(Partition, EveryAccountStandsOnOnePage) {
  const auto [count, max_results] = GetParam();
  Service service(built_in_model(), reference_service(), with_documents());
  share(service, "Example", count);
  const auto parts = pages(service, "Example", max_results);
  EXPECT_EQ(joined(parts), accounts(count));
  // Every page but the last is full, and only the page of an empty document is empty.
  const auto size = static_cast<std::size_t>(max_results);
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) EXPECT_EQ(parts[i].size(), size);
  EXPECT_LE(parts.back().size(), size);
  EXPECT_EQ(parts.back().empty(), count == 0);
}

INSTANTIATE_TEST_SUITE_P(Sizes, Partition,
                         ::testing::Combine(::testing::Values(0, 1, 20, 21, 45),
                                            ::testing::Values(1, 2, 3, 10, 20, 200)));

class Paging : public ::testing::Test {
 protected:
  Paging() {
    share(service_, "Example", 45);
    share(service_, "Other", 45);
  }
  Reply describe(const std::string& name, const Json& token, int max_results = 10) {
    return call(
        service_, kDescribe,
        Json{{"Name", name}, {"PermissionType", "Share"}, {"MaxResults", max_results}, {"NextToken", token}});
  }
  std::string token(const std::string& name = "Example") {
    const Reply reply = describe(name, nullptr);
    EXPECT_TRUE(reply.body.contains("NextToken")) << reply.response.body;
    return reply.body.value("NextToken", std::string());
  }
  void expect_invalid(const Reply& reply) {
    EXPECT_EQ(reply.status, 400) << reply.response.body;
    EXPECT_EQ(reply.code, "InvalidNextToken") << reply.response.body;
  }
  Service service_{built_in_model(), reference_service(), with_documents()};
};

TEST_F(Paging, APageHoldsTwentyUnlessToldOtherwise) {
  const Reply reply = call(service_, kDescribe, R"({"Name":"Example","PermissionType":"Share"})");
  EXPECT_EQ(reply.body["AccountIds"].size(), 20U);
  EXPECT_TRUE(reply.body.contains("NextToken"));
}

TEST_F(Paging, BothListsNameTheSameAccountsInTheSameOrder) {
  const Reply reply = describe("Example", nullptr, 30);
  ASSERT_EQ(reply.body["AccountIds"].size(), 30U);
  ASSERT_EQ(reply.body["AccountSharingInfoList"].size(), 30U);
  for (std::size_t i = 0; i < 30; ++i) {
    EXPECT_EQ(reply.body["AccountIds"][i], reply.body["AccountSharingInfoList"][i]["AccountId"]);
  }
}

TEST_F(Paging, APageCanBeAskedForAgainAndWithAnotherSize) {
  const std::string next = token();
  EXPECT_EQ(describe("Example", next).body, describe("Example", next).body);
  EXPECT_EQ(describe("Example", next, 200).body["AccountIds"].size(), 35U);
  EXPECT_FALSE(describe("Example", next, 35).body.contains("NextToken"));
}

TEST_F(Paging, UnsharingBetweenPagesLosesNoOther) {
  const std::string next = token();
  // The last account of the first page, one before it, and one that is yet to come.
  const Json input = {{"Name", "Example"},
                      {"PermissionType", "Share"},
                      {"AccountIdsToRemove", {account(9), account(3), account(15)}}};
  ASSERT_TRUE(call(service_, "ModifyDocumentPermission", input).ok());
  auto expected = accounts(45);
  expected.erase(expected.begin() + 15);
  expected.erase(expected.begin(), expected.begin() + 10);
  EXPECT_EQ(describe("Example", next, 200).body["AccountIds"], Json(expected));
}

TEST_F(Paging, TokensNeverIssued) {
  for (const char* wrong : {"", "x", "AAAA", "next", "\xc3\xa9", " "})
    expect_invalid(describe("Example", wrong));
  expect_invalid(describe("Example", std::string(100000, 'A')));
}

TEST_F(Paging, TokensOfAnotherDocumentOrService) {
  const std::string next = token("Example");
  expect_invalid(describe("Other", next));
  Service other(built_in_model(), reference_service(), with_documents());
  share(other, "Example", 45);
  expect_invalid(
      call(other, kDescribe, Json{{"Name", "Example"}, {"PermissionType", "Share"}, {"NextToken", next}}));
  EXPECT_TRUE(describe("Example", next).ok());
}

TEST_F(Paging, TokensOfADocumentThatWasDeleted) {
  testing::create(service_, "Brief");
  share(service_, "Brief", 45);
  const std::string next = token("Brief");
  for (int n = 0; n < 45; ++n) {
    const Json input = {{"Name", "Brief"}, {"PermissionType", "Share"}, {"AccountIdsToRemove", {account(n)}}};
    ASSERT_TRUE(call(service_, "ModifyDocumentPermission", input).ok());
  }
  ASSERT_TRUE(call(service_, "DeleteDocument", Json{{"Name", "Brief"}}).ok());
  testing::create(service_, "Brief");
  share(service_, "Brief", 45);
  expect_invalid(describe("Brief", next));
}

TEST_F(Paging, EveryChangedCharacterOfATokenCounts) {
  const std::string next = token();
  for (std::size_t at = 0; at < next.size(); ++at) {
    for (const char other : std::string_view("ABab01-_=.~ ")) {
      if (other == next[at]) continue;
      std::string changed = next;
      changed[at] = other;
      expect_invalid(describe("Example", changed));
    }
  }
}

}  // namespace
}  // namespace conformance::ssm::documents::reference_paging_test
