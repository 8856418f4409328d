#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "harness/reference/server.h"
#include "harness/reference/test_client.h"

/// What the tests of the server share.
namespace harness::reference::testing {

/// The output of DescribeDocumentPermission for a document that is not shared.
inline constexpr std::string_view kEmpty = R"({"AccountIds":[],"AccountSharingInfoList":[]})";

/// The bytes of a request that is answered so.
std::string valid();

/// A server with one document, `Example`.
std::unique_ptr<Server> started(ServerOptions options = {});
std::unique_ptr<Server> speaking(std::string_view dialect);

/// Expects that the next response is an error of this code, and the last on its connection.
void expect_last(Client& client, int status, std::string_view code);

}  // namespace harness::reference::testing
