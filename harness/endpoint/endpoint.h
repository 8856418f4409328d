#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "harness/result.h"
#include "harness/wire/message.h"

/// Where requests go. Knows HTTP and connections, nothing of SSM.
namespace harness::endpoint {

/// What is sent in one exchange.
struct Message {
  std::string bytes;      ///< exactly what is written to the connection
  bool head = false;      ///< the request's method is HEAD: the answer has no body
  /// The bytes are not one well-formed request (broken framing): after writing them, the client half-closes nothing, reads
  /// at most one response, and never reuses the connection unless the peer keeps it open after a complete response.
  bool hostile = false;
  /// Always a new connection, even if one is open (for requests whose answer must not depend on an earlier one).
  bool fresh_connection = false;
  std::chrono::milliseconds timeout{0};  ///< total; 0 = the endpoint's own
};

using Handler = std::function<void(wire::Exchange)>;

/// One lane: a keep-alive connection that is opened when needed and opened again when the peer has closed it.
/// One exchange at a time. A request sent on a reused connection that the peer turns out to have closed before a byte of
/// response (the ordinary keep-alive race) is sent once more on a new one; any other failure is reported.
class Connection {
 public:
  virtual ~Connection() = default;

  /// Sends and calls the handler exactly once, on the endpoint's I/O thread (never from within this call). The handler
  /// may start the next exchange. A second call before that is a programming error.
  virtual void async_exchange(Message message, Handler handler) = 0;

  /// Blocking form, for any thread but the I/O thread.
  wire::Exchange exchange(Message message);

  /// Closes the connection; the next exchange opens a new one. Not during an exchange.
  virtual void close() = 0;
};

/// Something that answers requests. Thread-safe. Must outlive its connections.
class Endpoint {
 public:
  virtual ~Endpoint() = default;
  virtual std::unique_ptr<Connection> open() = 0;  ///< a new lane; connects when first used
  virtual const std::string& authority() const = 0;  ///< for the Host header: "127.0.0.1:4566"
  virtual const std::string& url() const = 0;        ///< for people: "http://127.0.0.1:4566"
  /// Runs a function on the I/O thread (how a run starts its first exchanges).
  virtual void post(std::function<void()> work) = 0;
  /// Ends every exchange under way with Transport::cancelled.
  virtual void cancel() = 0;
};

}  // namespace harness::endpoint
