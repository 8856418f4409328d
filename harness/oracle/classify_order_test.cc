#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conformance/ssm/resources.h"
#include "harness/oracle/classify.h"
#include "harness/oracle/test_support.h"

// What classify() says besides the rules: the operation, the order of the checks, signatures, and what is
// known.
namespace harness::oracle::classify_order_test {
namespace {

using conformance::ssm::kDocument;

using namespace testing_support;
using ::testing::HasSubstr;

std::string kind_of(std::string_view bytes, const Knowledge& knowledge) {
  return classified(bytes, knowledge).kind();
}

std::string describe(const std::string& name, const std::string& more = "") {
  return post("DescribeDocumentPermission",
              R"({"Name":")" + name + R"(","PermissionType":"Share")" + more + "}");
}

TEST(Classify, AValidRequestIsValid) {
  const auto c = classified(post("GetConnectionStatus", R"({"Target":"i-up","Extra":7})"), world());
  EXPECT_EQ(c.kind(), "valid");
  EXPECT_TRUE(c.violations.empty());
  EXPECT_EQ(c.operation, built_in_model().find_operation("GetConnectionStatus"));
  EXPECT_EQ(c.target, "GetConnectionStatus");
  EXPECT_EQ(c.input, wire::Json({{"Target", "i-up"}}));
}

TEST(Classify, KeepsTheTargetAsItWasSent) {
  EXPECT_EQ(classified(post("Nothing.Like.This", "{}"), world()).target, "Nothing.Like.This");
  EXPECT_EQ(classified(post("Nothing", "{}"), world()).operation, nullptr);
  auto foreign = request_for("", "{}");
  foreign.headers.set("X-Amz-Target", "AmazonSQS.SendMessage");
  EXPECT_EQ(classified(wire::to_bytes(foreign), world()).target, "AmazonSQS.SendMessage");
}

TEST(Classify, SaysForPeopleWhatIsWrong) {
  const auto c = classified(describe("ours", R"(,"MaxResults":201)"), world());
  ASSERT_EQ(c.violations.size(), 1U);
  EXPECT_EQ(c.violations[0].member, "MaxResults");
  EXPECT_EQ(c.violations[0].detail,
            "MaxResults: Member must have value less than or equal to 200, and is '201'");
}

TEST(Classify, ShowsNoValueThatMayBeSecret) {
  const auto c = classified(post("PutParameter", R"({"Name":"a","Value":7})"), world());
  ASSERT_EQ(c.violations.size(), 1U);
  EXPECT_EQ(c.violations[0].detail, "Value: expected a string, got an integer");
}

TEST(Classify, KindNamesEachRuleAndMemberOnce) {
  EXPECT_EQ(kind_of(post("ModifyDocumentPermission",
                         R"({"Name":"ours","PermissionType":"Share","AccountIdsToAdd":["x","y"]})"),
                    world()),
            "pattern:AccountIdsToAdd");
}

TEST(ClassifyOrder, IsThatOfAws) {
  wire::Request r = request_for("Unknown", "{");
  r.method = "PUT";
  EXPECT_EQ(kind_of(wire::to_bytes(r), signed_world()), "method+not-json+unknown-target+not-signed");
  // Types before constraints, constraints in the order of the model, before what the operation itself finds.
  EXPECT_EQ(kind_of(post("DescribeDocumentPermission",
                         R"({"Name":"gone","PermissionType":"x","MaxResults":0,"NextToken":7})"),
                    world()),
            "type:NextToken+enum:PermissionType+range:MaxResults+document-absent:Name");
  EXPECT_EQ(
      kind_of(post("DescribeDocumentPermission", R"({"Name":"!","MaxResults":99999999999})"), signed_world()),
      "not-signed+integer-size:MaxResults+pattern:Name+required:PermissionType");
}

TEST(ClassifyOrder, AnUnreadableBodyHidesTheMembers) {
  EXPECT_EQ(kind_of(post("DescribeDocumentPermission", "[]"), world()), "not-an-object");
  EXPECT_EQ(kind_of(post("DescribeDocumentPermission", ""), world()),
            "empty-body+required:Name+required:PermissionType");
  EXPECT_EQ(kind_of(post("Unknown", ""), world()), "empty-body+unknown-target");
}

TEST(ClassifyOrder, AWrongNameHidesTheDocument) {
  for (const char* name : {"7", "\"\"", "\"a!\"", "null"}) {
    const auto c = classified(
        post("DescribeDocumentPermission", R"({"PermissionType":"Share","Name":)" + std::string(name) + "}"),
        world());
    EXPECT_EQ(c.violations.size(), 1U) << c.kind();
  }
}

TEST(ClassifyKnowledge, WithoutKnowledgeNothingIsSaidToBeAbsent) {
  EXPECT_EQ(kind_of(describe("run-1"), {}), "document-unknown:Name");
  EXPECT_EQ(kind_of(post("GetConnectionStatus", R"({"Target":"i-1"})"), {}), "node-unknown:Target");
  EXPECT_EQ(kind_of(post("CreateDocument", R"({"Name":"abc","Content":"{}"})"), {}),
            "document-may-exist:Name");
  EXPECT_EQ(kind_of(post("DeleteDocument", R"({"Name":"abc"})"), {}), "document-unknown:Name");
}

TEST(ClassifyKnowledge, ADocumentOfOurPrefixExistsIfItIsKnownTo) {
  Knowledge k = world();
  EXPECT_EQ(kind_of(describe("run-1"), k), "document-absent:Name");
  k.of(kDocument)["run-1"] = {};
  EXPECT_EQ(kind_of(describe("run-1"), k), "valid");
  EXPECT_EQ(kind_of(describe("xrun-2"), k), "document-unknown:Name") << "a prefix stands at the beginning";
}

TEST(ClassifyKnowledge, AnAwsNameThatIsKnownIsAnOrdinaryDocument) {
  Knowledge k = world();
  for (const char* name : {"AWS-Run", "aws-run", "amazon.x", "AMZN_1"}) {
    EXPECT_EQ(kind_of(describe(name), k), "document-aws-owned:Name") << name;
    k.of(kDocument)[name] = {};
    EXPECT_EQ(kind_of(describe(name), k), "valid") << name;
  }
  EXPECT_EQ(kind_of(describe("my-aws"), k), "document-unknown:Name");
}

TEST(ClassifyKnowledge, DeletingIsRefusedOnlyWhereSharingIsKnown) {
  const auto remove = [](const std::string& name) {
    return post("DeleteDocument", R"({"Name":")" + name + "\"}");
  };
  EXPECT_EQ(kind_of(remove("other"), world()), "valid");
  EXPECT_EQ(kind_of(remove("ours"), world()), "valid");
  EXPECT_EQ(kind_of(remove("public"), world()), "document-shared:Name");
  EXPECT_EQ(kind_of(remove("gone"), world()), "document-absent:Name");
}

TEST(ClassifyKnowledge, ATokenForADocumentThatDoesNotExistWasNeverIssued) {
  EXPECT_EQ(kind_of(describe("gone", R"(,"NextToken":"x")"), world()),
            "document-absent:Name+token-not-issued:NextToken");
}

TEST(ClassifyKnowledge, ModifyNeedsOneOfItsLists) {
  const auto modify = [](const std::string& more) {
    return kind_of(
        post("ModifyDocumentPermission", R"({"Name":"ours","PermissionType":"Share")" + more + "}"), world());
  };
  EXPECT_EQ(modify(R"(,"AccountIdsToAdd":["all"])"), "valid");
  EXPECT_EQ(modify(R"(,"AccountIdsToRemove":["123456789012"])"), "valid");
  EXPECT_EQ(modify(R"(,"AccountIdsToAdd":null,"AccountIdsToRemove":null)"), "nothing-to-modify");
}

class ClassifySignature : public ::testing::Test {
 protected:
  static wire::Request request() { return request_for("GetConnectionStatus", R"({"Target":"i-up"})"); }
  static std::string with_authorization(const std::string& value) {
    auto r = request();
    r.headers.add("X-Amz-Date", "20260102T030000Z");
    r.headers.add("Authorization", value);
    return wire::to_bytes(r);
  }
};

TEST_F(ClassifySignature, IsJudgedOnlyWhereItIsKnownToBeChecked) {
  EXPECT_EQ(kind_of(wire::to_bytes(request()), world()), "valid");
  EXPECT_EQ(kind_of(with_authorization("nonsense"), world()), "valid");
}

TEST_F(ClassifySignature, RightIsValid) {
  EXPECT_EQ(kind_of(signed_bytes(request(), credentials()), signed_world()), "valid");
  EXPECT_EQ(kind_of(signed_bytes(request(), credentials(), "us-east-1", 14 * 60), signed_world()), "valid");
}

TEST_F(ClassifySignature, EachProblemIsARule) {
  EXPECT_EQ(kind_of(wire::to_bytes(request()), signed_world()), "not-signed");
  EXPECT_EQ(kind_of(with_authorization("AWS4-HMAC-SHA256 nonsense"), signed_world()), "incomplete-signature");
  EXPECT_EQ(kind_of(signed_bytes(request(), {"AKIDOTHER", "a-secret", ""}), signed_world()), "unknown-key");
  EXPECT_EQ(kind_of(with_authorization("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260102/eu-west-1/ssm/"
                                       "aws4_request, SignedHeaders=host;x-amz-date, Signature=00"),
                    signed_world()),
            "wrong-scope");
  EXPECT_EQ(kind_of(signed_bytes(request(), credentials(), "us-east-1", -16 * 60), signed_world()),
            "expired");
  EXPECT_EQ(kind_of(signed_bytes(request(), credentials(), "us-east-1", 16 * 60), signed_world()), "expired");
  EXPECT_EQ(kind_of(signed_bytes(request(), {"AKIDEXAMPLE", "another-secret", ""}), signed_world()),
            "wrong-signature");
}

TEST_F(ClassifySignature, ForAnotherRegionButRightIsNotJudged) {
  EXPECT_EQ(kind_of(signed_bytes(request(), credentials(), "eu-west-1"), signed_world()),
            "foreign-authorization")
      << "an endpoint may serve several regions";
}

TEST_F(ClassifySignature, AnEmptyKeyIsUnknownOrIncomplete) {
  EXPECT_EQ(kind_of(with_authorization("AWS4-HMAC-SHA256 Credential=/20260102/us-east-1/ssm/aws4_request, "
                                       "SignedHeaders=host;x-amz-date, Signature=00"),
                    signed_world()),
            "incomplete-signature+unknown-key");
}

TEST_F(ClassifySignature, ABodyChangedAfterwardsBreaksIt) {
  std::string bytes = signed_bytes(request(), credentials());
  bytes.replace(bytes.find("i-up"), 4, "i-uq");
  EXPECT_EQ(kind_of(bytes, signed_world()), "wrong-signature+node-unknown:Target");
}

TEST_F(ClassifySignature, AnotherSchemeMayCountAsNone) {
  EXPECT_EQ(kind_of(with_authorization("Bearer abc"), signed_world()), "incomplete-signature+not-signed");
}

}  // namespace
}  // namespace harness::oracle::classify_order_test
