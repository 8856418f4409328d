// How an exchange goes. All of it runs on the loop's thread, as a chain of handlers:
//
//   start ─► link there? ──no──► connect (each address in turn) ─► TLS handshake ─┐
//               │yes                                                              │
//               ▼                                                                 ▼
//             send: write, and read at the same time ◄────────────────────────────┘
//               │ the response is complete, the peer closes, an error, or the clock passes the deadline
//               ▼
//             finish ─► keep the link, leave it to the peer to close, or abandon it
//
// A reused link that the peer closed before the first byte of an answer is the ordinary race of keep-alive:
// the request is sent once more on a new link. A hang is the loop's clock passing `deadline_` (every 50 ms);
// whatever the socket says before that is an answer or an end of its own. A link may outlive its lane while
// operations are under way; it forgets the lane then.
#include "harness/endpoint/network_lane.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <cassert>
#include <utility>

#include "harness/endpoint/network_link.h"
#include "harness/wire/content_coding.h"

namespace harness::endpoint {
namespace {

constexpr std::size_t max_stray = 1024;
/// How long a link waits for the close that the peer announced: one to two ticks of the loop's clock.
constexpr int ticks_to_leave = 2;

bool is_end(const boost::system::error_code& error) {
  // Many TLS servers close without a close_notify; a response that depends on it is judged by its framing.
  return error == asio::error::eof || error == asio::ssl::error::stream_truncated;
}

std::string address_text(const asio::ip::tcp::endpoint& address) {
  const std::string ip = address.address().to_string();
  return fmt::format("{}:{}", address.address().is_v6() ? "[" + ip + "]" : ip, address.port());
}

}  // namespace

template <class Stream>
NetworkLane<Stream>::NetworkLane(std::shared_ptr<NetworkLoop> loop,
                                 std::shared_ptr<const NetworkTarget> target)
    : loop_(std::move(loop)), target_(std::move(target)), reader_(target_->options.limits) {}

template <class Stream>
NetworkLane<Stream>::~NetworkLane() {
  close();
}

template <class Stream>
void NetworkLane<Stream>::start(Message message, Handler handler) {
  assert(phase_ == Phase::idle && "one exchange at a time");
  if (phase_ != Phase::idle || dropped_) return;  // and the handler is destroyed, as drop() would have
  message_ = std::move(message);
  handler_ = std::move(handler);
  timeout_ = message_.timeout.count() > 0 ? message_.timeout : target_->options.timeout;
  // The short patience of one message begins when it is sent: a busy peer may take longer to accept a
  // connection.
  deadline_ = loop_->now() + (link_ ? timeout_ : std::max(timeout_, target_->options.timeout));
  retried_ = false;
  loop_->ensure_ticking();
  if (message_.fresh_connection) abandon();
  if (link_)
    send();
  else
    connect();
}

// ---- Opening a link.

template <class Stream>
void NetworkLane<Stream>::connect() {
  tried_ = 0;
  failures_.clear();
  connect_timed_out_ = false;
  connect_next();
}

template <class Stream>
void NetworkLane<Stream>::connect_next() {
  abandon();
  const auto& addresses = target_->addresses;
  const auto& address = addresses[(first_address_ + tried_++) % addresses.size()];
  link_ = std::make_shared<NetworkLink<Stream>>(*loop_, *target_, this);
  phase_ = Phase::connecting;
  connect_deadline_ = loop_->now() + target_->options.connect_timeout;
  link_->socket().async_connect(address, [link = link_](const Error& error) {
    if (link->lane) link->lane->on_connected(error);
  });
}

template <class Stream>
void NetworkLane<Stream>::on_connected(const Error& error) {
  const auto& addresses = target_->addresses;
  const std::size_t index = (first_address_ + tried_ - 1) % addresses.size();
  Error failure = error;
  if (!failure) {
    // Where nobody listens, a port of the range for outgoing connections may connect to itself. That is
    // nobody, too.
    const auto own = link_->socket().local_endpoint(failure);
    if (!failure && own == addresses[index]) failure = asio::error::connection_refused;
  }
  if (failure == asio::error::connection_reset) {
    // Somebody was there, and has reset the connection before we could use it.
    if constexpr (NetworkLink<Stream>::plain)
      return finish(wire::Transport::reset, failure.message() + " as soon as it was open", Then::abandon);
    else
      return finish(wire::Transport::tls_failed, "TLS handshake: " + failure.message(), Then::abandon);
  }
  if (failure) return not_connected(failure.message());

  first_address_ = index;
  Error ignored;
  link_->socket().set_option(asio::ip::tcp::no_delay(true), ignored);
  link_->socket().non_blocking(true, ignored);
  if constexpr (NetworkLink<Stream>::plain)
    send();
  else
    handshake();
}

template <class Stream>
void NetworkLane<Stream>::not_connected(const std::string& why) {
  const auto& addresses = target_->addresses;
  if (!failures_.empty()) failures_ += "; ";
  failures_ += address_text(addresses[(first_address_ + tried_ - 1) % addresses.size()]) + ": " + why;
  if (tried_ < addresses.size() && loop_->now() < deadline_) return connect_next();
  finish(connect_timed_out_ ? wire::Transport::connect_timeout : wire::Transport::connect_failed, failures_,
         Then::abandon);
}

template <class Stream>
void NetworkLane<Stream>::handshake() {
  if constexpr (!NetworkLink<Stream>::plain) {
    phase_ = Phase::handshaking;
    connect_deadline_ = loop_->now() + target_->options.connect_timeout;
    if (const auto named =
            name_tls_host(link_->stream.native_handle(), target_->url.host, target_->options.verify_ssl);
        !named)
      return finish(wire::Transport::tls_failed, named.error().message, Then::abandon);
    link_->stream.async_handshake(asio::ssl::stream_base::client, [link = link_](const Error& error) {
      if (link->lane) link->lane->on_handshake(error);
    });
  }
}

template <class Stream>
void NetworkLane<Stream>::on_handshake(const Error& error) {
  if constexpr (!NetworkLink<Stream>::plain) {
    if (error)
      return finish(wire::Transport::tls_failed, describe_tls_failure(link_->stream, error), Then::abandon);
    send();
  }
}

// ---- The exchange.

template <class Stream>
void NetworkLane<Stream>::send() {
  phase_ = Phase::exchanging;
  deadline_ = std::min(deadline_, loop_->now() + timeout_);
  reader_.reset(message_.head);
  sent_at_ = Clock::now();
  held_.clear();
  held_in_vain_ = false;
  if (message_.hold_from > 0 && message_.hold_from < message_.bytes.size()) {
    held_ = message_.bytes.substr(message_.hold_from);
    held_until_ = loop_->now() + message_.hold;
    message_.bytes.resize(message_.hold_from);
  }
  link_->write(std::move(message_.bytes));
  if (!link_->reading) link_->read();
}

/// Writes what was held back. While the part before it is still being written, the next tick does it.
template <class Stream>
void NetworkLane<Stream>::release(bool in_vain) {
  if (held_.empty() || link_->writing) return;
  held_in_vain_ = in_vain;
  link_->write_more(std::exchange(held_, {}));
}

template <class Stream>
void NetworkLane<Stream>::on_bytes(std::string_view bytes) {
  using State = wire::ResponseReader::State;
  if (phase_ != Phase::exchanging) {
    note_stray(bytes);
    return abandon();
  }
  std::size_t consumed = 0;
  switch (reader_.feed(bytes, consumed)) {
    case State::need_more:
      link_->acknowledge_at_once();
      if (reader_.got_interim()) {
        held_until_ = {};
        release(false);
      }
      return link_->read();
    case State::not_http:
      return finish(wire::Transport::not_http, reader_.reason(), Then::abandon);
    case State::too_large:
      return finish(wire::Transport::too_large, reader_.reason(), Then::abandon);
    case State::done:
      break;
  }
  if (consumed < bytes.size()) {
    note_stray(bytes.substr(consumed));
    return finish(wire::Transport::answered, {}, Then::abandon);
  }
  // A peer that has not taken the whole request, or another request than ours, cannot be spoken to any more.
  if (link_->writing || link_->write_error || !held_.empty() || message_.hostile)
    return finish(wire::Transport::answered, {}, Then::abandon);
  finish(wire::Transport::answered, {}, reader_.keep_alive() ? Then::keep : Then::leave);
}

template <class Stream>
void NetworkLane<Stream>::note_stray(std::string_view bytes) {
  stray_.append(bytes.substr(0, max_stray - std::min(max_stray, stray_.size())));
}

template <class Stream>
void NetworkLane<Stream>::on_end(const Error& error) {
  using State = wire::ResponseReader::State;
  if (phase_ != Phase::exchanging) return abandon();  // closed between two exchanges: every peer may

  const bool ended = is_end(error);
  if (ended) {
    const State state = reader_.finish();
    if (state == State::done) return finish(wire::Transport::answered, {}, Then::abandon);
    if (state == State::not_http) return finish(wire::Transport::not_http, reader_.reason(), Then::abandon);
    if (state == State::too_large) return finish(wire::Transport::too_large, reader_.reason(), Then::abandon);
  } else if (error.category() == asio::error::get_ssl_category() ||
             error.category() == asio::ssl::error::get_stream_category()) {
    return finish(wire::Transport::tls_failed, "TLS: " + error.message(), Then::abandon);
  }

  const bool anything = reader_.got_anything();
  if (!anything && link_->exchanges > 0 && !retried_) return retry();
  const std::string where = anything ? "in the middle of the response" : "before a byte of response";
  if (!ended)
    return finish(wire::Transport::reset, fmt::format("{} {}", error.message(), where), Then::abandon);
  // The kernel reports a reset once. If the write has seen it, the read sees a mere end.
  if (link_->write_error)
    return finish(wire::Transport::reset,
                  fmt::format("{} while the request was written, {}", link_->write_error.message(), where),
                  Then::abandon);
  finish(anything ? wire::Transport::truncated : wire::Transport::closed,
         "the peer closed the connection " + where, Then::abandon);
}

template <class Stream>
void NetworkLane<Stream>::retry() {
  retried_ = true;
  message_.bytes =
      link_->writing ? link_->out : std::move(link_->out);  // the write may still be looking at it
  message_.bytes += held_;
  connect();
}

template <class Stream>
bool NetworkLane<Stream>::tick(Clock::time_point now) {
  if (leaving_ && --leaving_ticks_ <= 0) {
    leaving_->close();
    leaving_.reset();
  }
  if (phase_ != Phase::idle) expire(now);
  return phase_ != Phase::idle || leaving_;
}

template <class Stream>
void NetworkLane<Stream>::expire(Clock::time_point now) {
  const bool all_over = now >= deadline_;
  if (phase_ == Phase::exchanging) {
    if (all_over)
      finish(wire::Transport::timed_out,
             fmt::format("{} within {} ms",
                         reader_.got_anything() ? "the response was not complete" : "no byte of response",
                         timeout_.count()),
             Then::abandon);
    else if (now >= held_until_ && reader_.response().status < 200)
      release(!reader_.got_anything());
    return;
  }
  if (!all_over && now < connect_deadline_) return;
  const auto waited = std::min(target_->options.timeout, target_->options.connect_timeout).count();
  if (phase_ == Phase::handshaking)
    return finish(
        wire::Transport::tls_failed,
        fmt::format("the TLS handshake did not end within {} ms (the peer may not speak TLS)", waited),
        Then::abandon);
  connect_timed_out_ = true;
  not_connected(fmt::format("no connection within {} ms", waited));
}

template <class Stream>
void NetworkLane<Stream>::finish(wire::Transport transport, std::string detail, Then then) {
  wire::Exchange exchange;
  exchange.transport = transport;
  exchange.detail = std::move(detail);
  if (phase_ == Phase::exchanging) {
    exchange.duration = Clock::now() - sent_at_;
    exchange.response = std::move(reader_.response());
    exchange.reused = link_->exchanges++ > 0;
    wire::decode_content(exchange, link_->out, target_->options.limits);
    exchange.held_in_vain = held_in_vain_;
  }
  exchange.resent = retried_;
  exchange.stray = std::exchange(stray_, {});
  exchange.kept_alive = then == Then::keep;
  switch (then) {
    case Then::keep:
      link_->read();
      break;
    case Then::leave:
      leave();
      break;
    case Then::abandon:
      abandon();
      break;
  }
  phase_ = Phase::idle;
  // Last, and from the stack: it may start the next exchange, or destroy this lane.
  const Handler handler = std::exchange(handler_, nullptr);
  handler(std::move(exchange));
}

// ---- Giving a link up.

template <class Stream>
void NetworkLane<Stream>::abandon() {
  if (!link_) return;
  link_->close();
  link_.reset();
}

/// The peer said that it would close. Let it: whoever closes first holds the port for a minute (TIME_WAIT),
/// and with a server that closes after each response a fast client would soon have no ports left.
template <class Stream>
void NetworkLane<Stream>::leave() {
  if (leaving_) leaving_->close();
  leaving_ = std::move(link_);
  link_.reset();
  leaving_->lane = nullptr;
  leaving_ticks_ = ticks_to_leave;
  leaving_->read();
}

template <class Stream>
void NetworkLane<Stream>::close() {
  abandon();
  if (leaving_) leaving_->close();
  leaving_.reset();
}

template <class Stream>
void NetworkLane<Stream>::cancel() {
  if (phase_ != Phase::idle) finish(wire::Transport::cancelled, "cancelled", Then::abandon);
}

template <class Stream>
void NetworkLane<Stream>::drop() {
  dropped_ = true;
  phase_ = Phase::idle;
  close();
  loop_->remove(this);
  const Handler dropped = std::exchange(handler_, nullptr);
}

template class NetworkLane<Socket>;
template class NetworkLane<TlsStream>;

}  // namespace harness::endpoint
