// The envelope and the check order of the reference service: everything that happens before an operation.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <thread>
#include <vector>

#include "conformance/ssm/reference.h"
#include "harness/reference/service.h"
#include "harness/reference/test_support.h"
#include "harness/wire/error_envelope.h"

namespace harness::reference::service_protocol_test {
namespace {

using testing::built_in_model;
using testing::call;
using ::testing::HasSubstr;
using testing::Json;
using ::testing::MatchesRegex;
using testing::Reply;
using testing::request_for;

constexpr const char* kDescribe = "DescribeDocumentPermission";
constexpr const char* kValid = R"({"Name":"Example","PermissionType":"Share"})";

class Protocol : public ::testing::Test {
 protected:
  static ServiceOptions options() {
    ServiceOptions result;
    conformance::ssm::initial_documents(result) = {"Example"};
    return result;
  }
  void expect(const Reply& reply, int status, std::string_view code) {
    EXPECT_EQ(reply.status, status) << reply.response.body;
    EXPECT_EQ(reply.code, code) << reply.response.body;
    const auto envelope = wire::read_error_envelope(reply.response, reply.body);
    EXPECT_EQ(envelope.header_type, code);
    EXPECT_TRUE(envelope.message.has_value());
  }
  Service service_{built_in_model(), conformance::ssm::reference_service(), options()};
};

TEST_F(Protocol, AnswersAValidRequest) {
  const Reply reply = call(service_, kDescribe, kValid);
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.response.reason, "OK");
  EXPECT_EQ(reply.response.body, R"({"AccountIds":[],"AccountSharingInfoList":[]})");
  EXPECT_EQ(reply.response.headers.find("Content-Type"), "application/x-amz-json-1.1");
  EXPECT_FALSE(reply.response.headers.contains("X-Amzn-Errortype"));
}

TEST_F(Protocol, EveryResponseHasItsOwnRequestId) {
  std::set<std::string> ids;
  for (int i = 0; i < 1000; ++i) {
    const Reply reply = call(service_, kDescribe, i % 2 == 0 ? kValid : "{}");
    const std::string id(reply.response.headers.find("x-amzn-RequestId").value_or("none"));
    ASSERT_THAT(id, MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
    EXPECT_TRUE(ids.insert(id).second) << id;
  }
}

TEST_F(Protocol, OtherMethodsAreRefused) {
  for (const char* method :
       {"GET", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "post", "WHATEVER"}) {
    auto request = request_for(kDescribe, kValid);
    request.method = method;
    const Reply reply = call(service_, request);
    expect(reply, 405, "MethodNotAllowedException");
    EXPECT_EQ(reply.response.headers.find("Allow"), "POST");
  }
}

TEST_F(Protocol, TheAnswerToHeadHasNoBody) {
  auto request = request_for(kDescribe, kValid);
  request.method = "HEAD";
  const auto response = service_.handle(request);
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(response.body, "");
}

TEST_F(Protocol, OperationsAreAtTheRoot) {
  for (const char* target :
       {"/", "/?a=b", "http://ssm.example/", "http://ssm.example", "https://ssm.example?x"}) {
    auto request = request_for(kDescribe, kValid);
    request.target = target;
    EXPECT_TRUE(call(service_, request).ok()) << target;
  }
  for (const char* target : {"/x", "//", "*", "/%2f", "http://ssm.example/x", "ssm.example:80"}) {
    auto request = request_for(kDescribe, kValid);
    request.target = target;
    expect(call(service_, request), 404, "UnknownOperationException");
  }
}

TEST_F(Protocol, OperationsAreAtTheBasePathAlone) {
  ServiceOptions options;
  options.base_path = "/aws";
  conformance::ssm::initial_documents(options) = {"Example"};
  Service service(built_in_model(), conformance::ssm::reference_service(), options);
  const auto at = [&](const char* target) {
    auto request = request_for(kDescribe, kValid);
    request.target = target;
    return call(service, request);
  };
  for (const char* target : {"/aws/", "/aws", "/aws?a=/b", "/aws/?a", "http://ssm.example/aws/"}) {
    EXPECT_TRUE(at(target).ok()) << target;
  }
  for (const char* target :
       {"/", "/awsx/", "/aws/x", "/aws//", "/x/aws/", "*", "http://aws/", "http://ssm/"}) {
    expect(at(target), 404, "UnknownOperationException");
  }
}

TEST_F(Protocol, TheContentTypeIsThatOfTheProtocol) {
  for (const char* type :
       {"application/x-amz-json-1.1", "Application/X-Amz-JSON-1.1", "application/x-amz-json-1.1 ",
        "application/x-amz-json-1.1; charset=utf-8", "application/x-amz-json-1.1;x"}) {
    auto request = request_for(kDescribe, kValid);
    request.headers.set("Content-Type", type);
    EXPECT_TRUE(call(service_, request).ok()) << type;
  }
  for (const char* type : {"", "application/json", "application/x-amz-json-1.0", "text/plain", ";"}) {
    auto request = request_for(kDescribe, kValid);
    request.headers.set("Content-Type", type);
    expect(call(service_, request), 415, "UnsupportedMediaTypeException");
  }
  auto request = request_for(kDescribe, kValid);
  request.headers.remove("Content-Type");
  expect(call(service_, request), 415, "UnsupportedMediaTypeException");
}

TEST_F(Protocol, TheBodyIsOneJsonObject) {
  for (const char* body :
       {"", " ", "{", "nonsense", "null", "true", "5", "\"text\"", "[]", "[{}]", "{}{}", "{\"Name\":}",
        "{'Name':1}", "{\"Name\":\"\xff\"}", "{\"MaxResults\":1e999}", "{\"MaxResults\":01}"}) {
    expect(call(service_, kDescribe, body), 400, "SerializationException");
  }
  const std::string deep = std::string(100000, '[');
  expect(call(service_, kDescribe, deep), 400, "SerializationException");
}

TEST_F(Protocol, WhatJsonLeavesOpenIsReadKindly) {
  for (const char* body :
       {"\xef\xbb\xbf{\"Name\":\"Example\",\"PermissionType\":\"Share\"}",
        R"({"Name":5,"Name":"Example","PermissionType":"Share"})",
        R"( { "Name" : "Example" , "PermissionType" : "Share" , "Unknown" : [ { } ] } )",
        R"({"Name":"\u0045xample","PermissionType":"Share","MaxResults":null,"NextToken":null})",
        R"({"Name":"Example","PermissionType":"Share","MaxResults":2e1})",
        R"({"Name":"Example","PermissionType":"Share","MaxResults":20.0})"}) {
    EXPECT_TRUE(call(service_, kDescribe, body).ok()) << body;
  }
}

TEST_F(Protocol, OfAMemberThatStandsTwiceTheLastIsChecked) {
  expect(call(service_, kDescribe, R"({"Name":"Example","Name":5,"PermissionType":"Share"})"), 400,
         "SerializationException");
  expect(call(service_, kDescribe, R"({"Name":"Example","Name":"x","PermissionType":"Share"})"), 400,
         "ValidationException");
}

TEST_F(Protocol, TheTargetIsOneThatExists) {
  for (const char* target : {"AmazonSSM.NoSuchOperation", "AmazonSSM.", "AmazonSSM", "",
                             "DescribeDocumentPermission", "AmazonSSM.describeDocumentPermission",
                             "amazonssm.DescribeDocumentPermission", "DynamoDB_20120810.ListTables",
                             "AmazonSSM.DescribeDocumentPermission.", "AmazonSSM.ListThings", "\xff\xfe"}) {
    auto request = request_for(kDescribe, kValid);
    request.headers.set("X-Amz-Target", target);
    expect(call(service_, request), 400, "UnknownOperationException");
  }
  auto request = request_for(kDescribe, kValid);
  request.headers.add("x-amz-target", "AmazonSSM.DescribeDocumentPermission");
  expect(call(service_, request), 400, "UnknownOperationException");
  request.headers.remove("X-Amz-Target");
  expect(call(service_, request), 400, "UnknownOperationException");
}

TEST_F(Protocol, WrongTypesAreSerializationErrors) {
  for (const char* body :
       {R"({"Name":5,"PermissionType":"Share"})", R"({"Name":["Example"],"PermissionType":"Share"})",
        R"({"Name":true,"PermissionType":"Share"})", R"({"Name":{},"PermissionType":"Share"})",
        R"({"Name":"Example","PermissionType":1})",
        R"({"Name":"Example","PermissionType":"Share","MaxResults":"5"})",
        R"({"Name":"Example","PermissionType":"Share","MaxResults":5.5})",
        R"({"Name":"Example","PermissionType":"Share","MaxResults":true})",
        R"({"Name":"Example","PermissionType":"Share","NextToken":5})"}) {
    expect(call(service_, kDescribe, body), 400, "SerializationException");
  }
}

TEST_F(Protocol, BrokenConstraintsAreValidationErrors) {
  for (const char* body :
       {"{}", R"({"Name":"Example"})", R"({"PermissionType":"Share"})",
        R"({"Name":null,"PermissionType":"Share"})", R"({"Name":"Example","PermissionType":null})",
        R"({"Name":"ab","PermissionType":"Share"})", R"({"Name":"","PermissionType":"Share"})",
        R"({"Name":"a b c","PermissionType":"Share"})", R"({"Name":"Example\n","PermissionType":"Share"})",
        R"({"Name":"Ex\u00e4mple","PermissionType":"Share"})",
        R"({"Name":"Example","PermissionType":"Share","MaxResults":0})",
        R"({"Name":"Example","PermissionType":"Share","MaxResults":-1})",
        R"({"Name":"Example","PermissionType":"Share","MaxResults":201})",
        R"({"Name":"Example","PermissionType":"Share","MaxResults":2147483648})",
        R"({"Name":"Example","PermissionType":"Share","MaxResults":-2147483649})",
        R"({"Name":"Example","PermissionType":"Share","MaxResults":99999999999999999999999})",
        R"({"Name":"Example","PermissionType":"Share","MaxResults":1e30})",
        R"({"Name":"Example","PermissionType":"Share","MaxResults":-1e30})",
        R"({"Name":"Example","PermissionType":"Share","MaxResults":2.01e2})"}) {
    expect(call(service_, kDescribe, body), 400, "ValidationException");
  }
  const std::string too_long(129, 'a');
  expect(call(service_, kDescribe, Json{{"Name", too_long}, {"PermissionType", "Share"}}), 400,
         "ValidationException");
  const std::string longest(128, 'a');
  expect(call(service_, kDescribe, Json{{"Name", longest}, {"PermissionType", "Share"}}), 400,
         "InvalidDocument");
}

TEST_F(Protocol, ANumberBeyondEveryIntegerIsNotReadAsTheGreatestOne) {
  expect(call(service_, "LabelParameterVersion",
              R"({"Name":"example","Labels":["a"],"ParameterVersion":99999999999999999999})"),
         400, "SerializationException");
  expect(call(service_, "LabelParameterVersion",
              R"({"Name":"example","Labels":["a"],"ParameterVersion":-99999999999999999999})"),
         400, "SerializationException");
}

TEST_F(Protocol, BrokenConstraintsAreReportedTogether) {
  const Reply reply = call(service_, kDescribe, R"({"Name":"ab","MaxResults":0})");
  expect(reply, 400, "ValidationException");
  const std::string message = reply.body["message"];
  EXPECT_THAT(message, HasSubstr("3 validation errors detected: "));
  EXPECT_THAT(message, HasSubstr("'name'"));
  EXPECT_THAT(message, HasSubstr("Value null at 'permissionType'"));
  EXPECT_THAT(message, HasSubstr("Value '0' at 'maxResults'"));
}

TEST_F(Protocol, IntegersBeyondTheirWidthAreOutOfRange) {
  const Reply reply =
      call(service_, kDescribe, R"({"Name":"Example","PermissionType":"Share","MaxResults":2147483648})");
  EXPECT_EQ(reply.body["message"],
            "1 validation error detected: Value '2147483648' at 'maxResults' failed to satisfy constraint: "
            "Member must "
            "have value less than or equal to 200");
}

TEST_F(Protocol, AnotherPermissionTypeHasItsOwnErrorOnceTheRestHolds) {
  for (const char* type : {"share", "SHARE", "", "Share ", "Own"}) {
    const Json input = {{"Name", "Example"}, {"PermissionType", type}};
    expect(call(service_, kDescribe, input), 400, "InvalidPermissionType");
  }
  const Reply reply = call(service_, kDescribe, R"({"Name":"ab","PermissionType":"Own"})");
  expect(reply, 400, "ValidationException");
  EXPECT_THAT(std::string(reply.body["message"]), HasSubstr("1 validation error detected"));
  expect(call(service_, kDescribe, R"({"Name":"NotThere","PermissionType":"Own"})"), 400,
         "InvalidPermissionType");
}

TEST_F(Protocol, ChecksInTheOrderOfAws) {
  // Each request breaks its own rule and all that are checked later.
  auto request = request_for("NoSuchOperation", "nonsense");
  request.method = "GET";
  expect(call(service_, request), 405, "MethodNotAllowedException");
  request.method = "POST";
  expect(call(service_, request), 400, "SerializationException");
  request.body = R"({"Name":5,"MaxResults":0})";
  expect(call(service_, request), 400, "UnknownOperationException");
  request.headers.set("X-Amz-Target", "AmazonSSM.DescribeDocumentPermission");
  expect(call(service_, request), 400, "SerializationException");
  request.body = R"({"Name":"NotThere","MaxResults":0})";
  expect(call(service_, request), 400, "ValidationException");
  request.body = R"({"Name":"NotThere","PermissionType":"Own"})";
  expect(call(service_, request), 400, "InvalidPermissionType");
  request.body = R"({"Name":"NotThere","PermissionType":"Share","NextToken":"x"})";
  expect(call(service_, request), 400, "InvalidDocument");
}

TEST(Limits, ABodyBeyondTheLimitIsTooLarge) {
  ServiceOptions options;
  conformance::ssm::initial_documents(options) = {"Example"};
  options.max_body_bytes = 100;
  Service service(built_in_model(), conformance::ssm::reference_service(), options);
  std::string body = kValid;
  body.resize(100, ' ');
  EXPECT_TRUE(call(service, kDescribe, body).ok());
  body += ' ';
  const Reply reply = call(service, kDescribe, body);
  EXPECT_EQ(reply.status, 413);
  EXPECT_EQ(reply.code, "RequestEntityTooLargeException");
}

TEST(Refuse, WritesTheSameEnvelope) {
  Service service(built_in_model(), conformance::ssm::reference_service(), {});
  const Reply reply = testing::read(service.refuse(400, "MalformedHttpRequestException", "why"));
  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(reply.code, "MalformedHttpRequestException");
  EXPECT_EQ(reply.body["message"], "why");
  EXPECT_TRUE(reply.response.headers.contains("x-amzn-RequestId"));
}

class Signed : public ::testing::Test {
 protected:
  static ServiceOptions options() {
    ServiceOptions result;
    result.region = "eu-west-1";
    conformance::ssm::initial_documents(result) = {"Example"};
    result.credentials = {kKey, kSessionKey};
    result.now = [] { return kNow; };
    return result;
  }
  Reply signed_call(const wire::Credentials& credentials,
                    const wire::SigningScope& scope = {"eu-west-1", "ssm"}, std::chrono::seconds late = {},
                    std::string_view operation = kDescribe, std::string body = kValid) {
    auto request = request_for(operation, std::move(body));
    wire::Signer(credentials, scope).sign(request, kNow + late);
    return call(service_, request);
  }
  void expect(const Reply& reply, std::string_view code) {
    EXPECT_EQ(reply.status, 400) << reply.response.body;
    EXPECT_EQ(reply.code, code) << reply.response.body;
  }
  static inline const auto kNow = std::chrono::system_clock::from_time_t(1'700'000'000);
  static inline const wire::Credentials kKey{"AKIDEXAMPLE", "secret", ""};
  static inline const wire::Credentials kSessionKey{"ASIAEXAMPLE", "other secret", "the token"};
  Service service_{built_in_model(), conformance::ssm::reference_service(), options()};
};

TEST_F(Signed, AcceptsEveryKnownKey) {
  EXPECT_TRUE(signed_call(kKey).ok());
  EXPECT_TRUE(signed_call(kSessionKey).ok());
}

TEST_F(Signed, NamesWhatIsWrong) {
  using std::chrono::minutes;
  expect(call(service_, kDescribe, kValid), "MissingAuthenticationTokenException");
  expect(signed_call({"AKIDEXAMPLE", "wrong", ""}), "InvalidSignatureException");
  expect(signed_call({"AKIDOTHER", "secret", ""}), "UnrecognizedClientException");
  expect(signed_call({"ASIAEXAMPLE", "other secret", "another token"}), "UnrecognizedClientException");
  expect(signed_call(kKey, {"us-east-1", "ssm"}), "InvalidSignatureException");
  expect(signed_call(kKey, {"eu-west-1", "s3"}), "InvalidSignatureException");
  expect(signed_call(kKey, {"eu-west-1", "ssm"}, minutes(16)), "InvalidSignatureException");
  expect(signed_call(kKey, {"eu-west-1", "ssm"}, -minutes(16)), "InvalidSignatureException");
  EXPECT_TRUE(signed_call(kKey, {"eu-west-1", "ssm"}, minutes(14)).ok());

  auto request = request_for(kDescribe, kValid);
  wire::Signer(kKey, {"eu-west-1", "ssm"}).sign(request, kNow);
  auto changed = request;
  changed.body += ' ';
  expect(call(service_, changed), "InvalidSignatureException");
  changed = request;
  changed.headers.set("Authorization", "AWS4-HMAC-SHA256 nonsense");
  expect(call(service_, changed), "IncompleteSignatureException");
  changed.headers.set("Authorization", "Bearer x");
  expect(call(service_, changed), "IncompleteSignatureException");
}

TEST_F(Signed, AuthenticationStandsBetweenTheTargetAndTheTypes) {
  const wire::Credentials wrong{"AKIDEXAMPLE", "wrong", ""};
  const wire::SigningScope scope{"eu-west-1", "ssm"};
  expect(signed_call(wrong, scope, {}, kDescribe, "nonsense"), "SerializationException");
  expect(signed_call(wrong, scope, {}, "NoSuchOperation", "{}"), "UnknownOperationException");
  expect(signed_call(wrong, scope, {}, kDescribe, R"({"Name":5})"), "InvalidSignatureException");
  expect(signed_call(kKey, scope, {}, kDescribe, R"({"Name":5})"), "SerializationException");
}

TEST(Threads, ManyMayCallAtOnce) {
  ServiceOptions options;
  options.credentials = {{"AKIDEXAMPLE", "secret", ""}};
  Service service(built_in_model(), conformance::ssm::reference_service(), options);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&service, t] {
      const wire::Signer signer({"AKIDEXAMPLE", "secret", ""}, {"us-east-1", "ssm"});
      for (int i = 0; i < 50; ++i) {
        const std::string name = "doc-" + std::to_string(t) + "-" + std::to_string(i);
        auto request = request_for("CreateDocument", Json{{"Name", name}, {"Content", "{}"}}.dump());
        signer.sign(request, std::chrono::system_clock::now());
        EXPECT_EQ(service.handle(request).status, 200);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(conformance::ssm::documents_in(service).size(), 200U);
}

}  // namespace
}  // namespace harness::reference::service_protocol_test
