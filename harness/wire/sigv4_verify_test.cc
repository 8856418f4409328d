#include <gtest/gtest.h>

#include <set>

#include "harness/wire/sigv4.h"
#include "harness/wire/sigv4_canonical.h"

namespace harness::wire::sigv4_verify_test {
namespace {

using Problem = SignatureProblem;

const SigningScope kScope{"eu-west-1", "ssm"};
constexpr const char* kDate = "20260102T030405Z";

std::chrono::system_clock::time_point at(std::string_view amz_date) {
  return parse_amz_date(amz_date).value();
}

VerifierContext context() {
  return {[](std::string_view id) -> std::optional<Credentials> {
            if (id == "AKIA") return Credentials{"AKIA", "secret", ""};
            if (id == "ASIA") return Credentials{"ASIA", "secret", "token"};
            return std::nullopt;
          },
          kScope, at(kDate)};
}

Request signed_request(Credentials credentials = {"AKIA", "secret", ""}, SigningScope scope = kScope,
                       std::string_view date = kDate) {
  Request request;
  request.headers = {
      {"Host", "h"}, {"X-Amz-Target", "AmazonSSM.X"}, {"Content-Type", "application/x-amz-json-1.1"}};
  request.body = "{}";
  Signer(std::move(credentials), std::move(scope)).sign(request, at(date));
  return request;
}

/// The request with its Authorization header passed through `change`.
template <class Change>
Problem with_authorization(Change change) {
  Request request = signed_request();
  request.headers.set("Authorization", change(std::string(*request.headers.find("Authorization"))));
  return verify(request, context());
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

TEST(Verify, AcceptsWhatTheSignerSigns) {
  EXPECT_EQ(verify(signed_request(), context()), Problem::none);
  EXPECT_EQ(verify(signed_request({"ASIA", "secret", "token"}), context()), Problem::none);
}

TEST(Verify, MissesTheHeader) {
  Request request = signed_request();
  request.headers.remove("Authorization");
  EXPECT_EQ(verify(request, context()), Problem::missing);
}

TEST(Verify, ReadsTheHeaderLeniently) {
  EXPECT_EQ(with_authorization([](std::string a) { return replaced(a, ", ", ","); }), Problem::none);
  EXPECT_EQ(with_authorization([](std::string a) { return replaced(a, ", ", " ,\t  "); }), Problem::none);
  EXPECT_EQ(with_authorization([](std::string a) { return "  " + a + " , "; }), Problem::none);
  EXPECT_EQ(with_authorization([](std::string a) { return replaced(a, "SHA256 ", "SHA256   "); }),
            Problem::none);
  EXPECT_EQ(with_authorization([](std::string a) { return replaced(a, "SHA256 ", "SHA256 Extra=1, "); }),
            Problem::none);
  EXPECT_EQ(with_authorization([](std::string a) {
              const auto signature = a.rfind(", Signature=");
              return replaced(a.substr(0, signature), "SHA256 ", "SHA256 " + a.substr(signature + 2) + ", ");
            }),
            Problem::none);
  EXPECT_EQ(
      with_authorization([](std::string a) { return replaced(a, "host;x-amz-date", "Host;X-Amz-Date"); }),
      Problem::none);
  EXPECT_EQ(
      with_authorization([](std::string a) { return replaced(a, "host;x-amz-date", "x-amz-date;host"); }),
      Problem::none);
}

TEST(Verify, CallsTheUnreadableIncomplete) {
  for (const char* header :
       {"", "Bearer x", "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256Credential=a", "Basic AWS4-HMAC-SHA256 x",
        "AWS4-HMAC-SHA256 Credential", "AWS AKIA:sig", "AWS4-ECDSA-P256-SHA256 Credential=x"}) {
    EXPECT_EQ(with_authorization([&](const std::string&) { return header; }), Problem::incomplete) << header;
  }
  for (const char* part : {"Credential=", "SignedHeaders=", "Signature="}) {
    EXPECT_EQ(with_authorization([&](std::string a) { return replaced(a, part, "Other="); }),
              Problem::incomplete)
        << part;
  }
  EXPECT_EQ(with_authorization([](std::string a) { return a + ", junk"; }), Problem::incomplete);
  EXPECT_EQ(with_authorization([](std::string a) { return replaced(a, "/aws4_request", ""); }),
            Problem::incomplete);
  EXPECT_EQ(with_authorization([](std::string a) { return replaced(a, "/aws4_request", "/aws4_request/x"); }),
            Problem::incomplete);
  EXPECT_EQ(with_authorization([](std::string a) { return replaced(a, "AKIA", ""); }), Problem::incomplete);
  EXPECT_EQ(with_authorization([](std::string a) { return a.substr(0, a.rfind('=') + 1); }),
            Problem::incomplete);
}

TEST(Verify, NeedsAWellFormedDate) {
  Request request = signed_request();
  request.headers.remove("X-Amz-Date");
  EXPECT_EQ(verify(request, context()), Problem::incomplete);
  request.headers.add("X-Amz-Date", "2026-01-02T03:04:05Z");
  EXPECT_EQ(verify(request, context()), Problem::incomplete);
}

TEST(Verify, DoesNotKnowTheKeyOrItsToken) {
  EXPECT_EQ(verify(signed_request({"AKIX", "secret", ""}), context()), Problem::unknown_key);
  EXPECT_EQ(verify(signed_request({"ASIA", "secret", "other"}), context()), Problem::unknown_key);
  EXPECT_EQ(verify(signed_request({"ASIA", "secret", ""}), context()), Problem::unknown_key);
  EXPECT_EQ(verify(signed_request({"AKIA", "secret", "token"}), context()), Problem::unknown_key);
  VerifierContext nobody = context();
  nobody.lookup = nullptr;
  EXPECT_EQ(verify(signed_request(), nobody), Problem::unknown_key);
}

TEST(Verify, ChecksEachPartOfTheScope) {
  const Credentials credentials{"AKIA", "secret", ""};
  EXPECT_EQ(verify(signed_request(credentials, {"us-east-1", "ssm"}), context()), Problem::wrong_scope);
  EXPECT_EQ(verify(signed_request(credentials, {"eu-west-1", "s3"}), context()), Problem::wrong_scope);
  EXPECT_EQ(with_authorization([](std::string a) { return replaced(a, "/20260102/", "/20260103/"); }),
            Problem::wrong_scope);
  EXPECT_EQ(with_authorization([](std::string a) { return replaced(a, "aws4_request", "aws5_request"); }),
            Problem::wrong_scope);
}

TEST(Verify, TakesAnyRegionOrServiceIfNoneIsExpected) {
  const Credentials credentials{"AKIA", "secret", ""};
  VerifierContext any = context();
  any.scope = {"", ""};
  EXPECT_EQ(verify(signed_request(credentials, {"us-east-1", "s3"}), any), Problem::none);
  any.scope = {"", "ssm"};
  EXPECT_EQ(verify(signed_request(credentials, {"us-east-1", "ssm"}), any), Problem::none);
  EXPECT_EQ(verify(signed_request(credentials, {"us-east-1", "s3"}), any), Problem::wrong_scope);
}

TEST(Verify, AllowsForTheToleranceOnBothSides) {
  const auto signed_at = [](std::string_view date) {
    return verify(signed_request({"AKIA", "secret", ""}, kScope, date), context());
  };
  EXPECT_EQ(signed_at("20260102T031905Z"), Problem::none);
  EXPECT_EQ(signed_at("20260102T031906Z"), Problem::expired);
  EXPECT_EQ(signed_at("20260102T024905Z"), Problem::none);
  EXPECT_EQ(signed_at("20260102T024904Z"), Problem::expired);
  Request far = signed_request();
  far.headers.set("X-Amz-Date", "99991231T235959Z");
  far.headers.set("Authorization",
                  replaced(std::string(*far.headers.find("Authorization")), "/20260102/", "/99991231/"));
  EXPECT_EQ(verify(far, context()), Problem::expired);
}

TEST(Verify, RefusesAnotherSignature) {
  EXPECT_EQ(verify(signed_request({"AKIA", "Secret", ""}), context()), Problem::wrong_signature);
  EXPECT_EQ(with_authorization([](std::string a) {
              a.back() = a.back() == '0' ? '1' : '0';
              return a;
            }),
            Problem::wrong_signature);
  EXPECT_EQ(with_authorization([](std::string a) { return a + "0"; }), Problem::wrong_signature);
  EXPECT_EQ(with_authorization([](std::string a) { return a.substr(0, a.size() - 1); }),
            Problem::wrong_signature);
  EXPECT_EQ(
      with_authorization([](std::string a) { return a.substr(0, a.rfind('=') + 1) + std::string(64, '0'); }),
      Problem::wrong_signature);
}

TEST(Verify, WantsHostAndEveryAmzHeaderSigned) {
  // Each variant carries a signature that is right for what it says it signs.
  const auto signed_with = [](const std::vector<std::string>& names, const Headers& extra = {}) {
    Request request = signed_request();
    for (const Header& line : extra.lines()) request.headers.add(line.name, line.value);
    Hashes hashes;
    set_signing_key(hashes, "secret", "20260102", kScope);
    std::string authorization =
        "AWS4-HMAC-SHA256 Credential=AKIA/20260102/eu-west-1/ssm/aws4_request, SignedHeaders=";
    for (const auto& name : names) authorization += (name == names.front() ? "" : ";") + name;
    authorization += ", Signature=";
    append_hex(authorization, hashes.hmac(string_to_sign(canonical_request(request, names), kDate, kScope)));
    request.headers.set("Authorization", authorization);
    return verify(request, context());
  };
  EXPECT_EQ(signed_with({"host", "x-amz-date", "x-amz-target"}), Problem::none);
  EXPECT_EQ(signed_with({"x-amz-date", "x-amz-target"}), Problem::wrong_signature);
  EXPECT_EQ(signed_with({"host", "x-amz-target"}), Problem::wrong_signature);
  EXPECT_EQ(signed_with({"host", "x-amz-date"}), Problem::wrong_signature);
  EXPECT_EQ(signed_with({"host", "x-amz-date", "x-amz-target"}, {{"x-AMZ-other", "1"}}),
            Problem::wrong_signature);
  EXPECT_EQ(signed_with({"host", "x-amz-date", "x-amz-other", "x-amz-target"}, {{"x-AMZ-other", "1"}}),
            Problem::none);
  EXPECT_EQ(signed_with({"absent", "host", "x-amz-date", "x-amz-target"}), Problem::wrong_signature);
  EXPECT_EQ(signed_with({"host", "", "x-amz-date", "x-amz-target"}), Problem::wrong_signature);
  EXPECT_EQ(signed_with({"host", "x-amz-date", "x-amz-target"}, {{"Unsigned", "1"}}), Problem::none);
}

TEST(Verify, ReportsTheFirstProblemInOrder) {
  // Everything is wrong at once; each repair shows the next problem.
  Request request = signed_request({"AKIX", "Secret", ""}, {"us-east-1", "ssm"}, "20200102T030405Z");
  const std::string authorization(*request.headers.find("Authorization"));
  request.headers.remove("Authorization");
  EXPECT_EQ(verify(request, context()), Problem::missing);
  request.headers.add("Authorization", "junk");
  EXPECT_EQ(verify(request, context()), Problem::incomplete);
  request.headers.set("Authorization", authorization);
  EXPECT_EQ(verify(request, context()), Problem::unknown_key);
  request.headers.set("Authorization", replaced(authorization, "AKIX", "AKIA"));
  EXPECT_EQ(verify(request, context()), Problem::wrong_scope);
  request.headers.set("Authorization",
                      replaced(replaced(authorization, "AKIX", "AKIA"), "us-east-1", "eu-west-1"));
  EXPECT_EQ(verify(request, context()), Problem::expired);
  VerifierContext then = context();
  then.now = at("20200102T030405Z");
  EXPECT_EQ(verify(request, then), Problem::wrong_signature);
}

TEST(SignatureProblemNames, AreAllDifferentAndKnown) {
  std::set<std::string_view> names;
  const int last = static_cast<int>(Problem::wrong_signature);
  for (int i = 0; i <= last; ++i) names.insert(to_string(static_cast<Problem>(i)));
  EXPECT_EQ(names.size(), static_cast<std::size_t>(last) + 1);
  EXPECT_FALSE(names.contains("unknown"));
}

}  // namespace
}  // namespace harness::wire::sigv4_verify_test
