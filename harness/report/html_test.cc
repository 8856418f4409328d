#include "harness/report/html.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

#include "harness/base/base64.h"
#include "harness/report/samples_for_test.h"
#include "harness/wire/hashes.h"
#include "harness/wire/json.h"

namespace harness::report::html_test {
namespace {

using run::Verdict;
using testing::HasSubstr;
using testing::Not;
using wire::Json;

std::string report(const std::vector<run::CaseResult>& results) {
  return html(samples::info(), results, samples::summary_of(results));
}

std::string between(const std::string& text, const std::string& begin, const std::string& end) {
  const std::size_t at = text.find(begin);
  if (at == std::string::npos) return "(none)";
  const std::size_t from = at + begin.size();
  return text.substr(from, text.find(end, from) - from);
}

/// What the page's script reads.
Json data_of(const std::string& page) {
  return Json::parse(between(page, "<script id=\"data\" type=\"application/json\">", "</script>"));
}

std::string text_of(const Json& data, const Json& place) {
  return data["texts"][place.get<std::size_t>()].get<std::string>();
}

TEST(Html, ShowsWhatIsBrokenByItsCauses) {
  const std::string text = report({samples::passed(), samples::failed("Op/a"), samples::failed("Op/b b")});
  EXPECT_THAT(text, testing::StartsWith("<!DOCTYPE html>\n"));
  EXPECT_THAT(text, HasSubstr("<h1>ssm-conformance: <span class=\"broken\">broken: 1 requirement in 2 "
                              "cases</span></h1>"));
  EXPECT_THAT(text,
              HasSubstr("<tr><td>DescribeDocumentPermission</td><td>3</td><td>1</td><td>2</td><td>-</td>"));
  EXPECT_THAT(text, HasSubstr(R"(<details class="cause" id="cause-1">
<summary>1. A member that breaks a constraint is accepted <span class="count"><code>outcome/accepted</code> 1 requirement of 1 operation, in 2 cases: range 1</span></summary>
<p>For example <a href="#case=Op/a"><code>Op/a</code></a>; <a href="#cause=1">all 2 cases</a></p>
<ul class="requirements">
<li>DescribeDocumentPermission: MaxResults (range) <span class="count">2 cases</span></li>
</ul>
</details>)"));
  EXPECT_THAT(text, HasSubstr("<tr><td>connections</td><td><code>16</code></td></tr>"));
}

TEST(Html, GivesItsScriptAllOfEveryCase) {
  const Json data = data_of(report({samples::passed(), samples::failed("Op/a"), samples::failed("Op/b")}));
  ASSERT_EQ(data["cases"].size(), 3U);
  EXPECT_EQ(data["cases"][0]["verdict"], "PASS");
  EXPECT_EQ(data["cases"][0]["causes"], Json::array());
  const Json& failed = data["cases"][2];
  const auto text = [&](const char* name) { return text_of(data, failed[name]); };
  const auto first = [&](const char* name) { return text_of(data, failed[name][0]); };
  EXPECT_EQ(text("id"), "Op/b");
  EXPECT_EQ(text("operation"), "DescribeDocumentPermission");
  EXPECT_EQ(text("title"), "MaxResults one above the maximum");
  EXPECT_EQ(first("because"), "MaxResults: Minimum value of 1. Maximum value of 200.");
  EXPECT_EQ(first("findings"), "The request must be refused, and was accepted.  [outcome/accepted]");
  EXPECT_EQ(first("rules"), "outcome/accepted");
  EXPECT_EQ(first("breaks"), "DescribeDocumentPermission|outcome/accepted|member|MaxResults");
  EXPECT_EQ(first("sites"), "MaxResults/range");
  EXPECT_EQ(text("admissible"), "400 ValidationException [smithy]");
  EXPECT_THAT(text("sent"), testing::EndsWith("\n\n{\"Name\":\"Example\",\"MaxResults\":201}"));
  EXPECT_THAT(text("answered"), testing::StartsWith("HTTP/1.1 200 OK\n"));
  EXPECT_EQ(text("reproduce"), "curl -q one\ncurl -q two");
  EXPECT_EQ(failed["causes"], Json::parse("[1]"));
  EXPECT_EQ(text_of(data, data["causes"][0]), "A member that breaks a constraint is accepted");
}

TEST(Html, IsTheSameButForWhatAnswersSay) {
  const auto page = [](const std::string& first, const std::string& second) {
    std::vector<run::CaseResult> results{samples::failed("Op/a"), samples::failed("Op/b")};
    results[0].response = first;
    results[1].response = second;
    return report(results);
  };
  EXPECT_EQ(std::regex_replace(page("at noon", "at noon"), std::regex("at noon"), "(time)"),
            std::regex_replace(page("at noon", "at one"), std::regex("at (noon|one)"), "(time)"));
}

TEST(Html, WritesATextOnceHoweverManyCasesHaveIt) {
  std::vector<run::CaseResult> results;
  for (int i = 0; i < 100; ++i) {
    results.push_back(samples::failed("Op/" + std::to_string(i)));
    results.back().request = std::string(1000, 'x');
  }
  EXPECT_LT(report(results).size(), 80'000U);
}

TEST(Html, LetsNoAnswerFormMarkup) {
  run::CaseResult hostile = samples::hostile();
  hostile.id = hostile.operation = "\"><img src=x onerror='a'>&amp;" + samples::kHostile;
  hostile.sites = {samples::kHostile};
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
  summary.families = {{"f", samples::kHostile}};
  summary.figures[samples::kHostile] = {"f", run::OperationState::judged, samples::kHostile, 3, 1, 1};
  const std::string text = html(info, results, summary);
  EXPECT_THAT(text, Not(HasSubstr("<script>alert")));
  EXPECT_THAT(text, Not(HasSubstr("<img")));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  EXPECT_THAT(text, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt; {{title}} \\xff"));
  EXPECT_THAT(text, HasSubstr("<code>&quot;&gt;&lt;img src=x onerror=&apos;a&apos;&gt;&amp;amp;"));
  EXPECT_THAT(text, HasSubstr("href=\"#case=%22%3E%3Cimg%20src%3Dx%20onerror%3D%27a%27%3E%26amp%3B"));
  for (const char c : text) ASSERT_TRUE(c == '\n' || (c >= 0x20 && c < 0x7f)) << static_cast<int>(c);
  // As text, it is still there.
  const Json data = data_of(text);
  EXPECT_THAT(text_of(data, data["cases"][0]["sent"]), HasSubstr("<script>alert(1)</script>"));
}

TEST(Html, IsSelfContained) {
  const std::string text = report({samples::failed()});
  EXPECT_FALSE(std::regex_search(text, std::regex("src=|url\\(|@import|href=\"[^#]")));
}

TEST(Html, LetsNoScriptRunButItsOwn) {
  const std::string text = report({samples::failed()});
  const std::string script = between(text, "</script>\n<script>", "</script>");
  EXPECT_THAT(script, HasSubstr("\"use strict\""));
  const wire::Digest digest = wire::Hashes().sha256(script);
  const std::string hash = base::to_base64(wire::as_text(digest));
  EXPECT_THAT(text, HasSubstr("content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-" +
                              hash + "'\""));
}

TEST(Html, LeavesOutWhatIsNotThere) {
  const std::string text = report({});
  EXPECT_THAT(text, HasSubstr("<span class=\"broken\">nothing was judged: "));
  for (const char* title :
       {"What is broken", "Constraints", "Not simply", "Advice", "Remarks", "Left behind"}) {
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
  const Json data = data_of(text);
  EXPECT_EQ(text_of(data, data["cases"][1]["reason"]), "silent");
}

TEST(Html, ShowsTheFiguresOfFamiliesAndFoldsOperations) {
  const std::string text = html(samples::info(), {}, samples::with_figures());
  EXPECT_THAT(text, HasSubstr("<tr><td>Queues</td><td>3</td><td>3</td><td>1</td><td>14</td><td>7</td>"
                              "<td>50.0 %</td><td>7</td><td>100.0 %</td></tr>\n"));
  EXPECT_THAT(text, HasSubstr("<tr><th>all</th><th>6</th>"));
  EXPECT_THAT(text, HasSubstr("<details>\n<summary>By operation</summary>\n<div class=\"scroll\"><table>"));
  EXPECT_THAT(text, HasSubstr("<td>4</td><td>0</td><td>0</td><td>blocked: no queue</td></tr>"));
  EXPECT_THAT(report({samples::passed()}), Not(HasSubstr("By operation")));
}

TEST(Html, LinksClausesToTheirSources) {
  Meanings meanings;
  meanings.clauses = {{"ddp.max-results", "At most 200.", "https://example.com/range"},
                      {"smithy.range", "A range.", "javascript:alert(1)"},
                      {"not-named", "Something else.", "https://example.com/else"}};
  const std::vector<run::CaseResult> results{samples::failed()};
  const Json data = data_of(html(samples::info(), results, samples::summary_of(results), meanings));
  EXPECT_EQ(data["sources"], Json::parse(R"({"ddp.max-results":
                {"requirement": "At most 200.", "source": "https://example.com/range"}})"));
}

TEST(Html, MapsTheConstraintsOfTheOperationsThatAreThere) {
  const std::string text = html(samples::info(), {}, samples::with_figures());
  EXPECT_THAT(text, HasSubstr("<div class=\"map\" id=\"map\"></div>"));
  const Json data = data_of(text);
  const Json& families = data["families"];
  ASSERT_EQ(families.size(), 2U) << "of Boxes nothing is there";
  EXPECT_EQ(text_of(data, families[1]["title"]), "Things");
  ASSERT_EQ(families[1]["operations"].size(), 1U) << "PutThing is not there";
  const Json& operation = families[1]["operations"][0];
  EXPECT_EQ(text_of(data, operation["name"]), "GetThing");
  EXPECT_EQ(operation["all"], 1000);
  EXPECT_EQ(operation["kept"], 2);
  EXPECT_EQ(operation["broken"], 1);
  EXPECT_EQ(families[0]["operations"][0]["state"], "stub");
}

TEST(Html, DrawsNoMoreSquaresThanAPageHolds) {
  run::RunSummary summary = samples::with_figures();
  summary.figures["GetThing"].all = summary.figures["GetThing"].kept = std::size_t{1} << 60;
  const Json data = data_of(html(samples::info(), {}, summary));
  EXPECT_LE(data["families"][1]["operations"][0]["all"], 30'000);
}

}  // namespace
}  // namespace harness::report::html_test
