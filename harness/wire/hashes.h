#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>

/// Internal to SigV4: SHA-256 and HMAC-SHA-256 with everything that OpenSSL would look up or allocate for
/// each call kept for the next one.
namespace harness::wire {

using Digest = std::array<unsigned char, 32>;

inline std::string_view as_text(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

/// Appends the digest in lower-case hexadecimal.
void append_hex(std::string& out, const Digest& digest);

/// Not copyable; one per thread. If OpenSSL refuses (no such algorithm, no memory), the result is all zeros,
/// which no verifier accepts.
class Hashes {
 public:
  Hashes();
  ~Hashes();
  Hashes(const Hashes&) = delete;
  Hashes& operator=(const Hashes&) = delete;

  Digest sha256(std::string_view data);
  /// Sets the key of the following calls of hmac().
  void set_key(std::string_view key);
  Digest hmac(std::string_view data);

 private:
  struct Contexts;
  std::unique_ptr<Contexts> contexts_;
};

}  // namespace harness::wire
