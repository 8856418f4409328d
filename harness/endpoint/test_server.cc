#include "harness/endpoint/test_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <chrono>
#include <stdexcept>
#include <utility>

namespace harness::endpoint::testing {
namespace {

constexpr std::chrono::seconds patience{30};

/// The Content-Length of a head, as far as tests need it.
std::size_t content_length(std::string head) {
  std::transform(head.begin(), head.end(), head.begin(), [](unsigned char c) { return std::tolower(c); });
  static constexpr std::string_view name = "\r\ncontent-length:";
  auto at = head.find(name);
  if (at == std::string::npos) return 0;
  at = head.find_first_not_of(' ', at + name.size());
  std::size_t length = 0;
  std::from_chars(head.data() + at, head.data() + head.size(), length);
  return length;
}

std::shared_ptr<void> make_tls(const Identity& identity) {
  const std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  BIO* text = BIO_new_mem_buf(identity.certificate.data(), static_cast<int>(identity.certificate.size()));
  X509* certificate = PEM_read_bio_X509(text, nullptr, nullptr, nullptr);
  BIO_free(text);
  text = BIO_new_mem_buf(identity.key.data(), static_cast<int>(identity.key.size()));
  EVP_PKEY* key = PEM_read_bio_PrivateKey(text, nullptr, nullptr, nullptr);
  BIO_free(text);
  const bool good = SSL_CTX_use_certificate(context.get(), certificate) == 1 &&
                    SSL_CTX_use_PrivateKey(context.get(), key) == 1;
  X509_free(certificate);
  EVP_PKEY_free(key);
  if (!good) throw std::runtime_error("the test's certificate cannot be used");
  return context;
}

}  // namespace

struct TestServer::Peer {
  int fd = -1;
  SSL* ssl = nullptr;
  std::string unread;    // read from the socket, not yet by a step
  std::string received;  // guarded by the server's mutex, like fd
  std::thread thread;

  ssize_t receive(char* data, std::size_t size) const {
    return ssl ? SSL_read(ssl, data, static_cast<int>(size)) : ::recv(fd, data, size, 0);
  }
  bool send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t sent = ssl ? SSL_write(ssl, bytes.data(), static_cast<int>(bytes.size()))
                               : ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
};

Script& Script::read_request() {
  steps_.push_back({Kind::read_request, 0, {}, {}});
  return *this;
}
Script& Script::read(std::size_t bytes) {
  steps_.push_back({Kind::read, bytes, {}, {}});
  return *this;
}
Script& Script::send(std::string bytes) {
  steps_.push_back({Kind::send, 0, std::move(bytes), {}});
  return *this;
}
Script& Script::serve(Answer answer) {
  steps_.push_back({Kind::serve, 0, {}, std::move(answer)});
  return *this;
}
Script& Script::mark() {
  steps_.push_back({Kind::mark, 0, {}, {}});
  return *this;
}
Script& Script::stall() {
  steps_.push_back({Kind::stall, 0, {}, {}});
  return *this;
}
Script& Script::close() {
  steps_.push_back({Kind::close, 0, {}, {}});
  return *this;
}
Script& Script::slam() {
  steps_.push_back({Kind::slam, 0, {}, {}});
  return *this;
}
Script& Script::reset() {
  steps_.push_back({Kind::reset, 0, {}, {}});
  return *this;
}

TestServer::TestServer(std::vector<Script> scripts, std::optional<Identity> identity)
    : scripts_(std::move(scripts)) {
  if (identity) tls_ = make_tls(*identity);
  listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, generic, size) != 0 || ::listen(listener_, 128) != 0 ||
      ::getsockname(listener_, generic, &size) != 0)
    throw std::runtime_error("the test's server cannot listen");
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

TestServer::~TestServer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (const auto& peer : peers_)
      if (peer->fd >= 0) ::shutdown(peer->fd, SHUT_RDWR);
    changed_.notify_all();
  }
  ::shutdown(listener_, SHUT_RDWR);  // ends accept()
  acceptor_.join();
  for (const auto& peer : peers_) peer->thread.join();
  ::close(listener_);
}

std::string TestServer::url() const {
  return (tls_ ? "https://127.0.0.1:" : "http://127.0.0.1:") + std::to_string(port_);
}

void TestServer::release() {
  const std::lock_guard lock(mutex_);
  ++releases_;
  changed_.notify_all();
}

bool TestServer::wait_for_marks(std::size_t count) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, patience, [&] { return marks_ >= count; });
}

std::size_t TestServer::connections() {
  const std::lock_guard lock(mutex_);
  return peers_.size();
}

std::string TestServer::received(std::size_t connection) {
  const std::lock_guard lock(mutex_);
  return connection < peers_.size() ? peers_[connection]->received : std::string();
}

void TestServer::accept_all() {
  for (;;) {
    const int fd = ::accept(listener_, nullptr, nullptr);
    if (fd < 0) return;
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const std::lock_guard lock(mutex_);
    if (stopping_) {
      ::close(fd);
      return;
    }
    auto peer = std::make_unique<Peer>();
    peer->fd = fd;
    const Script& script = scripts_[std::min(peers_.size(), scripts_.size() - 1)];
    peer->thread = std::thread([this, &script, raw = peer.get()] { play(*raw, script); });
    peers_.push_back(std::move(peer));
  }
}

void TestServer::play(Peer& peer, const Script& script) {
  // OpenSSL writes without MSG_NOSIGNAL. Only this thread is shielded: the client must need no such help.
  sigset_t pipe;
  ::sigemptyset(&pipe);
  ::sigaddset(&pipe, SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &pipe, nullptr);

  bool open = true;
  if (tls_) {
    peer.ssl = SSL_new(static_cast<SSL_CTX*>(tls_.get()));
    SSL_set_fd(peer.ssl, peer.fd);
    open = SSL_accept(peer.ssl) == 1;
  }
  for (const auto& step : script.steps_) {
    if (!open) break;
    open = play(peer, step);
  }
  while (open && read_more(peer)) peer.unread.clear();
  const std::lock_guard lock(mutex_);
  if (peer.ssl) SSL_free(peer.ssl);
  if (peer.fd >= 0) ::close(peer.fd);
  peer.fd = -1;
}

bool TestServer::read_more(Peer& peer) {
  std::array<char, 16 * 1024> buffer;
  const ssize_t size = peer.receive(buffer.data(), buffer.size());
  if (size <= 0) return false;
  peer.unread.append(buffer.data(), static_cast<std::size_t>(size));
  return true;
}

/// False if the connection is at its end.
bool TestServer::play(Peer& peer, const Script::Step& step) {
  using Kind = Script::Kind;
  const auto take = [&](std::size_t size) {
    while (peer.unread.size() < size)
      if (!read_more(peer)) return std::string();
    std::string taken = peer.unread.substr(0, size);
    peer.unread.erase(0, size);
    const std::lock_guard lock(mutex_);
    peer.received += taken;
    return taken;
  };
  const auto take_request = [&]() -> std::string {
    std::size_t end = std::string::npos;
    while ((end = peer.unread.find("\r\n\r\n")) == std::string::npos)
      if (!read_more(peer)) return {};
    return take(end + 4 + content_length(peer.unread.substr(0, end + 4)));
  };
  switch (step.kind) {
    case Kind::read_request:
      return !take_request().empty();
    case Kind::read:
      return !take(step.count).empty();
    case Kind::send:
      return peer.send(step.bytes);
    case Kind::serve:
      for (std::string request = take_request(); !request.empty(); request = take_request())
        if (!peer.send(step.answer(request))) return false;
      return false;
    case Kind::mark: {
      const std::lock_guard lock(mutex_);
      ++marks_;
      changed_.notify_all();
      return true;
    }
    case Kind::stall: {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return releases_ > 0 || stopping_; });
      if (stopping_) return false;
      --releases_;
      return true;
    }
    case Kind::close:
      if (peer.ssl) SSL_shutdown(peer.ssl);
      ::shutdown(peer.fd, SHUT_WR);
      return true;
    case Kind::slam:
    case Kind::reset: {
      const linger at_once{1, 0};
      const std::lock_guard lock(mutex_);
      if (step.kind == Kind::reset) ::setsockopt(peer.fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
      ::close(peer.fd);
      peer.fd = -1;
      return false;
    }
  }
  return false;
}

}  // namespace harness::endpoint::testing
