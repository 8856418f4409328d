#pragma once

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <memory>
#include <string>
#include <vector>

#include "harness/endpoint/network.h"
#include "harness/endpoint/network_loop.h"

/// Inside harness/endpoint only: what is particular to TLS.
namespace harness::endpoint {

using TlsStream = asio::ssl::stream<Socket>;

/// Where a system keeps the certificate authorities that it trusts.
struct SystemAuthorities {
  std::string file;                  ///< OpenSSL's own, or SSL_CERT_FILE
  std::string folder;                ///< OpenSSL's own, or SSL_CERT_DIR
  std::vector<std::string> bundles;  ///< PEM files of other distributions, tried if the others do not exist
};

/// The paths of this process. OpenSSL's own are those of the distribution that built it, and a statically
/// linked program runs on others as well.
SystemAuthorities system_authorities();

/// Makes `context` trust OpenSSL's own paths if one of them exists, else the first bundle that exists. If
/// there is none, the error names every path.
Status trust_system(asio::ssl::context& context, const SystemAuthorities& authorities);

/// A client context (TLS 1.2 and later) that trusts the bundle, or the system's certificates, or anybody.
Result<std::shared_ptr<asio::ssl::context>> make_tls_context(const NetworkOptions& options);

/// Names the host that a client is about to shake hands with: SNI (for names only, RFC 6066 §3), and, with
/// `verify`, the check that the certificate is for this name or this IP address.
Status name_tls_host(SSL* ssl, const std::string& host, bool verify);

/// Why a handshake failed, for people, with the reason of the certificate check if it was that.
std::string describe_tls_failure(TlsStream& stream, const boost::system::error_code& error);

}  // namespace harness::endpoint
