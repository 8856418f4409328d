#include "harness/run/repeat_composer.h"

#include <gtest/gtest.h>

#include <vector>

namespace harness::run::repeat_composer_test {
namespace {

using namespace std::chrono_literals;
const std::chrono::system_clock::time_point kNow{1767225599s};  // 2025-12-31T23:59:59Z

std::vector<wire::HttpText> texts() {
  std::vector<wire::HttpText> all;
  const std::string usual =
      "X-Amz-Target: AmazonSSM.GetConnectionStatus\nContent-Type: application/x-amz-json-1.1\n";
  for (const std::string& text : {
           "POST / HTTP/1.1\n" + usual + "\n{\"Target\":\"i-1\"}",
           "HEAD / HTTP/1.1\n" + usual + "\n{}",
           "POST /?a=b HTTP/1.1\nContent-Length: 2\n" + usual + "\n{}",
           "# @without Host\nPOST / HTTP/1.1\n" + usual + "\n{}",
           "# @scope eu-west-1/ssm\nPOST / HTTP/1.1\n" + usual + "\n{}",
           "POST / HTTP/1.1\nAuthorization: none\n" + usual + "\n{}",
           "POST / HTTP/1.1\nX-Amz-Date: 20200101T000000Z\n" + usual + "\n{}",
           "POST / HTTP/1.1\n" + usual + "\n" + std::string(10'000, 'x'),
           std::string("# @raw\nPOST / HTTP/1.1\n\nx"),
       }) {
    auto parsed = wire::parse_http_text(text);
    EXPECT_TRUE(parsed) << text;
    if (parsed) all.push_back(std::move(*parsed));
  }
  return all;
}

TEST(RepeatComposer, ComposesTheSameAsTheComposer) {
  const auto all = texts();
  for (const char* token : {"", "a token"}) {
    for (const bool signs : {true, false}) {
      std::optional<Signing> signing;
      if (signs) signing = Signing{{"AKIDTEST", "a secret", token}, {"eu-central-1", "ssm"}};
      const Composer composer("127.0.0.1:4566", signing);
      RepeatComposer repeat(composer);
      for (int round = 0; round < 4; ++round) {
        const auto now = kNow + round * 1s;
        for (const auto& text : all) {
          const auto expected = composer.compose(text, now);
          const auto message = repeat.compose(text, now);
          EXPECT_EQ(message.bytes, expected.bytes) << round;
          EXPECT_EQ(message.head, expected.head);
          EXPECT_EQ(message.hostile, expected.hostile);
          EXPECT_EQ(message.fresh_connection, expected.fresh_connection);
          EXPECT_EQ(message.timeout, expected.timeout);
        }
      }
    }
  }
}

}  // namespace
}  // namespace harness::run::repeat_composer_test
