#include "harness/reference/request_reader.h"

#include <gtest/gtest.h>

#include <string>

namespace harness::reference::request_reader_test {
namespace {

using State = RequestReader::State;
constexpr std::size_t kMaxBody = 1000;

/// Feeds the bytes in pieces of `piece`, as a connection would: what is not consumed comes again.
State feed_in_pieces(RequestReader& reader, std::string_view bytes, std::size_t piece) {
  std::string pending;
  while (!bytes.empty()) {
    pending += bytes.substr(0, piece);
    bytes.remove_prefix(std::min(piece, bytes.size()));
    std::size_t consumed = 0;
    const State state = reader.feed(pending, consumed);
    if (state != State::need_more) return state;
    pending.erase(0, consumed);
  }
  return State::need_more;
}

State feed_all(std::string_view bytes) {
  RequestReader reader(kMaxBody);
  return feed_in_pieces(reader, bytes, bytes.size());
}

constexpr std::string_view kRequest =
    "POST /a?b HTTP/1.1\r\nHost: x\r\nX-Two: 1\r\nx-two: 2\r\nContent-Length: 5\r\n\r\nhello";
constexpr std::string_view kChunked =
    "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\nX-Late: "
    "1\r\n\r\n";

TEST(RequestReader, ReadsARequestHoweverItIsCutUp) {
  for (std::size_t piece = 1; piece <= kRequest.size(); ++piece) {
    RequestReader reader(kMaxBody);
    ASSERT_EQ(feed_in_pieces(reader, kRequest, piece), State::done) << piece << ": " << reader.reason();
    const wire::Request expected{"POST",
                                 "/a?b",
                                 "HTTP/1.1",
                                 {{"Host", "x"}, {"X-Two", "1"}, {"x-two", "2"}, {"Content-Length", "5"}},
                                 "hello"};
    EXPECT_EQ(reader.request(), expected) << piece;
    EXPECT_TRUE(reader.keep_alive());
  }
}

TEST(RequestReader, ReadsChunkedBodiesAndKeepsTrailersOutOfTheHeaders) {
  for (std::size_t piece = 1; piece <= kChunked.size(); ++piece) {
    RequestReader reader(kMaxBody);
    ASSERT_EQ(feed_in_pieces(reader, kChunked, piece), State::done) << piece << ": " << reader.reason();
    EXPECT_EQ(reader.request().body, "hello");
    EXPECT_FALSE(reader.request().headers.contains("X-Late"));
  }
}

TEST(RequestReader, ReadsOneRequestAfterAnother) {
  RequestReader reader(kMaxBody);
  const std::string two = std::string(kChunked) + std::string(kRequest);
  std::size_t consumed = 0;
  ASSERT_EQ(reader.feed(two, consumed), State::done);
  ASSERT_EQ(consumed, kChunked.size());
  reader.reset();
  ASSERT_EQ(reader.feed(std::string_view(two).substr(consumed), consumed), State::done);
  EXPECT_EQ(reader.request().target, "/a?b");
  EXPECT_EQ(reader.request().headers.lines().size(), 4U);
}

TEST(RequestReader, KeepAliveIsTheClientsWish) {
  const auto keeps = [](std::string_view bytes) {
    RequestReader reader(kMaxBody);
    EXPECT_EQ(feed_in_pieces(reader, bytes, bytes.size()), State::done);
    return reader.keep_alive();
  };
  EXPECT_FALSE(keeps("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
  EXPECT_FALSE(keeps("GET / HTTP/1.0\r\n\r\n"));
  EXPECT_TRUE(keeps("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
}

TEST(RequestReader, PassesOverEmptyLinesBeforeARequest) {
  const std::string bytes = "\r\n\r\n" + std::string(kRequest);
  for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
    RequestReader reader(kMaxBody);
    EXPECT_EQ(feed_in_pieces(reader, bytes, piece), State::done) << piece;
  }
}

// What can never become a request is refused at once: nothing here ends the head.
TEST(RequestReader, DoesNotWaitForTheEndOfWhatIsNoRequest) {
  for (const std::string_view bytes : {
           std::string_view("garbage\r\n"),
           std::string_view("\x16\x03\x01\x02\x00\x01\x00\x01", 8),  // a TLS client
           std::string_view("POST / HTTP/1.1\nHost: x\n\n"),
           std::string_view("POST / HTTP/1.1\r\nHost: x\n"),
           std::string_view("POST / HTTP/1.1\r\nno colon here\r\n"),
           std::string_view("POST / HTTP/1.1\r\nHost: \x01\r\n"),
           std::string_view("POST / HTTP/1.1\r\nA: b\rc"),
           std::string_view("POST / HTTP/1.1\r\nA: \0b", 23),
           std::string_view("POST /\r\n"),
           std::string_view("POST / HTTP/2.0\r\n"),
           std::string_view("POST / a b HTTP/1.1\r\n"),
       }) {
    for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
      RequestReader reader(kMaxBody);
      EXPECT_EQ(feed_in_pieces(reader, bytes, piece), State::broken) << bytes << " by " << piece;
    }
  }
}

TEST(RequestReader, WaitsForTheEndOfWhatMayBecomeOne) {
  for (std::size_t size = 0; size < kRequest.size(); ++size) {
    EXPECT_EQ(feed_all(kRequest.substr(0, size)), State::need_more) << size;
  }
}

TEST(RequestReader, RefusesBrokenFraming) {
  for (const std::string_view head : {
           "Content-Length: 5\r\nContent-Length: 6\r\n",
           "Content-Length: -1\r\n",
           "Content-Length: 5x\r\n",
           "Content-Length: 99999999999999999999999\r\n",
           "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
           "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
           "Transfer-Encoding: gzip\r\n",
           "Transfer-Encoding: chunked, gzip\r\n",
           "Host: y\r\n",
           "Bad Name: 1\r\n",
           ": nameless\r\n",
       }) {
    EXPECT_EQ(feed_all("POST / HTTP/1.1\r\nHost: x\r\n" + std::string(head) + "\r\nhello"), State::broken)
        << head;
  }
  EXPECT_EQ(feed_all("POST / HTTP/1.1\r\n\r\n"), State::broken) << "no Host";
  EXPECT_EQ(feed_all("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"),
            State::broken);
}

TEST(RequestReader, LimitsTheBody) {
  const auto of_length = [](std::size_t length) {
    return feed_all("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(length) + "\r\n\r\n" +
                    std::string(length, 'a'));
  };
  EXPECT_EQ(of_length(kMaxBody), State::done);
  EXPECT_EQ(of_length(kMaxBody + 1), State::too_large);
  EXPECT_EQ(feed_all("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n"),
            State::too_large);
}

TEST(RequestReader, LimitsTheHeadAndChunkExtensions) {
  const std::string_view start = "POST / HTTP/1.1\r\nHost: x\r\n";
  EXPECT_EQ(feed_all(std::string(start) + "A: " + std::string(100000, 'a')), State::broken);
  RequestReader reader(kMaxBody);
  const std::string chunk =
      std::string(start) + "Transfer-Encoding: chunked\r\n\r\n1;" + std::string(100000, 'a');
  EXPECT_EQ(feed_in_pieces(reader, chunk, 4096), State::broken);
}

TEST(RequestReader, SaysOnceThatTheClientExpectsContinue) {
  RequestReader reader(kMaxBody);
  std::size_t consumed = 0;
  EXPECT_EQ(reader.feed("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n",
                        consumed),
            State::need_more);
  EXPECT_TRUE(reader.take_expects_continue());
  EXPECT_FALSE(reader.take_expects_continue());
  EXPECT_EQ(reader.feed("a", consumed), State::done);
}

}  // namespace
}  // namespace harness::reference::request_reader_test
