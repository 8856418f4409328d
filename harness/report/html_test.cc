#include "harness/report/html.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

#include "harness/report/samples_for_test.h"

namespace harness::report::html_test {
namespace {

using run::Verdict;
using testing::HasSubstr;
using testing::Not;

std::string report(const std::vector<run::CaseResult>& results) {
  return html(samples::info(), results, samples::summary_of(results));
}

TEST(Html, ShowsADefectWithItsReproduction) {
  const std::string text = report({samples::passed(), samples::failed("Op/a"), samples::failed("Op/b")});
  EXPECT_THAT(text, testing::StartsWith("<!DOCTYPE html>\n"));
  EXPECT_THAT(
      text, HasSubstr("<h1>ssm-conformance: <span class=\"broken\">broken: 1 defect in 2 cases</span></h1>"));
  EXPECT_THAT(text,
              HasSubstr("<tr><td>DescribeDocumentPermission</td><td>3</td><td>1</td><td>2</td><td>-</td>"));
  EXPECT_THAT(text, HasSubstr(R"(<details id="defect-1">
<summary><span class="verdict FAIL">1</span> The request must be refused, and was accepted. <code>outcome/accepted</code> in 2 cases: <code>Op/a</code></summary>
<dl>
<dt>Requirement</dt><dd>MaxResults one above the maximum</dd>
<dd>MaxResults: Minimum value of 1. Maximum value of 200.</dd>
<dt>Clause</dt><dd><code>ddp.max-results, smithy.range</code></dd>
<dt>Finding</dt><dd>The request must be refused, and was accepted.  [outcome/accepted]</dd>
<dt>Admissible</dt><dd><pre>400 ValidationException [smithy]</pre></dd>
<dt>Sent</dt><dd><pre>POST / HTTP/1.1
X-Amz-Target: AmazonSSM.DescribeDocumentPermission
Content-Type: application/x-amz-json-1.1

{&quot;Name&quot;:&quot;Example&quot;,&quot;MaxResults&quot;:201}</pre></dd>
<dt>Answered</dt><dd><pre>HTTP/1.1 200 OK
Content-Type: application/x-amz-json-1.1

{}</pre></dd>
<dt>Reproduce</dt><dd><pre>curl -q one
curl -q two</pre></dd>
</dl>
<dl><dt>Cases</dt><dd><code>Op/a</code><br><code>Op/b</code><br></dd></dl>
</details>)"));
  EXPECT_THAT(
      text,
      HasSubstr(
          "<summary><span class=\"verdict PASS\">PASS</span> <code>DescribeDocumentPermission/MaxResults/"
          "range/maximum</code> MaxResults at the maximum</summary>"));
  EXPECT_THAT(text, HasSubstr("<tr><td>connections</td><td><code>16</code></td></tr>"));
}

TEST(Html, LetsNoAnswerFormMarkup) {
  run::CaseResult hostile = samples::hostile();
  hostile.id = hostile.operation = "\"><img src=x onerror='a'>&amp;" + samples::kHostile;
  std::vector<run::CaseResult> results{hostile};
  for (const Verdict verdict : run::kVerdicts) {
    results.push_back(hostile);
    results.back().verdict = verdict;
  }
  results[1].findings[0].severity = oracle::Severity::advice;
  run::RunInfo info = samples::info();
  info.endpoint = info.level = info.prefix = info.model_hash = info.tool_version = info.started =
      samples::kHostile;
  info.options[samples::kHostile] = samples::kHostile;
  run::RunSummary summary = samples::summary_of(results);
  summary.remarks = summary.left_behind = {samples::kHostile};
  const std::string text = html(info, results, summary);
  EXPECT_THAT(text, Not(HasSubstr("<script")));
  EXPECT_THAT(text, Not(HasSubstr("<img")));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  EXPECT_THAT(text, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt; {{title}} \\xff"));
  EXPECT_THAT(text, HasSubstr("&quot;&gt;&lt;img src=x onerror=&apos;a&apos;&gt;&amp;amp;"));
  for (const char c : text) ASSERT_TRUE(c == '\n' || (c >= 0x20 && c < 0x7f)) << static_cast<int>(c);
}

TEST(Html, IsSelfContained) {
  const std::string text = report({samples::failed()});
  EXPECT_THAT(text, HasSubstr("content=\"default-src 'none'; style-src 'unsafe-inline'\""));
  EXPECT_FALSE(std::regex_search(text, std::regex("(src|href)=")));
}

TEST(Html, LeavesOutWhatIsNotThere) {
  const std::string text = report({});
  EXPECT_THAT(text, HasSubstr("<span class=\"broken\">nothing was judged: "));
  for (const char* title : {"Defects", "Not simply", "Advice", "Remarks", "Left behind"}) {
    EXPECT_THAT(text, Not(HasSubstr(std::string("<h2>") + title)));
  }
  EXPECT_THAT(text, Not(HasSubstr("{{")));
}

TEST(Html, ListsReasonsAdviceAndRemarks) {
  std::vector<run::CaseResult> results{samples::passed(),
                                       samples::with_verdict(Verdict::unchecked, "Op/u", "silent")};
  results[0].findings = {{"header/request-id", oracle::Severity::advice, "There is no id.", "s1"}};
  run::RunSummary summary = samples::summary_of(results);
  summary.remarks = {"a remark"};
  summary.left_behind = {"doc"};
  const std::string text = html(samples::info(), results, summary);
  EXPECT_THAT(text,
              HasSubstr("<td class=\"verdict "
                        "UNCHECKED\">UNCHECKED</td><td>1</td><td>silent</td><td><code>Op/u</code></td>"));
  EXPECT_THAT(text, HasSubstr("<li>There is no id. <code>header/request-id</code> in 1 case, for example "));
  EXPECT_THAT(text, HasSubstr("<li>a remark</li>"));
  EXPECT_THAT(text, HasSubstr("<li><code>doc</code></li>"));
  EXPECT_THAT(text, HasSubstr("<code>Op/u</code> MaxResults at the maximum (silent)</summary>"));
}

TEST(Html, ShowsTheFiguresOfFamiliesAndFoldsOperations) {
  const std::string text = html(samples::info(), {}, samples::with_figures());
  EXPECT_THAT(text, HasSubstr("<tr><td>Queues</td><td>3</td><td>3</td><td>1</td><td>14</td><td>7</td>"
                              "<td>50.0 %</td><td>7</td><td>100.0 %</td></tr>\n"));
  EXPECT_THAT(text, HasSubstr("<tr><th>all</th><th>6</th>"));
  EXPECT_THAT(text, HasSubstr("<details>\n<summary>By operation</summary>\n<table>"));
  EXPECT_THAT(text, HasSubstr("<td>4</td><td>0</td><td>0</td><td>blocked: no queue</td></tr>"));
  EXPECT_THAT(report({samples::passed()}), Not(HasSubstr("By operation")));
}

}  // namespace
}  // namespace harness::report::html_test
