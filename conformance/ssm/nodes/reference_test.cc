// What GetConnectionStatus does.
#include "conformance/ssm/nodes/reference.h"

#include <gtest/gtest.h>

#include <string>

#include "conformance/ssm/reference.h"
#include "harness/reference/test_support.h"

namespace conformance::ssm::nodes::reference_test {
namespace {

using harness::reference::Service;
using harness::reference::ServiceOptions;
using harness::reference::testing::built_in_model;
using harness::reference::testing::call;
using harness::reference::testing::Json;
using harness::reference::testing::Reply;

class Nodes : public ::testing::Test {
 protected:
  static ServiceOptions options() {
    ServiceOptions result;
    initial_nodes(result) = {{"i-connected", true}, {"i-lost", false}};
    return result;
  }
  void expect(const Reply& reply, std::string_view code) {
    EXPECT_EQ(reply.status, 400) << reply.response.body;
    EXPECT_EQ(reply.code, code) << reply.response.body;
  }
  void expect_ok(const Reply& reply) { EXPECT_TRUE(reply.ok()) << reply.response.body; }

  Service service_{built_in_model(), reference_service(), options()};
};

TEST_F(Nodes, HaveAConnectionStatus) {
  const auto status = [this](const std::string& target) {
    const Reply reply = call(service_, "GetConnectionStatus", Json{{"Target", target}});
    expect_ok(reply);
    EXPECT_EQ(reply.body["Target"], target);
    EXPECT_EQ(reply.body.size(), 2U);
    return std::string(reply.body["Status"]);
  };
  EXPECT_EQ(status("i-connected"), "connected");
  EXPECT_EQ(status("i-lost"), "notconnected");
  EXPECT_EQ(status("i-unknown"), "notconnected");
  EXPECT_EQ(status("x"), "notconnected");
  EXPECT_EQ(status(std::string(400, 'x')), "notconnected");
}

TEST_F(Nodes, TargetLengthsAreScalarValues) {
  const auto of = [this](const std::string& target) {
    return call(service_, "GetConnectionStatus", Json{{"Target", target}});
  };
  std::string wide;
  for (int i = 0; i < 400; ++i) wide += "\xf0\x9f\x98\x80";
  expect_ok(of(wide));
  EXPECT_EQ(of(wide).body["Target"], wide);
  expect(of(wide + "x"), "ValidationException");
  expect(of(std::string(401, 'x')), "ValidationException");
  expect(of(""), "ValidationException");
  expect(call(service_, "GetConnectionStatus", "{}"), "ValidationException");
  expect(call(service_, "GetConnectionStatus", R"({"Target":5})"), "SerializationException");
}

}  // namespace
}  // namespace conformance::ssm::nodes::reference_test
