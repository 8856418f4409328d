#include "harness/endpoint/blocking_socket.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <poll.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <system_error>
#include <utility>

namespace harness::endpoint {
namespace {

using std::chrono::milliseconds;
using wire::Exchange;
using wire::Transport;

std::string error_text(int error) {
  return std::generic_category().message(error);
}

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

std::string tls_reason(int error) {
  if (error == SSL_ERROR_SYSCALL || error == SSL_ERROR_ZERO_RETURN)
    return "the peer closed the connection (it may not speak TLS)";
  const unsigned long code = ERR_get_error();
  const char* reason = code != 0 ? ERR_reason_error_string(code) : nullptr;
  return reason != nullptr ? reason : "failed";
}

}  // namespace

Exchange ended(Transport transport, std::string detail) {
  Exchange e;
  e.transport = transport;
  e.detail = std::move(detail);
  return e;
}

BlockingSocket::BlockingSocket(NetworkOptions options, UrlParts url, std::vector<Address> addresses,
                               std::shared_ptr<asio::ssl::context> tls)
    : options_(std::move(options)),
      url_(std::move(url)),
      addresses_(std::move(addresses)),
      tls_(std::move(tls)) {}

// ---- opening ----

Exchange BlockingSocket::connect() {
  close();
  std::string failures;
  bool timed_out = false;
  for (std::size_t i = 0; i < addresses_.size(); ++i) {
    const std::size_t index = (first_ + i) % addresses_.size();
    std::string why;
    if (open(addresses_[index], why, timed_out)) {
      first_ = index;
      return tls_ ? handshake() : ended(Transport::answered, {});
    }
    if (!failures.empty()) failures += "; ";
    failures += why;
  }
  return ended(timed_out ? Transport::connect_timeout : Transport::connect_failed,
               url_.authority + ": " + failures);
}

void BlockingSocket::close() {
  ssl_.reset();
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
  set_timeout_ = milliseconds(-1);
}

bool BlockingSocket::open(const Address& address, std::string& why, bool& timed_out) {
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
      close();
      return false;
    }
    socklen_t size = sizeof error;
    ::getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &size);
  }
  if (error == 0 && is_own_address(to)) error = ECONNREFUSED;
  if (error != 0) {
    why = error_text(error);
    close();
    return false;
  }
  const int on = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::fcntl(fd_, F_SETFL, ::fcntl(fd_, F_GETFL) & ~O_NONBLOCK);
  return true;
}

/// Where nobody listens, a port of the range for outgoing connections may connect to itself.
bool BlockingSocket::is_own_address(const sockaddr* peer) const {
  sockaddr_storage own{};
  socklen_t size = sizeof own;
  if (::getsockname(fd_, reinterpret_cast<sockaddr*>(&own), &size) != 0) return false;
  return std::memcmp(&own, peer, size) == 0;
}

Exchange BlockingSocket::handshake() {
  ERR_clear_error();
  ssl_.reset(SSL_new(tls_->native_handle()));
  BIO* const bio = ssl_ ? socket_bio(fd_) : nullptr;
  if (bio == nullptr) {
    close();
    return ended(Transport::tls_failed, "TLS cannot be set up");
  }
  SSL_set_bio(ssl_.get(), bio, bio);
  if (const auto named = name_tls_host(ssl_.get(), url_.host, options_.verify_ssl); !named) {
    close();
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
  close();
  return ended(Transport::tls_failed, std::move(why));
}

// ---- waiting ----

bool BlockingSocket::wait_for(short events, Clock::time_point deadline) const {
  for (;;) {
    const auto left = std::chrono::duration_cast<milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) return false;
    pollfd p{fd_, events, 0};
    const int ready = ::poll(&p, 1, static_cast<int>(std::min<long>(left, 1'000'000)));
    if (ready > 0) return true;
    if (ready < 0 && errno == EINTR && interrupted()) return false;
  }
}

/// False if it cannot be written to any more, or if the peer has answered instead of reading on.
bool BlockingSocket::wait_to_write(Clock::time_point deadline) const {
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

/// For both directions; a system call only where it changes.
void BlockingSocket::apply_timeout(milliseconds timeout) {
  if (timeout == set_timeout_) return;
  set_timeout_ = timeout;
  timeval value{};
  value.tv_sec = static_cast<time_t>(timeout.count() / 1000);
  value.tv_usec = static_cast<suseconds_t>(timeout.count() % 1000 * 1000);
  ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &value, sizeof value);
  ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &value, sizeof value);
}

// ---- bytes ----

BlockingSocket::Step BlockingSocket::send_tls(std::string_view bytes) {
  // A write that times out must not be begun again with other bytes: the connection is given up then.
  apply_timeout(options_.timeout);
  ERR_clear_error();
  const int sent =
      SSL_write(ssl_.get(), bytes.data(), static_cast<int>(std::min<std::size_t>(bytes.size(), 1 << 20)));
  if (sent > 0) return {Step::Kind::some, static_cast<std::size_t>(sent), {}};
  const int error = SSL_get_error(ssl_.get(), sent);
  if (error == SSL_ERROR_WANT_WRITE || error == SSL_ERROR_WANT_READ)
    return {interrupted() ? Step::Kind::interrupted : Step::Kind::timeout, 0, {}};
  return {Step::Kind::tls, 0, tls_reason(error)};
}

BlockingSocket::Step BlockingSocket::send_some(std::string_view bytes, Clock::time_point deadline) {
  for (;;) {
    if (Clock::now() >= deadline) return {Step::Kind::timeout, 0, {}};
    if (ssl_) return send_tls(bytes);
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

BlockingSocket::Step BlockingSocket::receive_tls(char* buffer, std::size_t size) {
  ERR_clear_error();
  const int got = SSL_read(ssl_.get(), buffer, static_cast<int>(size));
  if (got > 0) return {Step::Kind::some, static_cast<std::size_t>(got), {}};
  const int error = SSL_get_error(ssl_.get(), got);
  if (error == SSL_ERROR_ZERO_RETURN) return {Step::Kind::end, 0, {}};
  if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE)
    return {interrupted() ? Step::Kind::interrupted : Step::Kind::timeout, 0, {}};
  // Many TLS servers close without a close_notify.
  if (error == SSL_ERROR_SYSCALL)
    return errno == ECONNRESET ? Step{Step::Kind::reset, 0, error_text(errno)} : Step{Step::Kind::end, 0, {}};
  const unsigned long code = ERR_peek_error();
  if (ERR_GET_REASON(code) == SSL_R_UNEXPECTED_EOF_WHILE_READING) return {Step::Kind::end, 0, {}};
  return {Step::Kind::tls, 0, tls_reason(error)};
}

/// As recv(), but where the last answer came within moments, asks again and again before it sleeps. Whoever
/// shares this core goes on in between.
ssize_t BlockingSocket::receive_plain(char* buffer, std::size_t size) const {
  if (prompt_) {
    for (const auto until = Clock::now() + kMoment; Clock::now() < until;) {
      const ssize_t got = ::recv(fd_, buffer, size, MSG_DONTWAIT);
      if (got >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK)) return got;
      ::sched_yield();
    }
  }
  return ::recv(fd_, buffer, size, 0);
}

BlockingSocket::Step BlockingSocket::receive(char* buffer, std::size_t size, milliseconds timeout) {
  apply_timeout(timeout);
  if (ssl_) return receive_tls(buffer, size);
  for (;;) {
    const ssize_t got = receive_plain(buffer, size);
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

BlockingSocket::Idle BlockingSocket::idle() const {
  char byte = 0;
  const ssize_t got = ::recv(fd_, &byte, 1, MSG_DONTWAIT | MSG_PEEK);
  if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return Idle::quiet;
  if (got > 0 && tls_) return Idle::quiet;  // a session ticket, most likely
  return got > 0 ? Idle::spoke : Idle::ended;
}

std::size_t BlockingSocket::take(char* buffer, std::size_t size) const {
  const ssize_t got = ::recv(fd_, buffer, size, MSG_DONTWAIT);
  return got > 0 ? static_cast<std::size_t>(got) : 0;
}

void BlockingSocket::acknowledge_at_once() const {
#ifdef TCP_QUICKACK
  const int on = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
#endif
}

// ---- making ----

Result<std::vector<BlockingSocket::Address>> BlockingSocket::resolve(const UrlParts& url) {
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

Result<std::unique_ptr<BlockingSocket>> BlockingSocket::make(NetworkOptions options) {
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
  return std::unique_ptr<BlockingSocket>(
      new BlockingSocket(std::move(options), std::move(*url), std::move(*addresses), std::move(tls)));
}

}  // namespace harness::endpoint
