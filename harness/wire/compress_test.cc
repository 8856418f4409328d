#include "harness/wire/compress.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <string>

namespace harness::wire {
namespace {

std::string unpacked(const std::string& bytes, int window_bits) {
  z_stream stream{};
  EXPECT_EQ(::inflateInit2(&stream, window_bits), Z_OK);
  std::string in = bytes;
  std::string out(1 << 20, '\0');
  stream.next_in = reinterpret_cast<unsigned char*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<unsigned char*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(::inflate(&stream, Z_FINISH), Z_STREAM_END);
  EXPECT_EQ(stream.avail_in, 0U);
  out.resize(out.size() - stream.avail_out);
  ::inflateEnd(&stream);
  return out;
}

TEST(Compress, WhatIsUnpackedIsWhatWasPacked) {
  for (const std::string& content :
       {std::string(), std::string(R"({"Name":"Example"})"), std::string(300'000, ' ')}) {
    const auto gzip = compress(content, "gzip");
    ASSERT_TRUE(gzip.has_value());
    EXPECT_EQ(gzip->substr(0, 2), "\x1f\x8b");
    EXPECT_EQ(unpacked(*gzip, 15 + 16), content);
    const auto deflate = compress(content, "deflate");
    ASSERT_TRUE(deflate.has_value());
    EXPECT_EQ(unpacked(*deflate, 15), content);
  }
}

TEST(Compress, TheSameContentGivesTheSameBytes) {
  EXPECT_EQ(compress("{}", "gzip"), compress("{}", "gzip"));
}

TEST(Compress, OtherCodingsAreUnknown) {
  for (const char* coding : {"", "br", "GZIP", "identity"}) EXPECT_EQ(compress("{}", coding), std::nullopt);
}

}  // namespace
}  // namespace harness::wire
