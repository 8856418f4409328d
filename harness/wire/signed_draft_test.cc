#include "harness/wire/signed_draft.h"

#include <gtest/gtest.h>

namespace harness::wire::signed_draft_test {
namespace {

const std::chrono::system_clock::time_point kNow{std::chrono::seconds(1767225599)};  // 2025-12-31T23:59:59Z
const SigningScope kScope{"eu-central-1", "ssm"};

Credentials credentials(std::string token = {}) {
  return {"AKID/TEST", "a secret", std::move(token)};
}

Request plain() {
  Request r;
  r.headers = {{"Host", "127.0.0.1:4566"},
               {"X-Amz-Target", "AmazonSSM.GetConnectionStatus"},
               {"Content-Type", "application/x-amz-json-1.1"},
               {"Content-Length", "16"}};
  r.body = R"({"Target":"i-1"})";
  return r;
}

std::string signed_at(Request request, const Credentials& credentials,
                      std::chrono::system_clock::time_point now) {
  Signer(credentials, kScope).sign(request, now);
  return to_bytes(request);
}

std::optional<SignedDraft> draft(Request request, const Credentials& credentials) {
  Signer(credentials, kScope).sign(request, kNow);
  return draft_of(request);
}

TEST(SignedDraft, IsSignedAsTheSignerWould) {
  Request odd = plain();
  odd.method = "PUT";
  odd.target = "/a/../b?x=1&x-amz-date:=2";
  odd.headers.add("Authorizations", "X-Amz-Date: 20251231T235959Z");
  odd.headers.add("X-Amz-Target", "  twice \t over ");
  odd.body = "X-Amz-Date: 20251231T235959Z\r\n\nx-amz-date:20251231T235959Z";
  for (const Request& request : {plain(), odd}) {
    for (const Credentials& who : {credentials(), credentials("a token")}) {
      const auto made = draft(request, who);
      ASSERT_TRUE(made);
      DraftSigner signer(who, kScope);
      for (const int seconds : {0, 1, 0, 86'400, 86'400 * 400, -5}) {
        const auto now = kNow + std::chrono::seconds(seconds);
        EXPECT_EQ(signer.sign(*made, now), signed_at(request, who, now)) << seconds;
      }
    }
  }
}

TEST(SignedDraft, OnlyOfWhatTheSignerSigned) {
  EXPECT_FALSE(draft_of(plain()));
  const auto with = [](auto change) {
    Request r = plain();
    Signer(credentials(), kScope).sign(r, kNow);
    EXPECT_TRUE(draft_of(r));
    change(r);
    return draft_of(r).has_value();
  };
  EXPECT_FALSE(with([](Request& r) { r.headers.set("X-Amz-Date", "yesterday"); }));
  EXPECT_FALSE(with([](Request& r) { r.headers.set("X-Amz-Date", "20260101T000000Z"); })) << "another day";
  EXPECT_FALSE(with([](Request& r) { r.headers.remove("X-Amz-Date"); }));
  EXPECT_FALSE(with([](Request& r) { r.headers.add("X-Amz-Date", "20251231T235959Z"); }));
  EXPECT_FALSE(with([](Request& r) { r.headers.set("Authorization", "Bearer x"); }));
  EXPECT_FALSE(with([](Request& r) { r.headers.add("Authorization", "Bearer x"); }));
  EXPECT_FALSE(with([](Request& r) {
    r.headers.set(
        "Authorization",
        "AWS4-HMAC-SHA256 Credential=A/20251231/r/s/aws4_request, SignedHeaders=host, Signature=12");
  }));
  EXPECT_FALSE(with([](Request& r) {
    r.headers.set("Authorization",
                  "AWS4-HMAC-SHA256 Credential=A/20251231/r/s/aws4_request, SignedHeaders=host, Signature=" +
                      std::string(64, '0'));
  })) << "its date is not signed";
}

}  // namespace
}  // namespace harness::wire::signed_draft_test
