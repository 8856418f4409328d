#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "harness/result.h"
#include "harness/wire/message.h"

/// Where requests go. Knows HTTP and connections, and no service.
namespace harness::endpoint {

/// What is sent in one exchange.
struct Message {
  std::string bytes;  ///< exactly what is written to the connection
  bool head = false;  ///< the request's method is HEAD: the answer has no body
  /// The bytes are not one well-formed request (broken framing, a Content-Length longer than the body): after
  /// writing them, the client half-closes nothing and reads at most one response, or waits for one until the
  /// timeout. The connection is never used again, for the peer may answer what it takes for the next request,
  /// and that answer would be taken for the answer to an innocent one.
  bool hostile = false;
  /// Always a new connection, even if one is open (for requests whose answer must not depend on an earlier
  /// one).
  bool fresh_connection = false;
  /// Where the body begins, if it is to be held back: the bytes before are written, and the others when an
  /// interim response (1xx) has come or `hold` is over. A final response ends the exchange without them, and
  /// the connection. 0: nothing is held back.
  std::size_t hold_from = 0;
  std::chrono::milliseconds hold{0};
  /// For writing and reading, once connected. 0 = the endpoint's own, for the whole exchange. A network
  /// endpoint looks at the clock every 50 ms, so an exchange may end that much later.
  std::chrono::milliseconds timeout{0};
};

using Handler = std::function<void(wire::Exchange)>;

/// One lane: a keep-alive connection that is opened when needed and opened again when the peer has closed it.
/// One exchange at a time. A request sent on a reused connection that the peer turns out to have closed
/// before a byte of response (the ordinary keep-alive race) is sent once more on a new one; any other failure
/// is reported.
///
/// What the peer sends out of turn is reported as `Exchange::stray`, and the connection is not used again:
/// bytes behind a response, with that exchange; bytes that arrive later while the connection is idle, with
/// the next exchange (which runs on a new connection). An answer that comes before the request is wholly
/// written (a 413 to a large body) is an answer like any other, also if the peer then refuses the rest of the
/// request.
///
///     endpoint.post([&] { lane->async_exchange({bytes}, [](wire::Exchange e) { ... }); });   // asynchronous
///     wire::Exchange e = lane->exchange({bytes});                                            // blocking
class Connection {
 public:
  /// May be destroyed at any time, also during an exchange and from within a handler. The handler of an
  /// exchange under way is then dropped: it is not called any more, and it is destroyed (or, if it is being
  /// called right now on the I/O thread, has returned) before the destructor returns. To have it called,
  /// Endpoint::cancel() first.
  virtual ~Connection() = default;

  /// Sends and calls the handler exactly once, on the endpoint's I/O thread (never from within this call).
  /// The handler may start the next exchange. A second call before that is a programming error. Thread-safe;
  /// cheapest on the I/O thread, where it costs no queueing.
  virtual void async_exchange(Message message, Handler handler) = 0;

  /// Blocking form, for any thread but the I/O thread. If the lane or its endpoint is destroyed meanwhile:
  /// `cancelled`.
  wire::Exchange exchange(Message message);

  /// Closes the connection; the next exchange opens a new one. Not during an exchange.
  virtual void close() = 0;
};

/// Something that answers requests. Thread-safe. Must outlive its connections.
class Endpoint {
 public:
  /// Ends the I/O thread. Handlers of exchanges under way are dropped as in ~Connection(). Not from the I/O
  /// thread.
  virtual ~Endpoint() = default;
  virtual std::unique_ptr<Connection> open() = 0;    ///< a new lane; connects when first used
  virtual const std::string& authority() const = 0;  ///< for the Host header: "127.0.0.1:4566"
  virtual const std::string& url() const = 0;        ///< for people: "http://127.0.0.1:4566/aws"
  /// The path that comes before every request's own (harness/wire/base_path.h): "/aws", "" for none.
  virtual std::string_view base_path() const { return {}; }
  /// Runs a function on the I/O thread, never from within this call (how a run starts its first exchanges).
  virtual void post(std::function<void()> work) = 0;
  /// Ends every exchange that was started before this call with Transport::cancelled; asynchronous. Later
  /// ones run.
  virtual void cancel() = 0;
};

}  // namespace harness::endpoint
