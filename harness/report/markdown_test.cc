#include "harness/report/markdown.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/report/samples_for_test.h"

namespace harness::report::markdown_test {
namespace {

using run::Verdict;
using testing::HasSubstr;
using testing::Not;

std::string report(const std::vector<run::CaseResult>& results) {
  return markdown(samples::info(), results, samples::summary_of(results));
}

TEST(Markdown, ShowsADefectWithItsReproduction) {
  EXPECT_EQ(report({samples::passed(), samples::failed("Op/a_b"),
                    samples::with_verdict(Verdict::blocked, "Op/c", "no control")}),
            R"(# ssm-conformance: broken: 1 requirement in 1 case; 1 not judged

3 of 1,597 cases against <code>http://127.0.0.1:4566</code>, level documented, seed 18446744073709551615, version 0.1.0; 6 requests in 12.3 s.

| operation | cases | pass | fail | not impl. | blocked | unchecked | flaky | error |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
| DescribeDocumentPermission | 3 | 1 | 1 | - | 1 | - | - | - |
| **total** | **3** | **1** | **1** | **-** | **1** | **-** | **-** | **-** |

## Broken

1 requirement in all, of 1 cause that operations may share; the widest first.

### 1. A member that breaks a constraint is accepted

Rule <code>outcome/accepted</code>: 1 requirement of 1 operation broken, in 1 case.

- DescribeDocumentPermission: MaxResults \(range\), in 1 case
  - The request must be refused, and was accepted.: <code>Op/a\_b</code>

**For example** <code>Op/a\_b</code>

**Requirement:** MaxResults one above the maximum<br>MaxResults: Minimum value of 1. Maximum value of 200.

**Admissible:**

```text
400 ValidationException [smithy]
```

**Sent:**

```http
POST / HTTP/1.1
X-Amz-Target: AmazonSSM.DescribeDocumentPermission
Content-Type: application/x-amz-json-1.1

{"Name":"Example","MaxResults":201}
```

**Answered:**

```http
HTTP/1.1 200 OK
Content-Type: application/x-amz-json-1.1

{}
```

**Reproduce:**

```sh
curl -q one
curl -q two
```

## Not simply kept or broken

| verdict | cases | reason | for example |
| --- | ---: | --- | --- |
| BLOCKED | 1 | no control | <code>Op/c</code> |

)");
}

TEST(Markdown, ShowsTheFiguresOfFamiliesAndFoldsOperations) {
  EXPECT_THAT(markdown(samples::info(), {}, samples::with_figures()), HasSubstr(
                                                                          R"(
|  | cases | pass | fail | not impl. | blocked | unchecked | flaky | error |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
| **total** | **51** | **2** | **8** | **25** | **4** | **12** | **-** | **-** |

| family | operations | there | judged | constraints | told | coverage | broken | divergence |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
| Queues | 3 | 3 | 1 | 14 | 7 | 50.0 % | 7 | 100.0 % |
| Things | 2 | 1 | 1 | 1,000 | 3 | 0.3 % | 1 | 33.3 % |
| Boxes | 1 | 0 | 0 | 0 | 0 | - | 0 | - |
| **all** | **6** | **4** | **2** | **1,014** | **10** | **1.0 %** | **8** | **80.0 %** |

<details><summary>By operation</summary>

| operation | cases | pass | fail | not impl. | blocked | unchecked | flaky | error | constraints | kept | broken | state |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
| GetBox | 5 | - | - | 5 | - | - | - | - | - | - | - | not implemented |
)"));
}

TEST(Markdown, LetsNoAnswerFormMarkup) {
  run::CaseResult hostile = samples::hostile();
  hostile.response = "HTTP/1.1 200 OK\n\n````\n# heading\n```";
  const std::string text = report({hostile});
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  EXPECT_THAT(
      text,
      HasSubstr(
          R"(### 1. shape/\\x1b\]0;owned\\x07\\x1b\[2J \]\]\> \<script\>alert\(1\)\</script\> \{\{title\}\} \\xff\\xfe \\x00\\u\{202e\}\|\`\*\_ \\xed)"));
  EXPECT_THAT(text, HasSubstr("`````http\nHTTP/1.1 200 OK\n\n````\n# heading\n```\n`````\n"));
}

TEST(Markdown, StaysShort) {
  std::vector<run::CaseResult> results;
  for (int i = 0; i < 150; ++i) {
    results.push_back(samples::failed("case-" + std::to_string(1000 + i)));
    const std::string rule = "relation/rule-" + std::to_string(1000 + i);
    results.back().findings[0].rule = rule;
    results.back().findings[0].signature = "Op|" + rule + "|valid|200";
    results.back().response = std::string(1 << 16, 'x');
  }
  const std::string text = report(results);
  EXPECT_LT(text.size(), 300'000U);
  EXPECT_THAT(text, HasSubstr("**For example** <code>case-1099</code>"));
  EXPECT_THAT(text, Not(HasSubstr("**For example** <code>case-1100</code>")));
  EXPECT_THAT(text,
              HasSubstr("  - The request must be refused, and was accepted.: <code>case-1149</code>\n"));
}

TEST(Markdown, FoldsTheRequirementsOfAWideCause) {
  std::vector<run::CaseResult> results;
  for (int i = 0; i < 11; ++i) {
    results.push_back(samples::failed("case-" + std::to_string(100 + i)));
    results.back().operation = "Op" + std::to_string(100 + i);
  }
  const std::string text = report(results);
  EXPECT_THAT(text,
              HasSubstr("Rule <code>outcome/accepted</code>: 11 requirements of 11 operations broken, in "
                        "11 cases.\n\n<details><summary>Every requirement, with its kinds and cases"));
  EXPECT_THAT(text, HasSubstr("- Op110: MaxResults \\(range\\), in 1 case\n"));
}

TEST(Markdown, AnEmptyRunSaysSo) {
  EXPECT_THAT(report({}), testing::StartsWith("# ssm-conformance: nothing was judged: "));
  EXPECT_THAT(report({}), HasSubstr("| **total** | **0** |"));
}

TEST(Markdown, ListsAdviceRemarksAndWhatIsLeft) {
  run::CaseResult advised = samples::passed();
  advised.findings = {{"header/request-id", oracle::Severity::advice, "There is no id.", "s1"}};
  run::RunSummary summary = samples::summary_of(std::vector{advised});
  summary.remarks = {"a *remark*"};
  summary.left_behind = {"doc_1"};
  const std::string text = markdown(samples::info(), {advised}, summary);
  EXPECT_THAT(
      text,
      HasSubstr("## Advice\n\n- There is no id. (<code>header/request-id</code>, 1 case, for example "));
  EXPECT_THAT(
      text,
      HasSubstr("## Remarks\n\n- a \\*remark\\*\n\n## Left behind, to be removed by hand\n\n- doc\\_1\n"));
}

}  // namespace
}  // namespace harness::report::markdown_test
