#include "harness/wire/response_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace harness::wire::response_reader_test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using State = ResponseReader::State;

struct Outcome {
  State state;
  std::size_t consumed;
  Response response;
  bool keep_alive;
  std::string reason;
};

/// Feeds `bytes` in pieces of `step` until the reader decides, then closes if `close`.
Outcome read(std::string_view bytes, std::size_t step, bool close, ReadLimits limits = {},
             bool head_request = false) {
  ResponseReader reader(limits);
  reader.reset(head_request);
  State state = State::need_more;
  std::size_t total = 0;
  for (std::size_t at = 0; at < bytes.size() && state == State::need_more; at += step) {
    std::size_t consumed = 0;
    state = reader.feed(bytes.substr(at, step), consumed);
    total += consumed;
  }
  if (close && state == State::need_more) state = reader.finish();
  return {state, total, reader.response(), reader.keep_alive(), reader.reason()};
}

/// The outcome, which must not depend on how the bytes were cut.
Outcome read(std::string_view bytes, bool close = false, ReadLimits limits = {}, bool head_request = false) {
  const Outcome whole = read(bytes, std::max<std::size_t>(bytes.size(), 1), close, limits, head_request);
  for (const std::size_t step : {1, 2, 3, 5, 7, 64}) {
    const Outcome pieces = read(bytes, step, close, limits, head_request);
    EXPECT_EQ(pieces.state, whole.state) << "in pieces of " << step << ": " << pieces.reason;
    EXPECT_EQ(pieces.keep_alive, whole.keep_alive) << step;
    if (whole.state != State::done) continue;
    EXPECT_EQ(pieces.response, whole.response) << step;
    EXPECT_EQ(pieces.consumed, whole.consumed) << step;
  }
  return whole;
}

TEST(ResponseReader, ReadsABodyOfKnownLengthAndNoMore) {
  const std::string head = "HTTP/1.1 200 Fine, thanks\r\nB: 1\r\na:2 \r\nb:  3\r\nContent-Length: 2\r\n\r\n";
  const auto outcome = read(head + "{}HTTP/1.1 500");
  ASSERT_EQ(outcome.state, State::done);
  EXPECT_EQ(outcome.consumed, head.size() + 2);
  EXPECT_EQ(outcome.response.version, "HTTP/1.1");
  EXPECT_EQ(outcome.response.status, 200);
  EXPECT_EQ(outcome.response.reason, "Fine, thanks");
  EXPECT_THAT(outcome.response.headers.lines(), ElementsAre(Header{"B", "1"}, Header{"a", "2"},
                                                            Header{"b", "3"}, Header{"Content-Length", "2"}));
  EXPECT_EQ(outcome.response.body, "{}");
  EXPECT_TRUE(outcome.keep_alive);
}

TEST(ResponseReader, RemovesChunkedCodingAndDropsTrailers) {
  const std::string bytes =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
      "2;x=\"y\"\r\n{}\r\n0a\r\n0123\r\n6789\r\n0\r\nTrailer: 1\r\n\r\n";
  const auto outcome = read(bytes + "X");
  ASSERT_EQ(outcome.state, State::done) << outcome.reason;
  EXPECT_EQ(outcome.consumed, bytes.size());
  EXPECT_EQ(outcome.response.body, "{}0123\r\n6789");
  EXPECT_THAT(outcome.response.headers.lines(), ElementsAre(Header{"Transfer-Encoding", "chunked"}));
  EXPECT_TRUE(outcome.keep_alive);
}

TEST(ResponseReader, ReadsAnEmptyChunkedBody) {
  const auto outcome = read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
  ASSERT_EQ(outcome.state, State::done) << outcome.reason;
  EXPECT_EQ(outcome.response.body, "");
}

TEST(ResponseReader, ReadsUntilTheCloseWithoutALength) {
  const auto outcome = read("HTTP/1.1 200 OK\r\nServer: x\r\n\r\nabc", true);
  ASSERT_EQ(outcome.state, State::done);
  EXPECT_EQ(outcome.response.body, "abc");
  EXPECT_FALSE(outcome.keep_alive);
  EXPECT_EQ(read("HTTP/1.1 200 OK\r\n\r\nabc", false).state, State::need_more);
  EXPECT_EQ(read("HTTP/1.1 200 OK\r\n\r\n", true).state, State::done);
  // Transfer-Encoding without chunked: the close ends it, too (RFC 9112 §6.3).
  EXPECT_EQ(read("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nabc", true).state, State::done);
}

TEST(ResponseReader, WantsMoreOfWhatIsCutShort) {
  for (const std::string whole :
       {"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabcd",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n"}) {
    ASSERT_EQ(read(whole, true).state, State::done);
    for (std::size_t size = 0; size < whole.size(); ++size) {
      EXPECT_EQ(read(whole.substr(0, size), true).state, State::need_more) << size << " of " << whole;
    }
  }
}

TEST(ResponseReader, ShowsWhatWasReadOfATruncatedResponse) {
  const auto outcome = read("HTTP/1.1 503 Busy\r\nContent-Length: 9\r\n\r\nabc", true);
  EXPECT_EQ(outcome.state, State::need_more);
  EXPECT_EQ(outcome.response.status, 503);
  EXPECT_EQ(outcome.response.body, "abc");
}

TEST(ResponseReader, SkipsInterimResponses) {
  const auto outcome = read(
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\nContent-Length: 9\r\n\r\n"
      "HTTP/1.1 201 Created\r\nContent-Length: 1\r\n\r\nx");
  ASSERT_EQ(outcome.state, State::done) << outcome.reason;
  EXPECT_EQ(outcome.response.status, 201);
  EXPECT_THAT(outcome.response.headers.lines(), ElementsAre(Header{"Content-Length", "1"}));
  EXPECT_EQ(outcome.response.body, "x");
  EXPECT_EQ(read("HTTP/1.1 100 Continue\r\n\r\n", true).state, State::need_more);
}

TEST(ResponseReader, TellsThatAnInterimResponseCame) {
  ResponseReader reader;
  std::size_t consumed = 0;
  reader.feed("HTTP/1.1 100 Continue\r\n", consumed);
  EXPECT_FALSE(reader.got_interim()) << "it is not over";
  reader.feed("\r\n", consumed);
  EXPECT_TRUE(reader.got_interim());
  reader.feed("HTTP/1.1 204 No Content\r\n\r\n", consumed);
  EXPECT_TRUE(reader.got_interim());
  reader.reset();
  EXPECT_FALSE(reader.got_interim());
  reader.feed("HTTP/1.1 204 No Content\r\n\r\n", consumed);
  EXPECT_FALSE(reader.got_interim());
}

TEST(ResponseReader, SkipsEightInterimResponsesAndNoMore) {
  const std::string interim = "HTTP/1.1 100 Continue\r\n\r\n";
  const std::string final = "HTTP/1.1 204 No Content\r\n\r\n";
  std::string eight;
  for (int i = 0; i < 8; ++i) eight += interim;
  EXPECT_EQ(read(eight + final).state, State::done);
  EXPECT_EQ(read(eight + interim + final).state, State::not_http);
  EXPECT_EQ(read("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n" + final).state, State::not_http);
}

TEST(ResponseReader, ExpectsNoBodyWhereThereIsNone) {
  const std::string length = "Content-Length: 5\r\n\r\n";
  for (const std::string line : {"HTTP/1.1 204 No Content\r\n", "HTTP/1.1 304 Not Modified\r\n"}) {
    EXPECT_EQ(read(line + length).state, State::done) << line;
    EXPECT_TRUE(read(line + length).keep_alive) << line;
  }
  EXPECT_EQ(read("HTTP/1.1 200 OK\r\n" + length, false, {}, true).state, State::done);
  EXPECT_EQ(read("HTTP/1.1 200 OK\r\n" + length, false, {}, false).state, State::need_more);
  EXPECT_EQ(read("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").state, State::done);
}

TEST(ResponseReader, KnowsWhetherTheConnectionMayBeUsedAgain) {
  const auto keeps = [](std::string head) {
    const auto outcome = read(head + "Content-Length: 0\r\n\r\n");
    EXPECT_EQ(outcome.state, State::done) << head;
    return outcome.keep_alive;
  };
  EXPECT_TRUE(keeps("HTTP/1.1 200 OK\r\n"));
  EXPECT_FALSE(keeps("HTTP/1.1 200 OK\r\nConnection: Close\r\n"));
  EXPECT_FALSE(keeps("HTTP/1.1 200 OK\r\nConnection: x, close\r\n"));
  EXPECT_FALSE(keeps("HTTP/1.0 200 OK\r\n"));
  EXPECT_TRUE(keeps("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n"));
  EXPECT_EQ(read("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n").response.version, "HTTP/1.0");
}

struct Junk {
  const char* name;
  std::string_view bytes;
  const char* reason;
};

class ResponseReaderRefuses : public testing::TestWithParam<Junk> {};

TEST_P(ResponseReaderRefuses, AsNotHttp) {
  const auto outcome = read(GetParam().bytes);
  EXPECT_EQ(outcome.state, State::not_http);
  EXPECT_THAT(outcome.reason, HasSubstr(GetParam().reason));
  EXPECT_FALSE(outcome.keep_alive);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, ResponseReaderRefuses,
    testing::Values(
        Junk{"another_protocol", "220 ready\r\n", "status line"},
        Junk{"a_short_greeting", "+OK", "status line"}, Junk{"tls_alert", "\x15\x03\x01", "status line"},
        Junk{"one_wrong_byte", "h", "status line"}, Junk{"http_2", "HTTP/2 200\r\n", "status line"},
        Junk{"version_1_2", "HTTP/1.2 200 OK\r\n\r\n", "status line"},
        Junk{"a_request", "GET / HTTP/1.1\r\n\r\n", "status line"},
        Junk{"empty_first_line", "\r\nHTTP/1.1 200 OK\r\n\r\n", "status line"},
        Junk{"two_digits", "HTTP/1.1 20 OK\r\n\r\n", "status line"},
        Junk{"four_digits", "HTTP/1.1 2000 OK\r\n\r\n", "status line"},
        Junk{"below_100", "HTTP/1.1 099 OK\r\nContent-Length: 0\r\n\r\n", "status line"},
        Junk{"no_colon", "HTTP/1.1 200 OK\r\nServer\r\n\r\n", "first header"},
        Junk{"space_before_colon", "HTTP/1.1 200 OK\r\nA: b\r\nServer : x\r\n\r\n", "'A'"},
        Junk{"two_lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
             "'Content-Length'"},
        Junk{"length_not_a_number", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", "first header"},
        Junk{"length_and_chunked",
             "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
             "'Content-Length'"},
        Junk{"bad_chunk_size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n\r\n", "body"},
        Junk{"chunk_too_long", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n",
             "body"},
        Junk{"junk_after_interim", "HTTP/1.1 100 Continue\r\n\r\n{}", "status line"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(ResponseReader, LimitsTheHeadHoweverItArrives) {
  const ReadLimits limits{1000, 1000};
  const auto with_header = [](std::size_t size) {
    return "HTTP/1.1 200 OK\r\nA: " + std::string(size, 'x') + "\r\nContent-Length: 0\r\n\r\n";
  };
  EXPECT_EQ(read(with_header(900), false, limits).state, State::done);
  EXPECT_EQ(read(with_header(1001), false, limits).state, State::too_large);
  EXPECT_EQ(read(with_header(100'000), false, limits).state, State::too_large);
  EXPECT_THAT(read(with_header(2000), false, limits).reason, HasSubstr("1000 bytes"));

  std::string many = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 100; ++i) many += "A: 12345678\r\n";
  EXPECT_EQ(read(many + "\r\n", true, limits).state, State::too_large);
  EXPECT_EQ(read("HTTP/1.1 200 " + std::string(2000, 'x'), false, limits).state, State::too_large);
  // A large body behind a small head is no large head.
  EXPECT_EQ(read("HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n" + std::string(900, 'x'), false, {100, 1000})
                .state,
            State::done);
}

TEST(ResponseReader, LimitsTheBodyHoweverItIsFramed) {
  const ReadLimits limits{1000, 10};
  const auto known = [](std::size_t n) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(n) + "\r\n\r\n" + std::string(n, 'x');
  };
  EXPECT_EQ(read(known(10), false, limits).state, State::done);
  EXPECT_EQ(read(known(11), false, limits).state, State::too_large);
  // Refused on its word, before a byte of it was read.
  EXPECT_EQ(read("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", false, limits).state,
            State::too_large);

  const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n";
  EXPECT_EQ(read(chunked + "5\r\nabcde\r\n0\r\n\r\n", false, limits).state, State::done);
  EXPECT_EQ(read(chunked + "6\r\nabcdef\r\n0\r\n\r\n", false, limits).state, State::too_large);
  EXPECT_EQ(read(chunked + "ffffffffffffffff\r\n", false, limits).state, State::too_large);

  const std::string closing = "HTTP/1.1 200 OK\r\n\r\n";
  EXPECT_EQ(read(closing + std::string(10, 'x'), true, limits).state, State::done);
  EXPECT_EQ(read(closing + std::string(11, 'x'), true, limits).state, State::too_large);
}

TEST(ResponseReader, LimitsChunkExtensionsAndTrailersThatNeverEnd) {
  const std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(read(head + "1;x=" + std::string(20'000, 'y'), 1000, false).state, State::too_large);
  std::string trailers = "0\r\n";
  for (int i = 0; i < 2000; ++i) trailers += "A: 12345678\r\n";
  EXPECT_EQ(read(head + trailers, 1000, false).state, State::too_large);
}

TEST(ResponseReader, StartsAfreshAfterReset) {
  ResponseReader reader;
  std::size_t consumed = 0;
  EXPECT_FALSE(reader.got_anything());
  EXPECT_EQ(reader.feed("junk!", consumed), State::not_http);
  EXPECT_TRUE(reader.got_anything());
  EXPECT_EQ(reader.feed("HTTP/1.1 200 OK\r\n\r\n", consumed), State::not_http);
  EXPECT_EQ(consumed, 0U);

  reader.reset();
  EXPECT_FALSE(reader.got_anything());
  EXPECT_EQ(reader.reason(), "");
  EXPECT_EQ(reader.finish(), State::need_more);
  EXPECT_EQ(reader.feed("", consumed), State::need_more);
  EXPECT_FALSE(reader.got_anything());
  EXPECT_EQ(reader.feed("HTTP/1.1 400 No\r\nA: b\r\nContent-Length: 1\r\n\r\nx", consumed), State::done);
  EXPECT_EQ(reader.feed("more", consumed), State::done);
  EXPECT_EQ(consumed, 0U);
  const Response taken = std::move(reader.response());
  EXPECT_EQ(taken.body, "x");

  reader.reset();
  EXPECT_EQ(reader.response(), Response{});
  EXPECT_EQ(reader.feed("HTTP/1.1 2", consumed), State::need_more);
  reader.reset();
  EXPECT_EQ(reader.feed("HTTP/1.1 204 \r\n\r\n", consumed), State::done);
  EXPECT_THAT(reader.response().headers.lines(), IsEmpty());
}

TEST(ResponseReader, SurvivesAnythingInAnyPieces) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const auto below = [&](std::size_t n) {
    return std::uniform_int_distribution<std::size_t>(0, n - 1)(random);
  };
  const std::vector<std::string> parts{"HTTP/1.1 200 OK\r\n",
                                       "HTTP/1.0 100 X\r\n",
                                       "Content-Length: 3\r\n",
                                       "Transfer-Encoding: chunked\r\n",
                                       "Connection: close\r\n",
                                       "\r\n",
                                       "3\r\n",
                                       "abc",
                                       "0\r\n",
                                       "A: b\r\n c\r\n",
                                       "\n",
                                       "\r",
                                       ":",
                                       ";",
                                       " ",
                                       "0"};
  for (int i = 0; i < 3000; ++i) {
    std::string bytes;
    for (std::size_t n = 1 + below(12); n > 0; --n) bytes += parts[below(parts.size())];
    if (below(4) == 0) bytes[below(bytes.size())] = static_cast<char>(below(256));
    ResponseReader reader({200, 50});
    State state = State::need_more;
    std::size_t at = 0;
    while (at < bytes.size() && state == State::need_more) {
      const std::string_view piece = std::string_view(bytes).substr(at, 1 + below(9));
      std::size_t consumed = 0;
      state = reader.feed(piece, consumed);
      ASSERT_LE(consumed, piece.size());
      if (state == State::need_more) {
        ASSERT_EQ(consumed, piece.size());
      }
      at += consumed;
    }
    if (state == State::need_more) state = reader.finish();
    ASSERT_LE(reader.response().body.size(), 50U);
    if (state != State::done) {
      ASSERT_FALSE(reader.keep_alive());
    }
  }
}

TEST(ParseResponse, ReadsExactlyOneResponse) {
  Response response;
  response.status = 400;
  response.reason = "Bad Request";
  response.headers = {{"Content-Length", "2"}, {"x", "1"}, {"X", "2"}};
  response.body = "{}";
  const auto parsed = parse_response(to_bytes(response));
  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_EQ(*parsed, response);
  EXPECT_THAT(parse_response(to_bytes(response) + "x").error().message, HasSubstr("1 bytes follow"));
  EXPECT_THAT(parse_response("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nx").error().message,
              HasSubstr("cut short"));
  EXPECT_THAT(parse_response("").error().message, HasSubstr("cut short"));
  EXPECT_THAT(parse_response("junk").error().message, HasSubstr("not a response"));
  EXPECT_EQ(parse_response("HTTP/1.1 200 OK\r\n\r\nto the end")->body, "to the end");
  EXPECT_THAT(parse_response("HTTP/1.1 200 OK\r\n\r\nto the end", {1000, 3}).error().message,
              HasSubstr("too large"));
}

}  // namespace
}  // namespace harness::wire::response_reader_test
