#include "harness/reference/in_process.h"

#include <gmock/gmock.h>

#include <atomic>
#include <future>
#include <thread>
#include <vector>

#include "conformance/ssm/reference.h"
#include "harness/reference/fault.h"
#include "harness/reference/test_support.h"

namespace harness::reference::in_process_test {
namespace {

using wire::Transport;

constexpr std::size_t kMaxBody = 1 << 20;

std::string status_request(const std::string& target = "i-1") {
  wire::Request request = testing::request_for("GetConnectionStatus", R"({"Target":")" + target + R"("})");
  request.headers.set("Host", "x");
  request.headers.set("Content-Length", std::to_string(request.body.size()));
  return wire::to_bytes(request);
}

class InProcessTest : public ::testing::Test {
 protected:
  void start(const char* fault = nullptr) {
    connection_.reset();  // an endpoint outlives its connections, and the service both
    endpoint_.reset();
    ServiceOptions options;
    if (fault != nullptr) options.fault = conformance::ssm::find_fault(fault)->make();
    service_ =
        std::make_unique<Service>(testing::built_in_model(), conformance::ssm::reference_service(), options);
    endpoint_ = connect_in_process(*service_, kMaxBody);
    connection_ = endpoint_->open();
  }
  wire::Exchange send(std::string bytes, bool fresh = false) {
    endpoint::Message message;
    message.bytes = std::move(bytes);
    message.fresh_connection = fresh;
    return connection_->exchange(std::move(message));
  }

  std::unique_ptr<Service> service_;
  std::unique_ptr<endpoint::Endpoint> endpoint_;
  std::unique_ptr<endpoint::Connection> connection_;
};

TEST_F(InProcessTest, AnswersAsTheServiceDoes) {
  start();
  const auto e = send(status_request());
  ASSERT_EQ(e.transport, Transport::answered);
  EXPECT_EQ(e.response.status, 200);
  EXPECT_THAT(e.response.body, ::testing::HasSubstr("notconnected"));
  EXPECT_TRUE(e.kept_alive);
  EXPECT_FALSE(e.reused);
  EXPECT_TRUE(send(status_request()).reused);
  EXPECT_FALSE(send(status_request(), true).reused);
}

TEST_F(InProcessTest, WhatIsNoRequestIsRefusedAndTheConnectionCloses) {
  start();
  const auto e = send("nonsense\r\n\r\n");
  ASSERT_EQ(e.transport, Transport::answered);
  EXPECT_EQ(e.response.status, 400);
  EXPECT_FALSE(e.kept_alive);
  EXPECT_FALSE(send(status_request()).reused);
}

TEST_F(InProcessTest, AnIncompleteRequestTimesOutAtOnce) {
  start();
  EXPECT_EQ(send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n{").transport, Transport::timed_out);
}

TEST_F(InProcessTest, FaultsOfDeliveryAreSeen) {
  start("success-reset");
  EXPECT_EQ(send(status_request()).transport, Transport::reset);
  start("success-cut-in-half");
  EXPECT_EQ(send(status_request()).transport, Transport::truncated);
  start("success-length-too-short");
  const auto short_answer = send(status_request());
  EXPECT_EQ(short_answer.stray, "}");
  EXPECT_FALSE(short_answer.kept_alive);
}

TEST_F(InProcessTest, TheDeadStayDead) {
  start("nul-kills");
  EXPECT_EQ(send(status_request()).transport, Transport::answered);
  EXPECT_EQ(send(status_request("\\u0000")).transport, Transport::closed);
  EXPECT_EQ(send(status_request()).transport, Transport::connect_failed);
}

TEST_F(InProcessTest, CancelledExchangesAreTold) {
  start();
  std::promise<void> running, go_on;
  endpoint_->post([&] {
    running.set_value();
    go_on.get_future().wait();
  });
  running.get_future().wait();
  std::promise<Transport> told;
  endpoint::Message message;
  message.bytes = status_request();
  connection_->async_exchange(message, [&](wire::Exchange e) { told.set_value(e.transport); });
  endpoint_->cancel();
  go_on.set_value();
  EXPECT_EQ(told.get_future().get(), Transport::cancelled);
  EXPECT_EQ(send(status_request()).transport, Transport::answered);
}

TEST_F(InProcessTest, HandlersOfADestroyedConnectionAreDropped) {
  start();
  std::promise<void> running, go_on;
  endpoint_->post([&] {
    running.set_value();
    go_on.get_future().wait();
  });
  running.get_future().wait();
  std::atomic<bool> called{false};
  endpoint::Message message;
  message.bytes = status_request();
  auto marker = std::make_shared<int>(0);
  connection_->async_exchange(message, [&called, marker](const wire::Exchange&) { called = true; });
  connection_.reset();
  EXPECT_EQ(marker.use_count(), 1);
  go_on.set_value();
  connection_ = endpoint_->open();
  send(status_request());
  EXPECT_FALSE(called);
}

TEST_F(InProcessTest, ManyThreadsEachGetTheirOwnAnswer) {
  start();
  std::vector<std::jthread> threads;
  std::atomic<int> wrong{0};
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      const auto connection = endpoint_->open();
      for (int i = 0; i < 50; ++i) {
        const std::string target = "i-" + std::to_string(t) + "-" + std::to_string(i);
        endpoint::Message message;
        message.bytes = status_request(target);
        const auto e = connection->exchange(message);
        wrong += e.response.body.find('"' + target + '"') == std::string::npos ? 1 : 0;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace harness::reference::in_process_test
