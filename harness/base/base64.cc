#include "harness/base/base64.h"

#include <openssl/evp.h>

#include <algorithm>
#include <cstddef>

namespace harness::base {
namespace {

// OpenSSL counts in int, so longer input goes through it in parts; a multiple of 12 is whole in both forms.
constexpr std::size_t kPart = 786'432;

const unsigned char* as_unsigned(const char* at) {
  return reinterpret_cast<const unsigned char*>(at);
}

}  // namespace

std::string to_base64(std::string_view bytes) {
  std::string out;
  while (!bytes.empty()) {
    const std::string_view part = bytes.substr(0, kPart);
    std::string text((part.size() + 2) / 3 * 4 + 1, '\0');  // and a NUL
    const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), as_unsigned(part.data()),
                                     static_cast<int>(part.size()));
    out.append(text, 0, static_cast<std::size_t>(std::max(size, 0)));
    bytes.remove_prefix(part.size());
  }
  return out;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  // EVP_DecodeBlock forgives white space around the text and reads padding as zero bytes: both are settled
  // here.
  const std::size_t end = text.find_last_not_of('=') + 1;
  const std::size_t padding = text.size() - end;
  static constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  if (padding > 2 || text.substr(0, end).find_first_not_of(kAlphabet) != std::string_view::npos)
    return std::nullopt;
  std::string out;
  out.reserve(text.size() / 4 * 3);
  while (!text.empty()) {
    const std::string_view part = text.substr(0, kPart);
    std::string bytes(part.size() / 4 * 3, '\0');
    const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()), as_unsigned(part.data()),
                                     static_cast<int>(part.size()));
    if (size < 0) return std::nullopt;
    out.append(bytes, 0, static_cast<std::size_t>(size));
    text.remove_prefix(part.size());
  }
  out.resize(out.size() - padding);
  return out;
}

}  // namespace harness::base
