#include "harness/oracle/admissible.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "harness/oracle/test_support.h"

// Which answers are kept and which are found, request by request: the statement of the protocol's facts, in
// both directions and over every status and code that the table knows.
namespace harness::oracle::admissible_test {
namespace {

using namespace testing_support;
using Answer = std::pair<int, std::string>;
using Answers = std::set<Answer>;

Answers at(std::initializer_list<int> statuses, std::initializer_list<const char*> codes) {
  Answers out;
  for (int status : statuses) {
    for (const char* code : codes) out.emplace(status, code);
  }
  return out;
}

struct Case {
  const char* label;
  std::string bytes;
  bool may_succeed;
  Answers admissible;
  Answer aws{};          ///< the only one at level `aws`; {} where AWS's answer is not known
  bool signed_ = false;  ///< the endpoint checks signatures
};

void PrintTo(const Case& one, std::ostream* out) {
  *out << one.label;
}

std::string status(const std::string& target) {
  return post("GetConnectionStatus", R"({"Target":)" + target + "}");
}
std::string describe(const std::string& name, const std::string& more = "") {
  return post("DescribeDocumentPermission",
              R"({"Name":")" + name + R"(","PermissionType":"Share")" + more + "}");
}

std::vector<Case> cases() {
  const Answers unknown = at({400, 404}, {"UnknownOperationException", "InvalidAction", "MissingAction"});
  const Answers bad_body = at({400}, {"SerializationException", "MalformedHttpRequestException",
                                      "ValidationError", "ValidationException"});
  const Answers constraint = at({400}, {"ValidationException", "ValidationError"});
  const Answers name = at({400}, {"ValidationException", "ValidationError", "InvalidDocument"});
  const Answers missing = at({400}, {"ValidationException", "ValidationError", "MissingParameter"});
  const Answers type = at({400}, {"SerializationException", "ValidationException", "ValidationError"});
  const Answers name_taken =
      at({400}, {"DocumentAlreadyExists", "InvalidDocumentContent", "InvalidDocumentSchemaVersion",
                 "MaxDocumentSizeExceeded", "DocumentLimitExceeded"});
  const Answers token = at({400}, {"InvalidNextToken", "ValidationException", "ValidationError"});
  const Answers signature =
      at({400, 403}, {"InvalidSignatureException", "SignatureDoesNotMatch", "RequestExpired"});
  const Answer serialization{400, "SerializationException"};
  const Answer validation{400, "ValidationException"};
  const Answer unknown_operation{400, "UnknownOperationException"};
  const Answer invalid_signature{400, "InvalidSignatureException"};

  auto untargeted = request_for("x", "{}");
  untargeted.headers.remove("X-Amz-Target");
  auto foreign = request_for("x", "{}");
  foreign.headers.set("X-Amz-Target", "DynamoDB_20120810.ListTables");
  const auto status_request = [] { return request_for("GetConnectionStatus", R"({"Target":"i-up"})"); };
  auto unparsable = status_request();
  unparsable.headers.add("X-Amz-Date", "20260102T030000Z");
  unparsable.headers.add("Authorization", "AWS4-HMAC-SHA256 x");

  Answers empty_body = bad_body;
  empty_body.insert({400, "MissingParameter"});
  Answers empty_describe = empty_body;
  empty_describe.insert({400, "InvalidPermissionType"});
  return {
      {"Valid", status("\"i-up\""), true, {}, {}},
      {"DocumentExists", describe("other"), true, {}, {}},
      {"UnknownOperation", post("NoSuchOperation", "{}"), false, unknown, unknown_operation},
      {"AbsentTarget", wire::to_bytes(untargeted), false, unknown, unknown_operation},
      {"ForeignTarget", wire::to_bytes(foreign), false, unknown, unknown_operation},
      {"NotJson", post("GetConnectionStatus", "{\"Target\":"), false, bad_body, serialization},
      {"Scalar", post("GetConnectionStatus", "7"), false, bad_body, serialization},
      {"Null", post("GetConnectionStatus", "null"), false, bad_body, serialization},
      {"Array", post("GetConnectionStatus", "[]"), false, bad_body, serialization},
      {"EmptyBody", post("GetConnectionStatus", ""), false, empty_body, serialization},
      {"EmptyBodyOfDescribe", post("DescribeDocumentPermission", ""), false, empty_describe, serialization},
      {"WrongType", status("7"), false, type, serialization},
      {"WrongTypeOfMaxResults", describe("ours", R"(,"MaxResults":"7")"), false, type, serialization},
      {"Missing", post("GetConnectionStatus", "{}"), false, missing, validation},
      {"NullMember", status("null"), false, missing, validation},
      {"MissingName", post("DescribeDocumentPermission", R"({"PermissionType":"Share"})"), false, missing,
       validation},
      {"MissingPermissionType", post("DescribeDocumentPermission", R"({"Name":"ours"})"), false,
       at({400}, {"ValidationException", "ValidationError", "MissingParameter", "InvalidPermissionType"}),
       validation},
      {"TooShort", status("\"\""), false, constraint, validation},
      {"TooLong", status("\"" + times(401, "a") + "\""), false, constraint, validation},
      {"BelowTheRange", describe("ours", R"(,"MaxResults":0)"), false, constraint, validation},
      {"AboveTheRange", describe("ours", R"(,"MaxResults":201)"), false, constraint, validation},
      {"NamePattern", describe("ou"), false, name, validation},
      {"AccountPattern",
       post("ModifyDocumentPermission",
            R"({"Name":"ours","PermissionType":"Share","AccountIdsToAdd":["x"]})"),
       false, constraint, validation},
      {"BeyondInt32", describe("ours", R"(,"MaxResults":2147483648)"), false,
       at({400}, {"ValidationException", "ValidationError", "SerializationException"}), validation},
      {"OtherPermissionType",
       post("DescribeDocumentPermission", R"({"Name":"ours","PermissionType":"Edit"})"),
       false,
       at({400}, {"InvalidPermissionType", "ValidationException", "ValidationError"}),
       {}},
      {"OtherEnum", post("CreateDocument", R"({"Name":"run-1","Content":"{}","DocumentFormat":"XML"})"),
       false, constraint, validation},
      {"TokenNeverIssued", describe("ours", R"(,"NextToken":"x")"), false, token, {}},
      {"TokenOfAnotherDocument", describe("ours", R"(,"NextToken":"T-shared")"), false, token, {}},
      {"EmptyToken", describe("ours", R"(,"NextToken":"")"), true, token, {}},
      {"TokenOfUnknownOrigin", describe("other", R"(,"NextToken":"x")"), true, token, {}},
      {"DocumentAbsent", describe("gone"), false, at({400}, {"InvalidDocument"}), {400, "InvalidDocument"}},
      {"DocumentUnknown", describe("never-heard"), true, at({400}, {"InvalidDocument"}), {}},
      {"DocumentMayExist",
       post("CreateDocument", R"({"Name":"never-heard","Content":"{}"})"),
       true,
       name_taken,
       {}},
      {"DeleteShared",
       post("DeleteDocument", R"({"Name":"shared"})"),
       false,
       at({400}, {"InvalidDocumentOperation"}),
       {400, "InvalidDocumentOperation"}},
      {"CreateTwice", post("CreateDocument", R"({"Name":"ours","Content":"{}"})"), false, name_taken, {}},
      {"NothingToModify",
       post("ModifyDocumentPermission", R"({"Name":"ours","PermissionType":"Share"})"),
       false,
       at({400}, {"InvalidParameterException"}),
       {400, "InvalidParameterException"}},
      {"NotSigned",
       wire::to_bytes(status_request()),
       false,
       at({400, 403}, {"MissingAuthenticationTokenException", "MissingAuthenticationToken"}),
       {400, "MissingAuthenticationTokenException"},
       true},
      {"Unparsable",
       wire::to_bytes(unparsable),
       false,
       at({400, 403}, {"IncompleteSignatureException", "IncompleteSignature"}),
       {400, "IncompleteSignatureException"},
       true},
      {"WrongSignature", signed_bytes(status_request(), {"AKIDEXAMPLE", "wrong", ""}), false, signature,
       invalid_signature, true},
      {"WrongScope", signed_bytes(status_request(), credentials(), "us-east-1", 0, "s3"), false, signature,
       invalid_signature, true},
      {"Expired", signed_bytes(status_request(), credentials(), "us-east-1", 3600), false, signature,
       invalid_signature, true},
      {"UnknownKey",
       signed_bytes(status_request(), {"AKIDOTHER", "a-secret", ""}),
       false,
       at({400, 403}, {"UnrecognizedClientException", "InvalidClientTokenId"}),
       {400, "UnrecognizedClientException"},
       true},
      {"LargeBody",
       post("GetConnectionStatus", R"({"Target":"i-up"})" + std::string(140000, ' ')),
       true,
       Answers{{413, "RequestEntityTooLargeException"},
               {400, "RequestEntityTooLargeException"},
               {400, "SerializationException"},
               {400, "ValidationException"},
               {400, "ValidationError"}},
       {}},
      // Several broken rules: the codes of each.
      {"TypeAndRange",
       post("DescribeDocumentPermission", R"({"Name":7,"PermissionType":"Share","MaxResults":0})"), false,
       type, serialization},
      {"UnknownAndToken",
       describe("never-heard-of", R"(,"NextToken":"x")"),
       true,
       at({400}, {"InvalidDocument", "InvalidNextToken", "ValidationException", "ValidationError"}),
       {}},
      {"AbsentAndToken",
       describe("gone", R"(,"NextToken":"x")"),
       false,
       at({400}, {"InvalidDocument", "InvalidNextToken", "ValidationException", "ValidationError"}),
       {400, "InvalidDocument"}},
      {"UnsignedAndUnknown", post("NoSuchOperation", "{"), false,
       [&] {
         Answers all = bad_body;
         all.insert(unknown.begin(), unknown.end());
         all.merge(at({400, 403}, {"MissingAuthenticationTokenException", "MissingAuthenticationToken"}));
         return all;
       }(),
       serialization, true},
  };
}

/// Every code of the table, and a few that are in no row.
std::set<std::string> every_code() {
  std::set<std::string> codes = {"LimitExceededException", "InternalServerError", "AccessDenied",
                                 "MadeUpException", "invaliddocument"};
  for (const Row& row : table()) {
    for (const Outcome& o : row.outcomes) {
      if (!o.code.empty()) codes.emplace(o.code);
    }
  }
  return codes;
}

TEST(Regions, ARightSignatureForAnotherOneIsJudgedForAvailabilityAlone) {
  const auto request = classified(
      signed_bytes(request_for("GetConnectionStatus", R"({"Target":"i-up"})"), credentials(), "eu-west-1"),
      signed_world());
  EXPECT_EQ(request.kind(), "foreign-authorization");
  EXPECT_EQ(admissible(request, Level::documented).scope, Force::availability);
}

class Admissible : public ::testing::TestWithParam<Case> {
 protected:
  std::vector<Finding> judge_at(Level level, const wire::Exchange& exchange) const {
    return judge(request_, admissible(request_, level), exchange, knowledge_);
  }

  const Knowledge knowledge_ = GetParam().signed_ ? signed_world() : world();
  const Classification request_ = classified(GetParam().bytes, knowledge_);
};

TEST_P(Admissible, EachOfTheseAnswersIsKeptAndNoOther) {
  for (const std::string& code : every_code()) {
    for (int status : {400, 401, 403, 404, 413, 422}) {
      // A body too large may be refused with 413 by any server in front, in any words.
      if (status == 413 && std::string(GetParam().label) == "LargeBody") continue;
      const auto findings = judge_at(Level::documented, error(status, code));
      if (GetParam().admissible.contains({status, code})) {
        EXPECT_TRUE(findings.empty()) << status << " " << code << ": " << findings[0].message;
      } else {
        ASSERT_EQ(findings.size(), 1U) << status << " " << code;
        EXPECT_EQ(findings[0].severity, Severity::defect) << status << " " << code;
        const bool code_known = std::any_of(GetParam().admissible.begin(), GetParam().admissible.end(),
                                            [&](const Answer& a) { return a.second == code; });
        const char* rule = GetParam().admissible.empty() ? "outcome/rejected"
                           : code_known                  ? "outcome/wrong-status"
                                                         : "outcome/wrong-code";
        EXPECT_EQ(findings[0].rule, rule) << status << " " << code;
      }
    }
  }
}

TEST_P(Admissible, SuccessIsKeptOnlyWhereNothingForbidsIt) {
  for (Level level : {Level::rejects, Level::documented, Level::aws}) {
    const auto findings = judge_at(level, success(request_));
    if (GetParam().may_succeed) {
      EXPECT_FALSE(has_defect(findings)) << findings[0].message;
    } else {
      EXPECT_THAT(rules(findings), ::testing::ElementsAre("defect outcome/accepted"));
    }
  }
}

TEST_P(Admissible, AServersFaultIsAlwaysADefect) {
  for (Level level : {Level::rejects, Level::documented, Level::aws}) {
    for (int status : {500, 501, 502, 503}) {
      // Of an operation that does not exist, 501 says no more than that.
      if (status == 501 && (request_.breaks(Rule::unknown_target) || request_.breaks(Rule::no_target)))
        continue;
      EXPECT_THAT(rules(judge_at(level, error(status, "InternalServerError"))),
                  ::testing::ElementsAre("defect availability/server-error"));
    }
    EXPECT_THAT(rules(judge_at(level, unanswered(wire::Transport::timed_out))),
                ::testing::ElementsAre("defect availability/hang"));
  }
}

TEST_P(Admissible, AtLevelRejectsAny4xxWillDo) {
  if (GetParam().may_succeed) return;
  for (int status : {400, 401, 403, 404, 413, 422, 429}) {
    EXPECT_TRUE(judge_at(Level::rejects, error(status, "MadeUpException")).empty()) << status;
  }
  EXPECT_TRUE(has_defect(judge_at(Level::rejects, answer(400, "no"))));
  EXPECT_TRUE(has_defect(judge_at(Level::rejects, answer(400, "{}"))));
  EXPECT_TRUE(has_defect(judge_at(Level::rejects, error(302, "MadeUpException"))));
}

TEST_P(Admissible, AtLevelAwsOnlyWhatAwsAnswers) {
  const auto e = admissible(request_, Level::aws);
  if (GetParam().aws.first == 0) {
    // Not known: then as documented.
    Answers errors;
    for (const Outcome& o : e.errors) {
      if (!o.code.empty()) errors.emplace(o.status, o.code);
    }
    EXPECT_EQ(errors, GetParam().admissible);
    return;
  }
  ASSERT_EQ(e.errors.size(), 1U);
  EXPECT_EQ(e.errors[0].status, GetParam().aws.first);
  EXPECT_EQ(e.errors[0].code, GetParam().aws.second);
  for (const Answer& a : GetParam().admissible) {
    EXPECT_EQ(has_defect(judge_at(Level::aws, error(a.first, a.second))), a != GetParam().aws) << a.second;
  }
}

INSTANTIATE_TEST_SUITE_P(Facts, Admissible, ::testing::ValuesIn(cases()),
                         [](const auto& test) { return std::string(test.param.label); });

}  // namespace
}  // namespace harness::oracle::admissible_test
