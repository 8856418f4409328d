#pragma once

#include <string>

/// For tests: certificates made on the spot, so that none can expire.
namespace harness::endpoint::testing {

/// A server's certificate with its key, and the authority that signed it, all in PEM.
struct Identity {
  std::string certificate;
  std::string key;
  std::string authority;
};

/// A new authority, and a certificate by it for, say, "IP:127.0.0.1" or "DNS:localhost". Empty strings if
/// OpenSSL fails.
Identity make_identity(const std::string& subject_alternative_name);

/// A file that exists as long as this object.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& content);
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace harness::endpoint::testing
