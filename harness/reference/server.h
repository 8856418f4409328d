#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "harness/reference/service.h"
#include "harness/result.h"

namespace harness::reference {

struct ServerOptions {
  ServiceOptions service;
  std::string host = "127.0.0.1";  ///< a loopback address: others are refused
  unsigned short port = 0;         ///< 0: a free one
  /// TLS with this certificate chain and key (PEM files).
  struct Tls {
    std::string certificate_file;
    std::string private_key_file;
  };
  std::optional<Tls> tls;
  /// A connection on which nothing happens for this long is closed; a request that has begun and does not end
  /// within it is answered 408 first.
  std::chrono::milliseconds idle_timeout = std::chrono::seconds(30);
};

/// The reference endpoint on a loopback port: asynchronous Beast, one I/O thread of its own, any number of
/// connections. What HTTP cannot frame is answered 400 and the connection closed; everything else is
/// Service::handle. Stops, closing every connection, when destroyed.
class Server {
 public:
  static Result<std::unique_ptr<Server>> start(const model::Model& model, const ServiceDefinition& definition,
                                               ServerOptions options);
  virtual ~Server() = default;
  virtual unsigned short port() const = 0;
  virtual std::string url() const = 0;  ///< "http://127.0.0.1:PORT" or https, with the base path
  virtual Service& service() = 0;
};

/// A self-signed CA and a certificate for 127.0.0.1, ::1 and localhost signed by it, written as PEM files
/// `ca.pem`, `server.pem`, `server.key` into `directory` (which must exist): for tests and `serve --tls`.
struct TlsFiles {
  std::string ca_bundle;
  std::string certificate;
  std::string private_key;
};
Result<TlsFiles> make_tls_files(const std::string& directory);

}  // namespace harness::reference
