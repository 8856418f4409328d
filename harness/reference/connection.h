#pragma once

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <unordered_set>

#include "harness/reference/dialect.h"
#include "harness/reference/response_writer.h"
#include "harness/reference/service.h"

/// The connections of the reference server. All of it runs on the server's I/O thread.
namespace harness::reference {

/// Asio's types without type erasure of the executor: measurably faster (every operation would pay for it).
using Executor = boost::asio::io_context::executor_type;
using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Executor>;
using Clock = std::chrono::steady_clock;
using Timer = boost::asio::basic_waitable_timer<Clock, boost::asio::wait_traits<Clock>, Executor>;

/// A connection as the server sees it: something with a deadline. It lives as long as it has an operation
/// under way.
class ConnectionBase {
 public:
  virtual ~ConnectionBase() = default;
  /// Called every now and then: one timer serves all connections, because setting one for every request costs
  /// more than answering it.
  virtual void check_deadline(Clock::time_point now) = 0;
  /// Ends every operation under way.
  virtual void close() = 0;
};

/// What the connections of a server share. Outlives them.
struct ConnectionContext {
  Service& service;
  const Dialect dialect;
  const std::size_t max_body_bytes;
  const Clock::duration idle_timeout;
  ResponseWriter writer;
  std::unordered_set<ConnectionBase*> open;
  std::uint64_t accepted = 0;  ///< connections so far: their numbers
  std::size_t answered = 0;    ///< requests so far
  /// For planted faults: ends the service, or only stops accepting. Called from within a connection.
  std::function<void(bool everything)> shut_down;
};

/// Starts to serve a connection that was just accepted.
void serve_plain(Socket socket, ConnectionContext& context);
void serve_tls(Socket socket, boost::asio::ssl::context& tls, ConnectionContext& context);

}  // namespace harness::reference
