#include "harness/wire/compress.h"

#include <zlib.h>

#include <array>

namespace harness::wire {
namespace {

// zlib's `windowBits` says which format surrounds the compressed data.
constexpr int kZlibFormat = 15;
constexpr int kGzipFormat = 15 + 16;
constexpr int kUsualMemory = 8;

}  // namespace

std::optional<std::string> compress(std::string_view content, std::string_view coding) {
  if (coding != "gzip" && coding != "deflate") return std::nullopt;
  z_stream stream{};
  const int format = coding == "gzip" ? kGzipFormat : kZlibFormat;
  if (::deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, format, kUsualMemory, Z_DEFAULT_STRATEGY) !=
      Z_OK) {
    return std::nullopt;
  }
  std::string out;
  std::array<unsigned char, 16 * 1024> buffer{};
  // zlib reads what `next_in` points to and never writes there.
  stream.next_in = reinterpret_cast<unsigned char*>(const_cast<char*>(content.data()));
  stream.avail_in = static_cast<uInt>(content.size());
  int status = Z_OK;
  while (status == Z_OK) {
    stream.next_out = buffer.data();
    stream.avail_out = static_cast<uInt>(buffer.size());
    status = ::deflate(&stream, Z_FINISH);
    out.append(reinterpret_cast<const char*>(buffer.data()), buffer.size() - stream.avail_out);
  }
  ::deflateEnd(&stream);
  if (status != Z_STREAM_END) return std::nullopt;
  return out;
}

}  // namespace harness::wire
