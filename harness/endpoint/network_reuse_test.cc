#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "harness/endpoint/network.h"
#include "harness/endpoint/spawn.h"
#include "harness/endpoint/test_support.h"

/// When a connection is used again, and what happens if it should not have been.
namespace harness::endpoint::testing::network_reuse_test {
namespace {

using ::testing::HasSubstr;
using namespace std::chrono_literals;

std::string echo(const std::string& received) {
  return response(received.substr(received.find("\r\n\r\n") + 4));
}

TEST(NetworkReuse, KeepsTheConnection) {
  TestServer server({Script().serve(echo)});
  const auto endpoint = connect(server);
  const auto lane = endpoint->open();
  for (int i = 0; i < 20; ++i) {
    const std::string body = std::to_string(i);
    const Exchange exchange = lane->exchange(message(body));
    ASSERT_EQ(exchange.transport, Transport::answered) << exchange.detail;
    EXPECT_EQ(exchange.response.body, body);
    EXPECT_EQ(exchange.reused, i > 0);
    EXPECT_TRUE(exchange.kept_alive);
  }
  EXPECT_EQ(server.connections(), 1U);
}

TEST(NetworkReuse, EachLaneHasItsOwn) {
  TestServer server({Script().serve(echo)});
  const auto endpoint = connect(server);
  const auto one = endpoint->open();
  const auto two = endpoint->open();
  EXPECT_FALSE(one->exchange(message()).reused);
  EXPECT_FALSE(two->exchange(message()).reused);
  EXPECT_TRUE(one->exchange(message()).reused);
  EXPECT_EQ(server.connections(), 2U);
}

TEST(NetworkReuse, OpensANewOneAfterConnectionClose) {
  TestServer server({Script().read_request().send(response("{}", "Connection: close\r\n")).close()});
  const auto endpoint = connect(server);
  const auto lane = endpoint->open();
  for (std::size_t i = 1; i <= 50; ++i) {
    const Exchange exchange = lane->exchange(message());
    ASSERT_EQ(exchange.transport, Transport::answered) << exchange.detail;
    EXPECT_FALSE(exchange.kept_alive);
    EXPECT_FALSE(exchange.reused);
    EXPECT_EQ(server.connections(), i);
  }
}

TEST(NetworkReuse, OpensANewOneIfThePeerClosedMeanwhile) {
  TestServer server({Script().read_request().send(response()).stall().close().mark(), Script().serve(echo)});
  const auto endpoint = connect(server);
  const auto lane = endpoint->open();
  EXPECT_TRUE(lane->exchange(message()).kept_alive);
  server.release();
  ASSERT_TRUE(server.wait_for_marks(1));
  settle(*endpoint);
  const Exchange exchange = lane->exchange(message());
  EXPECT_EQ(exchange.transport, Transport::answered) << exchange.detail;
  EXPECT_FALSE(exchange.reused);
  EXPECT_EQ(server.received(0), request()) << "the second request was sent on the dead connection";
}

/// The peer takes the second request and goes: from outside, the ordinary race of a request with a close.
void expect_one_retry(const Script& first) {
  TestServer server({first, Script().serve(echo)});
  const auto endpoint = connect(server);
  const auto lane = endpoint->open();
  EXPECT_TRUE(lane->exchange(message("one")).kept_alive);
  const Exchange exchange = lane->exchange(message("two"));
  EXPECT_EQ(exchange.transport, Transport::answered) << exchange.detail;
  EXPECT_EQ(exchange.response.body, "two");
  EXPECT_FALSE(exchange.reused) << "the answer came on the new connection";
  EXPECT_EQ(server.connections(), 2U);
  EXPECT_EQ(server.received(1), request("two"));
}

TEST(NetworkReuse, AClosedRaceIsRetried) {
  expect_one_retry(Script().read_request().send(response()).read_request().close());
}

TEST(NetworkReuse, AResetRaceIsRetried) {
  expect_one_retry(Script().read_request().send(response()).read_request().reset());
}

TEST(NetworkReuse, ALargeRequestIsRetriedWhole) {
  const std::string body(8 << 20, 'b');
  TestServer server({Script().read_request().send(response()).read(100).slam(), Script().serve(echo)});
  const auto endpoint = connect(server);
  const auto lane = endpoint->open();
  EXPECT_TRUE(lane->exchange(message()).kept_alive);
  const Exchange exchange = lane->exchange(message(body));
  EXPECT_EQ(exchange.transport, Transport::answered) << exchange.detail;
  EXPECT_EQ(exchange.response.body, body);
}

TEST(NetworkReuse, OnlyOneRetry) {
  TestServer server(
      {Script().read_request().send(response()).read_request().close(), Script().read_request().close()});
  const auto endpoint = connect(server);
  const auto lane = endpoint->open();
  EXPECT_TRUE(lane->exchange(message()).kept_alive);
  EXPECT_EQ(lane->exchange(message()).transport, Transport::closed);
  EXPECT_EQ(server.connections(), 2U);
}

TEST(NetworkReuse, NoRetryAfterAByteOfResponse) {
  TestServer server(
      {Script().read_request().send(response()).read_request().send("H").close(), Script().serve(echo)});
  const auto endpoint = connect(server);
  const auto lane = endpoint->open();
  EXPECT_TRUE(lane->exchange(message()).kept_alive);
  const Exchange exchange = lane->exchange(message());
  EXPECT_EQ(exchange.transport, Transport::truncated);
  EXPECT_TRUE(exchange.reused);
  EXPECT_EQ(server.connections(), 1U);
}

TEST(NetworkReuse, NoRetryOnAFreshConnection) {
  TestServer server({Script().read_request().close(), Script().serve(echo)});
  const auto endpoint = connect(server);
  EXPECT_EQ(endpoint->open()->exchange(message()).transport, Transport::closed);
  EXPECT_EQ(server.connections(), 1U);
}

TEST(NetworkReuse, NoRetryAfterATimeout) {
  TestServer server({Script().read_request().send(response()).read_request(), Script().serve(echo)});
  const auto endpoint = connect(server);
  const auto lane = endpoint->open();
  EXPECT_TRUE(lane->exchange(message()).kept_alive);
  Message hurried = message();
  hurried.timeout = 100ms;
  const Exchange exchange = lane->exchange(hurried);
  EXPECT_EQ(exchange.transport, Transport::timed_out);
  EXPECT_TRUE(exchange.reused);
  EXPECT_EQ(lane->exchange(message("next")).response.body, "next") << "on a new connection";
  EXPECT_EQ(server.connections(), 2U);
}

TEST(NetworkReuse, AFreshConnectionOnDemand) {
  TestServer server({Script().serve(echo)});
  const auto endpoint = connect(server);
  const auto lane = endpoint->open();
  EXPECT_TRUE(lane->exchange(message()).kept_alive);
  Message fresh = message();
  fresh.fresh_connection = true;
  EXPECT_FALSE(lane->exchange(fresh).reused);
  EXPECT_EQ(server.connections(), 2U);
}

TEST(NetworkReuse, ANewConnectionAfterClose) {
  TestServer server({Script().serve(echo)});
  const auto endpoint = connect(server);
  const auto lane = endpoint->open();
  EXPECT_TRUE(lane->exchange(message()).kept_alive);
  lane->close();
  EXPECT_FALSE(lane->exchange(message()).reused);
}

TEST(NetworkReuse, NeverAfterAHostileMessage) {
  TestServer server({Script().read(10).send(response("one")), Script().serve(echo)});
  const auto endpoint = connect(server);
  const auto lane = endpoint->open();
  Message hostile = message();
  hostile.hostile = true;
  const Exchange exchange = lane->exchange(hostile);
  EXPECT_EQ(exchange.transport, Transport::answered) << exchange.detail;
  EXPECT_EQ(exchange.response.body, "one");
  EXPECT_FALSE(exchange.kept_alive);
  EXPECT_FALSE(lane->exchange(message()).reused);
}

TEST(NetworkReuse, BytesBehindTheResponseAreStray) {
  TestServer server(
      {Script().read_request().send(response("one") + "HTTP/1.1 200 OK"), Script().serve(echo)});
  const auto endpoint = connect(server);
  const auto lane = endpoint->open();
  const Exchange exchange = lane->exchange(message());
  EXPECT_EQ(exchange.transport, Transport::answered) << exchange.detail;
  EXPECT_EQ(exchange.response.body, "one");
  EXPECT_EQ(exchange.stray, "HTTP/1.1 200 OK");
  EXPECT_FALSE(exchange.kept_alive);
  const Exchange next = lane->exchange(message("next"));
  EXPECT_EQ(next.response.body, "next");
  EXPECT_EQ(next.stray, "");
  EXPECT_FALSE(next.reused);
}

TEST(NetworkReuse, StrayBytesAreBounded) {
  const Exchange exchange =
      exchange_with(Script().read_request().send(response("one") + std::string(5000, 'x')));
  EXPECT_EQ(exchange.transport, Transport::answered) << exchange.detail;
  EXPECT_EQ(exchange.stray, std::string(1024, 'x'));
}

TEST(NetworkReuse, BytesOnAnIdleConnectionAreStray) {
  TestServer server(
      {Script().read_request().send(response("one")).stall().send("late").mark(), Script().serve(echo)});
  const auto endpoint = connect(server);
  const auto lane = endpoint->open();
  const Exchange exchange = lane->exchange(message());
  EXPECT_TRUE(exchange.kept_alive);
  EXPECT_EQ(exchange.stray, "");
  server.release();
  ASSERT_TRUE(server.wait_for_marks(1));
  settle(*endpoint);
  const Exchange next = lane->exchange(message("next"));
  EXPECT_EQ(next.transport, Transport::answered) << next.detail;
  EXPECT_EQ(next.response.body, "next");
  EXPECT_EQ(next.stray, "late");
  EXPECT_FALSE(next.reused);
}

TEST(NetworkReuse, ComesBackWhenTheServerDoes) {
  auto server = std::make_unique<TestServer>(std::vector{Script().serve(echo)});
  const auto endpoint = connect(*server);
  const auto lane = endpoint->open();
  EXPECT_EQ(lane->exchange(message()).transport, Transport::answered);
  server.reset();
  settle(*endpoint);
  const Exchange exchange = lane->exchange(message());
  EXPECT_EQ(exchange.transport, Transport::connect_failed) << exchange.detail;
  EXPECT_THAT(exchange.detail, HasSubstr("refused"));
}

}  // namespace
}  // namespace harness::endpoint::testing::network_reuse_test
