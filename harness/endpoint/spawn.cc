#include "harness/endpoint/spawn.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <mutex>

#include "harness/endpoint/spawn_child.h"

namespace harness::endpoint {
namespace {

using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

constexpr milliseconds first_pause{5};
constexpr milliseconds longest_pause{100};
constexpr int connect_wait_ms = 200;
constexpr std::size_t shown_output = 1000;

bool accepts_connections(unsigned short port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  if (fd < 0) return false;
  ::fcntl(fd, F_SETFD, FD_CLOEXEC);
  ::fcntl(fd, F_SETFL, O_NONBLOCK);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  bool connected = ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  if (!connected && errno == EINPROGRESS) {
    pollfd wait{fd, POLLOUT, 0};
    int error = 0;
    socklen_t size = sizeof error;
    connected = ::poll(&wait, 1, connect_wait_ms) == 1 &&
                ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0;
  }
  ::close(fd);
  return connected;
}

std::string with_port(std::string command, unsigned short port) {
  static constexpr std::string_view placeholder = "{port}";
  const std::string number = std::to_string(port);
  for (std::size_t at = command.find(placeholder); at != std::string::npos;
       at = command.find(placeholder, at + number.size()))
    command.replace(at, placeholder.size(), number);
  return command;
}

// An error is one line; programs print several before they give up.
std::string on_one_line(std::string_view output) {
  std::string out;
  while (!output.empty()) {
    const std::size_t end = std::min(output.find('\n'), output.size());
    if (const auto line = output.substr(0, end); line.find_first_not_of(" \t\r") != std::string_view::npos) {
      if (!out.empty()) out += " | ";
      out += line;
    }
    output.remove_prefix(std::min(end + 1, output.size()));
  }
  return out;
}

class SpawnedServer final : public SpawnedProcess {
 public:
  SpawnedServer(std::string command, unsigned short port, milliseconds start_timeout)
      : command_(std::move(command)), port_(port), start_timeout_(start_timeout) {}

  std::string url() const override { return "http://127.0.0.1:" + std::to_string(port_); }
  unsigned short port() const override { return port_; }
  bool running() override {
    const auto child = current();
    return child && child->running();
  }
  std::string how_it_ended() override {
    const auto child = current();
    return child ? child->how_it_ended() : "not started";
  }
  std::string last_output(std::size_t max_bytes) override {
    const auto child = current();
    return child ? child->last_output(max_bytes) : std::string();
  }

  Status restart() override {
    if (const auto old = current()) old->end();
    auto started = Child::start(with_port(command_, port_));
    if (!started) return fail(fmt::format("cannot start `{}`: {}", command_, started.error().message));
    const std::shared_ptr<Child> child = std::move(*started);
    {
      const std::lock_guard lock(mutex_);
      child_ = child;
    }
    return wait_until_ready(*child);
  }

 private:
  std::shared_ptr<Child> current() {
    const std::lock_guard lock(mutex_);
    return child_;
  }

  Status wait_until_ready(Child& child) {
    const auto deadline = SteadyClock::now() + start_timeout_;
    milliseconds pause = first_pause;
    for (;;) {
      // In this order: a process that has ended is not ready, whoever answers at its port.
      if (child.wait_until_ended(pause))
        return not_ready(child, "ended (" + child.how_it_ended() + ") before it");
      if (accepts_connections(port_)) return {};
      if (SteadyClock::now() >= deadline) {
        const auto status =
            not_ready(child, fmt::format("still runs, but after {} ms it has not", start_timeout_.count()));
        child.end();
        return status;
      }
      pause = std::min(pause * 2, longest_pause);
    }
  }

  Status not_ready(Child& child, std::string_view what) const {
    std::string message = fmt::format("`{}` {} accepted a connection at 127.0.0.1:{}", command_, what, port_);
    if (command_.find("{port}") == std::string::npos) message += " (the command does not contain {port})";
    const std::string output = child.last_output(shown_output);
    message += output.empty() ? "; it wrote nothing" : "; the last it wrote: " + on_one_line(output);
    return fail(std::move(message));
  }

  const std::string command_;
  const unsigned short port_;
  const milliseconds start_timeout_;
  std::mutex mutex_;
  std::shared_ptr<Child> child_;
};

}  // namespace

Result<std::unique_ptr<SpawnedProcess>> SpawnedProcess::start(const std::string& command,
                                                              std::chrono::milliseconds start_timeout) {
  const auto port = free_port();
  if (!port) return tl::unexpected(port.error());
  auto process = std::make_unique<SpawnedServer>(command, *port, start_timeout);
  if (auto status = process->restart(); !status) return tl::unexpected(status.error());
  return process;
}

}  // namespace harness::endpoint
