#include "harness/wire/content_coding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

// Which codings a request asks for, and what becomes of an answer in one of them.
namespace harness::wire::content_coding_test {
namespace {

using ::testing::HasSubstr;

constexpr const char* kBody = R"({"Status":"connected","Target":"i-0"})";

bool admits(std::string value, std::string_view coding) {
  return AcceptedCodings({{"Accept-Encoding", std::move(value)}}).admits(coding);
}

TEST(AcceptedCodings, AreThoseThatStandInTheHeader) {
  EXPECT_TRUE(admits("gzip", "gzip"));
  EXPECT_TRUE(admits("GZip ; q=0.5 , deflate", "gzip"));
  EXPECT_TRUE(admits("GZip ; q=0.5 , deflate", "deflate"));
  EXPECT_TRUE(admits("x-gzip", "gzip"));
  EXPECT_FALSE(admits("gzip", "deflate"));
  EXPECT_FALSE(admits("gzip", "br"));
  EXPECT_FALSE(admits("", "gzip"));
}

TEST(AcceptedCodings, AWeightOfZeroExcludes) {
  for (const char* zero : {"gzip;q=0", "gzip; q=0.000", "gzip;Q=0.", "*;q=0", "*, gzip;q=0"})
    EXPECT_FALSE(admits(zero, "gzip")) << zero;
  for (const char* more : {"gzip;q=0.001", "gzip;q=1", "*;q=0, gzip", "*", "*;q=0.1"})
    EXPECT_TRUE(admits(more, "gzip")) << more;
}

TEST(AcceptedCodings, IdentityIsAdmittedUnlessItIsExcluded) {
  for (const char* fine : {"gzip", "", "identity", "identity, gzip;q=0", "*;q=0, identity"})
    EXPECT_TRUE(admits(fine, "identity")) << fine;
  EXPECT_FALSE(admits("identity;q=0", "identity"));
  EXPECT_FALSE(admits("gzip, *;q=0", "identity"));
  EXPECT_TRUE(AcceptedCodings(Headers{}).admits("identity"));
  EXPECT_FALSE(AcceptedCodings(Headers{}).admits("gzip"));
}

TEST(AcceptedCodings, LinesOfOneNameAreOneList) {
  const AcceptedCodings both({{"Accept-Encoding", "gzip"}, {"accept-encoding", "br"}});
  EXPECT_TRUE(both.admits("gzip"));
  EXPECT_TRUE(both.admits("br"));
}

TEST(Decode, ReadsWhatEncodeWrites) {
  for (const char* coding : {"gzip", "deflate"}) {
    for (const std::string& content : {std::string(), std::string(kBody), std::string(300'000, 'x')}) {
      const auto decoded = decode(coding, encode(coding, content), 1 << 20);
      ASSERT_TRUE(decoded) << coding;
      EXPECT_EQ(*decoded, content);
    }
  }
}

TEST(Decode, DeflateWithoutItsWrapperIsRead) {
  const std::string wrapped = encode("deflate", kBody);
  const auto decoded = decode("deflate", std::string_view(wrapped).substr(2, wrapped.size() - 6), 1000);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(*decoded, kBody);
}

TEST(Decode, SeveralMembersAreOneContent) {
  const auto decoded = decode("gzip", encode("gzip", "{\"a\":") + encode("gzip", "1}") + "padding", 1000);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(*decoded, "{\"a\":1}");
}

TEST(Decode, WhatIsCutOrDamagedIsAnError) {
  for (const char* coding : {"gzip", "deflate"}) {
    const std::string whole = encode(coding, kBody);
    for (std::size_t size = 0; size + 1 < whole.size(); ++size) {
      // Without its checksum at the end, a raw deflate stream would be whole: only gzip always notices.
      if (std::string_view(coding) == "deflate" && size + 4 >= whole.size()) continue;
      EXPECT_FALSE(decode(coding, std::string_view(whole).substr(0, size), 1000)) << coding << " " << size;
    }
    EXPECT_FALSE(decode(coding, kBody, 1000)) << coding;
  }
}

TEST(Decode, StopsAtTheLimit) {
  const std::string bomb = encode("gzip", std::string(64 << 20, '\0'));
  ASSERT_LT(bomb.size(), 100'000U);
  const auto decoded = decode("gzip", bomb, 1 << 20);
  ASSERT_FALSE(decoded);
  EXPECT_TRUE(decoded.error().too_large);
  EXPECT_TRUE(decode("gzip", encode("gzip", std::string(1 << 20, 'x')), 1 << 20))
      << "the limit itself is allowed";
}

Exchange answered(std::string body, std::string coding) {
  Exchange e;
  e.transport = Transport::answered;
  e.response.status = 200;
  e.response.body = std::move(body);
  if (!coding.empty()) e.response.headers.add("Content-Encoding", std::move(coding));
  return e;
}

std::string asking_for(const std::string& value) {
  Request r;
  r.headers = {{"Host", "x"}, {"Content-Length", "0"}};
  if (value != "-") r.headers.add("Accept-Encoding", value);
  return to_bytes(r);
}

TEST(DecodeContent, WhatWasAskedForIsDecodedAndTheHeadersStay) {
  for (const char* coding : {"gzip", "deflate", "x-gzip", "GZIP"}) {
    auto e = answered(encode(std::string_view(coding) == "deflate" ? "deflate" : "gzip", kBody), coding);
    decode_content(e, asking_for("gzip, deflate"));
    EXPECT_EQ(e.content, Content::decoded) << coding;
    EXPECT_EQ(e.response.body, kBody);
    EXPECT_EQ(e.response.headers.find("content-encoding"), coding);
  }
  auto twice = answered(encode("gzip", encode("deflate", kBody)), "deflate, gzip");
  decode_content(twice, asking_for("*"));
  EXPECT_EQ(twice.response.body, kBody);
}

TEST(DecodeContent, WithoutACodingNothingHappens) {
  for (const char* coding : {"", "identity", " , identity"}) {
    auto e = answered(kBody, coding);
    decode_content(e, asking_for("gzip"));
    EXPECT_EQ(e.content, Content::plain);
    EXPECT_EQ(e.response.body, kBody);
  }
}

TEST(DecodeContent, WhatWasNotAskedForIsBrokenAndLeftAsItIs) {
  const std::string coded = encode("gzip", kBody);
  for (const char* value : {"-", "", "identity", "br", "gzip;q=0", "*;q=0"}) {
    auto e = answered(coded, "gzip");
    decode_content(e, asking_for(value));
    EXPECT_EQ(e.content, Content::broken) << value;
    EXPECT_THAT(e.content_note, HasSubstr("which the request did not ask for"));
    EXPECT_EQ(e.response.body, coded);
  }
  auto brotli = answered("x", "br");
  decode_content(brotli, asking_for("gzip"));
  EXPECT_EQ(brotli.content, Content::broken);
}

TEST(DecodeContent, ContentThatIsNotInItsCodingIsBroken) {
  for (const char* coding : {"gzip", "deflate"}) {
    auto e = answered(kBody, coding);
    decode_content(e, asking_for("gzip, deflate"));
    EXPECT_EQ(e.content, Content::broken);
    EXPECT_THAT(e.content_note, HasSubstr("but its content is not"));
  }
}

TEST(DecodeContent, ACodingThatWasAskedForAndIsNotKnownIsOpaque) {
  auto e = answered("x", "br");
  decode_content(e, asking_for("gzip, br"));
  EXPECT_EQ(e.content, Content::opaque);
  auto star = answered("x", "zstd");
  decode_content(star, asking_for("*"));
  EXPECT_EQ(star.content, Content::opaque);
}

TEST(DecodeContent, WhatIsNoCodingIsIgnored) {
  auto e = answered(kBody, "utf-8");
  decode_content(e, asking_for("-"));
  EXPECT_EQ(e.content, Content::plain);
  EXPECT_EQ(e.response.body, kBody);
}

TEST(DecodeContent, ABombIsTooLarge) {
  auto e = answered(encode("gzip", std::string(17 << 20, '\0')), "gzip");
  decode_content(e, asking_for("gzip"));
  EXPECT_EQ(e.transport, Transport::too_large);
  EXPECT_THAT(e.detail, HasSubstr("more than 16777216 bytes"));
  EXPECT_TRUE(e.response.body.empty());
}

TEST(DecodeContent, AnAnswerWithoutABodyHasNothingToDecode) {
  auto e = answered("", "gzip");
  decode_content(e, asking_for("gzip"));
  EXPECT_EQ(e.content, Content::plain);
}

TEST(DecodeContent, OfBytesThatAreNoRequestNothingIsKnown) {
  auto e = answered(encode("gzip", kBody), "gzip");
  decode_content(e, "nonsense\r\n\r\n");
  EXPECT_EQ(e.content, Content::plain);
}

}  // namespace
}  // namespace harness::wire::content_coding_test
