#include "harness/reference/connection_impl.h"

namespace harness::reference {
namespace {

class PlainConnection final : public Connection<PlainConnection, Socket> {
 public:
  PlainConnection(Socket socket, ConnectionContext& context)
      : Connection(context, socket.get_executor(), std::move(socket)) {}

  void handshake() { begin(); }
  void say_goodbye() {
    error_code ignored;
    socket().shutdown(Socket::shutdown_send, ignored);
    drain();
  }
};

}  // namespace

void serve_plain(Socket socket, ConnectionContext& context) {
  std::make_shared<PlainConnection>(std::move(socket), context)->start();
}

}  // namespace harness::reference
