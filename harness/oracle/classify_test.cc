#include "harness/oracle/classify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "harness/oracle/test_support.h"

// For every rule at least one request that breaks exactly it, and the nearest one that does not.
namespace harness::oracle::classify_test {
namespace {

using namespace std::string_literals;
using namespace testing_support;
using ::testing::HasSubstr;

constexpr const char* kStatus = "GetConnectionStatus";
constexpr const char* kDescribe = "DescribeDocumentPermission";

std::string status(const std::string& json = R"({"Target":"i-up"})") {
  return post(kStatus, json);
}
std::string describe(const std::string& name, const std::string& more = "") {
  return post(kDescribe, R"({"Name":")" + name + R"(","PermissionType":"Share")" + more + "}");
}

/// The usual request, changed.
std::string changed(const std::function<void(wire::Request&)>& change) {
  wire::Request request = request_for(kStatus, R"({"Target":"i-up"})");
  change(request);
  return wire::to_bytes(request);
}
std::string with_header(const char* name, const std::string& value) {
  return changed([&](wire::Request& r) { r.headers.set(name, value); });
}
std::string padded(std::size_t body_size) {
  std::string body = R"({"Target":"i-up"})";
  return status(body + std::string(body_size - body.size(), ' '));
}
std::string with_head_of(std::size_t bytes) {
  const std::size_t head = with_header("X-Pad", "").size() - std::string_view(R"({"Target":"i-up"})").size();
  return with_header("X-Pad", std::string(bytes - head, 'p'));
}
std::string deep(std::size_t depth) {
  return R"({"Target":"i-up","Z":)" + std::string(depth - 1, '[') + std::string(depth - 1, ']') + "}";
}

struct Sample {
  const char* label;
  Rule rule;
  const char* kind;  ///< all that is wrong with it
  std::string bytes;
  std::string neighbour;  ///< valid, or at least without the rule
};

void PrintTo(const Sample& sample, std::ostream* out) {
  *out << sample.kind;
}

std::vector<Sample> samples() {
  const auto no_header = [](const char* name) { return changed([&](auto& r) { r.headers.remove(name); }); };
  const auto doubled = [](const char* name) {
    return changed([&](auto& r) { r.headers.add(name, std::string(*r.headers.find(name))); });
  };
  const std::string name401 = times(401, "a");
  return {
      {"NoRequestLine", Rule::request_line, "request-line", "HELLO\r\nHost: h\r\n\r\n", status()},
      {"CutShort", Rule::incomplete, "incomplete", status().substr(0, status().size() - 1), status()},
      {"CutInTheHead", Rule::incomplete, "incomplete", "POST / HTTP/1.1\r\nHost: h\r\n", status()},
      {"LengthBeyond64Bits", Rule::incomplete, "incomplete",
       with_header("Content-Length", "18446744073709551617"), status()},
      {"TwoHosts", Rule::framing, "framing", doubled("Host"), status()},
      {"NoHost", Rule::framing, "framing", no_header("Host"), status()},
      {"LengthTwice", Rule::framing, "framing", doubled("Content-Length"), status()},
      {"LengthNoNumber", Rule::framing, "framing", with_header("Content-Length", "x"), status()},
      {"Http10", Rule::framing, "framing", changed([](auto& r) { r.version = "HTTP/1.0"; }), status()},
      {"FoldedHeader", Rule::framing, "framing",
       "POST / HTTP/1.1\r\nHost: h\r\nX-A: 1\r\n 2\r\nContent-Length: 0\r\n\r\n", status()},
      {"Chunked", Rule::transfer_coding, "transfer-coding", changed([](auto& r) {
         r.headers.remove("Content-Length");
         r.headers.add("Transfer-Encoding", "chunked");
         r.body = "11\r\n{\"Target\":\"i-up\"}\r\n0\r\n\r\n";
       }),
       status()},
      {"Put", Rule::method, "method", changed([](auto& r) { r.method = "PUT"; }), status()},
      {"LowerCaseMethod", Rule::method, "method", changed([](auto& r) { r.method = "post"; }), status()},
      {"OtherPath", Rule::path, "path", changed([](auto& r) { r.target = "/ssm"; }), status()},
      {"Query", Rule::path, "path", changed([](auto& r) { r.target = "/?"; }), status()},
      {"Json10", Rule::content_type, "content-type",
       with_header("Content-Type", "application/x-amz-json-1.0"),
       with_header("Content-Type", "Application/X-AMZ-JSON-1.1 ; charset=utf-8")},
      {"NoContentType", Rule::content_type, "content-type", no_header("Content-Type"), status()},
      {"ContentTypeTwice", Rule::content_type, "content-type", doubled("Content-Type"), status()},
      {"ContentCoding", Rule::content_type, "content-type", with_header("Content-Encoding", "gzip"),
       status()},
      {"LargeHead", Rule::large_head, "large-head", with_head_of(8193), with_head_of(8192)},
      {"LargeBody", Rule::large_body, "large-body", padded(128 * 1024 + 1), padded(128 * 1024)},

      {"EmptyBody", Rule::empty_body, "empty-body+required:Target", status(""), status("{}")},
      {"BlankBody", Rule::empty_body, "empty-body+required:Target", status(" \n"), status()},
      {"NotJson", Rule::not_json, "not-json", status("{"), status()},
      {"TrailingGarbage", Rule::not_json, "not-json", status(R"({"Target":"i-up"}x)"), status()},
      {"Array", Rule::not_an_object, "not-an-object", status("[]"), status()},
      {"Null", Rule::not_an_object, "not-an-object", status("null"), status()},
      {"Scalar", Rule::not_an_object, "not-an-object", status("7"), status()},
      {"ByteOrderMark", Rule::uncertain_json, "uncertain-json+uncertain-value",
       status("\xef\xbb\xbf{\"Target\":\"i-up\"}"), status()},
      {"Deep", Rule::uncertain_json, "uncertain-json", status(deep(51)), status(deep(50))},
      {"UnknownMemberTwice", Rule::uncertain_json, "uncertain-json",
       status(R"({"Target":"i-up","Z":1,"Z":2})"), status(R"({"Target":"i-up","Z":1,"Y":2})")},
      {"LoneSurrogateElsewhere", Rule::uncertain_json, "uncertain-json",
       status(R"({"Target":"i-up","Z":"\ud800"})"), status(R"({"Target":"i-up","Z":"\ud83d\ude00"})")},
      // Names that look like paths into a member that is looked at.
      {"LoneSurrogateInNameWithBracket", Rule::uncertain_json, "uncertain-json",
       status(R"({"Target":"i-up","Target[":"\ud800"})"), status(R"({"Target":"i-up","Target[":"x"})")},
      {"LoneSurrogateInNameWithDot", Rule::uncertain_json, "uncertain-json",
       status(R"({"Target":"i-up","Target.x":"\ud800"})"), status(R"({"Target":"i-up","Target.x":"x"})")},
      {"Utf16", Rule::uncertain_json, "uncertain-json", status("{\0\"\0T\0"s), status()},

      {"NoTarget", Rule::no_target, "no-target", no_header("X-Amz-Target"), status()},
      {"BlankTarget", Rule::no_target, "no-target", with_header("X-Amz-Target", ""), status()},
      {"UnknownOperation", Rule::unknown_target, "unknown-target", post("GetConnectionStatu", "{}"),
       status()},
      {"ForeignPrefix", Rule::unknown_target, "unknown-target",
       with_header("X-Amz-Target", "AmazonSQS.GetConnectionStatus"), status()},
      {"NoPrefix", Rule::unknown_target, "unknown-target", with_header("X-Amz-Target", "GetConnectionStatus"),
       status()},
      {"PrefixInOtherCase", Rule::target_form, "target-form",
       with_header("X-Amz-Target", "amazonSSM.GetConnectionStatus"), status()},
      {"PrefixInItsNamespace", Rule::target_form, "target-form",
       with_header("X-Amz-Target", "com.amazonaws.ssm#AmazonSSM.GetConnectionStatus"), status()},
      {"PrefixWithVersion", Rule::target_form, "target-form",
       with_header("X-Amz-Target", "AmazonSSM_20141106.GetConnectionStatus"), status()},
      {"PrefixInOtherCaseOfNoOperation", Rule::unknown_target, "unknown-target",
       with_header("X-Amz-Target", "amazonSSM.GetConnectionStatu"), status()},
      {"ConnectionNamesAHeader", Rule::removable_header, "removable-header",
       with_header("Connection", "X-Amz-Target"), with_header("Connection", "close")},
      {"TransferCodingOfTheAnswer", Rule::framing, "framing", with_header("TE", "gzip"),
       with_header("TE", "trailers")},
      {"NotInTheModel", Rule::unmodelled_target, "unmodelled-target", post("ListThings", "{}"), status()},
      {"TargetTwice", Rule::repeated_target, "repeated-target", doubled("X-Amz-Target"), status()},

      {"Type", Rule::type, "type:Target", status(R"({"Target":["i-up"]})"), status()},
      {"IntegerSize", Rule::integer_size, "integer-size:MaxResults",
       describe("ours", R"(,"MaxResults":2147483648)"), describe("ours", R"(,"MaxResults":200)")},
      {"Missing", Rule::required, "required:Target", status("{}"), status()},
      {"NullMember", Rule::required, "required:Target", status(R"({"Target":null})"), status()},
      {"TooLong", Rule::length, "length:Target", status(R"({"Target":")" + name401 + "\"}"),
       status(R"({"Target":")" + name401.substr(1) + "\"}")},
      {"Range", Rule::range, "range:MaxResults", describe("ours", R"(,"MaxResults":201)"),
       describe("ours", R"(,"MaxResults":200)")},
      {"Pattern", Rule::pattern, "pattern:Name", describe("ou"), describe("ours")},
      {"Enum", Rule::enumeration, "enum:PermissionType",
       post(kDescribe, R"({"Name":"ours","PermissionType":"share"})"), describe("ours")},
      {"Fraction", Rule::uncertain_value, "uncertain-value:MaxResults",
       describe("ours", R"(,"MaxResults":1.0)"), describe("ours", R"(,"MaxResults":1)")},
      {"MemberTwice", Rule::uncertain_value, "uncertain-json+uncertain-value:Target",
       status(R"({"Target":"i-up","Target":"i-up"})"), status()},
      {"NulInText", Rule::unusual_text, "unusual-text:Target", status(R"({"Target":"i\u0000p"})"),
       status(R"({"Target":"i-up"})")},
      {"InvisibleInText", Rule::unusual_text, "unusual-text:Target", status("{\"Target\":\"i\u200bp\"}"),
       status()},

      {"TokenThatWasNotIssued", Rule::page_token, "page-token:NextToken",
       post("ListDocuments", R"({"NextToken":"made-up"})"),
       post("ListDocuments", R"({"NextToken":"T-shared"})")},
      {"TokenThatWasNotIssuedAndNoErrorSaysSo", Rule::page_token_undeclared,
       "page-token-undeclared:NextToken", post("DescribeOpsItems", R"({"NextToken":"made-up"})"),
       post("DescribeOpsItems", "{}")},
      {"DocumentUnknown", Rule::state, "document-unknown:Name", describe("never-heard-of"), describe("ours")},
      {"DocumentToCreateUnknown", Rule::state, "document-may-exist:Name",
       post("CreateDocument", R"({"Name":"never-heard-of","Content":"{}"})"),
       post("CreateDocument", R"({"Name":"gone","Content":"{}"})")},
      {"DocumentGone", Rule::state, "document-absent:Name", describe("gone"), describe("other")},
      {"DocumentOfOurPrefix", Rule::state, "document-absent:Name", describe("run-1"), describe("ours")},
      {"AwsDocument", Rule::state, "document-aws-owned:Name", describe("AWS-RunShellScript"),
       describe("ours")},
      {"CreateAwsDocument", Rule::state, "document-aws-owned:Name",
       post("CreateDocument", R"({"Name":"Amazon-mine","Content":"{}"})"),
       post("CreateDocument", R"({"Name":"run-mine","Content":"{}"})")},
      {"DeleteShared", Rule::state, "document-shared:Name", post("DeleteDocument", R"({"Name":"shared"})"),
       post("DeleteDocument", R"({"Name":"ours"})")},
      {"CreateTwice", Rule::state, "document-exists:Name",
       post("CreateDocument", R"({"Name":"ours","Content":"{}"})"),
       post("CreateDocument", R"({"Name":"gone","Content":"{}"})")},
      {"ForeignDocumentsToken", Rule::state, "token-unknown:NextToken",
       describe("other", R"(,"NextToken":"x")"), describe("other")},
      {"EmptyToken", Rule::state, "token-empty:NextToken", describe("shared", R"(,"NextToken":"")"),
       describe("shared", R"(,"NextToken":null)")},
      {"TokenNeverIssued", Rule::state, "token-not-issued:NextToken",
       describe("shared", R"(,"NextToken":"T-share")"), describe("shared", R"(,"NextToken":"T-shared")")},
      {"TokenOfAnother", Rule::state, "token-of-other-document:NextToken",
       describe("ours", R"(,"NextToken":"T-shared")"), describe("shared", R"(,"NextToken":"T-shared")")},
      {"NothingToModify", Rule::state, "nothing-to-modify",
       post("ModifyDocumentPermission", R"({"Name":"ours","PermissionType":"Share"})"),
       post("ModifyDocumentPermission",
            R"({"Name":"ours","PermissionType":"Share","AccountIdsToRemove":[]})")},
      {"NodeUnknown", Rule::state, "node-unknown:Target", status(R"({"Target":"i-none"})"), status()},
      {"NodeNotConnected", Rule::state, "node-unknown:Target", status(R"({"Target":"i-down"})"), status()},
  };
}

// Of a state, its name is what the kind says before the member.
bool breaks_it(const Classification& c, const Sample& sample) {
  const std::string_view kind = sample.kind;
  return sample.rule == Rule::state ? c.breaks_state(kind.substr(0, kind.find(':'))) : c.breaks(sample.rule);
}

class Samples : public ::testing::TestWithParam<Sample> {};

TEST_P(Samples, BreaksExactlyThis) {
  const auto c = classified(GetParam().bytes, world());
  EXPECT_EQ(c.kind(), GetParam().kind);
  EXPECT_TRUE(breaks_it(c, GetParam()));
  for (const auto& v : c.violations) EXPECT_NE(v.detail, "") << "for people";
}

TEST_P(Samples, TheNeighbourDoesNot) {
  const auto c = classified(GetParam().neighbour, world());
  EXPECT_FALSE(breaks_it(c, GetParam())) << c.kind();
}

INSTANTIATE_TEST_SUITE_P(Rules, Samples, ::testing::ValuesIn(samples()),
                         [](const auto& test) { return std::string(test.param.label); });

TEST(Classify, AuthorizationOfAnotherKindIsOpenWhereNobodyVerifies) {
  auto known = world();
  auto r = request_for("GetConnectionStatus", R"({"Target":"i-1"})");
  const auto broken = [&](const char* authorization) {
    r.headers = {};
    r = request_for("GetConnectionStatus", R"({"Target":"i-1"})");
    if (authorization != nullptr) r.headers.add("Authorization", authorization);
    return classified(wire::to_bytes(r), known).breaks(Rule::foreign_authorization);
  };
  const char* kSigned =
      "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/ssm/aws4_request, SignedHeaders=host, "
      "Signature=00";
  EXPECT_FALSE(broken(nullptr)) << "a run that does not sign";
  known.signs = {{"test", "secret", ""}, {"us-east-1", "ssm"}};
  EXPECT_FALSE(broken(kSigned));
  // Of another key it may be another account's, and requests are routed by region and service.
  for (const char* other :
       {"a", "AWS4-HMAC-SHA256", "Bearer x", "AWS4-HMAC-SHA256 Credential=test",
        "AWS4-HMAC-SHA256 Credential=other/20260101/us-east-1/ssm/aws4_request, SignedHeaders=host, "
        "Signature=00",
        "AWS4-HMAC-SHA256 Credential=/20260101/us-east-1/ssm/aws4_request, SignedHeaders=host, Signature=00",
        "AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/ssm/aws4_request, SignedHeaders=host, "
        "Signature=00",
        "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, "
        "Signature=00"})
    EXPECT_TRUE(broken(other)) << other;
  EXPECT_TRUE(broken(nullptr));
}

TEST(Classify, PathsAreRelativeToWhereTheServiceLives) {
  const auto path_of = [](const char* target, const char* base_path) {
    Knowledge knowledge = world();
    knowledge.base_path = base_path;
    return classified(changed([&](wire::Request& r) { r.target = target; }), knowledge).kind();
  };
  EXPECT_EQ(path_of("/aws/", "/aws"), "valid");
  for (const char* other : {"/", "/aws", "/aws/x", "/aws/?x", "/aws//", "/awsx/", "/x/aws/"}) {
    EXPECT_EQ(path_of(other, "/aws"), "path") << other;
  }
  EXPECT_EQ(path_of("/aws/", ""), "path");
  EXPECT_EQ(path_of("http://h/aws/", "/aws"), "request-line+path");
}

TEST(Classify, ARequestToSwitchProtocolsIsNotJudged) {
  auto r = request_for("GetConnectionStatus", R"({"Target":"i-1"})");
  r.headers.add("Upgrade", "h2c");
  EXPECT_TRUE(classified(wire::to_bytes(r), world()).breaks(Rule::framing));
}

TEST(Classify, KeepsTheModelledMembersOfTheInput) {
  const auto c = classified(status(R"({"Unknown":[0,0,0],"Target":"i-up"})"), world());
  EXPECT_EQ(c.input, wire::Json({{"Target", "i-up"}}));
  EXPECT_TRUE(classified(status(R"({"Unknown":1})"), world()).input.is_object());
  EXPECT_FALSE(classified(status("[]"), world()).input.is_object());
}

TEST(Classify, EveryRuleHasASample) {
  std::set<Rule> sampled;
  for (const auto& s : samples()) sampled.insert(s.rule);
  // These have their own tests, with signatures.
  sampled.insert({Rule::not_signed, Rule::incomplete_signature, Rule::unknown_key, Rule::wrong_scope,
                  Rule::expired, Rule::wrong_signature, Rule::foreign_authorization});
  for (int r = 0; r <= static_cast<int>(Rule::state); ++r) {
    EXPECT_TRUE(sampled.contains(static_cast<Rule>(r))) << to_string(static_cast<Rule>(r));
  }
}

TEST(Classify, RulesHaveNamesOfTheirOwn) {
  std::set<std::string_view> names;
  for (int r = 0; r <= static_cast<int>(Rule::state); ++r) names.insert(to_string(static_cast<Rule>(r)));
  EXPECT_EQ(names.size(), static_cast<std::size_t>(Rule::state) + 1);
  EXPECT_EQ(to_string(Rule::not_an_object), "not-an-object");
}

}  // namespace
}  // namespace harness::oracle::classify_test
