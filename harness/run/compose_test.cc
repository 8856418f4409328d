#include "harness/run/compose.h"

#include <gmock/gmock.h>

#include <memory>

namespace harness::run::compose_test {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

const std::chrono::system_clock::time_point kNow{std::chrono::seconds(1767225599)};  // 2025-12-31T23:59:59Z
constexpr const char* kAuthority = "127.0.0.1:4566";

Signing signing(std::string token = "") {
  return {{"AKIDTEST", "a secret", std::move(token)}, {"eu-central-1", "ssm"}};
}

wire::HttpText parse(std::string_view text) {
  auto parsed = wire::parse_http_text(text);
  EXPECT_TRUE(parsed.has_value()) << (parsed ? "" : parsed.error().message);
  return parsed ? std::move(*parsed) : wire::HttpText{};
}

wire::Request filled(std::string_view text, const std::optional<Signing>& with = signing()) {
  return Composer(kAuthority, with).fill_in(parse(text), kNow);
}

std::string header(const wire::Request& request, std::string_view name) {
  return std::string(request.headers.find(name).value_or("(none)"));
}

constexpr std::string_view kPlain =
    "POST / HTTP/1.1\nX-Amz-Target: AmazonSSM.GetConnectionStatus\n\n{\"Target\":\"i-1\"}";

TEST(Date, IsInUtc) {
  EXPECT_EQ(amz_date(kNow), "20251231T235959Z");
}

TEST(FillIn, EverythingThatIsNotWritten) {
  const auto r = filled(kPlain);
  EXPECT_EQ(r.method, "POST");
  EXPECT_EQ(header(r, "Host"), kAuthority);
  EXPECT_EQ(header(r, "Content-Length"), "16");
  EXPECT_EQ(header(r, "X-Amz-Date"), "20251231T235959Z");
  EXPECT_EQ(header(r, "X-Amz-Target"), "AmazonSSM.GetConnectionStatus");
  EXPECT_EQ(header(r, "X-Amz-Security-Token"), "(none)");
  EXPECT_THAT(header(r, "Authorization"),
              StartsWith("AWS4-HMAC-SHA256 Credential=AKIDTEST/20251231/eu-central-1/ssm/aws4_request"));
  EXPECT_EQ(r.body, R"({"Target":"i-1"})");
}

TEST(FillIn, KeepsWhatIsWritten) {
  const auto r = filled(
      "POST / HTTP/1.1\nhost: elsewhere\ncontent-length: 3\nx-amz-date: long ago\nauthorization: "
      "none\n\nbody!");
  EXPECT_EQ(r.headers.all("Host"), (std::vector<std::string_view>{"elsewhere"}));
  EXPECT_EQ(r.headers.all("Content-Length"), (std::vector<std::string_view>{"3"}));
  EXPECT_EQ(r.headers.all("X-Amz-Date"), (std::vector<std::string_view>{"long ago"}));
  EXPECT_EQ(r.headers.all("Authorization"), (std::vector<std::string_view>{"none"}));
}

TEST(FillIn, LeavesOutWhatItIsToldTo) {
  for (const char* name : {"Host", "Content-Length", "X-Amz-Date", "X-Amz-Security-Token", "Authorization"}) {
    const auto r = filled(std::string("# @without ") + name + "\n" + std::string(kPlain), signing("a token"));
    for (const char* other :
         {"Host", "Content-Length", "X-Amz-Date", "X-Amz-Security-Token", "Authorization"}) {
      // Nothing carries the session token of an unsigned request.
      if (std::string(name) == "Authorization" && std::string(other) == "X-Amz-Security-Token") continue;
      EXPECT_EQ(r.headers.contains(other), std::string(other) != name)
          << "@without " << name << ": " << other;
    }
  }
  const auto none =
      filled("# @without host, content-length, x-amz-date, authorization\n" + std::string(kPlain));
  EXPECT_EQ(none.headers.lines().size(), 1U) << "names are told apart whatever their case";
}

TEST(FillIn, AnotherFramingGetsNoContentLength) {
  const auto r = filled("POST / HTTP/1.1\nTransfer-Encoding: chunked\n\n0\n\n");
  EXPECT_FALSE(r.headers.contains("Content-Length"));
}

TEST(FillIn, UnsignedRunsSignNothing) {
  const auto r = filled(kPlain, std::nullopt);
  EXPECT_FALSE(r.headers.contains("Authorization"));
  EXPECT_FALSE(r.headers.contains("X-Amz-Date"));
  EXPECT_EQ(header(r, "Host"), kAuthority);
}

wire::SignatureProblem verify(const wire::Request& r, const std::string& secret = "a secret") {
  wire::VerifierContext context;
  context.lookup = [&](std::string_view id) -> std::optional<wire::Credentials> {
    if (id != "AKIDTEST") return std::nullopt;
    return wire::Credentials{"AKIDTEST", secret, ""};
  };
  context.scope = {"eu-central-1", "ssm"};
  context.now = kNow;
  return wire::verify(r, context);
}

TEST(Sign, WhatIsSignedVerifies) {
  for (const std::string_view text :
       {kPlain, std::string_view("POST / HTTP/1.1\n\n"),
        std::string_view("POST /?a=b&a=%20 HTTP/1.1\nX-Amz-Target:   two  blanks \n\n{}"),
        std::string_view(
            "# @without X-Amz-Target\nPUT /a%2Fb HTTP/1.1\nContent-Type: x\nContent-Type: y\n\nz")}) {
    const auto r = filled(text);
    EXPECT_EQ(verify(r), wire::SignatureProblem::none) << text;
    EXPECT_NE(verify(r, "another secret"), wire::SignatureProblem::none) << text;
    auto changed = r;
    changed.body += " ";
    EXPECT_NE(verify(changed), wire::SignatureProblem::none) << text;
  }
}

TEST(Sign, WhatTheTextWritesIsSignedAsItStands) {
  // The signature is right for the old date: only the clock may refuse it.
  const auto r = filled("POST / HTTP/1.1\nX-Amz-Date: 20200101T000000Z\n\n{}");
  EXPECT_EQ(r.headers.all("X-Amz-Date").size(), 1U);
  EXPECT_THAT(header(r, "Authorization"), HasSubstr("/20200101/"));
  EXPECT_EQ(verify(r), wire::SignatureProblem::expired);
}

TEST(Sign, SaysWhetherItSigns) {
  const Composer with(kAuthority, signing()), without(kAuthority, std::nullopt);
  EXPECT_TRUE(with.signs(parse(kPlain)));
  EXPECT_FALSE(without.signs(parse(kPlain)));
  EXPECT_FALSE(with.signs(parse("POST / HTTP/1.1\nAuthorization: x\n\n")));
  EXPECT_FALSE(with.signs(parse("# @without Authorization\nPOST / HTTP/1.1\n\n")));
  EXPECT_FALSE(with.signs(parse("# @raw\nPOST / HTTP/1.1\n\n")));
}

TEST(Message, ABodyIsHeldBackWhereTheTextSaysSo) {
  const Composer composer(kAuthority, signing());
  const auto held =
      composer.compose(parse("# @hold-body\nPOST / HTTP/1.1\nExpect: 100-continue\n\n{}"), kNow);
  EXPECT_EQ(held.bytes.substr(held.hold_from), "{}");
  EXPECT_TRUE(held.bytes.substr(0, held.hold_from).ends_with("\r\n\r\n"));
  EXPECT_EQ(held.hold, std::chrono::seconds(1));
  EXPECT_EQ(composer.compose(parse("POST / HTTP/1.1\n\n{}"), kNow).hold_from, 0U);
  EXPECT_EQ(
      composer.compose(parse("# @hold-body\nPOST / HTTP/1.1\nExpect: 100-continue\n\n"), kNow).hold_from, 0U)
      << "there is nothing to hold back";
  for (const char* text :
       {"# @hold-body\nPOST / HTTP/1.1\n\n{}", "# @hold-body\nPOST / HTTP/1.1\nExpect: x\n\n{}",
        "# @hold-body\nPOST / HTTP/1.0\nExpect: 100-continue\n\n{}",
        "# @hold-body\nPOST / HTTP/1.1\nExpect: 100-continue\nContent-Length: 9\n\n{}"})
    EXPECT_EQ(composer.compose(parse(text), kNow).hold_from, 0U) << text;
}

TEST(Message, RawTextIsSentAsItIs) {
  const auto m = Composer(kAuthority, signing()).compose(parse("# @raw\nGARBAGE  / x\nA:b\n\nbody"), kNow);
  EXPECT_EQ(m.bytes, "GARBAGE  / x\r\nA:b\r\n\r\nbody");
  EXPECT_TRUE(m.hostile);
  EXPECT_TRUE(m.fresh_connection);
}

TEST(BasePath, IsSentAndSigned) {
  const Composer root(kAuthority, signing()), below(kAuthority, signing(), "/aws");
  EXPECT_EQ(below.fill_in(parse(kPlain), kNow).target, "/aws/");
  EXPECT_EQ(below.fill_in(parse("GET /x?y HTTP/1.1\n\n"), kNow).target, "/aws/x?y");
  EXPECT_EQ(below.fill_in(parse("OPTIONS * HTTP/1.1\n\n"), kNow).target, "*");
  EXPECT_THAT(below.compose(parse(kPlain), kNow).bytes, StartsWith("POST /aws/ HTTP/1.1\r\n"));

  const auto signed_below = below.fill_in(parse(kPlain), kNow);
  EXPECT_NE(header(signed_below, "Authorization"),
            header(root.fill_in(parse(kPlain), kNow), "Authorization"));
  wire::VerifierContext context;
  context.lookup = [](std::string_view) { return std::optional(signing().credentials); };
  context.scope = signing().scope;
  context.now = kNow;
  EXPECT_EQ(wire::verify(signed_below, context), wire::SignatureProblem::none);
}

TEST(BasePath, IsPutIntoRawTextToo) {
  const Composer below(kAuthority, signing(), "/aws");
  EXPECT_EQ(below.compose(parse("# @raw\nPOST / HTTP/1.1\nA:b\n\n/"), kNow).bytes,
            "POST /aws/ HTTP/1.1\r\nA:b\r\n\r\n/");
}

TEST(Message, OnlyFramingThatTheTextWritesIsHostile) {
  const Composer composer(kAuthority, signing());
  const auto hostile = [&](std::string_view text) { return composer.compose(parse(text), kNow).hostile; };
  EXPECT_FALSE(hostile(kPlain));
  EXPECT_FALSE(hostile("GET /nowhere HTTP/1.1\n\n"));
  EXPECT_TRUE(hostile("POST / HTTP/1.1\nContent-Length: 2\n\n{}"));
  EXPECT_TRUE(hostile("POST / HTTP/1.1\nTransfer-Encoding: chunked\n\n0\n\n"));
  EXPECT_TRUE(hostile("# @without Content-Length\nPOST / HTTP/1.1\n\n{}"));
  EXPECT_TRUE(hostile("POST / HTTP/1.0\n\n{}"));
}

TEST(Message, HeadHasNoBodyToWaitFor) {
  const Composer composer(kAuthority, signing());
  EXPECT_TRUE(composer.compose(parse("HEAD / HTTP/1.1\n\n"), kNow).head);
  EXPECT_FALSE(composer.compose(parse("POST / HTTP/1.1\n\n"), kNow).head);
  EXPECT_TRUE(composer.compose(parse("# @raw\n# @escaped\n\\r\\nHEAD / HTTP/1.1\\nHost:\n\n"), kNow).head);
  EXPECT_FALSE(composer.compose(parse("# @raw\nHEADS / HTTP/1.1\n\n"), kNow).head);
}

TEST(Composer, IsCopiedWithItsSigner) {
  auto original = std::make_unique<Composer>(kAuthority, signing());
  const Composer copy(*original);
  const auto expected = original->compose(parse(kPlain), kNow).bytes;
  original.reset();
  EXPECT_EQ(copy.compose(parse(kPlain), kNow).bytes, expected);
}

TEST(Bindings, ReplacePlaceholders) {
  Bindings b;
  b.set("document", "a-name");
  EXPECT_TRUE(b.has("document"));
  EXPECT_FALSE(b.has("token"));
  EXPECT_EQ(b.value("document"), "a-name");
  EXPECT_EQ(b.value("token"), "");
  EXPECT_EQ(b.expand(R"({"Name":"{{document}}","N":"{{repeat 3 ab}}"})").value_or("(error)"),
            R"({"Name":"a-name","N":"ababab"})");
}

TEST(Bindings, SayWhyThereIsNoValue) {
  Bindings b;
  b.cannot("token", "the endpoint gave none");
  const auto known = b.expand("{{token}}");
  ASSERT_FALSE(known.has_value());
  EXPECT_THAT(known.error().message, AllOf(HasSubstr("token"), HasSubstr("the endpoint gave none")));
  const auto unknown = b.expand("{{tokn}}");
  ASSERT_FALSE(unknown.has_value());
  EXPECT_THAT(unknown.error().message, HasSubstr("tokn"));
  b.set("token", "AAAA");
  EXPECT_EQ(b.expand("{{token}}").value_or("(error)"), "AAAA") << "a value wins over a reason";
}

TEST(Composer, SignsForTheScopeThatATextNames) {
  const Composer composer("127.0.0.1", Signing{{"AKID", "secret", ""}, {"us-east-1", "ssm"}});
  const auto plain = wire::parse_http_text("POST / HTTP/1.1\n\n{}\n");
  const auto other = wire::parse_http_text("# @scope eu-west-1/s3\nPOST / HTTP/1.1\n\n{}\n");
  ASSERT_TRUE(plain && other);
  EXPECT_EQ(composer.scope_of(*plain).service, "ssm");
  EXPECT_EQ(composer.scope_of(*other).region, "eu-west-1");
  EXPECT_EQ(composer.scope_of(*other).service, "s3");
}

}  // namespace
}  // namespace harness::run::compose_test
