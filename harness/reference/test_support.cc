#include "harness/reference/test_support.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "harness/model/built_in_for_test.h"

namespace harness::reference::testing {

const model::Model& built_in_model() {
  return model::testing_support::built_in_model();
}

wire::Request request_for(std::string_view operation, std::string body) {
  wire::Request request;
  request.headers = {{"Host", "ssm.example"},
                     {"Content-Type", "application/x-amz-json-1.1"},
                     {"X-Amz-Target", "AmazonSSM." + std::string(operation)},
                     {"Content-Length", std::to_string(body.size())}};
  request.body = std::move(body);
  return request;
}

Reply read(wire::Response response) {
  Reply reply;
  reply.status = response.status;
  if (auto body = wire::parse_json(response.body)) {
    reply.body = std::move(body->value);
    if (reply.body.is_object() && reply.body.contains("__type")) reply.code = reply.body["__type"];
  }
  reply.response = std::move(response);
  return reply;
}

Reply call(Service& service, const wire::Request& request) {
  return read(service.handle(request));
}

Reply call(Service& service, std::string_view operation, std::string_view body) {
  return call(service, request_for(operation, std::string(body)));
}

Reply call(Service& service, std::string_view operation, const Json& body) {
  return call(service, operation, body.dump());
}

std::string account(int number) {
  return fmt::format("1000{:08}", number);
}

void create(Service& service, const std::string& name) {
  const Json input = {{"Name", name}, {"Content", R"({"schemaVersion":"2.2"})"}, {"DocumentType", "Command"}};
  const Reply reply = call(service, "CreateDocument", input);
  ASSERT_TRUE(reply.ok()) << reply.response.body;
}

void share(Service& service, const std::string& name, int count) {
  constexpr int kMostACall = 20;
  for (int first = 0; first < count; first += kMostACall) {
    Json ids = Json::array();
    for (int n = first; n < std::min(count, first + kMostACall); ++n) ids.push_back(account(n));
    const Json input = {{"Name", name}, {"PermissionType", "Share"}, {"AccountIdsToAdd", ids}};
    const Reply reply = call(service, "ModifyDocumentPermission", input);
    ASSERT_TRUE(reply.ok()) << reply.response.body;
  }
}

std::vector<std::vector<std::string>> pages(Service& service, const std::string& name, int max_results) {
  constexpr std::size_t kMostPages = 1000;
  std::vector<std::vector<std::string>> result;
  Json input = {{"Name", name}, {"PermissionType", "Share"}, {"MaxResults", max_results}};
  while (result.size() < kMostPages) {
    const Reply reply = call(service, "DescribeDocumentPermission", input);
    EXPECT_TRUE(reply.ok()) << reply.response.body;
    if (!reply.ok()) break;
    result.push_back(reply.body["AccountIds"].get<std::vector<std::string>>());
    if (!reply.body.contains("NextToken")) break;
    input["NextToken"] = reply.body["NextToken"];
  }
  EXPECT_LT(result.size(), kMostPages);
  return result;
}

}  // namespace harness::reference::testing
