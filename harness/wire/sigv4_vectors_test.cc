#include <gtest/gtest.h>

#include "harness/wire/sigv4.h"
#include "harness/wire/sigv4_canonical.h"

namespace harness::wire::sigv4_vectors_test {
namespace {

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

/// One case of the signature test suite that AWS published for SigV4: the request, and the signature to get.
/// `Host` and `X-Amz-Date` are the same in all of them.
struct Vector {
  const char* name;
  const char* method;
  const char* target;
  Headers headers;
  const char* body;
  const char* signature;
};

Request request_of(const Vector& vector) {
  Request request{vector.method, vector.target, "HTTP/1.1", vector.headers, vector.body};
  request.headers.add("Host", "example.amazonaws.com");
  request.headers.add("X-Amz-Date", kDate);
  return request;
}

std::vector<std::string> names_of(const Request& request) {
  std::vector<std::string> names;
  for (const Header& line : request.headers.lines()) names.push_back(line.name);
  return names;
}

std::string signature_of(const Request& request) {
  Hashes hashes;
  set_signing_key(hashes, kSecret, "20150830", kScope);
  std::string out;
  append_hex(out, hashes.hmac(string_to_sign(canonical_request(request, names_of(request)), kDate, kScope)));
  return out;
}

VerifierContext verifier(const std::string& token = {}) {
  return {[token](std::string_view id) -> std::optional<Credentials> {
            if (id != kKeyId) return std::nullopt;
            return Credentials{kKeyId, kSecret, token};
          },
          kScope, at(kDate)};
}

class SigV4Vectors : public testing::TestWithParam<Vector> {};

TEST_P(SigV4Vectors, GiveThePublishedSignature) {
  EXPECT_EQ(signature_of(request_of(GetParam())), GetParam().signature);
}

TEST_P(SigV4Vectors, AreAcceptedByTheVerifierUnlessChanged) {
  Request request = request_of(GetParam());
  const auto canonical = canonical_request(request, names_of(request));
  std::string list = canonical.substr(0, canonical.rfind('\n'));
  list.erase(0, list.rfind('\n') + 1);
  request.headers.add(
      "Authorization",
      std::string("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request"
                  ", SignedHeaders=") +
          list + ", Signature=" + GetParam().signature);
  const auto token = request.headers.find("X-Amz-Security-Token").value_or("");
  const VerifierContext context = verifier(std::string(token));
  EXPECT_EQ(verify(request, context), SignatureProblem::none);

  Request changed = request;
  changed.body += ' ';
  EXPECT_EQ(verify(changed, context), SignatureProblem::wrong_signature);
  changed = request;
  changed.method = "PUT";
  EXPECT_EQ(verify(changed, context), SignatureProblem::wrong_signature);
  changed = request;
  changed.target += changed.target.find('?') == std::string::npos ? "?x" : "&x";
  EXPECT_EQ(verify(changed, context), SignatureProblem::wrong_signature);
  for (const std::string& name : names_of(request)) {
    if (same_name(name, "Authorization") || same_name(name, "X-Amz-Date")) continue;
    changed = request;
    changed.headers.remove(name);
    EXPECT_NE(verify(changed, context), SignatureProblem::none) << name;
    changed = request;
    changed.headers.add(name, "more");
    EXPECT_NE(verify(changed, context), SignatureProblem::none) << name;
  }
}

constexpr const char* kSlashOnly = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31";
constexpr const char* kPostVanilla = "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b";
#define UNRESERVED "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

INSTANTIATE_TEST_SUITE_P(
    Published, SigV4Vectors,
    testing::Values(Vector{"get_vanilla", "GET", "/", {}, "", kSlashOnly},
                    Vector{"get_relative", "GET", "/example/..", {}, "", kSlashOnly},
                    Vector{"get_relative_relative", "GET", "/example1/example2/../..", {}, "", kSlashOnly},
                    Vector{"get_slash", "GET", "//", {}, "", kSlashOnly},
                    Vector{"get_slash_dot_slash", "GET", "/./", {}, "", kSlashOnly},
                    Vector{"get_slashes",
                           "GET",
                           "//example//",
                           {},
                           "",
                           "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84"},
                    Vector{"get_slash_pointless_dot",
                           "GET",
                           "/./example",
                           {},
                           "",
                           "ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5"},
                    Vector{"get_space",
                           "GET",
                           "/example space/",
                           {},
                           "",
                           "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741"},
                    Vector{"get_unreserved",
                           "GET",
                           "/" UNRESERVED,
                           {},
                           "",
                           "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"},
                    Vector{"get_utf8",
                           "GET",
                           "/\xE1\x88\xB4",
                           {},
                           "",
                           "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"},
                    Vector{"get_vanilla_empty_query_key",
                           "GET",
                           "/?Param1=value1",
                           {},
                           "",
                           "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb"},
                    Vector{"get_vanilla_query", "GET", "/?", {}, "", kSlashOnly},
                    Vector{"get_vanilla_query_order_key_case",
                           "GET",
                           "/?Param2=value2&Param1=value1",
                           {},
                           "",
                           "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
                    Vector{"get_vanilla_query_unreserved",
                           "GET",
                           "/?" UNRESERVED "=" UNRESERVED,
                           {},
                           "",
                           "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197"},
                    Vector{"get_vanilla_utf8_query",
                           "GET",
                           "/?\xE1\x88\xB4=bar",
                           {},
                           "",
                           "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"},
                    Vector{"get_header_key_duplicate",
                           "GET",
                           "/",
                           {{"My-Header1", "value2"}, {"My-Header1", "value2"}, {"My-Header1", "value1"}},
                           "",
                           "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"},
                    Vector{"get_header_value_order",
                           "GET",
                           "/",
                           {{"My-Header1", "value4"},
                            {"My-Header1", "value1"},
                            {"my-header1", "value3"},
                            {"MY-HEADER1", "value2"}},
                           "",
                           "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01"},
                    Vector{"get_header_value_trim",
                           "GET",
                           "/",
                           {{"My-Header1", " value1"}, {"My-Header2", " \"a   b   c\""}},
                           "",
                           "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"},
                    Vector{"post_header_key_sort",
                           "POST",
                           "/",
                           {{"My-Header1", "value1"}},
                           "",
                           "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"},
                    Vector{"post_header_value_case",
                           "POST",
                           "/",
                           {{"My-Header1", "VALUE1"}},
                           "",
                           "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d"},
                    Vector{"post_sts_header_after", "POST", "/", {}, "", kPostVanilla},
                    Vector{"post_sts_header_before",
                           "POST",
                           "/",
                           {{"X-Amz-Security-Token", kToken}},
                           "",
                           "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead"},
                    Vector{"post_vanilla", "POST", "/", {}, "", kPostVanilla},
                    Vector{"post_vanilla_query",
                           "POST",
                           "/?Param1=value1",
                           {},
                           "",
                           "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11"},
                    Vector{"post_vanilla_query_nonunreserved",
                           "POST",
                           "/?@#$%^&+=/,?><`\";:\\|][{}",
                           {},
                           "",
                           "66c82657c86e26fb25238d0e69f011edc4c6df5ae71119d7cb98ed9b87393c1e"},
                    Vector{"post_vanilla_query_space",
                           "POST",
                           "/?p",
                           {},
                           "",
                           "e71688addb58a26418614085fb730ba3faa623b461c17f48f2fbdb9361b94a9b"},
                    Vector{"post_x_www_form_urlencoded",
                           "POST",
                           "/",
                           {{"Content-Type", "application/x-www-form-urlencoded"}},
                           "Param1=value1",
                           "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"},
                    Vector{"post_x_www_form_urlencoded_parameters",
                           "POST",
                           "/",
                           {{"Content-Type", "application/x-www-form-urlencoded; charset=utf8"}},
                           "Param1=value1",
                           "1a72ec8f64bd914b0e42e42607c7fbce7fb2c7465f63e3092b3b0d39fa77a6fe"}),
    [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace harness::wire::sigv4_vectors_test
