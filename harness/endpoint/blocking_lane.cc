#include "harness/endpoint/blocking_lane.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "harness/endpoint/blocking_socket.h"
#include "harness/wire/content_coding.h"
#include "harness/wire/response_reader.h"

namespace harness::endpoint {
namespace {

using std::chrono::milliseconds;
using wire::Exchange;
using wire::Transport;
using Clock = BlockingSocket::Clock;
using Step = BlockingSocket::Step;

constexpr std::size_t kBuffer = 64 * 1024;
constexpr std::size_t kMaxStray = 1024;

class Lane final : public BlockingLane {
 public:
  explicit Lane(std::unique_ptr<BlockingSocket> socket)
      : socket_(std::move(socket)), buffer_(kBuffer, '\0'), reader_(socket_->options().limits) {}
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  Exchange exchange(const Message& message, const std::function<void()>& meanwhile) override {
    const auto timeout = message.timeout.count() > 0 ? message.timeout : socket_->options().timeout;
    std::string stray;
    if (message.fresh_connection) close();
    if (is_open()) notice(stray);
    if (!is_open()) {
      if (Exchange opened = connect(); opened.transport != Transport::answered) {
        opened.stray = std::move(stray);
        return opened;
      }
    }
    bool reused = exchanges_ > 0;
    Exchange e = once(message, timeout, meanwhile);
    const bool lost_before_a_byte =
        (e.transport == Transport::closed || e.transport == Transport::reset) && !reader_.got_anything();
    if (reused && lost_before_a_byte) {
      reused = false;
      e = connect();
      if (e.transport == Transport::answered) e = once(message, timeout, {});
    }
    if (has_more()) {
      stray.append(std::string_view(buffer_).substr(
          from_, std::min(to_ - from_, kMaxStray - std::min(kMaxStray, stray.size()))));
      e.kept_alive = false;
    }
    e.reused = reused;
    e.stray = std::move(stray);
    e.kept_alive = e.kept_alive && !message.hostile;
    if (e.kept_alive)
      ++exchanges_;
    else
      close();
    return e;
  }

  Exchange connect() override {
    close();
    return socket_->connect();
  }

  bool write(std::string_view bytes, milliseconds timeout) override {
    const auto deadline = Clock::now() + timeout;
    write_error_.clear();
    while (!bytes.empty()) {
      const Step step = socket_->send_some(bytes, deadline);
      if (step.kind != Step::Kind::some) {
        write_error_ = step.why.empty() ? "not taken in time" : step.why;
        return false;
      }
      bytes.remove_prefix(step.size);
    }
    return true;
  }

  Exchange read(bool head_request, milliseconds timeout) override {
    const auto start = Clock::now();
    reader_.reset(head_request);
    Exchange e = read_response(timeout, start + timeout);
    e.duration = Clock::now() - start;
    e.response = std::move(reader_.response());
    if (e.transport != Transport::answered) return e;
    e.kept_alive = reader_.keep_alive() && write_error_.empty();
    return e;
  }

  bool is_open() const override { return socket_->is_open(); }
  bool has_more() const override { return from_ < to_; }

  void close() override {
    socket_->close();
    from_ = to_ = 0;
    exchanges_ = 0;
    write_error_.clear();
  }

  void set_interrupted(bool (*ask)()) override { socket_->set_interrupted(ask); }
  const UrlParts& url() const override { return socket_->url(); }

 private:
  Exchange once(const Message& message, milliseconds timeout, const std::function<void()>& meanwhile) {
    const auto start = Clock::now();
    const std::string_view bytes = message.bytes;
    const std::size_t held_from = message.hold_from < bytes.size() ? message.hold_from : 0;
    reader_.reset(message.head);
    // What the peer did not take, its answer may explain.
    write(held_from > 0 ? bytes.substr(0, held_from) : bytes, timeout);
    if (meanwhile) meanwhile();
    bool whole = held_from == 0;
    bool in_vain = false;
    Exchange e;
    if (!whole) {
      e = read_response(message.hold, start + message.hold, Until::interim);
      const bool asked = e.transport == Transport::cancelled && e.detail.empty();
      in_vain = e.transport == Transport::timed_out && !reader_.got_anything();
      whole = (asked || e.transport == Transport::timed_out) && reader_.response().status < 200;
      if (whole) write(bytes.substr(held_from), timeout);
    }
    if (whole || e.transport == Transport::timed_out) e = read_response(timeout, start + timeout);
    e.duration = Clock::now() - start;
    e.held_in_vain = in_vain;
    socket_->set_prompt(e.transport == Transport::answered && e.duration < 2 * BlockingSocket::kMoment);
    e.response = std::move(reader_.response());
    e.kept_alive =
        whole && e.transport == Transport::answered && reader_.keep_alive() && write_error_.empty();
    wire::decode_content(e, message.bytes, socket_->options().limits);
    return e;
  }

  /// What the peer did while the connection was idle: it may have closed it, or spoken out of turn.
  void notice(std::string& stray) {
    if (has_more()) {
      stray.assign(buffer_, from_, std::min(to_ - from_, kMaxStray));
      return close();
    }
    const auto idle = socket_->idle();
    if (idle == BlockingSocket::Idle::quiet) return;
    if (idle == BlockingSocket::Idle::spoke)
      stray.assign(buffer_, 0, socket_->take(buffer_.data(), std::min(buffer_.size(), kMaxStray)));
    close();
  }

  /// Until::interim: an interim response ends it, as `cancelled` without a reason.
  enum class Until { final_response, interim };
  Exchange read_response(milliseconds timeout, Clock::time_point deadline,
                         Until until = Until::final_response) {
    using State = wire::ResponseReader::State;
    for (;;) {
      while (has_more()) {
        std::size_t consumed = 0;
        const State state = reader_.feed(std::string_view(buffer_).substr(from_, to_ - from_), consumed);
        from_ += consumed;
        if (state == State::done) return ended(Transport::answered, {});
        if (state == State::not_http) return ended(Transport::not_http, reader_.reason());
        if (state == State::too_large) return ended(Transport::too_large, reader_.reason());
        if (consumed == 0) break;
      }
      if (until == Until::interim && reader_.got_interim()) return ended(Transport::cancelled, {});
      if (reader_.got_anything()) {
        socket_->acknowledge_at_once();
        if (Clock::now() >= deadline) return timed_out(timeout);
      }
      from_ = to_ = 0;
      const Step step = socket_->receive(buffer_.data(), buffer_.size(), timeout);
      switch (step.kind) {
        case Step::Kind::some:
          to_ = step.size;
          break;
        case Step::Kind::timeout:
          return timed_out(timeout);
        case Step::Kind::interrupted:
          return ended(Transport::cancelled, "interrupted");
        case Step::Kind::tls:
          return ended(Transport::tls_failed, "TLS: " + step.why);
        case Step::Kind::reset:
          return ended(Transport::reset, step.why + where());
        case Step::Kind::end:
          return at_end();
      }
    }
  }

  Exchange at_end() {
    using State = wire::ResponseReader::State;
    const State state = reader_.finish();
    if (state == State::done) return ended(Transport::answered, {});
    if (state == State::not_http) return ended(Transport::not_http, reader_.reason());
    if (state == State::too_large) return ended(Transport::too_large, reader_.reason());
    // The kernel reports a reset once. If the write has seen it, the read sees a mere end.
    if (!write_error_.empty())
      return ended(Transport::reset, write_error_ + " while the request was written," + where());
    return ended(reader_.got_anything() ? Transport::truncated : Transport::closed,
                 "the peer closed the connection" + where());
  }

  std::string where() const {
    return reader_.got_anything() ? " in the middle of the response" : " before a byte of response";
  }

  Exchange timed_out(milliseconds timeout) const {
    return ended(Transport::timed_out,
                 fmt::format("{} within {} ms",
                             reader_.got_anything() ? "the response was not complete" : "no byte of response",
                             timeout.count()));
  }

  std::unique_ptr<BlockingSocket> socket_;
  std::size_t exchanges_ = 0;  // ended on this connection
  std::string write_error_;

  std::string buffer_;  // [from_, to_) is not taken yet
  std::size_t from_ = 0, to_ = 0;
  wire::ResponseReader reader_;
};

}  // namespace

Result<std::unique_ptr<BlockingLane>> BlockingLane::make(NetworkOptions options) {
  auto socket = BlockingSocket::make(std::move(options));
  if (!socket) return tl::unexpected(socket.error());
  return std::make_unique<Lane>(std::move(*socket));
}

}  // namespace harness::endpoint
