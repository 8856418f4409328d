#include "fuzzers/http_mutator.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <set>
#include <string>
#include <string_view>
#include <vector>

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned int seed);
extern "C" std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* data1, std::size_t size1,
                                                 const std::uint8_t* data2, std::size_t size2,
                                                 std::uint8_t* out, std::size_t max_out_size,
                                                 unsigned int seed);

// libFuzzer's own mutation, of which this program has none: it says here that it was asked.
extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);
std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t, std::size_t max_size) {
  constexpr std::string_view kMade = "POST / HTTP/1.1\nContent-Length: 9999999999\n\n{{made-up}}";
  const std::size_t n = std::min(kMade.size(), max_size);
  std::memcpy(data, kMade.data(), n);
  return n;
}

namespace fuzzers::http_mutator_test {
namespace {

constexpr std::string_view kInput =
    "POST / HTTP/1.1\nX-Amz-Target: AmazonSSM.DescribeDocumentPermission\n\n{\"Name\":\"{{document}}\"}\n";

std::string mutated(unsigned int seed, std::size_t room) {
  std::vector<std::uint8_t> buffer(std::max(room, kInput.size()));
  std::memcpy(buffer.data(), kInput.data(), kInput.size());
  const std::size_t n = LLVMFuzzerCustomMutator(buffer.data(), std::min(kInput.size(), room), room, seed);
  EXPECT_LE(n, room);
  return {reinterpret_cast<const char*>(buffer.data()), n};
}

TEST(HttpMutator, MutatesByTheModelWithinItsRoom) {
  std::set<std::string> all;
  bool token = false;
  for (unsigned int seed = 0; seed < 3000; ++seed) {
    const std::string out = mutated(seed, seed % 3 == 0 ? 60 : 2000);
    EXPECT_EQ(out, mutated(seed, seed % 3 == 0 ? 60 : 2000));
    token = token || out.find("\"NextToken\":\"{{token}}\"") != std::string::npos;
    all.insert(out);
  }
  EXPECT_TRUE(token) << "the vocabulary";
  EXPECT_GT(all.size(), 2000U);
}

TEST(HttpMutator, WhatLibFuzzerMadeIsGuarded) {
  const std::string out = mutated(16, 2000);
  EXPECT_NE(out.find("Content-Length: 10485"), std::string::npos) << out;
  EXPECT_EQ(out.find("{{made-up}}"), std::string::npos) << out;
}

TEST(HttpMutator, UsesWhatATargetLearned) {
  vocabulary().learn("NextToken", "learned-from-an-answer");
  bool used = false;
  for (unsigned int seed = 0; seed < 3000; ++seed)
    used = used || mutated(seed, 2000).find("learned-from-an-answer") != std::string::npos;
  EXPECT_TRUE(used);
}

TEST(HttpMutator, CrossesOver) {
  constexpr std::string_view kOther = "POST / HTTP/1.1\nX-Other: 1\n\n{\"MaxResults\":7}\n";
  bool both = false;
  for (unsigned int seed = 0; seed < 500; ++seed) {
    std::vector<std::uint8_t> out(300);
    const std::size_t n = LLVMFuzzerCustomCrossOver(
        reinterpret_cast<const std::uint8_t*>(kInput.data()), kInput.size(),
        reinterpret_cast<const std::uint8_t*>(kOther.data()), kOther.size(), out.data(), out.size(), seed);
    ASSERT_LE(n, out.size());
    const std::string text(reinterpret_cast<const char*>(out.data()), n);
    both = both ||
           (text.find("{{document}}") != std::string::npos && text.find("MaxResults") != std::string::npos);
  }
  EXPECT_TRUE(both);
}

}  // namespace
}  // namespace fuzzers::http_mutator_test
