#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <optional>

#include "conformance/cli/aws_config.h"
#include "conformance/cli/case_data.h"
#include "conformance/cli/commands.h"
#include "conformance/cli/target.h"
#include "conformance/ssm/reference.h"
#include "harness/endpoint/network.h"
#include "harness/run/select.h"

namespace conformance {
namespace {

// A loopback address with its port; nothing for any other text.
struct Loopback {
  sockaddr_storage storage{};
  socklen_t size = 0;
};
std::optional<Loopback> loopback(const std::string& host, unsigned short port) {
  Loopback out;
  in_addr v4{};
  in6_addr v6{};
  if (::inet_pton(AF_INET, host.c_str(), &v4) == 1 && (ntohl(v4.s_addr) >> 24) == IN_LOOPBACKNET) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr = v4;
    out.size = sizeof address;
    std::memcpy(&out.storage, &address, sizeof address);
    return out;
  }
  if (::inet_pton(AF_INET6, host.c_str(), &v6) == 1 && std::memcmp(&v6, &in6addr_loopback, sizeof v6) == 0) {
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_port = htons(port);
    address.sin6_addr = v6;
    out.size = sizeof address;
    std::memcpy(&out.storage, &address, sizeof address);
    return out;
  }
  return std::nullopt;
}

// Whether somebody has this port: asked before certificates are written, over those of whoever has it.
bool is_taken(const Loopback& address) {
  const int fd = ::socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return false;  // the server says what is wrong
  const int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const bool taken = ::bind(fd, reinterpret_cast<const sockaddr*>(&address.storage), address.size) != 0 &&
                     errno == EADDRINUSE;
  ::close(fd);
  return taken;
}

}  // namespace

int serve_command(const ServeOptions& o) {
  namespace reference = harness::reference;
  if (o.list_dialects) {
    for (const auto& d : ssm::dialects()) fmt::print("{:<28} {}\n", d.name, d.description);
    return 0;
  }
  if (o.list_faults) {
    fmt::print("{:<40} {:<15} {:<7} {:<8} {}\n    {}\n", "name", "class", "found", "by",
               "clause that it breaks", "what the endpoint does");
    for (const auto& f : ssm::faults()) {
      fmt::print("{:<40} {:<15} {:<7} {:<8} {}\n    {}\n", f.name, reference::to_string(f.fault_class),
                 reference::to_string(f.difficulty), f.for_fuzzing ? "fuzzing" : "suites", f.clause,
                 f.description);
    }
    return 0;
  }
  const auto data = load_case_data({}, no_operation);
  if (!data) return complain(data.error().message, 4);
  const auto config = read_aws_config(process_environment(), data->model.identity(), o.profile, o.region);
  if (!config) return complain(config.error().message, 2);

  if (o.auth && !config->keys_problem.empty()) return complain(config->keys_problem, 2);

  reference::ServerOptions options;
  options.host = o.host;
  options.port = o.port;
  const auto address = loopback(o.host, o.port);
  if (!address) {
    return complain(
        fmt::format("--host {}: is no loopback address, such as 127.0.0.1 or ::1; others are not served",
                    o.host),
        2);
  }
  if (!o.path.empty()) {
    const auto url = harness::endpoint::parse_endpoint_url("http://127.0.0.1" + o.path);
    if (!o.path.starts_with('/') || !url)
      return complain(fmt::format("--path {}: is no path of a URL, such as /aws", o.path.substr(0, 100)), 2);
    options.service.base_path = url->base_path;
  }
  options.service.region = config->region;
  ssm::initial_documents(options.service) = o.documents;
  auto& nodes = ssm::initial_nodes(options.service);
  nodes[kReferenceNode] = true;
  for (const auto& node : o.connected_nodes) nodes[node] = true;
  const auto credentials = config->credentials.value_or(reference_credentials());
  if (o.auth) options.service.credentials = {credentials};
  if (!o.dialect.empty()) {
    const auto* dialect = ssm::find_dialect(o.dialect);
    if (dialect == nullptr) return complain(unknown_dialect(o.dialect), 2);
    options.service.dialect = dialect->dialect;
  }
  if (!o.fault.empty()) {
    const auto* fault = ssm::find_fault(o.fault);
    if (fault == nullptr) {
      std::vector<std::string> names;
      for (const auto& f : ssm::faults()) names.push_back(f.name);
      return complain(
          fmt::format("--fault {}: there is none of this name; the nearest is {} (serve --list-faults)",
                      o.fault, harness::run::nearest(o.fault, names)),
          2);
    }
    options.service.fault = fault->make();
  }
  std::optional<reference::TlsFiles> tls;
  if (o.port != 0 && is_taken(*address))
    return complain(fmt::format("--port {}: somebody listens there already; 0 is a free one", o.port), 2);
  if (!o.tls_directory.empty()) {
    std::error_code ec;
    std::filesystem::create_directories(o.tls_directory, ec);
    if (!std::filesystem::is_directory(o.tls_directory, ec))
      return complain(fmt::format("--tls {}: is not a folder, and none can be made there", o.tls_directory),
                      2);
    auto made = reference::make_tls_files(o.tls_directory);
    if (!made) return complain(made.error().message, 2);
    tls = *made;
    options.tls = {tls->certificate, tls->private_key};
  }

  // Blocked before any thread starts, so that this thread is the one that waits for them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  auto server = reference::Server::start(data->model, ssm::reference_service(), std::move(options));
  if (!server) return complain(server.error().message, 2);
  fmt::print("serving SSM at {} (Ctrl-C ends it)\n", (*server)->url());
  if (o.auth) {
    fmt::print("signatures are verified: AWS_ACCESS_KEY_ID={} AWS_SECRET_ACCESS_KEY={} AWS_REGION={}\n",
               credentials.access_key_id, config->credentials ? "(yours)" : credentials.secret_access_key,
               config->region);
  }
  if (tls) fmt::print("certificate authority: --ca-bundle {}\n", tls->ca_bundle);
  fmt::print("connected node: {}\n", kReferenceNode);
  std::fflush(stdout);
  int signal = 0;
  sigwait(&signals, &signal);
  return 0;
}

}  // namespace conformance
