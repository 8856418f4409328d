#include "conformance/ssm/documents/reference_test_support.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace conformance::ssm::documents::testing {

using harness::reference::testing::call;
using harness::reference::testing::Json;
using harness::reference::testing::Reply;

std::string account(int number) {
  return fmt::format("1000{:08}", number);
}

void create(Service& service, const std::string& name) {
  const Json input = {{"Name", name}, {"Content", R"({"schemaVersion":"2.2"})"}, {"DocumentType", "Command"}};
  const Reply reply = call(service, "CreateDocument", input);
  ASSERT_TRUE(reply.ok()) << reply.response.body;
}

void share(Service& service, const std::string& name, int count) {
  constexpr int kMaxACall = 20;
  for (int first = 0; first < count; first += kMaxACall) {
    Json ids = Json::array();
    for (int n = first; n < std::min(count, first + kMaxACall); ++n) ids.push_back(account(n));
    const Json input = {{"Name", name}, {"PermissionType", "Share"}, {"AccountIdsToAdd", ids}};
    const Reply reply = call(service, "ModifyDocumentPermission", input);
    ASSERT_TRUE(reply.ok()) << reply.response.body;
  }
}

std::vector<std::vector<std::string>> pages(Service& service, const std::string& name, int max_results) {
  constexpr std::size_t kMaxPages = 1000;
  std::vector<std::vector<std::string>> result;
  Json input = {{"Name", name}, {"PermissionType", "Share"}, {"MaxResults", max_results}};
  while (result.size() < kMaxPages) {
    const Reply reply = call(service, "DescribeDocumentPermission", input);
    EXPECT_TRUE(reply.ok()) << reply.response.body;
    if (!reply.ok()) break;
    result.push_back(reply.body["AccountIds"].get<std::vector<std::string>>());
    if (!reply.body.contains("NextToken")) break;
    input["NextToken"] = reply.body["NextToken"];
  }
  EXPECT_LT(result.size(), kMaxPages);
  return result;
}

}  // namespace conformance::ssm::documents::testing
