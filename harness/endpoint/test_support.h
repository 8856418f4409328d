#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <ostream>
#include <string>
#include <thread>
#include <utility>

#include "harness/endpoint/network.h"
#include "harness/endpoint/test_server.h"

/// For tests: what all tests of the network endpoint begin with.
namespace harness::wire {

inline void PrintTo(Transport transport, std::ostream* out) {
  *out << to_string(transport);
}

}  // namespace harness::wire

namespace harness::endpoint::testing {

using wire::Exchange;
using wire::Transport;

inline std::string request(const std::string& body = "{}") {
  return "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         body;
}

inline std::string response(const std::string& body = "{}", const std::string& more_headers = {}) {
  return "HTTP/1.1 200 OK\r\n" + more_headers + "Content-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

inline Message message(const std::string& body = "{}") {
  Message result;
  result.bytes = request(body);
  return result;
}

inline NetworkOptions options_for(const std::string& url) {
  NetworkOptions options;
  options.url = url;
  options.timeout = std::chrono::seconds(30);  // so long that only a hang reaches it
  options.connect_timeout = std::chrono::seconds(30);
  return options;
}

inline std::unique_ptr<Endpoint> connect(NetworkOptions options) {
  auto endpoint = connect_network(std::move(options));
  EXPECT_TRUE(endpoint) << endpoint.error().message;
  return endpoint ? std::move(*endpoint) : nullptr;
}

inline std::unique_ptr<Endpoint> connect(const TestServer& server) {
  return connect(options_for(server.url()));
}

/// Waits, at most half a minute, for something that another thread or process brings about.
template <class Condition>
bool eventually(Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

/// One exchange with a server that follows the script.
inline Exchange exchange_with(Script script, Message sent = message(),
                              NetworkOptions options = options_for({})) {
  TestServer server({std::move(script)});
  options.url = server.url();
  const auto endpoint = connect(std::move(options));
  return endpoint->open()->exchange(std::move(sent));
}

/// Returns when the I/O thread has seen all that the sockets had to tell before this call. Between two
/// functions that are posted one by the other, the event loop looks at the sockets; a few rounds see
/// everything through.
inline void settle(Endpoint& endpoint) {
  for (int round = 0; round < 10; ++round) {
    std::promise<void> ran;
    endpoint.post([&ran] { ran.set_value(); });
    ran.get_future().wait();
  }
}

}  // namespace harness::endpoint::testing
