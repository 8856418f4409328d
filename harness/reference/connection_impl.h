#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "harness/reference/connection.h"
#include "harness/reference/request_reader.h"

namespace harness::reference {

/// One connection, from its first byte to its last. `Stream` is a Socket, or TLS over one; `Derived` adds
/// what differs: `handshake()`, which ends in begin(), and `say_goodbye()`, which ends in drain().
///
///     begin -> read <-> consume -> respond -> [delay] -> write -> consume ...
///                                                              -> say_goodbye -> drain -> close
template <class Derived, class Stream>
class Connection : public ConnectionBase, public std::enable_shared_from_this<Derived> {
 public:
  template <class... StreamArguments>
  Connection(ConnectionContext& context, Executor executor, StreamArguments&&... arguments)
      : stream_(std::forward<StreamArguments>(arguments)...),
        context_(context),
        timer_(executor),
        reader_(context.max_body_bytes),
        number_(++context.accepted) {
    context_.open.insert(this);
  }
  ~Connection() override { context_.open.erase(this); }

  void start() {
    boost::system::error_code ignored;
    socket().set_option(boost::asio::ip::tcp::no_delay(true), ignored);
    extend_deadline();
    derived().handshake();
  }

  void check_deadline(Clock::time_point now) override {
    if (now < deadline_) return;
    // Only a client that has begun a request is waiting for an answer.
    if (phase_ != Phase::reading || !in_request()) return close();
    phase_ = Phase::timed_out;
    extend_deadline();
    boost::system::error_code ignored;
    socket().cancel(ignored);
  }

  void close() override {
    boost::system::error_code ignored;
    timer_.cancel();
    socket().close(ignored);
  }

 protected:
  using error_code = boost::system::error_code;
  enum class Phase { reading, timed_out, answering, leaving };

  Socket& socket() {
    if constexpr (std::is_same_v<Stream, Socket>) {
      return stream_;
    } else {
      return stream_.next_layer();
    }
  }
  void extend_deadline() { deadline_ = Clock::now() + context_.idle_timeout; }

  /// The stream is ready for the first request.
  void begin() {
    phase_ = Phase::reading;
    read();
  }

  /// The response is out and the connection is to end: waits for the client to close, which it does once it
  /// has read the response. Closing at once would reset the connection if the client is still sending, and a
  /// reset may overtake the response.
  void drain(std::size_t budget = kMaxDrained) {
    buffer_.clear();
    socket().async_read_some(buffer_.prepare(kReadBytes),
                             [self = self(), budget](error_code error, std::size_t n) {
                               if (error || n >= budget) return self->close();
                               self->drain(budget - n);
                             });
  }

  Stream stream_;

 private:
  static constexpr std::size_t kReadBytes = 64 * 1024;
  static constexpr std::size_t kMaxDrained = 64 * 1024 * 1024;
  static constexpr auto kDrainTime = std::chrono::seconds(5);

  Derived& derived() { return static_cast<Derived&>(*this); }
  std::shared_ptr<Derived> self() { return this->shared_from_this(); }
  bool in_request() const { return buffer_.size() > 0 || reader_.begun(); }

  void read() {
    stream_.async_read_some(buffer_.prepare(kReadBytes),
                            [self = self()](error_code error, std::size_t n) { self->on_read(error, n); });
  }

  void on_read(error_code error, std::size_t n) {
    if (phase_ == Phase::timed_out)
      return refuse(408, "RequestTimeoutException", "The request did not end in time.");
    if (error) {
      // The client stopped in the middle of a request, and may still be listening.
      if (socket().is_open() && error != boost::asio::error::connection_reset && in_request()) {
        return refuse(400, kMalformed, "The request ends before it is complete.");
      }
      return close();
    }
    // A request gets its time when it begins, and no more for each byte of it.
    if (!in_request()) extend_deadline();
    buffer_.commit(n);
    consume();
  }

  /// Goes as far as the bytes that are there allow.
  void consume() {
    std::size_t consumed = 0;
    const auto bytes = buffer_.cdata();
    const auto state = reader_.feed({static_cast<const char*>(bytes.data()), bytes.size()}, consumed);
    buffer_.consume(consumed);
    switch (state) {
      case RequestReader::State::need_more:
        return reader_.take_expects_continue() ? on_expectation() : read();
      case RequestReader::State::broken:
        return refuse(400, kMalformed, "Not an HTTP request: " + reader_.reason());
      case RequestReader::State::too_large:
        return refuse(413, "RequestEntityTooLargeException", "The request's body is too large.");
      case RequestReader::State::done:
        break;
    }
    const wire::Request& request = reader_.request();
    Framing framing;
    framing.http_1_0 = request.version == "HTTP/1.0";
    framing.head = request.method == "HEAD";
    framing.keep_alive = reader_.keep_alive();
    const wire::Response response = context_.service.handle(request, number_);
    respond(response, framing, context_.service.delivery(request, response));
  }

  /// RFC 9110 §10.1.1: the client may hold the body back until it hears something.
  void on_expectation() {
    if (context_.dialect.no_expectations)
      return refuse(417, "ExpectationFailedException", "This endpoint meets no expectations.");
    context_.service.asks_for_bodies() ? send_continue() : read();
  }

  void send_continue() {
    static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    boost::asio::async_write(stream_, boost::asio::buffer(kContinue),
                             [self = self()](error_code error, std::size_t) {
                               if (error) return self->close();
                               self->read();
                             });
  }

  /// The answer to what is no request; nothing can be read after it.
  void refuse(int status, std::string_view code, const std::string& message) {
    Framing framing;
    framing.keep_alive = false;
    wire::Request none;
    none.method.clear();
    const wire::Response response = context_.service.refuse(status, code, message);
    respond(response, framing, context_.service.delivery(none, response));
  }

  void respond(const wire::Response& response, Framing framing, const Delivery& delivery) {
    if (!socket().is_open()) return;  // closed by the server while this was on its way
    phase_ = Phase::answering;
    framing.length_error = delivery.length_error;
    framing.chunked = context_.dialect.chunked;
    const bool closes =
        context_.dialect.close_after_response ||
        (context_.dialect.close_every > 0 && ++context_.answered % context_.dialect.close_every == 0);
    framing.keep_alive = framing.keep_alive && !closes;
    out_.clear();
    context_.writer.write(response, framing, std::time(nullptr), out_);
    keep_alive_ = framing.keep_alive;
    deadline_ = Clock::now() + context_.dialect.delay + context_.idle_timeout;
    if (misdeliver(delivery)) return;
    if (context_.dialect.delay.count() <= 0) return write();
    timer_.expires_after(context_.dialect.delay);
    timer_.async_wait([self = self()](error_code error) {
      if (error) return self->close();
      self->write();
    });
  }

  /// Carries out what a planted fault does to the response in out_. True if nothing of it is written.
  bool misdeliver(const Delivery& delivery) {
    deaf_ = delivery.deaf;
    if (delivery.end_of_service || delivery.stops_accepting) context_.shut_down(delivery.end_of_service);
    switch (delivery.kind) {
      case Delivery::Kind::whole:
        return delivery.end_of_service;
      case Delivery::Kind::twice:
        out_ += std::string(out_);
        return false;
      case Delivery::Kind::half:
        out_.resize(out_.size() / 2);
        cut_ = true;
        return false;
      case Delivery::Kind::nothing:
        drain();
        return true;
      case Delivery::Kind::reset: {
        boost::system::error_code ignored;
        socket().set_option(boost::asio::socket_base::linger(true, 0), ignored);
        close();
        return true;
      }
      case Delivery::Kind::closed:
        close();
        return true;
    }
    return false;
  }

  void write() {
    boost::asio::async_write(stream_, boost::asio::buffer(out_),
                             [self = self()](error_code error, std::size_t) {
                               if (error) return self->close();
                               self->on_written();
                             });
  }

  void on_written() {
    if (cut_) return close();
    if (deaf_) return drain();
    if (!keep_alive_) {
      phase_ = Phase::leaving;
      deadline_ = Clock::now() + kDrainTime;
      return derived().say_goodbye();
    }
    reader_.reset();
    phase_ = Phase::reading;
    extend_deadline();
    // The next request may be here already.
    if (buffer_.size() > 0) return consume();
    read();
  }

  static constexpr std::string_view kMalformed = "MalformedHttpRequestException";

  ConnectionContext& context_;
  Timer timer_;  // for the dialect's delay
  RequestReader reader_;
  boost::beast::flat_buffer buffer_;
  std::string out_;
  Phase phase_ = Phase::answering;  // until begin(): a handshake under way is no request
  const std::uint64_t number_;      // of this connection
  bool keep_alive_ = true;
  bool deaf_ = false, cut_ = false;  // planted faults: see misdeliver()
  Clock::time_point deadline_;
};

}  // namespace harness::reference
