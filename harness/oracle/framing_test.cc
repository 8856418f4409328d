#include "harness/oracle/framing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "harness/wire/message.h"

namespace harness::oracle::framing_test {
namespace {

/// A request with these header lines (each with its CRLF) and this body.
std::string with(const std::string& lines, const std::string& body = "") {
  return "POST / HTTP/1.1\r\nHost: h\r\n" + lines + "\r\n" + body;
}

/// The rule for bytes that our parser refuses.
std::string_view rule_of(const std::string& bytes) {
  const auto request = wire::parse_request(bytes);
  if (request) return "not refused";
  return to_string(broken_framing(bytes, request.error().message));
}

TEST(BrokenFraming, BytesThatEndTooSoonAreIncomplete) {
  const std::string whole = with("Content-Length: 4\r\n", "{\"a\"");
  ASSERT_TRUE(wire::parse_request(whole));
  for (std::size_t n = 0; n < whole.size(); ++n) {
    EXPECT_EQ(rule_of(whole.substr(0, n)), "incomplete") << n;
  }
  EXPECT_EQ(rule_of(with("Transfer-Encoding: chunked\r\n", "5\r\nab")), "incomplete");
  EXPECT_EQ(rule_of(with("Transfer-Encoding: chunked\r\n", "2\r\nab\r\n")), "incomplete");
}

TEST(BrokenFraming, WhatIsNoRequestLineIsSaidToBeNone) {
  for (const char* bytes : {"HELLO\r\n\r\n", "GET /\r\n\r\n", "POST / FTP/1.1\r\nHost: h\r\n\r\n",
                            "POST / HTTP/2.0\r\nHost: h\r\n\r\n", "\x16\x03\x01\r\n\r\n"}) {
    EXPECT_EQ(rule_of(bytes), "request-line") << bytes;
  }
  EXPECT_EQ(rule_of("POST  / HTTP/1.1\r\nHost: h\r\n\r\n"), "framing");
}

TEST(BrokenFraming, OtherBreachesAreOfFraming) {
  for (const char* lines :
       {"Content-Length: x\r\n", "Content-Length: -1\r\n", "Content-Length: 1 2\r\n", "No colon\r\n",
        "Sp ace: 1\r\n", ": empty\r\n", "X: a\x01z\r\n", "Transfer-Encoding: gzip\r\n"}) {
    EXPECT_EQ(rule_of(with(lines)), "framing") << lines;
  }
  EXPECT_EQ(rule_of(with("Transfer-Encoding: chunked\r\n", "zz\r\nab\r\n0\r\n\r\n")), "framing");
  EXPECT_EQ(rule_of(with("Content-Length: 2\r\n", "{}x")), "framing") << "bytes behind the request";
}

TEST(BrokenFraming, ALengthThatNobodyCanReachIsAnInvitationToWait) {
  EXPECT_EQ(rule_of(with("Content-Length: 18446744073709551616\r\n")), "incomplete");
  EXPECT_EQ(rule_of(with("Content-Length: \t99999999999999999999999 \r\n")), "incomplete");
  EXPECT_EQ(rule_of(with("content-length: 99999999999999999999999\r\n")), "incomplete");
  EXPECT_EQ(rule_of(with("Content-Length: 9999999999999999999999x\r\n")), "framing");
  EXPECT_EQ(rule_of(with("X-Length: 99999999999999999999999\r\nContent-Length: x\r\n")), "framing");
  const std::string chunked = "Transfer-Encoding: chunked\r\n";
  EXPECT_EQ(rule_of(with(chunked, "fffffffffffffffff\r\nab")), "incomplete");
  EXPECT_EQ(rule_of(with(chunked, "1\r\na\r\nFFFFFFFFFFFFFFFFF\r\nab")), "incomplete");
  // Digits of a chunk's data are no length.
  EXPECT_EQ(rule_of(with(chunked, "12\r\nxfffffffffffffffff\r\nzz\r\n")), "framing");
}

TEST(BrokenFraming, EmptyLinesAreTheBeginningOfARequest) {
  EXPECT_EQ(rule_of("\r\n\r\n"), "incomplete");
  EXPECT_EQ(rule_of("\r\n\r\n\r\nPOST / HTTP/1.1\r\n"), "incomplete");
  EXPECT_EQ(rule_of("\r\nnonsense\r\n\r\n"), "request-line");
  EXPECT_EQ(rule_of("\r\nPOST / HTTP/1.1\r\n\r\n"), "request-line");
  EXPECT_EQ(rule_of("\r\nPOST / HTTP/1.1\r\nContent-Length: 3\r\n\r\n{}"), "incomplete");
}

TEST(BrokenFraming, WhoeverOverlooksABrokenHeadMayWaitForTheBody) {
  EXPECT_EQ(rule_of(with("No colon\r\nContent-Length: 3\r\n", "{}")), "incomplete");
  EXPECT_EQ(rule_of(with("No colon\r\nContent-Length: 2\r\n", "{}")), "framing");
  EXPECT_EQ(rule_of(with(" \nContent-Length:13\nC\r\n")), "incomplete") << "line feeds end lines, to many";
  EXPECT_EQ(rule_of(with(" \nContent-Length:0\nC\r\n")), "framing");
  EXPECT_EQ(rule_of(with("Content-Length: 3\r\nContent-Length: 4\r\n", "{}")), "framing")
      << "no such overlooking";
}

TEST(BrokenFraming, WhoeverGoesByChunksMayWaitForThem) {
  const std::string both = "Content-Length: 7\r\nTransfer-Encoding: chunked\r\n";
  EXPECT_EQ(rule_of(with(both, "{\"a\":1}")), "incomplete") << "the line of a chunk's size goes on";
  EXPECT_EQ(rule_of(with(both, "a\r\n{}")), "incomplete");
  EXPECT_EQ(rule_of(with(both, "2\r\n{}\r\n0\r\n")), "incomplete");
  EXPECT_EQ(rule_of(with(both, "2\r\n{}\r\n0\r\nT: 1\r\n")), "incomplete");
  EXPECT_EQ(rule_of(with(both, "2\r\n{}\r\n0\r\n\r\n")), "framing");
  EXPECT_EQ(rule_of(with(both, "2\r\n{}\r\n0\r\nT: 1\r\n\r\n")), "framing");
  EXPECT_EQ(rule_of(with(both, "1\r\n{}\r\n")), "framing") << "a chunk that is longer than it says";
  EXPECT_EQ(rule_of(with(both, "zz\r\n123")), "framing");
  EXPECT_EQ(rule_of(with(both, "zz\r\n")), "incomplete") << "whoever goes by the length waits too";
  const std::string old = "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(rule_of(old + "{}"), "incomplete");
  EXPECT_EQ(rule_of(old + "0\r\n\r\n"), "framing");
  EXPECT_EQ(rule_of(with("Transfer-Encoding: chunked, gzip\r\n", "{}")), "framing");
}

TEST(BrokenFraming, WhoeverOverlooksTheRequestLineMayWaitForTheBody) {
  for (const char* line : {"POST / HTTP/2.0", "POST / FTP/1.1", "HELLO", "POST / HTTP/1.1 "}) {
    SCOPED_TRACE(line);
    const auto request = [&](const char* rest) { return std::string(line) + "\r\n" + rest; };
    EXPECT_EQ(rule_of(request("Transfer-Encoding: chunked\r\n\r\n")), "incomplete");
    EXPECT_EQ(rule_of(request("Content-Length: 3\r\n\r\n{}")), "incomplete");
    EXPECT_NE(rule_of(request("Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n")), "incomplete");
    EXPECT_NE(rule_of(request("Content-Length: 2\r\n\r\n{}")), "incomplete");
  }
}

TEST(BrokenFraming, WhoeverEndsLinesAtLineFeedsSeesAnotherBody) {
  const std::string start = "POST / HTTP/1.1\nHost: h\n";
  EXPECT_EQ(rule_of(start + "Content-Length: 34\n\nContent-Length: 2\r\n\r\n"), "incomplete");
  EXPECT_EQ(rule_of(start + "Content-Length: 34\r\n\nContent-Length: 2\r\n\r\n"), "incomplete");
  EXPECT_EQ(rule_of(start + "Content-Length: 34\n\r\nContent-Length: 2\r\n\r\n"), "incomplete");
  EXPECT_EQ(rule_of(start + "Content-Length: 21\n\nContent-Length: 2\r\n\r\n"), "framing")
      << "all 21 are there";
  EXPECT_EQ(rule_of(start + "Transfer-Encoding: chunked\n\n5\nab\r\n\r\n"), "incomplete");
  EXPECT_EQ(rule_of(with("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", "0\n\n")), "incomplete")
      << "a line feed ends no line, to others";
}

TEST(RefusableHead, FoldedHeadersAndLengthsThatAreGivenTwice) {
  EXPECT_FALSE(refusable_head(with("Content-Length: 2\r\n", "{}")));
  EXPECT_FALSE(refusable_head(with("", "")));
  EXPECT_TRUE(refusable_head(with("X: 1\r\n 2\r\n")));
  EXPECT_TRUE(refusable_head(with("X: 1\r\n\t2\r\n")));
  EXPECT_TRUE(refusable_head(with("Content-Length: 2\r\nContent-Length: 2\r\n", "{}")));
  EXPECT_TRUE(refusable_head(with("Content-Length: 2\r\ncontent-length: 2\r\n", "{}")));
  EXPECT_TRUE(refusable_head(with("Content-Length: 2, 2\r\n", "{}")));
}

TEST(RefusableHead, LooksAtTheHeadOnly) {
  EXPECT_FALSE(
      refusable_head(with("Content-Length: 40\r\n", "\r\n Content-Length: 1\r\nContent-Length: 2\r\n")));
  EXPECT_FALSE(refusable_head(with("X: a, b\r\nX: c\r\nContent-Length: 0\r\n")));
  EXPECT_FALSE(refusable_head("POST / HTTP/1.1"));
}

}  // namespace
}  // namespace harness::oracle::framing_test
