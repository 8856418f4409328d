#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace harness::base {

inline constexpr std::uint64_t kFnvBasis = 0xcbf29ce484222325U;

/// FNV-1a of 64 bits (http://www.isthe.com/chongo/tech/comp/fnv/): for seeds and tables, not against anyone.
/// Goes on from `hash`, so that a hash of several texts is the hash of them joined.
constexpr std::uint64_t fnv1a(std::string_view text, std::uint64_t hash = kFnvBasis) {
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return hash;
}

/// SHA-256 in lower-case hexadecimal; "" if OpenSSL refuses. For a text now and then: signatures, which need
/// thousands, have wire::Hashes.
std::string sha256_hex(std::string_view text);

}  // namespace harness::base
