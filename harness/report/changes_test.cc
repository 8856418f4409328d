#include "harness/report/changes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/report/samples_for_test.h"

namespace harness::report::changes_test {
namespace {

using run::CaseResult;
using run::Verdict;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

CaseResult lost(std::string id) {
  return samples::with_verdict(Verdict::not_implemented, std::move(id), "it is not there");
}

// A failing case of another operation, so of another requirement.
CaseResult failed_elsewhere(std::string id) {
  auto r = samples::failed(std::move(id));
  r.operation = "ListThings";
  return r;
}

std::string markdown(const std::vector<CaseResult>& before, const std::vector<CaseResult>& after) {
  const ResultFile a{samples::info(), before, samples::summary_of(before)};
  const ResultFile b{samples::info(), after, samples::summary_of(after)};
  return changes_markdown(changes_between(before, after), a, b, {});
}

TEST(Changes, OfEqualRunsAreNone) {
  const std::vector<CaseResult> run{samples::passed("a"), samples::failed("b"), lost("c")};
  const auto c = changes_between(run, run);
  EXPECT_THAT(c.cases, IsEmpty());
  EXPECT_THAT(c.broken, IsEmpty());
  EXPECT_THAT(c.fixed, IsEmpty());
  EXPECT_EQ(c.still_broken, 1U);
  EXPECT_FALSE(c.is_worse());
}

TEST(Changes, ARequirementIsBrokenOnceAndFixedWithItsLastCase) {
  const auto c = changes_between({samples::passed("a"), samples::passed("b"), samples::passed("c")},
                                 {samples::failed("a"), samples::failed("b"), samples::passed("c")});
  EXPECT_EQ(c.count(&CaseChange::now_fails), 2U);
  ASSERT_THAT(c.broken, SizeIs(1));
  EXPECT_THAT(c.broken.front().ids, SizeIs(2));
  EXPECT_TRUE(c.is_worse());
  const auto half = changes_between({samples::failed("a"), samples::failed("b")},
                                    {samples::passed("a"), samples::failed("b")});
  EXPECT_EQ(half.count(&CaseChange::recovers), 1U);
  EXPECT_THAT(half.fixed, IsEmpty());
  EXPECT_EQ(half.still_broken, 1U);
  EXPECT_FALSE(half.is_worse());
  EXPECT_THAT(changes_between({samples::failed("a")}, {samples::passed("a")}).fixed, SizeIs(1));
}

TEST(Changes, WhatIsNotJudgedAnyMoreIsNotFixed) {
  for (const auto& after : {std::vector{lost("a")}, std::vector<CaseResult>{}}) {
    const auto c = changes_between({samples::failed("a")}, after);
    EXPECT_THAT(c.fixed, IsEmpty());
    EXPECT_THAT(c.untold, SizeIs(1));
    EXPECT_FALSE(c.is_worse());
  }
  EXPECT_TRUE(changes_between({samples::passed("a")}, {lost("a")}).is_worse());
  EXPECT_TRUE(changes_between({samples::passed("a")}, {}).is_worse());
}

TEST(Changes, ACaseThatFailsOtherwiseIsWorseIfItBreaksMore) {
  auto other = samples::failed("a");
  other.findings.front().rule = "shape/type";
  const auto c = changes_between({samples::failed("a")}, {other});
  EXPECT_EQ(c.count(&CaseChange::fails_otherwise), 1U);
  EXPECT_TRUE(c.is_worse());
  auto both = samples::failed("a");
  both.findings.push_back(other.findings.front());
  EXPECT_TRUE(changes_between({samples::failed("a")}, {both}).is_worse());
  EXPECT_FALSE(changes_between({both}, {samples::failed("a")}).is_worse());
}

TEST(Changes, OfRepeatedCasesTheFailuresCount) {
  const auto c = changes_between({samples::passed("a"), samples::passed("a")},
                                 {samples::failed("a"), samples::passed("a")});
  EXPECT_EQ(c.count(&CaseChange::now_fails), 1U);
}

TEST(ChangesMarkdown, SaysWhatIsBrokenFixedNewAndGone) {
  const auto text =
      markdown({samples::failed("a"), samples::passed("b"), samples::passed("old"), lost("c")},
               {samples::passed("a"), failed_elsewhere("b"), samples::passed("new"), lost("c")});
  EXPECT_THAT(text, HasSubstr("# ssm-conformance: 1 requirement newly broken, 1 fixed\n"));
  EXPECT_THAT(text, HasSubstr("| newly broken | 1 | 1 |"));
  EXPECT_THAT(text, HasSubstr("| fixed | 1 | 1 |"));
  EXPECT_THAT(text, HasSubstr("| in this run only | - | 1 |"));
  EXPECT_THAT(text, HasSubstr("| in the run before only | - | 1 |"));
  EXPECT_THAT(text, HasSubstr("## Newly broken\n\n- ListThings"));
  EXPECT_THAT(text, HasSubstr("## Fixed\n\n- DescribeDocumentPermission"));
  EXPECT_THAT(text, HasSubstr("<code>b</code>: PASS → FAIL"));
  EXPECT_THAT(text, Not(HasSubstr("<code>c</code>")));
}

TEST(ChangesMarkdown, FitsIntoAComment) {
  std::vector<CaseResult> before, after;
  for (int i = 0; i < 2000; ++i) {
    before.push_back(samples::passed(std::to_string(i) + std::string(500, 'x')));
    after.push_back(samples::failed(std::to_string(i) + std::string(500, '<')));
    after.back().operation = "Operation" + std::to_string(i);
  }
  const auto text = markdown(before, after);
  EXPECT_LT(text.size(), 65'536U);
  EXPECT_THAT(text, HasSubstr("and 1960 more"));
}

}  // namespace
}  // namespace harness::report::changes_test
