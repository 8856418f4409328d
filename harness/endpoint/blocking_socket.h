#pragma once

#include <openssl/ssl.h>
#include <sys/socket.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/endpoint/network.h"
#include "harness/endpoint/network_tls.h"
#include "harness/result.h"
#include "harness/wire/message.h"

/// Inside harness/endpoint only: bytes to and from a peer with blocking system calls, plain or TLS. What they
/// mean is BlockingLane's.
namespace harness::endpoint {

/// An exchange that ended so, before there was a whole answer.
wire::Exchange ended(wire::Transport transport, std::string detail);

class BlockingSocket {
 public:
  using Clock = std::chrono::steady_clock;
  using milliseconds = std::chrono::milliseconds;

  /// What one attempt to read or to write came to.
  struct Step {
    enum class Kind { some, end, timeout, reset, tls, interrupted } kind = Kind::some;
    std::size_t size = 0;
    std::string why;
  };
  /// What the peer did while nothing was asked of it.
  enum class Idle { quiet, spoke, ended };

  /// Resolves the name. Times out and trusts as `options` say.
  static Result<std::unique_ptr<BlockingSocket>> make(NetworkOptions options);
  ~BlockingSocket() { close(); }
  BlockingSocket(const BlockingSocket&) = delete;
  BlockingSocket& operator=(const BlockingSocket&) = delete;

  /// Opens a new connection, to the address that worked last or else to the next ones. `answered`: it is
  /// open.
  wire::Exchange connect();
  bool is_open() const { return fd_ >= 0; }
  void close();

  /// Writes what the peer takes at once, or else as soon as it takes something. `timeout` also where it has
  /// answered instead of reading on.
  Step send_some(std::string_view bytes, Clock::time_point deadline);
  /// Reads up to `size` bytes.
  Step receive(char* buffer, std::size_t size, milliseconds timeout);
  /// Looks, without waiting, and takes nothing.
  Idle idle() const;
  /// Takes what is there, without waiting. Not for TLS.
  std::size_t take(char* buffer, std::size_t size) const;
  /// See NetworkLink: a server that writes head and body apart waits for it.
  void acknowledge_at_once() const;
  /// Whether the last answer came within moments: then the next one is asked for again and again for a moment
  /// before this sleeps. To be woken may take longer than the endpoint does.
  void set_prompt(bool prompt) { prompt_ = prompt; }
  static constexpr std::chrono::microseconds kMoment{100};

  /// Asked when a system call was interrupted: true ends the attempt.
  void set_interrupted(bool (*ask)()) { interrupted_ = ask; }
  const UrlParts& url() const { return url_; }
  const NetworkOptions& options() const { return options_; }
  bool tls() const { return tls_ != nullptr; }

 private:
  struct Address {
    sockaddr_storage storage{};
    socklen_t size = 0;
  };
  struct FreeSsl {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };

  BlockingSocket(NetworkOptions options, UrlParts url, std::vector<Address> addresses,
                 std::shared_ptr<asio::ssl::context> tls);
  static Result<std::vector<Address>> resolve(const UrlParts& url);
  bool open(const Address& address, std::string& why, bool& timed_out);
  bool is_own_address(const sockaddr* peer) const;
  wire::Exchange handshake();
  bool wait_for(short events, Clock::time_point deadline) const;
  bool wait_to_write(Clock::time_point deadline) const;
  void apply_timeout(milliseconds timeout);
  Step send_tls(std::string_view bytes);
  Step receive_tls(char* buffer, std::size_t size);
  ssize_t receive_plain(char* buffer, std::size_t size) const;
  bool interrupted() const { return interrupted_ != nullptr && interrupted_(); }

  NetworkOptions options_;
  UrlParts url_;
  std::vector<Address> addresses_;
  std::size_t first_ = 0;  // the address that worked last
  std::shared_ptr<asio::ssl::context> tls_;
  int fd_ = -1;
  std::unique_ptr<SSL, FreeSsl> ssl_;
  milliseconds set_timeout_{-1};
  bool prompt_ = true;
  bool (*interrupted_)() = nullptr;
};

}  // namespace harness::endpoint
