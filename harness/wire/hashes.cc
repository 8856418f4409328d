#include "harness/wire/hashes.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <cstddef>

namespace harness::wire {

namespace {

template <auto Free>
struct Deleter {
  template <class T>
  void operator()(T* pointer) const {
    Free(pointer);
  }
};

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

struct Hashes::Contexts {
  std::unique_ptr<EVP_MD, Deleter<EVP_MD_free>> md{EVP_MD_fetch(nullptr, "SHA256", nullptr)};
  std::unique_ptr<EVP_MD_CTX, Deleter<EVP_MD_CTX_free>> md_context{EVP_MD_CTX_new()};
  std::unique_ptr<EVP_MAC, Deleter<EVP_MAC_free>> mac{EVP_MAC_fetch(nullptr, "HMAC", nullptr)};
  std::unique_ptr<EVP_MAC_CTX, Deleter<EVP_MAC_CTX_free>> mac_context{mac ? EVP_MAC_CTX_new(mac.get())
                                                                          : nullptr};
  bool has_digest = false;  // the MAC's digest is set once
  bool has_key = false;
};

Hashes::Hashes() : contexts_(std::make_unique<Contexts>()) {}

Hashes::~Hashes() = default;

Digest Hashes::sha256(std::string_view data) {
  Digest digest{};
  Contexts& c = *contexts_;
  if (!c.md || !c.md_context || EVP_DigestInit_ex2(c.md_context.get(), c.md.get(), nullptr) != 1 ||
      EVP_DigestUpdate(c.md_context.get(), data.data(), data.size()) != 1 ||
      EVP_DigestFinal_ex(c.md_context.get(), digest.data(), nullptr) != 1) {
    return {};
  }
  return digest;
}

void Hashes::set_key(std::string_view key) {
  Contexts& c = *contexts_;
  char name[] = "SHA256";
  const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
                               OSSL_PARAM_construct_end()};
  // To OpenSSL, a null key means the previous one, so an empty key still needs an address.
  c.has_key = c.mac_context && EVP_MAC_init(c.mac_context.get(), bytes(key.empty() ? "" : key), key.size(),
                                            c.has_digest ? nullptr : params) == 1;
  c.has_digest = c.has_digest || c.has_key;
}

Digest Hashes::hmac(std::string_view data) {
  Digest digest{};
  Contexts& c = *contexts_;
  std::size_t size = 0;
  // Initialising without a key starts anew with the same key and costs a fifth of a new context.
  if (!c.has_key || EVP_MAC_init(c.mac_context.get(), nullptr, 0, nullptr) != 1 ||
      EVP_MAC_update(c.mac_context.get(), bytes(data), data.size()) != 1 ||
      EVP_MAC_final(c.mac_context.get(), digest.data(), &size, digest.size()) != 1 || size != digest.size()) {
    return {};
  }
  return digest;
}

void append_hex(std::string& out, const Digest& digest) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::size_t at = out.size();
  out.resize(at + 2 * digest.size());
  for (const unsigned char byte : digest) {
    out[at++] = kDigits[byte >> 4];
    out[at++] = kDigits[byte & 15];
  }
}

}  // namespace harness::wire
