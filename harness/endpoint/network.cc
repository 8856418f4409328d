#include "harness/endpoint/network.h"

#include <boost/asio/ip/tcp.hpp>
#include <system_error>
#include <utility>

#include "harness/endpoint/network_lane.h"
#include "harness/endpoint/network_loop.h"
#include "harness/endpoint/network_tls.h"

namespace harness::endpoint {
namespace {

/// The lane as its user holds it, on any thread.
template <class Stream>
class NetworkConnection final : public Connection {
 public:
  NetworkConnection(const std::shared_ptr<NetworkLoop>& loop,
                    const std::shared_ptr<const NetworkTarget>& target)
      : loop_(loop), lane_(std::make_shared<NetworkLane<Stream>>(loop, target)) {
    if (loop_->on_thread())
      loop_->add(lane_);
    else
      loop_->post([pinned_loop = loop_.get(), lane = lane_] { pinned_loop->add(lane); });
  }

  ~NetworkConnection() override {
    loop_->run([this] { lane_->drop(); });
  }

  void async_exchange(Message message, Handler handler) override {
    if (loop_->on_thread()) return lane_->start(std::move(message), std::move(handler));
    loop_->post([lane = lane_, message = std::move(message), handler = std::move(handler)]() mutable {
      lane->start(std::move(message), std::move(handler));
    });
  }

  void close() override {
    if (loop_->on_thread()) return lane_->close();
    loop_->post([lane = lane_] { lane->close(); });
  }

 private:
  std::shared_ptr<NetworkLoop> loop_;
  std::shared_ptr<NetworkLane<Stream>> lane_;
};

class NetworkEndpoint final : public Endpoint {
 public:
  explicit NetworkEndpoint(NetworkTarget target)
      : url_(target.url.text()),
        loop_(std::make_shared<NetworkLoop>()),
        target_(std::make_shared<const NetworkTarget>(std::move(target))) {}
  ~NetworkEndpoint() override { loop_->stop(); }

  void start() { loop_->start(); }

  std::unique_ptr<Connection> open() override {
    if (target_->url.tls) return std::make_unique<NetworkConnection<TlsStream>>(loop_, target_);
    return std::make_unique<NetworkConnection<Socket>>(loop_, target_);
  }
  const std::string& authority() const override { return target_->url.authority; }
  const std::string& url() const override { return url_; }
  std::string_view base_path() const override { return target_->url.base_path; }
  void post(std::function<void()> work) override { loop_->post(std::move(work)); }
  void cancel() override {
    loop_->post([loop = loop_.get()] { loop->cancel_all(); });
  }

 private:
  std::string url_;
  std::shared_ptr<NetworkLoop> loop_;
  std::shared_ptr<const NetworkTarget> target_;
};

Result<std::vector<asio::ip::tcp::endpoint>> resolve(const UrlParts& url) {
  asio::io_context context;
  asio::ip::basic_resolver<asio::ip::tcp, LoopExecutor> resolver(context);
  boost::system::error_code error;
  const auto found = resolver.resolve(url.host, url.port, asio::ip::resolver_base::numeric_service, error);
  if (error) return fail("cannot resolve the host \"" + url.host + "\": " + error.message());
  std::vector<asio::ip::tcp::endpoint> addresses;
  for (const auto& entry : found) addresses.push_back(entry.endpoint());
  if (addresses.empty()) return fail("the host \"" + url.host + "\" has no address");
  return addresses;
}

}  // namespace

Result<std::unique_ptr<Endpoint>> connect_network(NetworkOptions options) {
  NetworkTarget target;
  target.options = std::move(options);
  if (target.options.timeout.count() <= 0 || target.options.connect_timeout.count() <= 0)
    return fail("timeouts must be greater than 0");
  auto url = parse_endpoint_url(target.options.url);
  if (!url) return tl::unexpected(url.error());
  target.url = std::move(*url);
  auto addresses = resolve(target.url);
  if (!addresses) return tl::unexpected(addresses.error());
  target.addresses = std::move(*addresses);
  if (target.url.tls) {
    auto tls = make_tls_context(target.options);
    if (!tls) return tl::unexpected(tls.error());
    target.tls = std::move(*tls);
  }
  try {  // the event loop's descriptors and its thread can be refused
    auto endpoint = std::make_unique<NetworkEndpoint>(std::move(target));
    endpoint->start();
    return endpoint;
  } catch (const std::system_error& caught) {
    return fail(std::string("the I/O thread cannot be started: ") + caught.what());
  }
}

}  // namespace harness::endpoint
