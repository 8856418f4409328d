#include <boost/asio/ssl/stream.hpp>

#include "harness/reference/connection_impl.h"

namespace harness::reference {
namespace {

using TlsStream = boost::asio::ssl::stream<Socket>;

class TlsConnection final : public Connection<TlsConnection, TlsStream> {
 public:
  TlsConnection(Socket socket, boost::asio::ssl::context& tls, ConnectionContext& context)
      : Connection(context, socket.get_executor(), std::move(socket), tls) {}

  void handshake() {
    stream_.async_handshake(boost::asio::ssl::stream_base::server,
                            [self = shared_from_this()](error_code error) {
                              if (error) return self->close();
                              self->begin();
                            });
  }

  /// TLS says goodbye too, and its shutdown waits for the client's. If the client is still sending, that
  /// fails, and what comes is drained below TLS.
  void say_goodbye() {
    stream_.async_shutdown([self = shared_from_this()](error_code) {
      error_code ignored;
      self->socket().shutdown(Socket::shutdown_send, ignored);
      self->drain();
    });
  }
};

}  // namespace

void serve_tls(Socket socket, boost::asio::ssl::context& tls, ConnectionContext& context) {
  std::make_shared<TlsConnection>(std::move(socket), tls, context)->start();
}

}  // namespace harness::reference
