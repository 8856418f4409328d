#include "harness/endpoint/network.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "harness/endpoint/spawn.h"
#include "harness/endpoint/test_support.h"

/// How one exchange can end, each outcome against a peer that brings it about.
namespace harness::endpoint::testing::network_test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using namespace std::chrono_literals;

NetworkOptions impatient() {
  NetworkOptions options = options_for({});
  options.timeout = 200ms;
  return options;
}

TEST(Network, AnsweredWithContentLength) {
  TestServer server({Script().read_request().send(response("{\"a\":1}", "X-Two: 1\r\nx-two: 2\r\n"))});
  const auto endpoint = connect(server);
  const Exchange exchange = endpoint->open()->exchange(message("{\"b\":2}"));
  EXPECT_EQ(exchange.transport, Transport::answered) << exchange.detail;
  EXPECT_EQ(exchange.response.status, 200);
  EXPECT_EQ(exchange.response.reason, "OK");
  EXPECT_EQ(exchange.response.body, "{\"a\":1}");
  EXPECT_THAT(exchange.response.headers.all("X-Two"), ElementsAre("1", "2"));
  EXPECT_EQ(exchange.stray, "");
  EXPECT_TRUE(exchange.kept_alive);
  EXPECT_FALSE(exchange.reused);
  EXPECT_GT(exchange.duration.count(), 0);
  EXPECT_EQ(server.received(0), request("{\"b\":2}"));
}

TEST(Network, TellsWhereItIs) {
  TestServer server({Script()});
  const auto endpoint = connect(server);
  EXPECT_EQ(endpoint->authority(), "127.0.0.1:" + std::to_string(server.port()));
  EXPECT_EQ(endpoint->url(), server.url());
}

TEST(Network, AnsweredInPieces) {
  const Exchange exchange = exchange_with(Script()
                                              .read_request()
                                              .send("HTTP/1.1 200 OK\r\nContent-")
                                              .send("Length: 4\r\n")
                                              .send("\r\n12")
                                              .send("34"));
  EXPECT_EQ(exchange.transport, Transport::answered) << exchange.detail;
  EXPECT_EQ(exchange.response.body, "1234");
}

TEST(Network, AnsweredInChunks) {
  const Exchange exchange =
      exchange_with(Script()
                        .read_request()
                        .send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab")
                        .send("c\r\n2\r\nde\r\n0\r\n\r\n"));
  EXPECT_EQ(exchange.transport, Transport::answered) << exchange.detail;
  EXPECT_EQ(exchange.response.body, "abcde");
  EXPECT_TRUE(exchange.kept_alive);
}

TEST(Network, AnsweredUpToTheClose) {
  const Exchange exchange =
      exchange_with(Script().read_request().send("HTTP/1.1 200 OK\r\n\r\nall of ").send("it").close());
  EXPECT_EQ(exchange.transport, Transport::answered) << exchange.detail;
  EXPECT_EQ(exchange.response.body, "all of it");
  EXPECT_FALSE(exchange.kept_alive);
}

TEST(Network, InterimResponsesAreSkipped) {
  const Exchange exchange =
      exchange_with(Script().read_request().send("HTTP/1.1 100 Continue\r\n\r\n").send(response("{}")));
  EXPECT_EQ(exchange.transport, Transport::answered) << exchange.detail;
  EXPECT_EQ(exchange.response.status, 200);
}

// ---- a body that is held back ----

Message held_message(std::chrono::milliseconds hold = 30s, const std::string& body = "{\"a\":1}") {
  Message m = message(body);
  m.hold_from = m.bytes.size() - body.size();
  m.hold = hold;
  return m;
}

TEST(Network, ABodyThatIsHeldBackIsSentWhenItIsAskedFor) {
  const std::string head = held_message().bytes.substr(0, held_message().hold_from);
  TestServer server(
      {Script().read(head.size()).send("HTTP/1.1 100 Continue\r\n\r\n").read(7).send(response())});
  const auto endpoint = connect(server);
  const Exchange exchange = endpoint->open()->exchange(held_message());
  EXPECT_EQ(exchange.transport, Transport::answered) << exchange.detail;
  EXPECT_EQ(exchange.response.status, 200);
  EXPECT_FALSE(exchange.held_in_vain);
  EXPECT_TRUE(exchange.kept_alive);
  EXPECT_EQ(server.received(0), request("{\"a\":1}"));
}

TEST(Network, ABodyThatNobodyAsksForIsSentWhenTheTimeIsOver) {
  TestServer server({Script().read_request().send(response())});
  const auto endpoint = connect(server);
  const Exchange exchange = endpoint->open()->exchange(held_message(100ms));
  EXPECT_EQ(exchange.transport, Transport::answered) << exchange.detail;
  EXPECT_TRUE(exchange.held_in_vain);
  EXPECT_GE(exchange.duration, 100ms);
  EXPECT_TRUE(exchange.kept_alive);
  EXPECT_EQ(server.received(0), request("{\"a\":1}"));
}

TEST(Network, AFinalAnswerSparesTheBody) {
  const std::string head = held_message().bytes.substr(0, held_message().hold_from);
  TestServer server({Script()
                         .read(head.size())
                         .send("HTTP/1.1 417 Expectation")
                         .send(" Failed\r\nContent-Length: 0\r\n\r\n")});
  const auto endpoint = connect(server);
  const Exchange exchange = endpoint->open()->exchange(held_message());
  EXPECT_EQ(exchange.transport, Transport::answered) << exchange.detail;
  EXPECT_EQ(exchange.response.status, 417);
  EXPECT_FALSE(exchange.held_in_vain);
  EXPECT_FALSE(exchange.kept_alive) << "the peer may still wait for the body";
  EXPECT_EQ(server.received(0), head);
}

TEST(Network, AHeldRequestOnAConnectionThatThePeerClosedIsSentAgainWhole) {
  TestServer server({Script().read_request().send(response("1")).read(10).slam(),
                     Script().read_request().send(response("2"))});
  const auto endpoint = connect(server);
  const auto lane = endpoint->open();
  EXPECT_EQ(lane->exchange(message()).response.body, "1");
  const Exchange exchange = lane->exchange(held_message(100ms));
  EXPECT_EQ(exchange.transport, Transport::answered) << exchange.detail;
  EXPECT_EQ(exchange.response.body, "2");
  EXPECT_EQ(server.received(1), request("{\"a\":1}"));
}

TEST(Network, TheAnswerToHeadHasNoBody) {
  Message head;
  head.bytes = "HEAD / HTTP/1.1\r\nHost: test\r\n\r\n";
  head.head = true;
  const Exchange exchange =
      exchange_with(Script().read_request().send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"), head);
  EXPECT_EQ(exchange.transport, Transport::answered) << exchange.detail;
  EXPECT_EQ(exchange.response.body, "");
  EXPECT_TRUE(exchange.kept_alive);
}

TEST(Network, NobodyListens) {
  const auto port = free_port();
  ASSERT_TRUE(port) << port.error().message;
  const auto endpoint = connect(options_for("http://127.0.0.1:" + std::to_string(*port)));
  const Exchange exchange = endpoint->open()->exchange(message());
  EXPECT_EQ(exchange.transport, Transport::connect_failed);
  EXPECT_THAT(exchange.detail, StartsWith("127.0.0.1:" + std::to_string(*port) + ": "));
  EXPECT_THAT(exchange.detail, HasSubstr("refused"));
}

/// Listens, but has no room for a further connection: the kernel leaves the next one unanswered.
class FullListener {
 public:
  FullListener() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    for (int& fd : fds_) fd = ::socket(AF_INET, SOCK_STREAM, 0);
    EXPECT_EQ(::bind(fds_[0], generic, size), 0);
    EXPECT_EQ(::listen(fds_[0], 0), 0);
    EXPECT_EQ(::getsockname(fds_[0], generic, &size), 0);
    port_ = ntohs(address.sin_port);
    for (std::size_t i = 1; i < fds_.size(); ++i) {
      ::fcntl(fds_[i], F_SETFL, O_NONBLOCK);
      ::connect(fds_[i], generic, size);  // fills the queue
    }
  }
  ~FullListener() {
    for (const int fd : fds_) ::close(fd);
  }
  FullListener(const FullListener&) = delete;
  FullListener& operator=(const FullListener&) = delete;
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

 private:
  std::array<int, 5> fds_{};
  unsigned short port_ = 0;
};

TEST(Network, NoConnectionInTime) {
  const FullListener listener;
  NetworkOptions options = options_for(listener.url());
  options.connect_timeout = 200ms;
  const auto endpoint = connect(options);
  const auto lane = endpoint->open();
  const Exchange exchange = lane->exchange(message());
  EXPECT_EQ(exchange.transport, Transport::connect_timeout);
  EXPECT_THAT(exchange.detail, HasSubstr("no connection within 200 ms"));
  Message hurried = message();
  hurried.timeout = 100ms;
  EXPECT_EQ(lane->exchange(hurried).transport, Transport::connect_timeout);
}

TEST(Network, AnAnswerThatCameInTimeWhileTheThreadWasBusyIsNoHang) {
  TestServer server({Script().read_request().send(response())});
  NetworkOptions options = options_for(server.url());
  options.timeout = 200ms;
  const auto endpoint = connect(options);
  const auto lane = endpoint->open();
  std::promise<Transport> ended;
  endpoint->post([&] {
    lane->async_exchange(message(), [&](const Exchange& e) { ended.set_value(e.transport); });
    // Stands for work in a handler: what judges answers runs on this thread, too.
    endpoint->post([] { std::this_thread::sleep_for(400ms); });
  });
  EXPECT_EQ(ended.get_future().get(), Transport::answered);
}

TEST(Network, AllAddressesOfANameAreTried) {
  // The server listens on 127.0.0.1 only; where localhost is ::1 first, that address is refused before.
  TestServer server({Script().read_request().send(response())});
  const auto endpoint = connect(options_for("http://localhost:" + std::to_string(server.port())));
  const Exchange exchange = endpoint->open()->exchange(message());
  EXPECT_EQ(exchange.transport, Transport::answered) << exchange.detail;
}

TEST(Network, ANameThatDoesNotResolveIsAnError) {
  const auto endpoint = connect_network(options_for("http://nowhere.invalid:1"));
  ASSERT_FALSE(endpoint);
  EXPECT_THAT(endpoint.error().message, HasSubstr("nowhere.invalid"));
}

TEST(Network, TimeoutsMustBePositive) {
  NetworkOptions options = options_for("http://127.0.0.1:1");
  options.timeout = 0ms;
  EXPECT_FALSE(connect_network(options));
}

TEST(Network, TimedOutWithoutAByte) {
  const Exchange exchange = exchange_with(Script().read_request(), message(), impatient());
  EXPECT_EQ(exchange.transport, Transport::timed_out);
  EXPECT_EQ(exchange.detail, "no byte of response within 200 ms");
}

TEST(Network, TimedOutInTheMiddle) {
  const Exchange exchange =
      exchange_with(Script().read_request().send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n123"),
                    message(), impatient());
  EXPECT_EQ(exchange.transport, Transport::timed_out);
  EXPECT_EQ(exchange.detail, "the response was not complete within 200 ms");
  EXPECT_EQ(exchange.response.status, 200);
}

TEST(Network, TheTimeoutOfAMessageComesFirst) {
  Message hurried = message();
  hurried.timeout = 100ms;
  const Exchange exchange =
      exchange_with(Script().read_request(), hurried);  // the endpoint's own would be 30 s
  EXPECT_EQ(exchange.transport, Transport::timed_out);
  EXPECT_THAT(exchange.detail, HasSubstr("100 ms"));
}

TEST(Network, AHostileRequestWaitsForItsAnswer) {
  Message hostile;
  hostile.bytes = "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 1000\r\n\r\n{}";
  hostile.hostile = true;
  const Exchange exchange = exchange_with(Script().read_request(), hostile, impatient());
  EXPECT_EQ(exchange.transport, Transport::timed_out);
}

TEST(Network, Closed) {
  const Exchange exchange = exchange_with(Script().read_request().close());
  EXPECT_EQ(exchange.transport, Transport::closed);
  EXPECT_THAT(exchange.detail, HasSubstr("before a byte"));
}

TEST(Network, TruncatedInTheHead) {
  const Exchange exchange =
      exchange_with(Script().read_request().send("HTTP/1.1 200 OK\r\nContent-Le").close());
  EXPECT_EQ(exchange.transport, Transport::truncated);
}

TEST(Network, TruncatedInTheBody) {
  const Exchange exchange =
      exchange_with(Script().read_request().send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n123").close());
  EXPECT_EQ(exchange.transport, Transport::truncated);
  EXPECT_THAT(exchange.detail, HasSubstr("in the middle"));
  EXPECT_EQ(exchange.response.status, 200);
}

TEST(Network, TruncatedInAChunk) {
  const Exchange exchange = exchange_with(
      Script().read_request().send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nA\r\n123").close());
  EXPECT_EQ(exchange.transport, Transport::truncated);
}

TEST(Network, Reset) {
  const Exchange exchange = exchange_with(Script().read_request().reset());
  EXPECT_EQ(exchange.transport, Transport::reset);
  EXPECT_THAT(exchange.detail, HasSubstr("before a byte"));
}

TEST(Network, ResetInTheMiddle) {
  TestServer server(
      {Script().read_request().send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n1").stall().reset()});
  const auto endpoint = connect(server);
  const auto lane = endpoint->open();
  std::promise<Exchange> ended;
  lane->async_exchange(message(), [&](Exchange exchange) { ended.set_value(std::move(exchange)); });
  settle(*endpoint);
  server.release();
  EXPECT_EQ(ended.get_future().get().transport, Transport::reset);
}

TEST(Network, NotHttp) {
  const Exchange exchange = exchange_with(Script().read_request().send("SSH-2.0-OpenSSH_9.2\r\n\r\n"));
  EXPECT_EQ(exchange.transport, Transport::not_http);
  EXPECT_NE(exchange.detail, "");
}

TEST(Network, TooLargeHead) {
  NetworkOptions options = options_for({});
  options.limits.max_header_bytes = 1000;
  const Exchange exchange = exchange_with(
      Script().read_request().send(response("{}", "X-Long: " + std::string(5000, 'a') + "\r\n")), message(),
      options);
  EXPECT_EQ(exchange.transport, Transport::too_large);
  EXPECT_NE(exchange.detail, "");
}

TEST(Network, TooLargeBody) {
  NetworkOptions options = options_for({});
  options.limits.max_body_bytes = 1000;
  const Exchange exchange =
      exchange_with(Script().read_request().send(response(std::string(1001, 'a'))), message(), options);
  EXPECT_EQ(exchange.transport, Transport::too_large);
}

TEST(Network, TheLargestBodyWithinTheLimit) {
  NetworkOptions options = options_for({});
  options.limits.max_body_bytes = 1 << 20;
  const std::string body(1 << 20, 'a');
  const Exchange exchange = exchange_with(Script().read_request().send(response(body)), message(), options);
  EXPECT_EQ(exchange.transport, Transport::answered) << exchange.detail;
  EXPECT_EQ(exchange.response.body, body);
}

TEST(Network, ALargeRequestArrivesWhole) {
  const std::string body(4 << 20, 'b');
  TestServer server({Script().read_request().send(response())});
  const auto endpoint = connect(server);
  const Exchange exchange = endpoint->open()->exchange(message(body));
  EXPECT_EQ(exchange.transport, Transport::answered) << exchange.detail;
  EXPECT_TRUE(exchange.kept_alive);
  EXPECT_EQ(server.received(0), request(body));
}

TEST(Network, AnAnswerBeforeTheRequestIsWritten) {
  // The server reads the head only; the body is more than the kernel's buffers take, so the write cannot end.
  const std::string answer = "HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\n{}";
  TestServer server({Script().read(10).send(answer).stall()});
  const auto endpoint = connect(server);
  const Exchange exchange = endpoint->open()->exchange(message(std::string(32 << 20, 'b')));
  EXPECT_EQ(exchange.transport, Transport::answered) << exchange.detail;
  EXPECT_EQ(exchange.response.status, 413);
  EXPECT_FALSE(exchange.kept_alive) << "the rest of the request was never sent";
}

TEST(Network, AnAnswerFollowedByAReset) {
  // The close with bytes unread resets the connection while the client is writing; the answer stands
  // nevertheless.
  const std::string answer =
      "HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}";
  TestServer server({Script().read(10).send(answer).slam()});
  const auto endpoint = connect(server);
  for (int round = 0; round < 20; ++round) {
    const Exchange exchange = endpoint->open()->exchange(message(std::string(8 << 20, 'b')));
    ASSERT_EQ(exchange.transport, Transport::answered) << exchange.detail;
    ASSERT_EQ(exchange.response.status, 413);
  }
}

TEST(Network, AResetWhileTheRequestIsWritten) {
  const Exchange exchange = exchange_with(Script().read(10).slam(), message(std::string(8 << 20, 'b')));
  EXPECT_EQ(exchange.transport, Transport::reset) << exchange.detail;
}

}  // namespace
}  // namespace harness::endpoint::testing::network_test
