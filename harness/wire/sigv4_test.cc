#include "harness/wire/sigv4.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/wire/sigv4_canonical.h"

namespace harness::wire::sigv4_test {
namespace {

using testing::HasSubstr;

constexpr const char* kKeyId = "AKIDEXAMPLE";
constexpr const char* kSecret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
constexpr const char* kDate = "20150830T123600Z";
constexpr const char* kToken =
    "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflf"
    "KD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd"
    "8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3i"
    "SIlTJabIQwj2ICCR/oLxBA==";
const SigningScope kScope{"us-east-1", "service"};

std::chrono::system_clock::time_point at(std::string_view amz_date) {
  return parse_amz_date(amz_date).value();
}

VerifierContext verifier(const std::string& token = {}) {
  return {[token](std::string_view id) -> std::optional<Credentials> {
            if (id != kKeyId) return std::nullopt;
            return Credentials{kKeyId, kSecret, token};
          },
          kScope, at(kDate)};
}

TEST(CanonicalRequest, HasTheDocumentedForm) {
  Request request{"POST", "/a%20b/../c d?z=1&a=%2f&a=", "HTTP/1.1", {}, "{}"};
  request.headers = {{"X-B", "  two \t words  "}, {"Host", "h"}, {"x-b", ""}, {"Unsigned", "u"}};
  EXPECT_EQ(canonical_request(request, {"X-B", "Host", "host"}),
            "POST\n/c%20d\na=&a=%2F&z=1\nhost:h\nx-b:two words,\n\nhost;x-b\n"
            "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
}

TEST(CanonicalRequest, EncodesAnEncodedPathOnceMore) {
  Request request{"GET", "/a%20b", "HTTP/1.1", {}, ""};
  EXPECT_THAT(canonical_request(request, {}), HasSubstr("GET\n/a%2520b\n\n"));
}

TEST(CanonicalRequest, TakesThePathOfATargetInAbsoluteForm) {
  Request request{"GET", "http://host:80/a/?b", "HTTP/1.1", {}, ""};
  EXPECT_THAT(canonical_request(request, {}), HasSubstr("GET\n/a/\nb=\n"));
  request.target = "http://host";
  EXPECT_THAT(canonical_request(request, {}), HasSubstr("GET\n/\n\n"));
  request.target = "";
  EXPECT_THAT(canonical_request(request, {}), HasSubstr("GET\n/\n\n"));
}

TEST(CanonicalRequest, GivesAnAbsentHeaderAnEmptyValue) {
  EXPECT_THAT(canonical_request(Request{}, {"absent"}), HasSubstr("\nabsent:\n\nabsent\n"));
}

TEST(StringToSign, HasTheDocumentedForm) {
  EXPECT_EQ(string_to_sign("", "20150830T123600Z", {"r", "s"}),
            "AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/r/s/aws4_request\n"
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

Request cli_request() {
  Request request;
  request.headers = {{"Host", "127.0.0.1:4566"},
                     {"Content-Type", "application/x-amz-json-1.1"},
                     {"X-Amz-Target", "AmazonSSM.GetConnectionStatus"},
                     {"User-Agent", "x"}};
  request.body = R"({"Target":"i-0123456789abcdef0"})";
  return request;
}

/// The suite's post-vanilla; sigv4_vectors_test.cc has them all.
constexpr const char* kPostVanilla = "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b";

TEST(Signer, GivesThePublishedSignature) {
  Request request{"POST", "/", "HTTP/1.1", {{"Host", "example.amazonaws.com"}}, ""};
  Signer({kKeyId, kSecret, ""}, kScope).sign(request, at(kDate));
  EXPECT_EQ(request.headers.find("X-Amz-Date"), kDate);
  EXPECT_EQ(request.headers.find("Authorization"),
            std::string("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
                        "SignedHeaders=host;x-amz-date, Signature=") +
                kPostVanilla);
  EXPECT_FALSE(request.headers.contains("X-Amz-Security-Token"));
}

TEST(Signer, SignsWhatTheCliSigns) {
  Request request = cli_request();
  Signer({kKeyId, kSecret, kToken}, kScope).sign(request, at(kDate));
  EXPECT_EQ(request.headers.find("X-Amz-Security-Token"), kToken);
  EXPECT_THAT(std::string(*request.headers.find("Authorization")),
              HasSubstr("SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target,"));
  EXPECT_EQ(verify(request, verifier(kToken)), SignatureProblem::none);
}

TEST(Signer, ReplacesWhatWasThereSoSigningAgainIsTheSame) {
  const Signer signer({kKeyId, kSecret, kToken}, kScope);
  Request request = cli_request();
  signer.sign(request, at(kDate));
  const Request once = request;
  signer.sign(request, at(kDate));
  EXPECT_EQ(request, once);
  request.headers.add("authorization", "other");
  request.headers.add("x-amz-date", "other");
  request.headers.add("x-amz-security-token", "other");
  signer.sign(request, at(kDate));
  EXPECT_EQ(request, once);
}

TEST(Signer, DerivesANewKeyEachDay) {
  const Signer signer({kKeyId, kSecret, ""}, kScope);
  for (const char* date : {"20150830T235959Z", "20150831T000000Z", "20160229T120000Z", "20150830T000000Z"}) {
    Request request = cli_request();
    signer.sign(request, at(date));
    EXPECT_EQ(request.headers.find("X-Amz-Date"), date);
    VerifierContext context = verifier();
    context.now = at(date);
    EXPECT_EQ(verify(request, context), SignatureProblem::none) << date;
  }
}

TEST(Signer, CopiesSignAlike) {
  const Signer original({kKeyId, kSecret, ""}, kScope);
  const Signer copy(original);
  Signer assigned({"other", "other", ""}, kScope);
  assigned = original;
  const Signer& self = assigned;
  assigned = self;
  Request a = cli_request();
  Request b = cli_request();
  Request c = cli_request();
  original.sign(a, at(kDate));
  copy.sign(b, at(kDate));
  assigned.sign(c, at(kDate));
  EXPECT_EQ(a, b);
  EXPECT_EQ(a, c);
}

TEST(Signer, LeavesAloneWhatItIsToldToKeep) {
  const Signer signer({kKeyId, kSecret, kToken}, kScope);
  Request request = cli_request();
  signer.sign(request, at(kDate), {"authorization", "X-AMZ-Date", "x-amz-security-token"});
  EXPECT_EQ(request, cli_request());

  request.headers.add("Authorization", "mine");
  signer.sign(request, at(kDate), {"Authorization"});
  EXPECT_EQ(request.headers.find("Authorization"), "mine");
  EXPECT_EQ(request.headers.find("X-Amz-Date"), kDate);

  request = cli_request();
  request.headers.add("X-Amz-Security-Token", "mine");
  signer.sign(request, at(kDate), {"X-Amz-Security-Token"});
  EXPECT_EQ(request.headers.find("X-Amz-Security-Token"), "mine");
  EXPECT_EQ(verify(request, verifier("mine")), SignatureProblem::none);
}

TEST(Signer, SignsTheDateThatItKeeps) {
  const Signer signer({kKeyId, kSecret, ""}, kScope);
  Request request = cli_request();
  request.headers.add("X-Amz-Date", "20140101T000000Z");
  signer.sign(request, at(kDate), {"X-Amz-Date"});
  EXPECT_EQ(verify(request, verifier()), SignatureProblem::expired);
  VerifierContext then = verifier();
  then.now = at("20140101T000000Z");
  EXPECT_EQ(verify(request, then), SignatureProblem::none);

  request = cli_request();
  request.headers.add("X-Amz-Date", "yesterday");
  signer.sign(request, at(kDate), {"X-Amz-Date"});
  EXPECT_EQ(request.headers.find("X-Amz-Date"), "yesterday");
  EXPECT_THAT(std::string(*request.headers.find("Authorization")), HasSubstr("/20150830/"));

  request = cli_request();
  request.headers.add("Date", "Sun, 30 Aug 2015 12:36:00 GMT");
  signer.sign(request, at("20200101T000000Z"), {"X-Amz-Date"});
  EXPECT_FALSE(request.headers.contains("X-Amz-Date"));
  EXPECT_EQ(verify(request, verifier()), SignatureProblem::none);
}

TEST(AmzDate, ReadsAndWritesOnlyWhatIsADate) {
  for (const char* text : {"20150830T123600Z", "19700101T000000Z", "20160229T235959Z", "99991231T235959Z"}) {
    const auto time = parse_amz_date(text);
    ASSERT_TRUE(time) << text;
    EXPECT_EQ(format_amz_date(*time), text);
  }
  for (const char* text : {"", "20150830", "20150830T123600", "20150830T123600Z ", "20150830t123600z",
                           "20150229T000000Z", "20151301T000000Z", "20150100T000000Z", "20150830T240000Z",
                           "20150830T006000Z", "20150830T000060Z", "2015083-T123600Z", "+0150830T123600Z"}) {
    EXPECT_FALSE(parse_amz_date(text)) << text;
  }
}

TEST(RequestDate, PrefersXAmzDateAndUnderstandsDate) {
  const auto date = [](Headers headers) {
    return request_date({"POST", "/", "HTTP/1.1", std::move(headers), ""});
  };
  const auto expected = parse_amz_date(kDate);
  EXPECT_EQ(date({{"Date", "junk"}, {"X-Amz-Date", kDate}}), expected);
  EXPECT_EQ(date({{"Date", kDate}, {"X-Amz-Date", "junk"}}), std::nullopt);
  EXPECT_EQ(date({{"Date", kDate}}), expected);
  EXPECT_EQ(date({{"Date", "Sun, 30 Aug 2015 12:36:00 GMT"}}), expected);
  EXPECT_EQ(date({{"Date", "Sun, 30 Aug 2015 12:36:00 -0000"}}), expected);
  EXPECT_EQ(date({{"Date", "Sun, 30 Aug 2015 12:36:00 EST"}}), std::nullopt);
  EXPECT_EQ(date({{"Date", "Sun, 30 Aux 2015 12:36:00 GMT"}}), std::nullopt);
  EXPECT_EQ(date({{"Date", "Sun, 31 Apr 2015 12:36:00 GMT"}}), std::nullopt);
  EXPECT_EQ(date({{"Date", "30 Aug 2015 12:36:00 GMT"}}), std::nullopt);
  EXPECT_EQ(date({}), std::nullopt);
}

}  // namespace
}  // namespace harness::wire::sigv4_test
