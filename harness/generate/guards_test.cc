#include "harness/generate/guards.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/generate/mutator_test_support.h"

namespace harness::generate::guards_test {
namespace {

using namespace testing_support;

wire::HttpText request(std::string header, std::string value, std::string body = "{}") {
  wire::HttpText text;
  text.request.headers = {{std::move(header), std::move(value)}};
  text.request.body = std::move(body);
  return text;
}

std::string capped_length(const std::string& value) {
  auto text = request("content-LENGTH", value);
  cap_lengths(text);
  return text.request.headers.lines()[0].value;
}

TEST(CapLengths, OfHeaders) {
  EXPECT_EQ(capped_length("2"), "2");
  EXPECT_EQ(capped_length("1048576"), "1048576");
  EXPECT_EQ(capped_length("1048577"), "1048576");
  EXPECT_EQ(capped_length("99999999999999999999999999"), "1048576");
  EXPECT_EQ(capped_length("+99_999_999"), "+1048576");
  EXPECT_EQ(capped_length("2, 99999999"), "2, 1048576");
  EXPECT_EQ(capped_length("{{repeat 12 9}}"), "1048576");
  EXPECT_EQ(capped_length("x"), "x");
}

TEST(CapLengths, OfChunks) {
  const auto capped = [](std::string body) {
    auto text = request("Transfer-Encoding", "chunked", std::move(body));
    cap_lengths(text);
    return text.request.body;
  };
  EXPECT_EQ(capped("2\r\n{}\r\n0\r\n\r\n"), "2\r\n{}\r\n0\r\n\r\n");
  EXPECT_EQ(capped("fffff\r\n"), "fffff\r\n");
  EXPECT_EQ(capped("100000\r\n"), "10000\r\n");
  EXPECT_EQ(capped("2\r\n{}\r\nffffffffffffffff;a\r\n"), "2\r\n{}\r\nfffff;a\r\n");
  EXPECT_EQ(capped("00000000ff\r\n"), "00000000ff\r\n");
  EXPECT_EQ(capped(" 0xfffffffff\n"), " 0xfffff\n");
  EXPECT_EQ(capped("{{repeat 16 f}}\r\n"), "x{{repeat 16 f}}\r\n");
  // Where nothing is in chunks, nothing is changed.
  auto text = request("X", "y", "ffffffffff");
  EXPECT_FALSE(cap_lengths(text));
}

TEST(CapLengths, OfRawBytes) {
  wire::HttpText text;
  text.raw = true;
  text.raw_bytes = "POST / HTTP/1.1\r\nContent-Length: 9999999999\r\n\r\nfffffffff\r\n";
  EXPECT_TRUE(cap_lengths(text));
  EXPECT_EQ(text.raw_bytes.find("9999999"), std::string::npos);
  EXPECT_EQ(text.raw_bytes.find("ffffff"), std::string::npos);
}

TEST(CapRepeats, FillsNoMore) {
  const auto capped = [](std::string text, std::size_t most) {
    cap_repeats(text, most);
    return text;
  };
  EXPECT_EQ(capped("{{repeat 100 a}}", 1000), "{{repeat 100 a}}");
  EXPECT_EQ(capped("{{repeat 100 a}}", 100), "{{repeat 50 a}}");
  EXPECT_EQ(capped("{{repeat 40 a}} {{repeat 40 a}}", 100), "{{repeat 40 a}} {{repeat 10 a}}");
  EXPECT_EQ(capped("{{repeat 99999999999999999999999999 a}}", 100), "{{repeat 50 a}}");
  EXPECT_EQ(repeated_bytes("{{repeat 100 a}}"), 200U);
}

// Whatever a mutator makes of hostile requests, nothing promises far more than there is.
TEST(Guards, HoldForMutations) {
  const std::string inputs[] = {
      "POST / HTTP/1.1\nContent-Length: 1048570\n\n{}",
      "POST / HTTP/1.1\nTransfer-Encoding: chunked\n\nfffff\n{}",
      "# @raw\nPOST / HTTP/1.1\nContent-Length: 500000\nTransfer-Encoding: chunked\n\n9999\n{}",
      describe(),
  };
  for (const auto& options : {MutatorOptions{}, MutatorOptions{.json = false}}) {
    const Mutator m(built_in_model(), options);
    for (std::uint64_t seed = 0; seed < 6'000; ++seed) {
      std::string input = inputs[seed % std::size(inputs)];
      for (std::uint64_t step = 0; step < 3; ++step) {
        input = seed % 5 == 0 ? m.crossover(input, inputs[(seed / 5) % std::size(inputs)], seed, 4096)
                              : m.mutate(input, seed + step, 4096, vocabulary());
        auto text = wire::parse_http_text(input);
        ASSERT_FALSE(text && cap_lengths(*text)) << input;
        ASSERT_LE(repeated_bytes(input), std::size_t{256} * 1024);
      }
    }
  }
}

}  // namespace
}  // namespace harness::generate::guards_test
