#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string_view>

#include "harness/endpoint/endpoint.h"
#include "harness/endpoint/network.h"
#include "harness/result.h"
#include "harness/wire/message.h"

namespace harness::endpoint {

/// One keep-alive connection that is used by one thread alone, with blocking system calls: two for an
/// exchange, and no other thread to wake. For callers that have one request under way at a time and send many
/// thousand a second (the fuzzers); everybody else uses connect_network(). Plain or TLS, as the URL says.
///
///     auto lane = BlockingLane::make(options);
///     wire::Exchange e = (*lane)->exchange({bytes});
///
/// Two bounds are looser than those of a network endpoint: a peer that sends a byte now and then may use up
/// the timeout twice, and bytes that a TLS peer sends while the connection is idle are not noticed.
class BlockingLane {
 public:
  /// Resolves the name; connects when first used. The errors are those of connect_network().
  static Result<std::unique_ptr<BlockingLane>> make(NetworkOptions options);
  virtual ~BlockingLane() = default;

  /// As Connection::exchange(): opens the connection when needed, and sends once more on a new one what was
  /// sent on one that the peer had closed. Returns `cancelled` when a signal handler ran and `interrupted`
  /// (below) says so.
  /// `meanwhile` is called once: when the request is written, and its answer is not read yet. What it does
  /// costs no time where the endpoint works on another core. Not called where nothing could be written.
  virtual wire::Exchange exchange(const Message& message, const std::function<void()>& meanwhile) = 0;
  wire::Exchange exchange(const Message& message) { return exchange(message, {}); }

  // ---- piecewise, for bytes that are no exchange ----
  /// Opens a new connection (closing an open one). `answered`: it is open; anything else is why it is not.
  virtual wire::Exchange connect() = 0;
  /// Writes on the open connection, as much as the peer takes within the timeout. False if it took less.
  virtual bool write(std::string_view bytes, std::chrono::milliseconds timeout) = 0;
  /// Reads the next response on the open connection. What follows it is kept for the next call; it is
  /// `kept_alive` if there can be one.
  virtual wire::Exchange read(bool head_request, std::chrono::milliseconds timeout) = 0;
  virtual bool is_open() const = 0;
  /// Bytes were read that no response has taken yet.
  virtual bool has_more() const = 0;
  virtual void close() = 0;

  /// Asked when a system call was interrupted: true ends the exchange. By default nothing does.
  virtual void set_interrupted(bool (*interrupted)()) = 0;
  virtual const UrlParts& url() const = 0;
};

}  // namespace harness::endpoint
