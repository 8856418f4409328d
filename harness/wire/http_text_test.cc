#include "harness/wire/http_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace harness::wire::http_text_test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

HttpText parsed(std::string_view text) {
  auto result = parse_http_text(text);
  if (!result) {
    ADD_FAILURE() << result.error().message << "\n" << text;
    return {};
  }
  // What holds for every text that can be read:
  const std::string printed = print_http_text(*result);
  const auto again = parse_http_text(printed);
  EXPECT_TRUE(again && *again == *result) << printed;
  return *std::move(result);
}

std::string mistake(std::string_view text) {
  const auto result = parse_http_text(text);
  return result ? "(accepted)" : result.error().message;
}

/// Writes and reads a text that was not read from anywhere.
HttpText written_and_read(const HttpText& text) {
  const std::string printed = print_http_text(text);
  const auto result = parse_http_text(printed);
  if (!result) {
    ADD_FAILURE() << result.error().message << "\n" << printed;
    return {};
  }
  return *result;
}

TEST(ParseHttpText, ReadsCommentsHeadAndBody) {
  const auto text = parsed(
      "# MaxResults one above the documented maximum\n#\n#tight\n#  indented\n# @clause 4.2 of it\n"
      "POST /a?b=c HTTP/1.1\nX-Amz-Target:AmazonSSM.X\nA:  two  words "
      "\t\nA:\n\n{\"Name\":\"{{document}}\"}\n");
  EXPECT_THAT(text.comments, ElementsAre("MaxResults one above the documented maximum", "", "tight",
                                         " indented", "@clause 4.2 of it"));
  EXPECT_EQ(text.request.method, "POST");
  EXPECT_EQ(text.request.target, "/a?b=c");
  EXPECT_EQ(text.request.version, "HTTP/1.1");
  EXPECT_THAT(text.request.headers.lines(),
              ElementsAre(Header{"X-Amz-Target", "AmazonSSM.X"}, Header{"A", "two  words"}, Header{"A", ""}));
  EXPECT_EQ(text.request.body, "{\"Name\":\"{{document}}\"}");
  EXPECT_FALSE(text.raw);
  EXPECT_FALSE(text.escaped);
  EXPECT_THAT(text.without, IsEmpty());
}

TEST(ParseHttpText, FindsDirectives) {
  const auto text = parsed("# @clause  4.2 of it \n# @flag\n# @clause second\n# not @this\nGET / HTTP/1.1\n");
  EXPECT_EQ(text.directive("clause"), "4.2 of it");
  EXPECT_EQ(text.directive("flag"), "");
  EXPECT_EQ(text.directive("cla"), std::nullopt);
  EXPECT_EQ(text.directive("this"), std::nullopt);
  EXPECT_EQ(text.directive(""), std::nullopt);
}

TEST(ParseHttpText, ListsWhatIsNotFilledIn) {
  const auto text = parsed("# @without Host,  X-Amz-Date ,\n# @without Authorization\nGET / HTTP/1.1");
  EXPECT_THAT(text.without, ElementsAre("Host", "X-Amz-Date", "Authorization"));
}

TEST(ParseHttpText, TakesEitherLineEndInCommentsAndHead) {
  const auto unix_text = parsed("# c\nPOST / HTTP/1.1\nA: b\n\n{}\n");
  EXPECT_EQ(parsed("# c\r\nPOST / HTTP/1.1\r\nA: b\r\n\r\n{}\r\n"), unix_text);
  EXPECT_EQ(parsed("# c\r\r\r\nPOST / HTTP/1.1\nA: b\r\n\n{}"), unix_text);
}

TEST(ParseHttpText, LeavesOneFinalNewlineToTheEditor) {
  const std::string head = "POST / HTTP/1.1\n\n";
  EXPECT_EQ(parsed(head + "a").request.body, "a");
  EXPECT_EQ(parsed(head + "a\n").request.body, "a");
  EXPECT_EQ(parsed(head + "a\n\n").request.body, "a\n");
  EXPECT_EQ(parsed(head + "\na\n").request.body, "\na");
  EXPECT_EQ(parsed(head + "\n\n").request.body, "\n");
  EXPECT_EQ(parsed(head + "\n").request.body, "");
  EXPECT_EQ(parsed(head).request.body, "");
  EXPECT_EQ(parsed("POST / HTTP/1.1\nA: b\n").request.body, "");
  EXPECT_EQ(parsed("POST / HTTP/1.1\nA: b").request.body, "");
  EXPECT_EQ(parsed("POST / HTTP/1.1").request.headers, Headers{});
}

TEST(ParseHttpText, CutsTheRequestLineAtTheFirstAndTheLastSpace) {
  const auto text = parsed("GET /a b\tc HTTP/1.1");
  EXPECT_EQ(text.request.method, "GET");
  EXPECT_EQ(text.request.target, "/a b\tc");
  EXPECT_EQ(text.request.version, "HTTP/1.1");
  EXPECT_EQ(parsed("  ").request, (Request{"", "", "", {}, ""}));
  EXPECT_EQ(parsed("GET / ").request, (Request{"GET", "/", "", {}, ""}));
}

TEST(ParseHttpText, KeepsHeaderNamesAsWritten) {
  EXPECT_THAT(parsed("GET / HTTP/1.1\n a : b:c\n: d\n#e: f").request.headers.lines(),
              ElementsAre(Header{" a ", "b:c"}, Header{"", "d"}, Header{"#e", "f"}));
}

TEST(ParseHttpText, ReadsEscapesLast) {
  const auto text = parsed(
      "# @escaped\nG\\x20T /\\xff HTTP\\n\nA\\x3ab: \\x20c\\t\n\\x23: "
      "\\0\\\\\n\n\\r\\n\\x00\\xE9\t\n\\\\n\n");
  EXPECT_TRUE(text.escaped);
  EXPECT_EQ(text.request.method, "G T");
  EXPECT_EQ(text.request.target, "/\xFF");
  EXPECT_EQ(text.request.version, "HTTP\n");
  EXPECT_THAT(text.request.headers.lines(),
              ElementsAre(Header{"A:b", " c\t"}, Header{"#", std::string("\0\\", 2)}));
  EXPECT_EQ(text.request.body, std::string("\r\n\0\xE9\t\n\\n", 8));
}

TEST(ParseHttpText, LeavesBackslashesAloneOtherwise) {
  EXPECT_EQ(parsed("GET /\\x20 HTTP/1.1\n\n\\n").request.target, "/\\x20");
  EXPECT_EQ(parsed("GET /\\x20 HTTP/1.1\n\n\\n").request.body, "\\n");
}

TEST(ParseHttpText, SendsRawTextsAsWritten) {
  const auto text = parsed("# @raw\nPOST  /\nno colon\r\nA:b\n\n{}\n");
  EXPECT_TRUE(text.raw);
  EXPECT_EQ(text.raw_bytes, "POST  /\r\nno colon\r\nA:b\r\n\r\n{}");
  EXPECT_EQ(text.request, Request{});
  EXPECT_EQ(parsed("# @raw\nGET / HTTP/1.1\n\n").raw_bytes, "GET / HTTP/1.1\r\n\r\n");
  EXPECT_EQ(parsed("# @raw\n\nbody").raw_bytes, "\r\nbody");
  EXPECT_EQ(parsed("# @raw").raw_bytes, "");
}

TEST(ParseHttpText, SendsARawHeadCutShort) {
  EXPECT_EQ(parsed("# @raw\nPOST / HTTP/1.1\nHost: x\n").raw_bytes, "POST / HTTP/1.1\r\nHost: x\r\n");
  EXPECT_EQ(parsed("# @raw\nPOST / HTTP/1.1\nHost: x").raw_bytes, "POST / HTTP/1.1\r\nHost: x\r\n");
  EXPECT_EQ(parsed("# @raw cut\nPOST / HTTP/1.1\nHos\n").raw_bytes, "POST / HTTP/1.1\r\nHos");
  EXPECT_EQ(parsed("# @raw cut\nPOST / HTTP/1.1\nHos").raw_bytes, "POST / HTTP/1.1\r\nHos");
  EXPECT_EQ(parsed("# @raw cut\nPOST / HTTP/1.1\n\n").raw_bytes, "POST / HTTP/1.1\r\n\r\n");
  EXPECT_EQ(parsed("# @raw cut\n").raw_bytes, "");
}

TEST(ParseHttpText, SendsAnyByteOfAnEscapedRawText) {
  EXPECT_EQ(parsed("# @raw\n# @escaped\nGET / HTTP/1.1\\n\nA: \\xFF\\0\n\n\\r").raw_bytes,
            std::string("GET / HTTP/1.1\n\r\nA: \xFF\0\r\n\r\n\r", 27));
  // Escaped line ends move the line between head and body; the bytes stay the same when written again.
  EXPECT_EQ(parsed("# @raw\n# @escaped\nA\\r\\n\\r\\nB\nC\n\nD").raw_bytes, "A\r\n\r\nB\r\nC\r\n\r\nD");
  EXPECT_EQ(parsed("# @raw cut\n# @escaped\nA\\r\\n").raw_bytes, "A\r\n");
  EXPECT_EQ(parsed("# @raw cut\n# @escaped\n\\x23A\\r\\n\\r\\n").raw_bytes, "#A\r\n\r\n");
}

TEST(ParseHttpText, NamesTheLineOfAMistake) {
  EXPECT_THAT(mistake(""), StartsWith("line 1: a request line"));
  EXPECT_THAT(mistake("# only\n# comments\n"), StartsWith("line 3: a request line"));
  EXPECT_THAT(mistake("# c\nGET /\n"), StartsWith("line 2: a request line"));
  EXPECT_THAT(mistake("\nGET / HTTP/1.1\n"), StartsWith("line 1: a request line"));
  EXPECT_EQ(mistake("GET / HTTP/1.1\nA: b\nnothing\n"), "line 3: a header line needs a colon");
  EXPECT_THAT(mistake("GET / HTTP/1.1\nA: \x01\n"), StartsWith("line 2: the byte 0x01"));
  EXPECT_THAT(mistake("GET / HTTP/1.1\nA: \xFF\n"), StartsWith("line 2: the byte 0xff"));
  EXPECT_THAT(mistake("GET / HTTP/1.1\n\na\nb\r\n\n"), StartsWith("line 4: the byte 0x0d"));
  EXPECT_THAT(mistake(std::string_view("GET / HTTP/1.1\n\n\n\0", 18)), StartsWith("line 4: the byte 0x00"));
  EXPECT_THAT(mistake("# @raw\nA\n\x7F\n"), StartsWith("line 3: the byte 0x7f"));
  EXPECT_THAT(mistake("# @escaped\nGET / HTTP/1.1\n\n\xC3"), StartsWith("line 4: the byte 0xc3"));
  for (const char* bad : {"\\", "\\q", "\\x", "\\x1", "\\x1g", "\\xg1", "\\u0041", "\\\""}) {
    EXPECT_THAT(mistake(std::string("# @escaped\nGET / HTTP/1.1\n\na\n") + bad),
                StartsWith("line 5: a backslash must be followed by"))
        << bad;
  }
}

TEST(PrintHttpText, WritesPlainTextPlainly) {
  HttpText text;
  text.comments = {"why", ""};
  text.request.headers = {{"A", "b"}, {"C", ""}};
  EXPECT_EQ(print_http_text(text), "# why\n#\nPOST / HTTP/1.1\nA: b\nC:\n");
  text.request.body = "{\"\xC3\xA9\":\"\\u00e9\t\"}\n";
  EXPECT_EQ(print_http_text(text), "# why\n#\nPOST / HTTP/1.1\nA: b\nC:\n\n{\"\xC3\xA9\":\"\\u00e9\t\"}\n\n");
}

TEST(PrintHttpText, AddsTheDirectivesThatAreNeeded) {
  HttpText text;
  text.without = {"Host", "X-Amz-Date"};
  text.request.body = "a\\\r\n\xFF\t";
  EXPECT_EQ(print_http_text(text),
            "# @without Host, X-Amz-Date\n# @escaped\nPOST / HTTP/1.1\n\na\\\\\\r\n\\xff\t\n");

  HttpText raw;
  raw.raw = true;
  raw.raw_bytes = "GET /\r\n\r\n";
  EXPECT_EQ(print_http_text(raw), "# @raw\nGET /\n\n");
  raw.raw_bytes = "GET /\r\nHos";
  EXPECT_EQ(print_http_text(raw), "# @raw cut\nGET /\nHos\n");
  raw.comments = {"@raw"};
  EXPECT_EQ(written_and_read(raw).raw_bytes, raw.raw_bytes);
  raw.comments = {"@raw cut"};
  raw.raw_bytes = "GET /\r\n";
  EXPECT_EQ(written_and_read(raw).raw_bytes, raw.raw_bytes);
}

TEST(PrintHttpText, DoesNotLetACommentEndEarly) {
  HttpText text;
  text.comments = {"a\nGET /evil HTTP/1.1\n\nb\r"};
  const auto read = written_and_read(text);
  EXPECT_EQ(read.request, Request{});
  EXPECT_THAT(read.comments, ElementsAre("a GET /evil HTTP/1.1  b"));
}

TEST(PrintHttpText, TellsARequestFromAComment) {
  HttpText text;
  text.request.method = "#GET";
  EXPECT_EQ(written_and_read(text).request, text.request);
  HttpText raw;
  raw.raw = true;
  for (const char* bytes : {"#", "#\r\n", "#a\r\n\r\n#b", "\r\n#"}) {
    raw.raw_bytes = bytes;
    EXPECT_EQ(written_and_read(raw).raw_bytes, bytes);
  }
}

class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}
  std::size_t below(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(engine_); }
  std::string bytes(std::size_t longest, const std::vector<std::string>& parts) {
    std::string out;
    for (std::size_t n = below(longest + 1); n > 0; --n) out += parts[below(parts.size())];
    return out;
  }

 private:
  std::mt19937 engine_;
};

const std::vector<std::string> kParts{"a",    "B",    "/",    " ",        "\t",
                                      ":",    "#",    "@",    "\\",       "\\x",
                                      "\r",   "\n",   "\r\n", "0",        std::string(1, '\0'),
                                      "\x7F", "\xFF", "\xC3", "\xC3\xA9", "{{",
                                      "}}",   "{",    "\x01"};

TEST(PrintHttpText, BringsBackAnyBytesOfAnyRequest) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  for (int i = 0; i < 5000 && !testing::Test::HasFailure(); ++i) {
    HttpText text;
    text.request.method = random.bytes(3, kParts);
    text.request.target = random.bytes(5, kParts);
    text.request.version = random.bytes(3, kParts);
    for (std::size_t n = random.below(4); n > 0; --n) {
      text.request.headers.add(random.bytes(3, kParts), random.bytes(5, kParts));
    }
    text.request.body = random.bytes(8, kParts);
    EXPECT_EQ(to_bytes(written_and_read(text).request), to_bytes(text.request));
    EXPECT_EQ(written_and_read(text).request, text.request);

    HttpText raw;
    raw.raw = true;
    raw.raw_bytes = random.bytes(12, kParts);
    EXPECT_EQ(written_and_read(raw).raw_bytes, raw.raw_bytes);
  }
}

TEST(PrintHttpText, BringsBackWhateverWasRead) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  std::vector<std::string> parts = kParts;
  for (const char* part :
       {"# ", "# @raw\n", "# @raw cut\n", "# @escaped\n", "# @without a,b\n", "GET / HTTP/1.1\n", "A: b\n",
        "\n", "\n\n", "\\n", "\\r\\n", "\\x20", "\\x23", "\\\\", "\\0", "\\t"}) {
    for (int weight = 0; weight < 4; ++weight) parts.emplace_back(part);
  }
  int read = 0;
  for (int i = 0; i < 20'000 && !testing::Test::HasFailure(); ++i) {
    const std::string text = random.bytes(3, {"# @raw\n", "# @escaped\n", "#\n", "# @raw cut\n"}) +
                             (random.below(2) == 0 ? "GET / HTTP/1.1\n" : "") + random.bytes(7, parts);
    if (!parse_http_text(text)) continue;
    ++read;
    parsed(text);
  }
  EXPECT_GT(read, 1000);
}

}  // namespace
}  // namespace harness::wire::http_text_test
