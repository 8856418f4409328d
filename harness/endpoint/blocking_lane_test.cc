#include "harness/endpoint/blocking_lane.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/endpoint/test_certificates.h"
#include "harness/endpoint/test_support.h"

namespace harness::endpoint::testing::blocking_lane_test {
namespace {

using ::testing::HasSubstr;
using namespace std::chrono_literals;

std::string echo(const std::string& received) {
  return response(received.substr(received.find("\r\n\r\n") + 4));
}

std::unique_ptr<BlockingLane> lane_to(NetworkOptions options) {
  auto lane = BlockingLane::make(std::move(options));
  EXPECT_TRUE(lane) << lane.error().message;
  return lane ? std::move(*lane) : nullptr;
}

Exchange exchange_with_lane(Script script, Message sent = message(),
                            NetworkOptions options = options_for({})) {
  TestServer server({std::move(script)});
  options.url = server.url();
  return lane_to(std::move(options))->exchange(sent);
}

TEST(BlockingLane, KeepsTheConnection) {
  TestServer server({Script().serve(echo)});
  const auto lane = lane_to(options_for(server.url()));
  for (int i = 0; i < 5; ++i) {
    const Exchange e = lane->exchange(message(std::to_string(i)));
    ASSERT_EQ(e.transport, Transport::answered) << e.detail;
    EXPECT_EQ(e.response.body, std::to_string(i));
    EXPECT_EQ(e.reused, i > 0);
    EXPECT_TRUE(e.kept_alive);
  }
  EXPECT_EQ(server.connections(), 1U);
}

TEST(BlockingLane, OpensANewOneWhereThePeerCloses) {
  TestServer server({Script().read_request().send(response("1", "Connection: close\r\n")).close(),
                     Script().read_request().send(response("2")).close(), Script().serve(echo)});
  const auto lane = lane_to(options_for(server.url()));
  const Exchange first = lane->exchange(message());
  EXPECT_EQ(first.response.body, "1");
  EXPECT_FALSE(first.kept_alive);
  // The second one is closed without a word: the request after it is sent once more.
  EXPECT_EQ(lane->exchange(message()).response.body, "2");
  const Exchange third = lane->exchange(message("3"));
  ASSERT_EQ(third.transport, Transport::answered) << third.detail;
  EXPECT_EQ(third.response.body, "3");
  EXPECT_EQ(server.connections(), 3U);
}

TEST(BlockingLane, ANewConnectionIsNotTriedTwice) {
  EXPECT_EQ(exchange_with_lane(Script().read_request().close()).transport, Transport::closed);
}

TEST(BlockingLane, HoldsABodyBackUntilItIsAskedForOrTheTimeIsOver) {
  const auto held = [](std::chrono::milliseconds hold) {
    Message m = message("{\"a\":1}");
    m.hold_from = m.bytes.size() - 7;
    m.hold = hold;
    return m;
  };
  const std::size_t head = held(0ms).hold_from;
  const Exchange asked = exchange_with_lane(
      Script().read(head).send("HTTP/1.1 100 Continue\r\n\r\n").read(7).send(response()), held(30s));
  EXPECT_EQ(asked.transport, Transport::answered) << asked.detail;
  EXPECT_FALSE(asked.held_in_vain);
  EXPECT_TRUE(asked.kept_alive);

  const Exchange in_vain = exchange_with_lane(Script().read_request().send(response()), held(50ms));
  EXPECT_EQ(in_vain.transport, Transport::answered) << in_vain.detail;
  EXPECT_TRUE(in_vain.held_in_vain);
  EXPECT_TRUE(in_vain.kept_alive);

  const Exchange spared = exchange_with_lane(
      Script().read(head).send("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n"), held(30s));
  EXPECT_EQ(spared.response.status, 417);
  EXPECT_FALSE(spared.held_in_vain);
  EXPECT_FALSE(spared.kept_alive) << "the peer may still wait for the body";

  EXPECT_EQ(exchange_with_lane(Script().read(head).close(), held(30s)).transport, Transport::closed);
}

TEST(BlockingLane, TellsHowItEnded) {
  EXPECT_EQ(exchange_with_lane(
                Script().read_request().send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc").close())
                .transport,
            Transport::truncated);
  EXPECT_EQ(exchange_with_lane(Script().read_request().reset()).transport, Transport::reset);
  EXPECT_EQ(exchange_with_lane(Script().read_request().send("SSH-2.0-x\r\n").close()).transport,
            Transport::not_http);
  const Exchange until_close =
      exchange_with_lane(Script().read_request().send("HTTP/1.1 200 OK\r\n\r\nabc").close());
  EXPECT_EQ(until_close.transport, Transport::answered);
  EXPECT_EQ(until_close.response.body, "abc");
  EXPECT_FALSE(until_close.kept_alive);
}

TEST(BlockingLane, WhatIsDoneMeanwhileIsDoneOnce) {
  TestServer server({Script().read_request().send(response("1")).close(), Script().serve(echo)});
  const auto lane = lane_to(options_for(server.url()));
  int done = 0;
  EXPECT_EQ(lane->exchange(message(), [&] { ++done; }).response.body, "1");
  EXPECT_EQ(done, 1);
  // The first connection is closed by now, or will be: what is sent twice is thought about once.
  EXPECT_EQ(lane->exchange(message("2"), [&] { ++done; }).response.body, "2");
  EXPECT_EQ(done, 2);
}

TEST(BlockingLane, WaitsNoLongerThanTheTimeout) {
  NetworkOptions options = options_for({});
  options.timeout = 30ms;
  EXPECT_EQ(exchange_with_lane(Script().read_request().stall(), message(), options).transport,
            Transport::timed_out);
  Message impatient = message();
  impatient.timeout = 30ms;
  EXPECT_EQ(
      exchange_with_lane(Script().read_request().send("HTTP/1.1 200 OK\r\n").stall(), impatient).transport,
      Transport::timed_out);
}

TEST(BlockingLane, NobodyThere) {
  NetworkOptions options;
  {
    TestServer server({Script().close()});
    options = options_for(server.url());
  }
  bool done_meanwhile = false;
  const Exchange e = lane_to(options)->exchange(message(), [&] { done_meanwhile = true; });
  EXPECT_EQ(e.transport, Transport::connect_failed);
  EXPECT_THAT(e.detail, HasSubstr("refused"));
  EXPECT_FALSE(done_meanwhile);
}

TEST(BlockingLane, StrayBytesAreNoAnswerToTheNext) {
  TestServer server(
      {Script().read_request().send(response("1") + response("stray")).mark().stall(), Script().serve(echo)});
  const auto lane = lane_to(options_for(server.url()));
  const Exchange first = lane->exchange(message());
  EXPECT_EQ(first.response.body, "1");
  const Exchange second = lane->exchange(message("2"));
  EXPECT_EQ(second.response.body, "2");
  EXPECT_THAT(first.stray + second.stray, HasSubstr("stray"));
}

TEST(BlockingLane, HostileBytesHaveAConnectionOfTheirOwn) {
  TestServer server({Script().serve(echo)});
  const auto lane = lane_to(options_for(server.url()));
  Message hostile = message("1");
  hostile.hostile = true;
  EXPECT_FALSE(lane->exchange(hostile).kept_alive);
  EXPECT_EQ(lane->exchange(message("2")).response.body, "2");
  EXPECT_EQ(server.connections(), 2U);
}

TEST(BlockingLane, AnEarlyAnswerToALargeRequestIsRead) {
  Message large = message(std::string(8 << 20, 'x'));
  const Exchange e = exchange_with_lane(
      Script().read(100).send("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n").stall(), large);
  EXPECT_EQ(e.transport, Transport::answered) << e.detail;
  EXPECT_EQ(e.response.status, 413);
  EXPECT_FALSE(e.kept_alive);
}

TEST(BlockingLane, ReadsOneResponseAfterTheOther) {
  TestServer server({Script().read(3).send(response("1") + response("2")).close()});
  const auto lane = lane_to(options_for(server.url()));
  ASSERT_EQ(lane->connect().transport, Transport::answered);
  ASSERT_TRUE(lane->write("abc", 1s));
  EXPECT_EQ(lane->read(false, 30s).response.body, "1");
  EXPECT_EQ(lane->read(false, 30s).response.body, "2");
  EXPECT_FALSE(lane->has_more());
  EXPECT_EQ(lane->read(false, 30s).transport, Transport::closed);
}

TEST(BlockingLane, SpeaksTls) {
  const Identity identity = make_identity("IP:127.0.0.1");
  const TemporaryFile authority(identity.authority);
  TestServer server({Script().serve(echo)}, identity);
  NetworkOptions options = options_for(server.url());
  options.ca_bundle = authority.path();
  const auto lane = lane_to(options);
  for (int i = 0; i < 3; ++i) {
    const Exchange e = lane->exchange(message(std::to_string(i)));
    ASSERT_EQ(e.transport, Transport::answered) << e.detail;
    EXPECT_EQ(e.response.body, std::to_string(i));
  }
  EXPECT_EQ(server.connections(), 1U);

  const TemporaryFile other(make_identity("IP:127.0.0.1").authority);
  options.ca_bundle = other.path();
  const Exchange refused = lane_to(options)->exchange(message());
  EXPECT_EQ(refused.transport, Transport::tls_failed);
  EXPECT_THAT(refused.detail, HasSubstr("certificate"));
}

TEST(BlockingLane, APeerThatIsGoneRaisesNoSignal) {
  const Identity identity = make_identity("IP:127.0.0.1");
  const TemporaryFile authority(identity.authority);
  TestServer server({Script().read_request().reset(), Script().serve(echo)}, identity);
  NetworkOptions options = options_for(server.url());
  options.ca_bundle = authority.path();
  const auto lane = lane_to(options);
  EXPECT_NE(lane->exchange(message(std::string(1 << 20, 'x'))).transport, Transport::answered);
  EXPECT_EQ(lane->exchange(message("2")).transport, Transport::answered);
}

TEST(BlockingLane, RefusesWhatCannotBeUsed) {
  EXPECT_FALSE(BlockingLane::make(options_for("ftp://127.0.0.1")));
  NetworkOptions options = options_for("https://127.0.0.1:1");
  options.ca_bundle = "/nonexistent.pem";
  EXPECT_FALSE(BlockingLane::make(options));
}

}  // namespace
}  // namespace harness::endpoint::testing::blocking_lane_test
