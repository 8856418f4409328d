#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <random>

#include "harness/endpoint/spawn.h"

namespace harness::endpoint {
namespace {

/// Below the range from which systems take the ports of outgoing connections (32768 and up on Linux, 49152
/// elsewhere): a port of that range could be taken by any connection between this call and the server's
/// start, and a client that tries it while nobody listens can even connect to itself.
constexpr unsigned short lowest = 10240;
constexpr unsigned short highest = 32000;
constexpr int attempts = 200;

/// Binds without SO_REUSEADDR, so that a port with connections still in TIME_WAIT is refused as well.
bool can_bind(unsigned short port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  if (fd < 0) return false;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool good = ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(fd);
  return good;
}

}  // namespace

Result<unsigned short> free_port() {
  std::random_device random;
  std::uniform_int_distribution<unsigned> ports(lowest, highest);
  for (int attempt = 0; attempt < attempts; ++attempt) {
    const auto port = static_cast<unsigned short>(ports(random));
    if (can_bind(port)) return port;
  }
  return fail("no free TCP port on 127.0.0.1 found in " + std::to_string(attempts) +
              " attempts: " + std::strerror(errno));
}

}  // namespace harness::endpoint
