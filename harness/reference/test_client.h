#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "harness/wire/message.h"

namespace harness::reference::testing {

/// A client that can do what no well-behaved client does: sends any bytes, in any pieces, and reads what
/// comes. Blocking; gives up after ten seconds of silence, so that a server's hang fails a test instead of
/// stopping it.
class Client {
 public:
  explicit Client(unsigned short port);
  /// Over TLS, for 127.0.0.1 under this CA; connected() tells whether the handshake succeeded.
  Client(unsigned short port, const std::string& ca_bundle, const std::string& server_name = "127.0.0.1");
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  bool connected() const;
  /// False if the connection ended before all of it was sent.
  bool send(std::string_view bytes);
  /// No more will be sent.
  void half_close();
  /// The next response; nothing if the connection ends or is silent before it is complete.
  std::optional<wire::Response> receive(bool to_head = false);
  /// The next bytes, as many as asked for unless the connection ends or is silent before.
  std::string receive_bytes(std::size_t count);
  /// True if the server closes the connection, with nothing more sent.
  bool closed_by_server();
  /// The bytes that arrive until the server closes.
  std::string rest();

 private:
  struct Tls;
  bool fill();  // more bytes into pending_

  int socket_ = -1;
  std::unique_ptr<Tls> tls_;
  std::string pending_;
};

}  // namespace harness::reference::testing
