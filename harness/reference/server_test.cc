// The reference server over real sockets: framing, keep-alive, limits, dialects of the transport, stopping.
#include "harness/reference/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "conformance/ssm/reference.h"
#include "harness/reference/fault.h"
#include "harness/reference/server_test_support.h"
#include "harness/reference/test_client.h"
#include "harness/reference/test_support.h"

namespace harness::reference::server_test {
namespace {

using testing::built_in_model;
using testing::Client;
using testing::expect_last;
using ::testing::HasSubstr;
using testing::kEmpty;
using testing::request_for;
using testing::speaking;
using testing::started;
using testing::valid;

TEST(Server, AnswersOnAFreePort) {
  const auto server = started();
  EXPECT_GT(server->port(), 0);
  EXPECT_EQ(server->url(), "http://127.0.0.1:" + std::to_string(server->port()));
  Client client(server->port());
  ASSERT_TRUE(client.send(valid()));
  const auto response = client.receive();
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->body, kEmpty);
  EXPECT_EQ(response->headers.find("Content-Length"), std::to_string(kEmpty.size()));
  EXPECT_THAT(std::string(response->headers.find("Date").value_or("")), ::testing::EndsWith(" GMT"));
  EXPECT_FALSE(response->headers.contains("Connection"));
}

TEST(Server, SaysWhereItIsServed) {
  ServerOptions options;
  options.service.base_path = "/aws";
  const auto server = Server::start(built_in_model(), conformance::ssm::reference_service(), options);
  ASSERT_TRUE(server.has_value()) << server.error().message;
  EXPECT_EQ((*server)->url(), "http://127.0.0.1:" + std::to_string((*server)->port()) + "/aws");
  options.host = "::1";
  const auto v6 = Server::start(built_in_model(), conformance::ssm::reference_service(), options);
  if (!v6) GTEST_SKIP() << v6.error().message;
  EXPECT_EQ((*v6)->url(), "http://[::1]:" + std::to_string((*v6)->port()) + "/aws");
}

TEST(Server, ListensAtLoopbackAddressesOnly) {
  for (const char* host : {"0.0.0.0", "::", "192.0.2.1", "localhost", "", "127.0.0.1 ", "::ffff:192.0.2.1"}) {
    ServerOptions options;
    options.host = host;
    const auto server = Server::start(built_in_model(), conformance::ssm::reference_service(), options);
    ASSERT_FALSE(server.has_value()) << host;
    EXPECT_THAT(server.error().message, HasSubstr("no loopback address")) << host;
  }
}

TEST(Server, SharesItsServiceWithTheCaller) {
  const auto server = started();
  EXPECT_THAT(conformance::ssm::documents_in(server->service()), ::testing::ElementsAre("Example"));
}

TEST(Server, SaysWhyItCannotListen) {
  const auto server = started();
  ServerOptions options;
  options.port = server->port();
  const auto second = Server::start(built_in_model(), conformance::ssm::reference_service(), options);
  ASSERT_FALSE(second.has_value());
  EXPECT_THAT(second.error().message,
              HasSubstr("cannot listen on 127.0.0.1:" + std::to_string(server->port())));
}

TEST(Server, KeepsConnectionsOpenAlsoAfterErrors) {
  const auto server = started();
  Client client(server->port());
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(client.send(wire::to_bytes(request_for("NoSuchOperation", "{}"))));
    auto response = client.receive();
    ASSERT_TRUE(response.has_value());
    EXPECT_EQ(response->status, 400);
    ASSERT_TRUE(client.send(valid()));
    response = client.receive();
    ASSERT_TRUE(response.has_value());
    EXPECT_EQ(response->status, 200);
  }
}

TEST(Server, AnswersPipelinedRequestsInOrder) {
  const auto server = started();
  Client client(server->port());
  ASSERT_TRUE(client.send(valid() + wire::to_bytes(request_for("NoSuchOperation", "{}")) + valid()));
  for (const int status : {200, 400, 200}) {
    const auto response = client.receive();
    ASSERT_TRUE(response.has_value());
    EXPECT_EQ(response->status, status);
  }
}

TEST(Server, ReadsRequestsByteByByte) {
  const auto server = started();
  Client client(server->port());
  for (const char byte : valid()) ASSERT_TRUE(client.send({&byte, 1}));
  const auto response = client.receive();
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->status, 200);
}

TEST(Server, ReadsChunkedRequests) {
  const auto server = started();
  Client client(server->port());
  auto request = request_for("GetConnectionStatus", "");
  request.headers.remove("Content-Length");
  request.headers.add("Transfer-Encoding", "chunked");
  request.body = "b\r\n{\"Target\":\"\r\n4\r\ni-1\"\r\n1\r\n}\r\n0\r\n\r\n";
  ASSERT_TRUE(client.send(wire::to_bytes(request) + valid()));
  auto response = client.receive();
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->body, R"({"Target":"i-1","Status":"notconnected"})");
  response = client.receive();
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->body, kEmpty);
}

TEST(Server, ClosesWhenTheClientWantsIt) {
  const auto server = started();
  Client client(server->port());
  auto request = request_for("DescribeDocumentPermission", R"({"Name":"Example","PermissionType":"Share"})");
  request.headers.add("Connection", "close");
  ASSERT_TRUE(client.send(wire::to_bytes(request)));
  const auto response = client.receive();
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->headers.find("Connection"), "close");
  EXPECT_TRUE(client.closed_by_server());
}

TEST(Server, SpeaksHttp10) {
  const auto server = speaking("chunked");  // which HTTP/1.0 does not know
  Client client(server->port());
  auto request = request_for("DescribeDocumentPermission", R"({"Name":"Example","PermissionType":"Share"})");
  request.version = "HTTP/1.0";
  request.headers.add("Connection", "keep-alive");
  ASSERT_TRUE(client.send(wire::to_bytes(request)));
  auto response = client.receive();
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->body, kEmpty);
  EXPECT_FALSE(response->headers.contains("Transfer-Encoding"));
  EXPECT_EQ(response->headers.find("Connection"), "keep-alive");
  request.headers.remove("Connection");
  ASSERT_TRUE(client.send(wire::to_bytes(request)));
  response = client.receive();
  ASSERT_TRUE(response.has_value());
  EXPECT_TRUE(client.closed_by_server());
}

TEST(Server, AnswersAClientThatSendsNoMore) {
  const auto server = started();
  Client client(server->port());
  ASSERT_TRUE(client.send(valid()));
  client.half_close();
  const auto response = client.receive();
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->body, kEmpty);
  EXPECT_TRUE(client.closed_by_server());
}

TEST(Server, AnEmptyLineBehindARequestIsNoRequest) {
  const auto server = started();
  Client client(server->port());
  ASSERT_TRUE(client.send(valid() + "\r\n"));
  EXPECT_TRUE(client.receive().has_value());
  client.half_close();
  EXPECT_TRUE(client.closed_by_server());
}

TEST(Server, TheAnswerToHeadHasNoBody) {
  const auto server = started();
  Client client(server->port());
  auto head = request_for("DescribeDocumentPermission", "");
  head.method = "HEAD";
  ASSERT_TRUE(client.send(wire::to_bytes(head) + valid()));
  auto response = client.receive(true);
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->status, 405);
  response = client.receive();
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->status, 200);
}

TEST(Server, ContinuesWhenAsked) {
  const auto server = started();
  Client client(server->port());
  auto request = request_for("DescribeDocumentPermission", R"({"Name":"Example","PermissionType":"Share"})");
  request.headers.add("Expect", "100-continue");
  std::string body;
  std::swap(body, request.body);
  constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(client.send(wire::to_bytes(request)));
    ASSERT_EQ(client.receive_bytes(kContinue.size()), kContinue);
    ASSERT_TRUE(client.send(body));
    const auto response = client.receive();
    ASSERT_TRUE(response.has_value());
    EXPECT_EQ(response->body, kEmpty);
  }
}

// The head of a valid request that asks before it sends its body; and the body.
std::pair<std::string, std::string> with_expectation() {
  auto request = request_for("DescribeDocumentPermission", R"({"Name":"Example","PermissionType":"Share"})");
  request.headers.add("Expect", "100-continue");
  std::string body;
  std::swap(body, request.body);
  return {wire::to_bytes(request), body};
}

TEST(Server, InADialectRefusesWhatItWouldHaveToAskFor) {
  const auto server = speaking("no-expectations");
  const auto [head, body] = with_expectation();
  Client client(server->port());
  ASSERT_TRUE(client.send(head));
  expect_last(client, 417, "ExpectationFailedException");
  // Who does not wait gets an answer.
  Client impatient(server->port());
  ASSERT_TRUE(impatient.send(head + body));
  const auto response = impatient.receive();
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->status, 200);
}

TEST(Server, WithAFaultDoesNotAskForTheBody) {
  ServerOptions options;
  options.service.fault = conformance::ssm::find_fault("expect-waits")->make();
  const auto server = started(std::move(options));
  const auto [head, body] = with_expectation();
  Client client(server->port());
  ASSERT_TRUE(client.send(head));
  ASSERT_TRUE(client.send(body));
  constexpr std::string_view kAnswer = "HTTP/1.1 200";
  EXPECT_EQ(client.receive_bytes(kAnswer.size()), kAnswer) << "and not 100 before it";
}

TEST(Server, WhatIsNotHttpIsAnsweredAndEndsTheConnection) {
  const auto server = started();
  for (const std::string_view bytes : {
           std::string_view("garbage\r\n\r\n"),
           std::string_view("POST / HTTP/1.1\nHost: x\n\n"),
           std::string_view("\x16\x03\x01\x02\x00\x01\x00\x01", 8),
           std::string_view(
               "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello"),
           std::string_view("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n"),
           std::string_view("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n"),
           std::string_view("POST / HTTP/9.9\r\nHost: x\r\n\r\n"),
           std::string_view("\0\0\0\0", 4),
       }) {
    SCOPED_TRACE(bytes);
    Client client(server->port());
    ASSERT_TRUE(client.send(bytes));
    expect_last(client, 400, "MalformedHttpRequestException");
  }
  Client client(server->port());
  ASSERT_TRUE(client.send(valid()));
  EXPECT_TRUE(client.receive().has_value());
}

TEST(Server, ARequestThatEndsTooEarlyIsAnswered) {
  const auto server = started();
  const std::string whole = valid();
  for (std::size_t size = 1; size < whole.size(); ++size) {
    SCOPED_TRACE(size);
    Client client(server->port());
    ASSERT_TRUE(client.send(std::string_view(whole).substr(0, size)));
    client.half_close();
    expect_last(client, 400, "MalformedHttpRequestException");
  }
}

TEST(Server, ABodyBeyondTheLimitIsAnsweredEvenToAClientThatSendsAllOfIt) {
  ServerOptions options;
  options.service.max_body_bytes = 1000;
  const auto server = started(options);
  for (const std::size_t size : {std::size_t{1001}, std::size_t{20'000'000}}) {
    Client client(server->port());
    auto request = request_for("DescribeDocumentPermission", std::string(size, ' '));
    // Everything first, the answer afterwards: closing too early would reset the connection under it.
    ASSERT_TRUE(client.send(wire::to_bytes(request))) << size;
    expect_last(client, 413, "RequestEntityTooLargeException");
  }
  Client client(server->port());
  std::string body = R"({"Name":"Example","PermissionType":"Share"})";
  body.resize(1000, ' ');
  ASSERT_TRUE(client.send(wire::to_bytes(request_for("DescribeDocumentPermission", body))));
  const auto response = client.receive();
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->status, 200);
}

TEST(Server, AnEndlessChunkedBodyIsAnswered) {
  ServerOptions options;
  options.service.max_body_bytes = 1000;
  const auto server = started(options);
  Client client(server->port());
  auto request = request_for("DescribeDocumentPermission", "");
  request.headers.remove("Content-Length");
  request.headers.add("Transfer-Encoding", "chunked");
  ASSERT_TRUE(client.send(wire::to_bytes(request)));
  for (int i = 0; i < 200; ++i) ASSERT_TRUE(client.send("a\r\n0123456789\r\n"));
  expect_last(client, 413, "RequestEntityTooLargeException");
}

TEST(Server, ASlowRequestIsAnsweredAndAnIdleConnectionClosed) {
  ServerOptions options;
  // Long enough for the half of a request to arrive in time, however busy the machine is.
  options.idle_timeout = std::chrono::seconds(1);
  const auto server = started(options);
  Client slow(server->port());
  Client idle(server->port());
  ASSERT_TRUE(slow.send(valid().substr(0, 50)));
  expect_last(slow, 408, "RequestTimeoutException");
  EXPECT_TRUE(idle.closed_by_server());
}

TEST(Server, ClosesAfterEveryResponseInThatDialect) {
  const auto server = speaking("close-after-response");
  Client client(server->port());
  ASSERT_TRUE(client.send(valid() + valid()));
  const auto response = client.receive();
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->headers.find("Connection"), "close");
  EXPECT_TRUE(client.closed_by_server());
}

TEST(Server, SendsChunksInThatDialect) {
  const auto server = speaking("chunked");
  Client client(server->port());
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(client.send(valid()));
    const auto response = client.receive();
    ASSERT_TRUE(response.has_value());
    EXPECT_EQ(response->headers.find("Transfer-Encoding"), "chunked");
    EXPECT_FALSE(response->headers.contains("Content-Length"));
    EXPECT_EQ(response->body, kEmpty);
  }
  ASSERT_TRUE(client.send(valid()));
  client.half_close();
  EXPECT_THAT(client.rest(), HasSubstr("\r\n\r\n10\r\n"));
}

TEST(Server, AnswersLateInThatDialect) {
  ServerOptions options;
  options.service.dialect.delay = std::chrono::milliseconds(50);
  const auto server = started(options);
  Client client(server->port());
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(client.send(valid()));
    const auto response = client.receive();
    ASSERT_TRUE(response.has_value());
    EXPECT_EQ(response->body, kEmpty);
  }
  // Not a matter of how fast anything is: a timer does not end early.
  EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(100));
}

TEST(Server, StopsWithConnectionsInEveryState) {
  ServerOptions options;
  options.service.dialect.delay = std::chrono::hours(1);
  auto server = started(options);
  const auto port = server->port();
  Client idle(port);
  Client halfway(port);
  Client waiting(port);
  ASSERT_TRUE(halfway.send("POST / HTTP/1.1\r\n"));
  ASSERT_TRUE(waiting.send(valid()));
  server.reset();  // does not return before its thread has ended
  EXPECT_EQ(halfway.receive(), std::nullopt);
  EXPECT_EQ(waiting.receive(), std::nullopt);
  EXPECT_EQ(idle.receive(), std::nullopt);
}

TEST(Server, ServesManyConnectionsAtOnce) {
  const auto server = started();
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 64; ++i) clients.push_back(std::make_unique<Client>(server->port()));
  for (int round = 0; round < 3; ++round) {
    for (auto& client : clients) ASSERT_TRUE(client->send(valid()));
    for (auto& client : clients) {
      const auto response = client->receive();
      ASSERT_TRUE(response.has_value());
      EXPECT_EQ(response->body, kEmpty);
    }
  }
}

}  // namespace
}  // namespace harness::reference::server_test
