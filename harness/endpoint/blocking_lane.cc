#include "harness/endpoint/blocking_lane.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "harness/endpoint/network_tls.h"
#include "harness/wire/response_reader.h"

namespace harness::endpoint {
namespace {

using std::chrono::milliseconds;
using wire::Exchange;
using wire::Transport;

constexpr std::size_t kBuffer = 64 * 1024;
constexpr std::size_t kMostStray = 1024;
constexpr std::chrono::microseconds kMoment{100};

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

Exchange ended(Transport transport, std::string detail) {
  Exchange e;
  e.transport = transport;
  e.detail = std::move(detail);
  return e;
}

std::string error_text(int error) {
  return std::generic_category().message(error);
}

struct FreeSsl {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};

// OpenSSL's own socket BIO writes such that a peer that is gone raises SIGPIPE.
int descriptor_of(BIO* bio) {
  return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio)));
}

int bio_write(BIO* bio, const char* bytes, int size) {
  BIO_clear_retry_flags(bio);
  const ssize_t sent = ::send(descriptor_of(bio), bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL);
  if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) BIO_set_retry_write(bio);
  return static_cast<int>(sent);
}

int bio_read(BIO* bio, char* bytes, int size) {
  BIO_clear_retry_flags(bio);
  const ssize_t got = ::recv(descriptor_of(bio), bytes, static_cast<std::size_t>(size), 0);
  if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) BIO_set_retry_read(bio);
  return static_cast<int>(got);
}

long bio_control(BIO*, int command, long, void*) {
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

BIO* socket_bio(int fd) {
  static BIO_METHOD* const method = [] {
    BIO_METHOD* m = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket without SIGPIPE");
    if (m == nullptr) return m;
    BIO_meth_set_write(m, bio_write);
    BIO_meth_set_read(m, bio_read);
    BIO_meth_set_ctrl(m, bio_control);
    return m;
  }();
  BIO* bio = method == nullptr ? nullptr : BIO_new(method);
  if (bio == nullptr) return nullptr;
  BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(fd)));
  BIO_set_init(bio, 1);
  return bio;
}

/// What one attempt to read or to write came to.
struct Step {
  enum class Kind { some, end, timeout, reset, tls, interrupted } kind = Kind::some;
  std::size_t size = 0;
  std::string why;
};

class Lane final : public BlockingLane {
 public:
  Lane(NetworkOptions options, UrlParts url, std::vector<Address> addresses,
       std::shared_ptr<asio::ssl::context> tls)
      : options_(std::move(options)),
        url_(std::move(url)),
        addresses_(std::move(addresses)),
        tls_(std::move(tls)),
        buffer_(kBuffer, '\0'),
        reader_(options_.limits) {}
  ~Lane() override { Lane::close(); }
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  Exchange exchange(const Message& message, const std::function<void()>& meanwhile) override {
    const auto timeout = message.timeout.count() > 0 ? message.timeout : options_.timeout;
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
          from_, std::min(to_ - from_, kMostStray - std::min(kMostStray, stray.size()))));
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
    std::string failures;
    bool timed_out = false;
    for (std::size_t i = 0; i < addresses_.size(); ++i) {
      const std::size_t index = (first_ + i) % addresses_.size();
      std::string why;
      if (open_socket(addresses_[index], why, timed_out)) {
        first_ = index;
        return tls_ ? handshake() : ended(Transport::answered, {});
      }
      if (!failures.empty()) failures += "; ";
      failures += why;
    }
    return ended(timed_out ? Transport::connect_timeout : Transport::connect_failed,
                 url_.authority + ": " + failures);
  }

  bool write(std::string_view bytes, milliseconds timeout) override {
    const auto deadline = Clock::now() + timeout;
    write_error_.clear();
    while (!bytes.empty()) {
      const Step step = send_some(bytes, deadline);
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

  bool is_open() const override { return fd_ >= 0; }
  bool has_more() const override { return from_ < to_; }

  void close() override {
    ssl_.reset();
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
    from_ = to_ = 0;
    exchanges_ = 0;
    write_error_.clear();
    set_timeout_ = milliseconds(-1);
  }

  void set_interrupted(bool (*ask)()) override { interrupted_ = ask; }
  const UrlParts& url() const override { return url_; }

 private:
  bool interrupted() const { return interrupted_ != nullptr && interrupted_(); }

  Exchange once(const Message& message, milliseconds timeout, const std::function<void()>& meanwhile) {
    const auto start = Clock::now();
    write(message.bytes, timeout);  // what the peer did not take, its answer may explain
    if (meanwhile) meanwhile();
    reader_.reset(message.head);
    Exchange e = read_response(timeout, start + timeout);
    e.duration = Clock::now() - start;
    prompt_ = e.transport == Transport::answered && e.duration < 2 * kMoment;
    e.response = std::move(reader_.response());
    e.kept_alive = e.transport == Transport::answered && reader_.keep_alive() && write_error_.empty();
    return e;
  }

  /// What the peer did while the connection was idle: it may have closed it, or spoken out of turn.
  void notice(std::string& stray) {
    if (has_more()) {
      stray.assign(buffer_, from_, std::min(to_ - from_, kMostStray));
      return close();
    }
    char byte = 0;
    const ssize_t got = ::recv(fd_, &byte, 1, MSG_DONTWAIT | MSG_PEEK);
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return;
    if (got > 0 && tls_) return;  // a session ticket, most likely
    if (got > 0) {
      const ssize_t size = ::recv(fd_, buffer_.data(), std::min(buffer_.size(), kMostStray), MSG_DONTWAIT);
      if (size > 0) stray.assign(buffer_, 0, static_cast<std::size_t>(size));
    }
    close();
  }

  bool open_socket(const Address& address, std::string& why, bool& timed_out) {
    fd_ = ::socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd_ < 0) {
      why = error_text(errno);
      return false;
    }
    const auto* to = reinterpret_cast<const sockaddr*>(&address.storage);
    int error = ::connect(fd_, to, address.size) == 0 ? 0 : errno;
    if (error == EINPROGRESS) {
      const auto deadline = Clock::now() + options_.connect_timeout;
      if (!wait_for(POLLOUT, deadline)) {
        why = fmt::format("no connection within {} ms", options_.connect_timeout.count());
        timed_out = true;
        Lane::close();
        return false;
      }
      socklen_t size = sizeof error;
      ::getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &size);
    }
    if (error == 0 && is_own_address(to)) error = ECONNREFUSED;
    if (error != 0) {
      why = error_text(error);
      Lane::close();
      return false;
    }
    const int on = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::fcntl(fd_, F_SETFL, ::fcntl(fd_, F_GETFL) & ~O_NONBLOCK);
    return true;
  }

  /// Where nobody listens, a port of the range for outgoing connections may connect to itself.
  bool is_own_address(const sockaddr* peer) const {
    sockaddr_storage own{};
    socklen_t size = sizeof own;
    if (::getsockname(fd_, reinterpret_cast<sockaddr*>(&own), &size) != 0) return false;
    return std::memcmp(&own, peer, size) == 0;
  }

  bool wait_for(short events, Clock::time_point deadline) const {
    for (;;) {
      const auto left = std::chrono::duration_cast<milliseconds>(deadline - Clock::now()).count();
      if (left <= 0) return false;
      pollfd p{fd_, events, 0};
      const int ready = ::poll(&p, 1, static_cast<int>(std::min<long>(left, 1'000'000)));
      if (ready > 0) return true;
      if (ready < 0 && errno == EINTR && interrupted()) return false;
    }
  }

  Exchange handshake() {
    ERR_clear_error();
    ssl_.reset(SSL_new(tls_->native_handle()));
    BIO* const bio = ssl_ ? socket_bio(fd_) : nullptr;
    if (bio == nullptr) {
      Lane::close();
      return ended(Transport::tls_failed, "TLS cannot be set up");
    }
    SSL_set_bio(ssl_.get(), bio, bio);
    if (const auto named = name_tls_host(ssl_.get(), url_.host, options_.verify_ssl); !named) {
      Lane::close();
      return ended(Transport::tls_failed, named.error().message);
    }
    apply_timeout(options_.connect_timeout);
    const int result = SSL_connect(ssl_.get());
    if (result == 1) return ended(Transport::answered, {});
    const int error = SSL_get_error(ssl_.get(), result);
    std::string why;
    if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE)
      why = fmt::format("the TLS handshake did not end within {} ms (the peer may not speak TLS)",
                        options_.connect_timeout.count());
    else
      why = "TLS handshake: " + tls_reason(error);
    if (const long verified = SSL_get_verify_result(ssl_.get()); verified != X509_V_OK)
      why += std::string(": ") + X509_verify_cert_error_string(verified);
    Lane::close();
    return ended(Transport::tls_failed, std::move(why));
  }

  static std::string tls_reason(int error) {
    if (error == SSL_ERROR_SYSCALL || error == SSL_ERROR_ZERO_RETURN)
      return "the peer closed the connection (it may not speak TLS)";
    const unsigned long code = ERR_get_error();
    const char* reason = code != 0 ? ERR_reason_error_string(code) : nullptr;
    return reason != nullptr ? reason : "failed";
  }

  /// For both directions; a system call only where it changes.
  void apply_timeout(milliseconds timeout) {
    if (timeout == set_timeout_) return;
    set_timeout_ = timeout;
    timeval value{};
    value.tv_sec = static_cast<time_t>(timeout.count() / 1000);
    value.tv_usec = static_cast<suseconds_t>(timeout.count() % 1000 * 1000);
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &value, sizeof value);
    ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &value, sizeof value);
  }

  Step send_some(std::string_view bytes, Clock::time_point deadline) {
    for (;;) {
      if (Clock::now() >= deadline) return {Step::Kind::timeout, 0, {}};
      if (ssl_) {
        // A write that times out must not be begun again with other bytes: the connection is given up then.
        apply_timeout(options_.timeout);
        ERR_clear_error();
        const int sent = SSL_write(ssl_.get(), bytes.data(),
                                   static_cast<int>(std::min<std::size_t>(bytes.size(), 1 << 20)));
        if (sent > 0) return {Step::Kind::some, static_cast<std::size_t>(sent), {}};
        const int error = SSL_get_error(ssl_.get(), sent);
        if (error == SSL_ERROR_WANT_WRITE || error == SSL_ERROR_WANT_READ)
          return {interrupted() ? Step::Kind::interrupted : Step::Kind::timeout, 0, {}};
        return {Step::Kind::tls, 0, tls_reason(error)};
      }
      // Never blocks for long where the peer does not read: what it answers may say why.
      const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent >= 0) return {Step::Kind::some, static_cast<std::size_t>(sent), {}};
      if (errno == EINTR) {
        if (interrupted()) return {Step::Kind::interrupted, 0, {}};
        continue;
      }
      if (errno != EAGAIN && errno != EWOULDBLOCK) return {Step::Kind::reset, 0, error_text(errno)};
      if (!wait_to_write(deadline)) return {Step::Kind::timeout, 0, {}};
    }
  }

  /// False if it cannot be written to any more, or if the peer has answered instead of reading on.
  bool wait_to_write(Clock::time_point deadline) const {
    for (;;) {
      const auto left = std::chrono::duration_cast<milliseconds>(deadline - Clock::now()).count();
      if (left <= 0) return false;
      pollfd p{fd_, POLLOUT | POLLIN, 0};
      const int ready = ::poll(&p, 1, static_cast<int>(std::min<long>(left, 1'000'000)));
      if (ready < 0 && errno == EINTR && interrupted()) return false;
      if (ready <= 0) continue;
      return (p.revents & POLLOUT) != 0;
    }
  }

  /// As recv(), but where the last answer came within moments, asks again and again for one before it sleeps:
  /// to be woken may take longer than the endpoint does. Whoever shares this core goes on in between.
  ssize_t receive_bytes() {
    if (prompt_) {
      for (const auto until = Clock::now() + kMoment; Clock::now() < until;) {
        const ssize_t got = ::recv(fd_, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
        if (got >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK)) return got;
        ::sched_yield();
      }
    }
    return ::recv(fd_, buffer_.data(), buffer_.size(), 0);
  }

  Step receive(milliseconds timeout) {
    for (;;) {
      apply_timeout(timeout);
      if (ssl_) {
        ERR_clear_error();
        const int got = SSL_read(ssl_.get(), buffer_.data(), static_cast<int>(buffer_.size()));
        if (got > 0) return {Step::Kind::some, static_cast<std::size_t>(got), {}};
        const int error = SSL_get_error(ssl_.get(), got);
        if (error == SSL_ERROR_ZERO_RETURN) return {Step::Kind::end, 0, {}};
        if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE)
          return {interrupted() ? Step::Kind::interrupted : Step::Kind::timeout, 0, {}};
        // Many TLS servers close without a close_notify.
        if (error == SSL_ERROR_SYSCALL)
          return errno == ECONNRESET ? Step{Step::Kind::reset, 0, error_text(errno)}
                                     : Step{Step::Kind::end, 0, {}};
        const unsigned long code = ERR_peek_error();
        if (ERR_GET_REASON(code) == SSL_R_UNEXPECTED_EOF_WHILE_READING) return {Step::Kind::end, 0, {}};
        return {Step::Kind::tls, 0, tls_reason(error)};
      }
      const ssize_t got = receive_bytes();
      if (got > 0) return {Step::Kind::some, static_cast<std::size_t>(got), {}};
      if (got == 0) return {Step::Kind::end, 0, {}};
      if (errno == EINTR) {
        if (interrupted()) return {Step::Kind::interrupted, 0, {}};
        continue;
      }
      if (errno == EAGAIN || errno == EWOULDBLOCK) return {Step::Kind::timeout, 0, {}};
      return {Step::Kind::reset, 0, error_text(errno)};
    }
  }

  Exchange read_response(milliseconds timeout, Clock::time_point deadline) {
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
      if (reader_.got_anything()) {
        acknowledge_at_once();
        if (Clock::now() >= deadline) return timed_out(timeout);
      }
      from_ = to_ = 0;
      const Step step = receive(timeout);
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

  /// See NetworkLink: a server that writes head and body apart waits for it.
  void acknowledge_at_once() const {
#ifdef TCP_QUICKACK
    const int on = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
#endif
  }

  NetworkOptions options_;
  UrlParts url_;
  std::vector<Address> addresses_;
  std::shared_ptr<asio::ssl::context> tls_;
  bool prompt_ = true;     // the last answer came within a moment
  std::size_t first_ = 0;  // the address that worked last

  int fd_ = -1;
  std::unique_ptr<SSL, FreeSsl> ssl_;
  std::size_t exchanges_ = 0;  // ended on this connection
  milliseconds set_timeout_{-1};
  std::string write_error_;

  std::string buffer_;  // [from_, to_) is not taken yet
  std::size_t from_ = 0, to_ = 0;
  wire::ResponseReader reader_;
  bool (*interrupted_)() = nullptr;
};

Result<std::vector<Address>> resolve(const UrlParts& url) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (const int error = ::getaddrinfo(url.host.c_str(), url.port.c_str(), &hints, &found); error != 0)
    return fail("cannot resolve the host \"" + url.host + "\": " + ::gai_strerror(error));
  std::vector<Address> out;
  for (const addrinfo* a = found; a != nullptr; a = a->ai_next) {
    Address address;
    if (a->ai_addrlen > sizeof address.storage) continue;
    std::memcpy(&address.storage, a->ai_addr, a->ai_addrlen);
    address.size = a->ai_addrlen;
    out.push_back(address);
  }
  ::freeaddrinfo(found);
  if (out.empty()) return fail("the host \"" + url.host + "\" has no address");
  return out;
}

}  // namespace

Result<std::unique_ptr<BlockingLane>> BlockingLane::make(NetworkOptions options) {
  if (options.timeout.count() <= 0 || options.connect_timeout.count() <= 0)
    return fail("timeouts must be greater than 0");
  auto url = parse_endpoint_url(options.url);
  if (!url) return tl::unexpected(url.error());
  auto addresses = resolve(*url);
  if (!addresses) return tl::unexpected(addresses.error());
  std::shared_ptr<asio::ssl::context> tls;
  if (url->tls) {
    auto made = make_tls_context(options);
    if (!made) return tl::unexpected(made.error());
    tls = std::move(*made);
  }
  return std::make_unique<Lane>(std::move(options), std::move(*url), std::move(*addresses), std::move(tls));
}

}  // namespace harness::endpoint
