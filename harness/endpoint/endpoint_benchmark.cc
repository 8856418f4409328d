/// How many exchanges a second the network client makes, on one core, against a server that is faster than
/// it.
///
///     endpoint_benchmark [SECONDS [URL]]     measures (against another server, if given one), and compares
///     with `wrk` if
///                                            that is installed
///     endpoint_benchmark --serve SECONDS     only serves, for other clients to be measured
///
/// The server is a thread of its own, so two free cores are needed. On a busy machine, look at the CPU time
/// of an exchange.

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "harness/endpoint/network.h"

namespace {

using namespace harness;
using Clock = std::chrono::steady_clock;

constexpr std::string_view body = R"({"Name":"Example","PermissionType":"Share","MaxResults":20})";
constexpr std::string_view target = "AmazonSSM.DescribeDocumentPermission";
constexpr std::string_view content_type = "application/x-amz-json-1.1";
constexpr std::string_view answer =
    "HTTP/1.1 200 OK\r\n"
    "Content-Type: application/x-amz-json-1.1\r\n"
    "x-amzn-RequestId: 3f1f9d2e-6c1b-4a55-9a52-0d3c1f6b7a90\r\n"
    "Content-Length: 122\r\n\r\n"
    R"({"AccountIds":["123456789012"],"AccountSharingInfoList":[{"AccountId":"123456789012","SharedDocumentVersion":"$DEFAULT"}]})";

/// Answers whatever one receive gives with one fixed response: as little as a server can do.
class FastServer {
 public:
  FastServer() {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_, generic, size) != 0 || ::listen(listener_, 256) != 0 ||
        ::getsockname(listener_, generic, &size) != 0) {
      std::perror("the server cannot listen");
      std::exit(1);
    }
    port_ = ntohs(address.sin_port);
    watch(listener_);
    watch(stop_);
    thread_ = std::thread([this] { run(); });
  }
  ~FastServer() {
    const std::uint64_t one = 1;
    if (::write(stop_, &one, sizeof one) == sizeof one) thread_.join();
    for (const int fd : {listener_, stop_, epoll_}) ::close(fd);
  }
  FastServer(const FastServer&) = delete;
  FastServer& operator=(const FastServer&) = delete;
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

 private:
  void watch(int fd) const {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event);
  }
  void run() const {
    std::array<char, 16 * 1024> buffer;
    std::array<epoll_event, 64> events;
    for (;;) {
      const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
      for (int i = 0; i < count; ++i) {
        const int fd = events[static_cast<std::size_t>(i)].data.fd;
        if (fd == stop_) return;
        if (fd == listener_) {
          const int accepted = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK);
          const int on = 1;
          ::setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
          watch(accepted);
        } else if (::recv(fd, buffer.data(), buffer.size(), 0) <= 0 ||
                   ::send(fd, answer.data(), answer.size(), MSG_NOSIGNAL) < 0) {
          ::close(fd);
        }
      }
    }
  }

  int listener_ = -1;
  int epoll_ = ::epoll_create1(0);
  int stop_ = ::eventfd(0, 0);
  unsigned short port_ = 0;
  std::thread thread_;
};

double cpu_seconds_of_this_thread() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// Runs it on the endpoint's I/O thread and gives its result.
template <class Work>
auto on_io_thread(endpoint::Endpoint& where, Work work) {
  std::promise<decltype(work())> result;
  where.post([&] { result.set_value(work()); });
  return result.get_future().get();
}

struct Rate {
  double per_second = 0;
  double cpu_microseconds = 0;  // of the I/O thread, an exchange
};

Rate measure(const std::string& url, int connections, double seconds) {
  endpoint::NetworkOptions options;
  options.url = url;
  auto made = endpoint::connect_network(options);
  if (!made) {
    fmt::print(stderr, "{}\n", made.error().message);
    std::exit(1);
  }
  endpoint::Endpoint& where = **made;
  const std::string bytes = fmt::format(
      "POST / HTTP/1.1\r\nHost: {}\r\nContent-Type: {}\r\nX-Amz-Target: {}\r\nContent-Length: {}\r\n\r\n{}",
      where.authority(), content_type, target, body.size(), body);

  struct Lane {
    std::unique_ptr<endpoint::Connection> connection;
    std::function<void()> next;
  };
  std::vector<Lane> lanes(static_cast<std::size_t>(connections));
  std::size_t done = 0;  // with `failed` and `running`: used on the I/O thread only
  std::size_t failed = 0;
  std::string first_failure;
  int running = connections;
  std::atomic<bool> stop = false;
  std::promise<void> ended;
  for (auto& lane : lanes) {
    lane.connection = where.open();
    lane.next = [&] {
      if (stop.load(std::memory_order_relaxed)) {
        if (--running == 0) ended.set_value();
        return;
      }
      endpoint::Message message;
      message.bytes = bytes;
      lane.connection->async_exchange(std::move(message), [&](const wire::Exchange& exchange) {
        ++done;
        if (exchange.transport != wire::Transport::answered || exchange.response.status != 200) {
          if (++failed == 1)
            first_failure = fmt::format("{} {}", to_string(exchange.transport), exchange.detail);
        }
        lane.next();
      });
    };
    where.post(lane.next);
  }
  struct Sample {
    std::size_t done;
    double cpu;
    Clock::time_point at;
  };
  const auto sample = [&] { return Sample{done, cpu_seconds_of_this_thread(), Clock::now()}; };
  const auto pause = [](double length) {
    std::this_thread::sleep_for(std::chrono::duration<double>(length));
  };
  pause(0.2);  // warm
  const Sample first = on_io_thread(where, sample);
  pause(seconds);
  const Sample last = on_io_thread(where, sample);
  stop = true;
  ended.get_future().wait();
  if (failed > 0) fmt::print(stderr, "{} exchanges failed; the first: {}\n", failed, first_failure);
  const auto count = static_cast<double>(last.done - first.done);
  return {count / std::chrono::duration<double>(last.at - first.at).count(),
          (last.cpu - first.cpu) / count * 1e6};
}

/// What `wrk` does with the same request, or 0 if it is not there.
double measure_wrk(const std::string& url, int connections, double seconds) {
  std::string script = "/tmp/endpoint-benchmark-XXXXXX";
  const int fd = ::mkstemp(script.data());
  if (fd < 0) return 0;
  const std::string lua = fmt::format(
      "wrk.method = 'POST'\nwrk.body = '{}'\nwrk.headers['Content-Type'] = '{}'\nwrk.headers['X-Amz-Target'] "
      "= '{}'\n",
      body, content_type, target);
  double rate = 0;
  if (::write(fd, lua.data(), lua.size()) == static_cast<ssize_t>(lua.size())) {
    const std::string command = fmt::format("wrk -t1 -c{} -d{}s -s {} {} 2>/dev/null", connections,
                                            static_cast<int>(seconds + 0.5), script, url);
    if (FILE* output = ::popen(command.c_str(), "r")) {
      std::array<char, 512> line;
      while (std::fgets(line.data(), line.size(), output))
        std::sscanf(line.data(), "Requests/sec: %lf", &rate);
      ::pclose(output);
    }
  }
  ::close(fd);
  ::unlink(script.c_str());
  return rate;
}

}  // namespace

int main(int argc, char** argv) {
  const bool serve = argc > 1 && std::string_view(argv[1]) == "--serve";
  const char* length = serve ? (argc > 2 ? argv[2] : "60") : (argc > 1 ? argv[1] : "2");
  const double seconds = std::atof(length);
  const FastServer server;
  if (serve) {
    fmt::print("{}\n", server.url());
    std::fflush(stdout);
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
    return 0;
  }
  const std::string url = argc > 2 ? argv[2] : server.url();
  fmt::print("{:>11} {:>12} {:>14} {:>12} {:>7}\n", "connections", "exchanges/s", "CPU us each", "wrk",
             "ratio");
  for (const int connections : {1, 16}) {
    const Rate rate = measure(url, connections, seconds);
    const double wrk = measure_wrk(url, connections, seconds);
    fmt::print("{:>11} {:>12.0f} {:>14.2f} {:>12.0f} {:>7.2f}\n", connections, rate.per_second,
               rate.cpu_microseconds, wrk, wrk > 0 ? rate.per_second / wrk : 0);
  }
  return 0;
}
