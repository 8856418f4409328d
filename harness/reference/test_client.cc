#include "harness/reference/test_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <utility>

#include "harness/wire/response_reader.h"

namespace harness::reference::testing {

struct Client::Tls {
  SSL_CTX* context = nullptr;
  SSL* stream = nullptr;
  bool ready = false;
  ~Tls() {
    SSL_free(stream);
    SSL_CTX_free(context);
  }
};

Client::Client(unsigned short port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  constexpr timeval kSilence{10, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &kSilence, sizeof kSilence);
  ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &kSilence, sizeof kSilence);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    socket_ = fd;
  } else {
    ::close(fd);
  }
}

Client::Client(unsigned short port, const std::string& ca_bundle, const std::string& server_name)
    : Client(port) {
  ::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL
  tls_ = std::make_unique<Tls>();
  tls_->context = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_verify(tls_->context, SSL_VERIFY_PEER, nullptr);
  if (SSL_CTX_load_verify_locations(tls_->context, ca_bundle.c_str(), nullptr) != 1) return;
  // As strict as the strictest clients.
  X509_VERIFY_PARAM* verify = SSL_CTX_get0_param(tls_->context);
  X509_VERIFY_PARAM_set_flags(verify, X509_V_FLAG_X509_STRICT);
  if (X509_VERIFY_PARAM_set1_ip_asc(verify, server_name.c_str()) != 1) {
    X509_VERIFY_PARAM_set1_host(verify, server_name.c_str(), server_name.size());
  }
  tls_->stream = SSL_new(tls_->context);
  SSL_set_fd(tls_->stream, socket_);
  tls_->ready = socket_ >= 0 && SSL_connect(tls_->stream) == 1;
}

Client::~Client() {
  if (socket_ >= 0) ::close(socket_);
}

bool Client::connected() const {
  return socket_ >= 0 && (!tls_ || tls_->ready);
}

bool Client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = tls_ ? SSL_write(tls_->stream, bytes.data(), static_cast<int>(bytes.size()))
                           : ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void Client::half_close() {
  if (tls_) SSL_shutdown(tls_->stream);
  ::shutdown(socket_, SHUT_WR);
}

bool Client::fill() {
  char buffer[65536];
  const auto got =
      tls_ ? SSL_read(tls_->stream, buffer, sizeof buffer) : ::recv(socket_, buffer, sizeof buffer, 0);
  if (got <= 0) return false;
  pending_.append(buffer, static_cast<std::size_t>(got));
  return true;
}

std::optional<wire::Response> Client::receive(bool to_head) {
  wire::ResponseReader reader;
  reader.reset(to_head);
  while (!pending_.empty() || fill()) {
    std::size_t consumed = 0;
    const auto state = reader.feed(pending_, consumed);
    pending_.erase(0, consumed);
    if (state == wire::ResponseReader::State::done) return reader.response();
    if (state != wire::ResponseReader::State::need_more) return std::nullopt;
    if (!fill()) break;
  }
  return std::nullopt;
}

std::string Client::receive_bytes(std::size_t count) {
  while (pending_.size() < count && fill()) {
  }
  const std::string result = pending_.substr(0, count);
  pending_.erase(0, count);
  return result;
}

bool Client::closed_by_server() {
  if (!pending_.empty()) return false;
  char byte = 0;
  return (tls_ ? SSL_read(tls_->stream, &byte, 1) : ::recv(socket_, &byte, 1, 0)) == 0;
}

std::string Client::rest() {
  while (fill()) {
  }
  return std::exchange(pending_, {});
}

}  // namespace harness::reference::testing
