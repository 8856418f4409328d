#include "harness/report/junit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <pugixml.hpp>

#include "harness/report/samples_for_test.h"

namespace harness::report::junit_test {
namespace {

using run::Verdict;
using testing::HasSubstr;
using testing::Not;

std::string report(const std::vector<run::CaseResult>& results) {
  return junit(samples::info(), results, samples::summary_of(results));
}

TEST(Junit, ShowsAPassAndAFailure) {
  EXPECT_EQ(report({samples::passed(), samples::failed()}), R"(<?xml version="1.0"?>
<testsuites>
  <testsuite name="DescribeDocumentPermission" package="ssm-conformance" id="0" hostname="localhost" timestamp="2026-11-22T04:29:00" tests="2" failures="1" errors="0" skipped="0" time="0.002">
    <properties>
      <property name="endpoint" value="http://127.0.0.1:4566" />
      <property name="level" value="documented" />
      <property name="seed" value="18446744073709551615" />
      <property name="tool_version" value="0.1.0" />
      <property name="model_hash" value="abc123" />
    </properties>
    <testcase name="DescribeDocumentPermission/MaxResults/range/maximum" classname="DescribeDocumentPermission" time="0.001" />
    <testcase name="DescribeDocumentPermission/MaxResults/range/above-maximum" classname="DescribeDocumentPermission" time="0.001">
      <failure message="The request must be refused, and was accepted." type="outcome/accepted">requirement:
  MaxResults one above the maximum
  MaxResults: Minimum value of 1. Maximum value of 200.
finding:
  The request must be refused, and was accepted.  [outcome/accepted]
breaks:
  DescribeDocumentPermission|outcome/accepted|member|MaxResults
admissible:
  400 ValidationException [smithy]
sent:
  POST / HTTP/1.1
  X-Amz-Target: AmazonSSM.DescribeDocumentPermission
  Content-Type: application/x-amz-json-1.1
  
  {"Name":"Example","MaxResults":201}
answered:
  HTTP/1.1 200 OK
  Content-Type: application/x-amz-json-1.1
  
  {}
reproduce:
  curl -q one
  curl -q two
</failure>
    </testcase>
    <system-out></system-out>
    <system-err />
  </testsuite>
</testsuites>
)");
}

TEST(Junit, SaysTheFigureOfEachOperationAndFamily) {
  run::CaseResult result = samples::failed();
  result.operation = "GetQueue";
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(junit(samples::info(), {result}, samples::with_figures()).c_str()));
  const auto suite = document.child("testsuites").child("testsuite");
  const auto property = [&](const char* name) {
    return std::string(
        suite.child("properties").find_child_by_attribute("name", name).attribute("value").value());
  };
  EXPECT_EQ(property("family"), "queues");
  EXPECT_EQ(property("state"), "stub");
  EXPECT_EQ(property("constraints"), "7");
  EXPECT_EQ(property("constraints_kept"), "0");
  EXPECT_EQ(property("constraints_broken"), "7");
  EXPECT_THAT(suite.child_value("system-out"),
              HasSubstr("Queues: operations 3, there 3, judged 1, constraints 14, told 7, coverage 50.0 %, "
                        "broken 7, divergence 100.0 %\n"));
  EXPECT_THAT(suite.child_value("system-out"), HasSubstr("\nall: operations 6, "));
}

TEST(Junit, MapsEveryVerdict) {
  std::vector<run::CaseResult> results;
  for (const Verdict verdict : run::kVerdicts) {
    results.push_back(samples::with_verdict(verdict, std::string(run::to_string(verdict)), "why"));
  }
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(report(results).c_str()));
  const auto suite = document.child("testsuites").child("testsuite");
  EXPECT_STREQ(suite.attribute("tests").value(), "9");
  EXPECT_STREQ(suite.attribute("failures").value(), "3");
  EXPECT_STREQ(suite.attribute("errors").value(), "1");
  EXPECT_STREQ(suite.attribute("skipped").value(), "4");
  const auto child = [&](const char* name) {
    return suite.find_child_by_attribute("name", name).first_child();
  };
  EXPECT_FALSE(child("PASS"));
  EXPECT_STREQ(child("FAIL").name(), "failure");
  EXPECT_STREQ(child("FAIL").attribute("type").value(), "case");
  EXPECT_STREQ(child("FAIL").attribute("message").value(), "why");
  EXPECT_STREQ(child("FLAKY").name(), "failure");
  EXPECT_STREQ(child("FLAKY").attribute("type").value(), "flaky");
  EXPECT_STREQ(child("XPASS").name(), "failure");
  EXPECT_STREQ(child("XPASS").attribute("type").value(), "xpass");
  EXPECT_STREQ(child("ERROR").name(), "error");
  for (const char* skipped : {"NOT_IMPLEMENTED", "BLOCKED", "UNCHECKED", "XFAIL"}) {
    EXPECT_STREQ(child(skipped).name(), "skipped");
    EXPECT_EQ(child(skipped).attribute("message").value(), std::string(skipped) + ": why");
  }
}

TEST(Junit, StaysXmlWhateverTheEndpointSaid) {
  const std::string text = report({samples::hostile()});
  EXPECT_THAT(text, Not(HasSubstr("<script>")));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(text.c_str()));
  const std::string failure =
      document.child("testsuites").child("testsuite").child("testcase").child_value("failure");
  EXPECT_THAT(
      failure,
      HasSubstr(
          R"(\x1b]0;owned\x07\x1b[2J ]]> <script>alert(1)</script> {{title}} \xff\xfe \x00\u{202e}|`*_ \xed\xa0\x80)"));
}

TEST(Junit, DoesNotLetAnUnfinishedRunLookComplete) {
  EXPECT_THAT(report({samples::passed()}), Not(HasSubstr("the run came to its end")));
  EXPECT_THAT(report({}), HasSubstr("<error message=\"nothing was judged: no case of an operation came to a "
                                    "verdict on the endpoint\""));
  run::RunSummary summary = samples::summary_of(std::vector{samples::passed()});
  summary.endpoint_lost = true;
  summary.endpoint_problem = "connection refused; is it running?";
  EXPECT_THAT(
      junit(samples::info(), {samples::passed()}, summary),
      HasSubstr("<error message=\"endpoint lost: connection refused; is it running?\" type=\"run\" />"));
  summary.endpoint_lost = false;
  summary.interrupted = true;
  EXPECT_THAT(junit(samples::info(), {samples::passed()}, summary),
              HasSubstr("<error message=\"interrupted after 1 case\""));
}

}  // namespace
}  // namespace harness::report::junit_test
