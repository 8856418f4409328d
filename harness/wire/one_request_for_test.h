#pragma once

#include <arpa/inet.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <string_view>
#include <thread>

namespace harness::wire::testing_shell {

/// Takes one connection on a free port, and answers when a whole request arrived, or `enough` bytes.
class OneRequest {
 public:
  explicit OneRequest(std::size_t enough = 0) : enough_(enough) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    const bool ok = ::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                    ::listen(listener_, 1) == 0 &&
                    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0;
    EXPECT_TRUE(ok);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~OneRequest() {
    if (thread_.joinable()) thread_.join();
    ::close(listener_);
  }
  OneRequest(const OneRequest&) = delete;
  OneRequest& operator=(const OneRequest&) = delete;

  std::string url() const { return fmt::format("http://127.0.0.1:{}", port_); }
  std::string host() const { return fmt::format("127.0.0.1:{}", port_); }
  /// What came, once the client is done.
  const std::string& bytes() {
    thread_.join();
    return bytes_;
  }

 private:
  static bool readable(int socket, int milliseconds) {
    pollfd wait{socket, POLLIN, 0};
    return ::poll(&wait, 1, milliseconds) == 1;
  }
  void serve() {
    if (!readable(listener_, 10'000)) return;
    const int peer = ::accept(listener_, nullptr, nullptr);
    char buffer[1 << 16];
    while (!complete() && readable(peer, 10'000)) {
      const ssize_t n = ::recv(peer, buffer, sizeof buffer, 0);
      if (n <= 0) break;
      bytes_.append(buffer, static_cast<std::size_t>(n));
      if (bytes_.find("Expect: 100-continue") != std::string::npos && !continued_) {
        continued_ = true;
        send(peer, "HTTP/1.1 100 Continue\r\n\r\n");
      }
    }
    send(peer, "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nanswer");
    ::close(peer);
  }
  bool complete() const {
    if (enough_ > 0) return bytes_.size() >= enough_;
    const std::size_t head = bytes_.find("\r\n\r\n");
    if (head == std::string::npos) return false;
    const std::size_t at = bytes_.find("\r\nContent-Length: ");
    const std::size_t length = at < head ? std::stoul(bytes_.substr(at + 18)) : 0;
    return bytes_.size() >= head + 4 + length;
  }
  static void send(int peer, std::string_view text) {
    [[maybe_unused]] const auto sent = ::send(peer, text.data(), text.size(), MSG_NOSIGNAL);
  }

  std::size_t enough_;
  bool continued_ = false;
  int listener_ = -1;
  int port_ = 0;
  std::string bytes_;
  std::thread thread_;
};

}  // namespace harness::wire::testing_shell
