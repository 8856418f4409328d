#include "harness/reference/server.h"

#include <algorithm>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/post.hpp>
#include <thread>
#include <utility>
#include <vector>

#include "harness/reference/connection.h"

namespace harness::reference {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using Acceptor = asio::basic_socket_acceptor<tcp, Executor>;

class LoopbackServer final : public Server {
 public:
  LoopbackServer(const model::Model& model, const ServiceDefinition& definition, ServerOptions options)
      : tls_(options.tls.has_value()),
        base_path_(options.service.base_path),
        service_(model, definition, options.service),
        context_{service_,
                 options.service.dialect,
                 options.service.max_body_bytes,
                 options.idle_timeout,
                 {},
                 {},
                 0,
                 0,
                 [this](bool everything) { shut_down(everything); }},
        acceptor_(io_.get_executor()),
        sweeper_(io_.get_executor()),
        retry_(io_.get_executor()) {}

  ~LoopbackServer() override {
    if (!thread_.joinable()) return;
    asio::post(io_, [this] { stop(); });
    thread_.join();
  }

  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  Status listen(const ServerOptions& options) {
    error_code error;
    const auto host = asio::ip::make_address(options.host, error);
    if (error || !host.is_loopback())
      return fail("\"" + options.host + "\" is no loopback address, such as 127.0.0.1 or ::1");
    const tcp::endpoint address(host, options.port);
    authority_ = host.is_v6() ? "[" + host.to_string() + "]" : host.to_string();
    acceptor_.open(address.protocol(), error);
    if (!error) acceptor_.set_option(Acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(address, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (!error) port_ = acceptor_.local_endpoint(error).port();
    if (error)
      return fail("cannot listen on " + authority_ + ":" + std::to_string(options.port) + ": " +
                  error.message());
    authority_ += ":" + std::to_string(port_);
    return {};
  }

  Status load_certificate(const ServerOptions::Tls& files) {
    error_code error;
    certificate_.use_certificate_chain_file(files.certificate_file, error);
    if (error) return fail("cannot use the certificate " + files.certificate_file + ": " + error.message());
    certificate_.use_private_key_file(files.private_key_file, asio::ssl::context::pem, error);
    if (error) return fail("cannot use the private key " + files.private_key_file + ": " + error.message());
    return {};
  }

  void run() {
    accept();
    sweep();
    thread_ = std::thread([this] { io_.run(); });
  }

  unsigned short port() const override { return port_; }
  std::string url() const override { return (tls_ ? "https://" : "http://") + authority_ + base_path_; }
  Service& service() override { return service_; }

 private:
  void accept() {
    acceptor_.async_accept([this](error_code error, Socket socket) {
      if (stopped_) return;
      if (!acceptor_.is_open()) return;
      if (!error) {
        tls_ ? serve_tls(std::move(socket), certificate_, context_)
             : serve_plain(std::move(socket), context_);
        return accept();
      }
      // Out of file descriptors, say: waiting is all that helps, and accepting at once would spin.
      retry_.expires_after(std::chrono::milliseconds(20));
      retry_.async_wait([this](error_code cancelled) {
        if (!cancelled && !stopped_ && acceptor_.is_open()) accept();
      });
    });
  }

  /// Checks every connection's deadline, often enough for the timeout that was asked for.
  void sweep() {
    const Clock::duration often = std::chrono::milliseconds(10);
    const Clock::duration seldom = std::chrono::seconds(1);
    sweeper_.expires_after(std::clamp(context_.idle_timeout / 4, often, seldom));
    sweeper_.async_wait([this](error_code cancelled) {
      if (cancelled || stopped_) return;
      const auto now = Clock::now();
      for (ConnectionBase* connection : context_.open) connection->check_deadline(now);
      sweep();
    });
  }

  /// A planted fault: the endpoint dies, or accepts nobody any more. Not at once, for a connection calls
  /// this.
  void shut_down(bool everything) {
    asio::post(io_, [this, everything] {
      error_code ignored;
      acceptor_.close(ignored);
      if (everything) stop();
    });
  }

  /// Leaves io_ without work, so that its thread ends.
  void stop() {
    stopped_ = true;
    error_code ignored;
    acceptor_.close(ignored);
    sweeper_.cancel();
    retry_.cancel();
    for (ConnectionBase* connection : context_.open) connection->close();
  }

  const bool tls_;
  const std::string base_path_;
  std::string authority_;
  unsigned short port_ = 0;
  bool stopped_ = false;  // on the I/O thread
  Service service_;
  asio::ssl::context certificate_{asio::ssl::context::tls_server};
  ConnectionContext context_;
  asio::io_context io_{1};  // destroyed before what its handlers refer to
  Acceptor acceptor_;
  Timer sweeper_;
  Timer retry_;
  std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<Server>> Server::start(const model::Model& model, const ServiceDefinition& definition,
                                              ServerOptions options) {
  auto server = std::make_unique<LoopbackServer>(model, definition, options);
  if (options.tls) {
    if (auto status = server->load_certificate(*options.tls); !status) return tl::unexpected(status.error());
  }
  if (auto status = server->listen(options); !status) return tl::unexpected(status.error());
  server->run();
  return server;
}

}  // namespace harness::reference
