#include "harness/report/sarif.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/report/samples_for_test.h"
#include "harness/wire/json.h"

namespace harness::report::sarif_test {
namespace {

using run::Verdict;
using testing::HasSubstr;
using wire::Json;

Json report(const std::vector<run::CaseResult>& results) {
  const std::string text =
      sarif(samples::info(), results, samples::summary_of(results), oracle::finding_rules());
  for (const char c : text) EXPECT_TRUE(c == '\n' || (c >= 0x20 && c < 0x7f));
  return Json::parse(text);
}

TEST(Sarif, ShowsOneFindingOnce) {
  const Json got = report({samples::passed(), samples::failed("Op/a b"), samples::failed("Op/c")});
  EXPECT_EQ(got, Json::parse(R"json({
    "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
    "version": "2.1.0",
    "runs": [{
      "tool": {"driver": {
        "name": "ssm-conformance", "version": "0.1.0",
        "rules": [{"id": "outcome/accepted", "shortDescription": {"text": "A request that must be refused was answered with success."},
                   "defaultConfiguration": {"level": "error"}}]}},
      "invocations": [{"executionSuccessful": true, "exitCode": 1,
                       "exitCodeDescription": "broken: 1 requirement in 2 cases", "startTimeUtc": "2026-11-22T04:29:00Z"}],
      "columnKind": "unicodeCodePoints",
      "properties": {"endpoint": "http://127.0.0.1:4566", "level": "documented", "seed": "18446744073709551615"},
      "results": [{
        "ruleId": "outcome/accepted", "ruleIndex": 0, "level": "error",
        "message": {"text": "Op/a b: The request must be refused, and was accepted."},
        "locations": [{
          "physicalLocation": {"artifactLocation": {"uri": "Op/a%20b.http"}, "region": {"startLine": 1}},
          "logicalLocations": [{"fullyQualifiedName": "Op/a b", "kind": "case"}]}],
        "occurrenceCount": 2,
        "partialFingerprints": {
          "signature/v1": "DescribeDocumentPermission|outcome/accepted|range:MaxResults|200 {}"},
        "properties": {
          "operation": "DescribeDocumentPermission",
          "requirement": "DescribeDocumentPermission|outcome/accepted|member|MaxResults", "title": "MaxResults one above the maximum",
          "clauses": ["ddp.max-results", "smithy.range"],
          "because": ["MaxResults: Minimum value of 1. Maximum value of 200."],
          "admissible": "400 ValidationException [smithy]",
          "sent": "POST / HTTP/1.1\nX-Amz-Target: AmazonSSM.DescribeDocumentPermission\nContent-Type: application/x-amz-json-1.1\n\n{\"Name\":\"Example\",\"MaxResults\":201}",
          "answered": "HTTP/1.1 200 OK\nContent-Type: application/x-amz-json-1.1\n\n{}",
          "reproduce": ["curl -q one", "curl -q two"],
          "cases": ["Op/a b", "Op/c"]}}]}]})json"));
}

TEST(Sarif, SaysTheFigureInAllAndOfEachFamily) {
  const Json log = Json::parse(sarif(samples::info(), {}, samples::with_figures(), oracle::finding_rules()));
  const Json& properties = log["runs"][0]["properties"];
  EXPECT_EQ(properties["figure"], Json::parse(R"json({"operations": 6, "implemented": 4, "judged": 2,
    "constraints": 1014, "constraintsKept": 2, "constraintsBroken": 8})json"));
  EXPECT_EQ(properties["families"].size(), 3U);
  EXPECT_EQ(properties["families"][0], Json::parse(R"json({"family": "queues", "title": "Queues",
    "operations": 3, "implemented": 3, "judged": 1, "constraints": 14, "constraintsKept": 0,
    "constraintsBroken": 7})json"));
}

TEST(Sarif, SharesRulesAndKnowsLevels) {
  run::CaseResult advised = samples::passed();
  advised.findings = {{"header/request-id", oracle::Severity::advice, "none", "s1"}};
  run::CaseResult other = samples::failed("x");
  other.findings[0].signature = "s2";
  const Json got = report({samples::failed(), other, advised,
                           samples::with_verdict(Verdict::flaky, "f", "PASS, then FAIL"),
                           samples::with_verdict(Verdict::xpass, "x", "")});
  const Json& run = got["runs"][0];
  std::vector<std::string> shown;
  for (const Json& result : run["results"]) {
    const std::string rule = result["ruleId"];
    EXPECT_EQ(run["tool"]["driver"]["rules"][result["ruleIndex"].get<std::size_t>()]["id"], rule);
    shown.push_back(result["level"].get<std::string>() + " " + rule);
  }
  EXPECT_THAT(shown, testing::ElementsAre("error outcome/accepted", "error outcome/accepted", "warning flaky",
                                          "warning stale-baseline", "note header/request-id"));
  EXPECT_EQ(run["tool"]["driver"]["rules"].size(), 4U);
}

TEST(Sarif, AnEmptyRunIsNotSuccessful) {
  const Json got = report({});
  EXPECT_EQ(got["runs"][0]["results"], Json::array());
  EXPECT_EQ(got["runs"][0]["tool"]["driver"]["rules"], Json::array());
  EXPECT_EQ(got["runs"][0]["invocations"][0]["executionSuccessful"], false);
  EXPECT_THAT(
      std::string(got["runs"][0]["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]),
      HasSubstr("nothing was judged"));
}

TEST(Sarif, StaysSarifWhateverTheEndpointSaid) {
  run::CaseResult hostile = samples::hostile();
  hostile.id = samples::kHostile;
  hostile.findings[0].message += "[click](http://evil)";
  const Json result = report({hostile})["runs"][0]["results"][0];
  const std::string uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
  EXPECT_THAT(uri, testing::MatchesRegex("[-A-Za-z0-9._~%/]*[.]http"));
  EXPECT_THAT(std::string(result["message"]["text"]),
              testing::AllOf(HasSubstr("\\x1b]0;owned"), HasSubstr("[click] (http://evil)")));
}

}  // namespace
}  // namespace harness::report::sarif_test
