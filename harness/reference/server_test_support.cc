#include "harness/reference/server_test_support.h"

#include <gtest/gtest.h>

#include <utility>

#include "conformance/ssm/reference.h"
#include "harness/reference/test_support.h"

namespace harness::reference::testing {

std::string valid() {
  return wire::to_bytes(
      request_for("DescribeDocumentPermission", R"({"Name":"Example","PermissionType":"Share"})"));
}

std::unique_ptr<Server> started(ServerOptions options) {
  conformance::ssm::initial_documents(options.service) = {"Example"};
  auto server = Server::start(built_in_model(), conformance::ssm::reference_service(), std::move(options));
  EXPECT_TRUE(server.has_value()) << (server ? "" : server.error().message);
  return server ? *std::move(server) : nullptr;
}

std::unique_ptr<Server> speaking(std::string_view dialect) {
  ServerOptions options;
  options.service.dialect = conformance::ssm::find_dialect(dialect)->dialect;
  return started(std::move(options));
}

void expect_last(Client& client, int status, std::string_view code) {
  auto response = client.receive();
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->status, status);
  EXPECT_EQ(response->headers.find("Connection"), "close");
  EXPECT_EQ(read(*response).code, code);
  client.half_close();
  EXPECT_TRUE(client.closed_by_server());
}

}  // namespace harness::reference::testing
