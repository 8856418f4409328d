#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/wire/message.h"

namespace harness::wire::parse_request_test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string reason(std::string_view bytes) {
  const auto parsed = parse_request(bytes);
  return parsed ? "(accepted)" : parsed.error().message;
}

TEST(ParseRequest, KeepsOrderDuplicatesAndSpellingOfHeaders) {
  const auto request = parse_request(
      "PATCH /a/b?c=d%20 HTTP/1.1\r\nhOST: x\r\nB:2\r\nA:\t 1 \r\nb: 3\r\nContent-Length: 2\r\n\r\n{}");
  ASSERT_TRUE(request) << request.error().message;
  EXPECT_EQ(request->method, "PATCH");
  EXPECT_EQ(request->target, "/a/b?c=d%20");
  EXPECT_EQ(request->version, "HTTP/1.1");
  EXPECT_THAT(request->headers.lines(), ElementsAre(Header{"hOST", "x"}, Header{"B", "2"}, Header{"A", "1"},
                                                    Header{"b", "3"}, Header{"Content-Length", "2"}));
  EXPECT_EQ(request->body, "{}");
}

TEST(ParseRequest, ReturnsWhatToBytesWrote) {
  Request request;
  request.headers = {{"Host", "h"}, {"Content-Length", "5"}, {"X", "y"}};
  request.body = std::string("\0\r\n\xFF{", 5);
  const auto parsed = parse_request(to_bytes(request));
  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_EQ(*parsed, request);

  request = Request{"BREW", "*", "HTTP/1.0", {}, ""};
  const auto plain = parse_request(to_bytes(request));
  ASSERT_TRUE(plain) << plain.error().message;
  EXPECT_EQ(*plain, request);
}

TEST(ParseRequest, RemovesChunkedCodingAndDropsTrailers) {
  const auto request = parse_request(
      "POST / HTTP/1.1\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n"
      "2\r\n{}\r\n00A;x=\"y\"\r\n0123456789\r\n0\r\nTrailer: 1\r\n\r\n");
  ASSERT_TRUE(request) << request.error().message;
  EXPECT_EQ(request->body, "{}0123456789");
  EXPECT_THAT(request->headers.lines(), ElementsAre(Header{"Transfer-Encoding", "gzip, Chunked"}));
}

TEST(ParseRequest, ReadsABodyLargerThanBeastsOwnLimit) {
  Request request;
  request.body.assign(3 << 20, 'x');
  request.headers = {{"Content-Length", std::to_string(request.body.size())},
                     {"X", std::string(100'000, 'y')}};
  const auto parsed = parse_request(to_bytes(request));
  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_EQ(parsed->body.size(), request.body.size());
}

TEST(ParseRequest, RefusesWhatIsCutShort) {
  const std::string whole = "POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}";
  ASSERT_TRUE(parse_request(whole));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(parse_request(whole.substr(0, size))) << size;
  }
  EXPECT_THAT(reason(whole.substr(0, 20)), HasSubstr("cut short in the head"));
  EXPECT_THAT(reason(whole.substr(0, whole.size() - 1)), HasSubstr("cut short in the body"));
  EXPECT_THAT(reason("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n"),
              HasSubstr("cut short in the body"));
}

TEST(ParseRequest, RefusesWhatFollows) {
  EXPECT_THAT(reason("GET / HTTP/1.1\r\n\r\nX"), HasSubstr("1 bytes follow"));
  EXPECT_THAT(reason("POST / HTTP/1.1\r\nContent-Length: 1\r\n\r\n{}"), HasSubstr("1 bytes follow"));
}

struct Malformed {
  const char* name;
  std::string_view bytes;
};

class ParseRequestRefuses : public testing::TestWithParam<Malformed> {};

TEST_P(ParseRequestRefuses, WithAReason) {
  const auto parsed = parse_request(GetParam().bytes);
  ASSERT_FALSE(parsed);
  EXPECT_THAT(parsed.error().message, testing::StartsWith("not a request: "));
}

INSTANTIATE_TEST_SUITE_P(
    Cases, ParseRequestRefuses,
    testing::Values(
        Malformed{"nothing", ""}, Malformed{"a_response", "HTTP/1.1 200 OK\r\n\r\n"},
        Malformed{"empty_first_line", "\r\nGET / HTTP/1.1\r\n\r\n"},
        Malformed{"version_2", "GET / HTTP/2.0\r\n\r\n"},
        Malformed{"lower_case_http", "GET / http/1.1\r\n\r\n"},
        Malformed{"bare_line_feeds", "GET / HTTP/1.1\nHost: x\n\n"},
        Malformed{"space_in_target", "GET /a b HTTP/1.1\r\n\r\n"},
        Malformed{"space_before_colon", "GET / HTTP/1.1\r\nHost : x\r\n\r\n"},
        Malformed{"no_colon", "GET / HTTP/1.1\r\nHost\r\n\r\n"},
        Malformed{"nul_in_value", std::string_view("GET / HTTP/1.1\r\nA: \0\r\n\r\n", 24)},
        Malformed{"negative_length", "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n"},
        Malformed{"signed_length", "POST / HTTP/1.1\r\nContent-Length: +1\r\n\r\nx"},
        Malformed{"two_lengths", "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"},
        Malformed{"length_and_chunked",
                  "POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
        Malformed{"chunked_not_last", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked, gzip\r\n\r\n"},
        Malformed{"chunked_in_http_1_0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
        Malformed{"chunk_size_not_hex",
                  "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n\r\n0\r\n\r\n"},
        Malformed{"chunk_longer_than_it_says",
                  "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n"}),
    [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace harness::wire::parse_request_test
