#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "harness/endpoint/endpoint.h"
#include "harness/wire/message.h"

namespace harness::endpoint {

/// How to reach an endpoint over the network. The names follow the AWS CLI's options.
struct NetworkOptions {
  std::string url;  ///< "http://127.0.0.1:4566" or "https://…/path"; a query, fragment or user is refused
  std::optional<std::string> ca_bundle;  ///< PEM file; default: the system's certificates
  bool verify_ssl = true;
  /// For each address of the host in turn, and then once more for the TLS handshake.
  std::chrono::milliseconds connect_timeout{2000};
  std::chrono::milliseconds timeout{10000};  ///< whole exchange: connect, write, read
  wire::ReadLimits limits;
};

/// An endpoint over TCP or TLS (1.2 and later, with SNI), on Asio with one I/O thread of its own. Names are
/// resolved once, here (all addresses are tried when connecting). Nothing is sent yet. Errors: a URL that
/// cannot be used, a name that does not resolve, a CA bundle that cannot be read.
///
/// Sockets have TCP_NODELAY and, where the system has it, TCP_QUICKACK set anew after every read that did not
/// complete the response: a server that writes head and body apart otherwise waits 40 ms for our delayed
/// acknowledgement.
///
/// What a peer that is gone does to a socket never raises SIGPIPE.
Result<std::unique_ptr<Endpoint>> connect_network(NetworkOptions options);

/// Says whether the file holds certificates that can be trusted. Errors name the file: "ca.pem: holds no PEM
/// certificate".
Status check_ca_bundle(const std::string& path);

/// The parts of an endpoint URL. "https://[::1]:9297/aws/" -> {true, "::1", "9297", "[::1]:9297", "/aws"}.
///
/// SDKs differ about a path without a slash at its end: botocore sends to /aws, those of Go, Java and
/// JavaScript to /aws/. Here it is /aws/ for both spellings.
struct UrlParts {
  bool tls = false;
  std::string host;
  std::string port;
  std::string authority;
  std::string base_path;  ///< without the slash at its end: "" for none

  /// The whole of it, for people: "https://[::1]:9297/aws".
  std::string text() const { return (tls ? "https://" : "http://") + authority + base_path; }
};
Result<UrlParts> parse_endpoint_url(std::string_view url);

}  // namespace harness::endpoint
