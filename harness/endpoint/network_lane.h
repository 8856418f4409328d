#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "harness/endpoint/endpoint.h"
#include "harness/endpoint/network.h"
#include "harness/endpoint/network_loop.h"
#include "harness/endpoint/network_tls.h"
#include "harness/wire/response_reader.h"

/// Inside harness/endpoint only: one keep-alive connection, over TCP or TLS.
namespace harness::endpoint {

/// What all lanes of an endpoint share; never changes.
struct NetworkTarget {
  NetworkOptions options;
  UrlParts url;
  std::vector<asio::ip::tcp::endpoint> addresses;  ///< at least one; tried in this order
  std::shared_ptr<asio::ssl::context> tls;         ///< for https only
};

template <class Stream>
struct NetworkLink;

/// A lane as it lives on the I/O thread, where all of its functions are called. It owns at most one link (one
/// physical connection). Operations on the socket share the ownership of their link, never of the lane: a
/// link that the lane has given up is closed, and comes to its end by itself.
///
/// A read is outstanding on an open link at all times. So a peer that closes or speaks between two exchanges
/// is noticed then, and an early answer is read while the request is still being written. An exchange costs
/// one send, a share of one wait, and two receives (Asio tries at once when a read is started, here in vain).
template <class Stream>
class NetworkLane final : public NetworkLoop::Member {
 public:
  NetworkLane(std::shared_ptr<NetworkLoop> loop, std::shared_ptr<const NetworkTarget> target);
  ~NetworkLane() override;
  NetworkLane(const NetworkLane&) = delete;
  NetworkLane& operator=(const NetworkLane&) = delete;

  void start(Message message, Handler handler);
  void close();

  bool tick(Clock::time_point now) override;
  void cancel() override;
  void drop() override;

 private:
  friend struct NetworkLink<Stream>;
  enum class Phase : std::uint8_t { idle, connecting, handshaking, exchanging };
  using Error = boost::system::error_code;

  /// What becomes of the link after an exchange.
  enum class Then : std::uint8_t { keep, leave, abandon };

  // Opening a link.
  void connect();
  void connect_next();
  void on_connected(const Error& error);
  void not_connected(const std::string& why);
  void handshake();
  void on_handshake(const Error& error);

  // The exchange.
  void send();
  void release(bool in_vain);
  void on_bytes(std::string_view bytes);  // may destroy *this
  void on_end(const Error& error);        // may destroy *this
  void note_stray(std::string_view bytes);
  void retry();
  void expire(Clock::time_point now);
  void finish(wire::Transport transport, std::string detail,
              Then then);  // calls the handler: may destroy *this
  void abandon();
  void leave();

  std::shared_ptr<NetworkLoop> loop_;
  std::shared_ptr<const NetworkTarget> target_;
  std::shared_ptr<NetworkLink<Stream>> link_;
  std::shared_ptr<NetworkLink<Stream>> leaving_;  // waits for the peer's close, see leave()
  int leaving_ticks_ = 0;

  // The exchange under way.
  Phase phase_ = Phase::idle;
  Message message_;
  Handler handler_;
  std::chrono::milliseconds timeout_{0};
  Clock::time_point deadline_;          // of the exchange
  Clock::time_point connect_deadline_;  // of this address, or of the handshake
  Clock::time_point sent_at_;           // when the first byte was sent
  std::string held_;                    // the part of the request that is held back
  Clock::time_point held_until_;
  bool held_in_vain_ = false;
  bool retried_ = false;
  bool dropped_ = false;
  std::string stray_;  // what arrived out of turn, for the next exchange that ends

  // The link that is being opened.
  std::size_t first_address_ = 0;  // the one that worked last
  std::size_t tried_ = 0;          // addresses tried, this one included
  std::string failures_;           // why the earlier ones did not work
  bool connect_timed_out_ = false;

  wire::ResponseReader reader_;
};

extern template class NetworkLane<Socket>;
extern template class NetworkLane<TlsStream>;

}  // namespace harness::endpoint
