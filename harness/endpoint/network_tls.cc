#include "harness/endpoint/network_tls.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/address.hpp>
#include <cstdlib>
#include <filesystem>

#include "harness/files/input_file.h"

namespace harness::endpoint {
namespace {

constexpr std::size_t kLargestBundle = std::size_t{16} << 20;

// Read by ourselves: OpenSSL would wait for ever for a pipe that nobody writes to.
Status load_bundle(asio::ssl::context& context, const std::string& path) {
  const auto pem = files::read_file(path, kLargestBundle);
  if (!pem) return tl::unexpected(pem.error());
  constexpr std::string_view kBegin = "-----BEGIN ";
  if (pem->find(kBegin) == std::string::npos) return fail(path + ": holds no PEM certificate");
  boost::system::error_code error;
  context.add_certificate_authority(asio::buffer(*pem), error);
  if (error) return fail(path + ": cannot be read as PEM certificates: " + error.message());
  if (sk_X509_OBJECT_num(X509_STORE_get0_objects(SSL_CTX_get_cert_store(context.native_handle()))) == 0)
    return fail(path + ": holds no PEM certificate");
  return {};
}

bool exists(const std::string& path) {
  std::error_code error;
  return std::filesystem::exists(path, error);
}

bool holds_files(const std::string& folder) {
  std::error_code error;
  return std::filesystem::directory_iterator(folder, error) != std::filesystem::directory_iterator();
}

std::string value_or(const char* variable, const char* otherwise) {
  const char* value = std::getenv(variable);
  return value != nullptr ? value : otherwise;
}

}  // namespace

SystemAuthorities system_authorities() {
  return {value_or(X509_get_default_cert_file_env(), X509_get_default_cert_file()),
          value_or(X509_get_default_cert_dir_env(), X509_get_default_cert_dir()),
          {"/etc/ssl/certs/ca-certificates.crt",                 // Debian, Ubuntu, Arch, Gentoo
           "/etc/pki/tls/certs/ca-bundle.crt",                   // Fedora, RHEL, Amazon Linux
           "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  // RHEL 7 and later
           "/etc/ssl/ca-bundle.pem",                             // SUSE
           "/etc/ssl/cert.pem"}};                                // Alpine
}

Status trust_system(asio::ssl::context& context, const SystemAuthorities& authorities) {
  if (exists(authorities.file) || holds_files(authorities.folder)) {
    boost::system::error_code error;
    context.set_default_verify_paths(error);
    if (error)
      return fail("the system's certificates cannot be read: " + error.message() + "; give a CA bundle");
    return {};
  }
  for (const auto& bundle : authorities.bundles) {
    if (exists(bundle)) return load_bundle(context, bundle);
  }
  return fail(
      fmt::format("no certificate authorities are on this system (neither {} nor {} nor {}); install the "
                  "package ca-certificates, or give --ca-bundle",
                  authorities.file, authorities.folder, fmt::join(authorities.bundles, " nor ")));
}

Status check_ca_bundle(const std::string& path) {
  NetworkOptions options;
  options.ca_bundle = path;
  auto context = make_tls_context(options);
  if (!context) return tl::unexpected(context.error());
  return {};
}

Result<std::shared_ptr<asio::ssl::context>> make_tls_context(const NetworkOptions& options) {
  boost::system::error_code error;
  std::shared_ptr<asio::ssl::context> context;
  try {  // the only way in which this class reports failure
    context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client);
  } catch (const boost::system::system_error& caught) {
    return fail(std::string("TLS cannot be set up: ") + caught.what());
  }
  SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
  if (!options.verify_ssl) {
    context->set_verify_mode(asio::ssl::verify_none, error);
    return context;
  }
  context->set_verify_mode(asio::ssl::verify_peer, error);
  if (options.ca_bundle) {
    if (auto loaded = load_bundle(*context, *options.ca_bundle); !loaded)
      return tl::unexpected(loaded.error());
  } else if (auto trusted = trust_system(*context, system_authorities()); !trusted) {
    return tl::unexpected(trusted.error());
  }
  return context;
}

Status name_tls_host(SSL* ssl, const std::string& host, bool verify) {
  boost::system::error_code not_an_address;
  asio::ip::make_address(host, not_an_address);
  bool good = true;
  if (not_an_address) {
    good = SSL_set_tlsext_host_name(ssl, host.c_str()) == 1;
    if (verify) {
      SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
      good = good && SSL_set1_host(ssl, host.c_str()) == 1;
    }
  } else if (verify) {
    good = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str()) == 1;
  }
  if (!good) return fail("the host \"" + host + "\" cannot be used with TLS");
  return {};
}

std::string describe_tls_failure(TlsStream& stream, const boost::system::error_code& error) {
  std::string text = "TLS handshake: ";
  if (error == asio::error::eof || error == asio::ssl::error::stream_truncated)
    text += "the peer closed the connection (it may not speak TLS)";
  else
    text += error.message();
  const long result = SSL_get_verify_result(stream.native_handle());
  if (result != X509_V_OK) text += std::string(": ") + X509_verify_cert_error_string(result);
  return text;
}

}  // namespace harness::endpoint
