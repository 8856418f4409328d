#include "harness/reference/page_token.h"

#include <openssl/crypto.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <random>

#include "harness/base/base64.h"

namespace harness::reference {
namespace {

constexpr std::size_t kSealBytes = 24;   // of the 32 of SHA-256: a multiple of 3, and far beyond guessing
constexpr std::size_t kMaxToken = 1024;  // longer ones were not issued here

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string base64url(std::string_view data) {
  std::string text = base::to_base64(data);
  while (!text.empty() && text.back() == '=') text.pop_back();
  for (char& c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return text;
}

/// Only what base64url() writes is read, so that no two texts stand for the same bytes.
std::optional<std::string> from_base64url(std::string_view text) {
  std::string padded(text);
  for (char& c : padded) c = c == '-' ? '+' : c == '_' ? '/' : c;
  padded.append((4 - padded.size() % 4) % 4, '=');
  auto data = base::from_base64(padded);
  if (!data || base64url(*data) != text) return std::nullopt;
  return data;
}

}  // namespace

PageTokens::PageTokens() {
  if (RAND_bytes(key_.data(), static_cast<int>(key_.size())) == 1) return;
  std::random_device device;  // without OpenSSL's generator: good enough for a test server
  for (auto& byte : key_) byte = static_cast<unsigned char>(device());
}

std::string PageTokens::seal(std::uint64_t list, std::string_view last_item) const {
  const std::string sealed = std::to_string(list) + '/' + std::string(last_item);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()), bytes_of(sealed), sealed.size(),
       digest.data(), &size);
  return {reinterpret_cast<const char*>(digest.data()), kSealBytes};
}

std::string PageTokens::issue(std::uint64_t list, std::string_view last_item) const {
  return base64url(seal(list, last_item).append(last_item));
}

std::optional<std::string> PageTokens::read(std::uint64_t list, std::string_view token) const {
  if (token.size() > kMaxToken) return std::nullopt;
  const auto data = from_base64url(token);
  if (!data || data->size() <= kSealBytes) return std::nullopt;
  std::string item = data->substr(kSealBytes);
  const std::string expected = seal(list, item);
  if (CRYPTO_memcmp(expected.data(), data->data(), kSealBytes) != 0) return std::nullopt;
  return item;
}

}  // namespace harness::reference
