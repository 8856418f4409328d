#include "harness/report/console.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "harness/report/samples_for_test.h"

namespace harness::report {
namespace {

using run::Verdict;
using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;

/// A console whose clock is moved by hand.
struct Screen {
  std::ostringstream out;
  std::chrono::steady_clock::time_point time{};
  ConsoleOptions options;
  std::unique_ptr<Console> console;

  explicit Screen(ConsoleOptions given = {}) : options(std::move(given)) {
    options.now = [this] { return time; };
    console = std::make_unique<Console>(out, options);
  }
  std::string take() {
    std::string text = out.str();
    out.str("");
    return text;
  }
};

std::string whole_run(const std::vector<run::CaseResult>& results, ConsoleOptions options = {}) {
  Screen screen(std::move(options));
  screen.console->started(samples::info());
  for (const auto& result : results) screen.console->finished_case(result);
  screen.console->finished(samples::summary_of(results));
  return screen.take();
}

TEST(Console, TellsAFailureWithAllThatIsNeeded) {
  EXPECT_EQ(whole_run({samples::passed(), samples::failed()}),
            R"(ssm-conformance 0.1.0: 1,597 cases against http://127.0.0.1:4566
level documented, seed 18446744073709551615, documents ssmc-1-*

FAIL DescribeDocumentPermission/MaxResults/range/above-maximum
  requirement  MaxResults one above the maximum
               MaxResults: Minimum value of 1. Maximum value of 200.
  sent         {"Name":"Example","MaxResults":201}
  answered     HTTP/1.1 200 OK
               {}
  admissible   400 ValidationException [smithy]
  finding      The request must be refused, and was accepted.  [outcome/accepted]
  reproduce    curl -q one
               curl -q two

operation                   cases  pass  fail  not impl.  blocked  unchecked  flaky  error
DescribeDocumentPermission      2     1     1          -        -          -      -      -
total                           2     1     1          -        -          -      -      -

2 cases, 4 requests in 12.3 s
broken: 1 defect in 1 case
)");
}

TEST(Console, SaysWhatWasNotJudgedAndWhy) {
  std::vector<run::CaseResult> results{
      samples::passed(),
      samples::with_verdict(Verdict::blocked, "A/1", "the control failed: 500"),
      samples::with_verdict(Verdict::unchecked, "A/2", "the specification is silent"),
      samples::with_verdict(Verdict::blocked, "A/3", "the control failed: 500"),
      samples::with_verdict(Verdict::xfail, "A/4", ""),
  };
  results[0].findings = {
      {"header/request-id", oracle::Severity::advice, "There is no x-amzn-RequestId.", "s"}};
  run::RunSummary summary = samples::summary_of(results);
  summary.remarks = {"It does not verify signatures."};
  summary.left_behind = {"ssmc-1-doc"};
  Screen screen;
  for (const auto& result : results) screen.console->finished_case(result);
  screen.console->finished(summary);
  EXPECT_EQ(
      screen.take(),
      R"(operation                   cases  pass  fail  not impl.  blocked  unchecked  flaky  error  xfail
DescribeDocumentPermission      5     1     -          -        2          1      -      -      1
total                           5     1     -          -        2          1      -      -      1

Why cases were not simply kept or broken:
  BLOCKED 2: the control failed: 500 (A/1 and 1 more)
  UNCHECKED 1: the specification is silent (A/2)
  XFAIL 1: no reason given (A/4)

Advice, which breaks nothing:
  There is no x-amzn-RequestId.  [header/request-id] (DescribeDocumentPermission/MaxResults/range/maximum)

Remarks:
  It does not verify signatures.

Left behind, to be removed by hand:
  ssmc-1-doc

5 cases, 10 requests in 12.3 s
kept: 2 cases judged, 1 failing as expected; 3 not judged
)");
}

TEST(Console, PrintsOneFindingOnce) {
  std::vector<run::CaseResult> results;
  for (const char* id : {"a", "b", "c"}) results.push_back(samples::failed(id));
  // One more thing is wrong with the last: that is new.
  results.push_back(samples::failed("d"));
  results.back().findings.push_back({"shape/type", oracle::Severity::defect, "Name is a number.", "other"});
  const std::string text = whole_run(results);
  EXPECT_THAT(text, HasSubstr("FAIL a\n"));
  EXPECT_THAT(text, Not(HasSubstr("FAIL b\n")));
  EXPECT_THAT(text, HasSubstr("  finding      Name is a number.  [shape/type]\n"
                              "  also         outcome/accepted, as in a\n"));
  EXPECT_THAT(text, HasSubstr("The same finding again:\n"
                              "  a  [outcome/accepted]\n"
                              "    and 3 more like it: b, c, d\n"));
  EXPECT_THAT(text, HasSubstr("\nbroken: 2 defects in 4 cases\n"));
}

TEST(Console, NamesOnlyAfterEnoughBlocks) {
  std::vector<run::CaseResult> results;
  for (int i = 0; i < 5; ++i) {
    results.push_back(samples::failed("case-" + std::to_string(i)));
    results.back().findings[0].signature = std::to_string(i);
  }
  ConsoleOptions options;
  options.blocks = 2;
  const std::string text = whole_run(results, options);
  EXPECT_THAT(text, HasSubstr("FAIL case-1\n  requirement"));
  EXPECT_THAT(text,
              HasSubstr("From here on only the names of failing cases; --results, --markdown and --html have "
                        "everything.\nFAIL case-2\nFAIL case-3\nFAIL case-4\n"));
}

TEST(Console, LetsNoAnswerReachTheTerminalRaw) {
  ConsoleOptions options;
  options.every_case = true;
  std::vector<run::CaseResult> results{samples::hostile()};
  for (const Verdict verdict : run::kVerdicts) {
    results.push_back(samples::hostile());
    results.back().id = samples::kHostile;
    results.back().operation = samples::kHostile;
    results.back().verdict = verdict;
  }
  results.push_back(samples::passed());
  results.back().findings = {{samples::kHostile, oracle::Severity::advice, samples::kHostile, "s"}};
  run::RunInfo info = samples::info();
  info.endpoint = info.level = info.prefix = info.tool_version = samples::kHostile;
  run::RunSummary summary = samples::summary_of(results);
  summary.remarks = summary.left_behind = {samples::kHostile};
  summary.endpoint_lost = true;
  summary.endpoint_problem = samples::kHostile;
  Screen screen(options);
  screen.console->started(info);
  for (const auto& result : results) screen.console->finished_case(result);
  screen.console->finished(summary);
  const std::string text = screen.take();
  for (const char c : text) ASSERT_TRUE(c == '\n' || (c >= 0x20 && c < 0x7f)) << static_cast<int>(c);
  EXPECT_THAT(text, HasSubstr("endpoint lost: \\x1b]0;owned\\x07"));
}

TEST(Console, ShortensWhatIsLongButNotTheReproduction) {
  run::CaseResult result = samples::failed();
  result.request = "POST / HTTP/1.1\n\n" + std::string(1 << 20, 'a');
  result.response = "HTTP/1.1 200 OK\r\nX-Amzn-Errortype: Odd\r\nDate: now\r\n\r\n" + std::string(100, '\n');
  result.reproduce = {std::string(5'000, 'r')};
  const std::string text = whole_run({result});
  EXPECT_LT(text.size(), 8'000U);
  EXPECT_THAT(text, HasSubstr("aaa...\n               ... (1,048,576 bytes in all)\n"));
  EXPECT_THAT(text, HasSubstr("  answered     HTTP/1.1 200 OK\n               X-Amzn-Errortype: Odd\n"));
  EXPECT_THAT(text, HasSubstr(result.reproduce[0]));
}

TEST(Console, ShowsTheHeadWhereTheHeadIsTheMatter) {
  run::CaseResult protocol = samples::failed();
  protocol.operation = std::string(run::kProtocol);
  EXPECT_THAT(whole_run({protocol}),
              HasSubstr("  sent         POST / HTTP/1.1\n               X-Amz-Target"));
  run::CaseResult empty = samples::failed();
  empty.request = "POST / HTTP/1.1\nX-Amz-Target: A\n\n";
  EXPECT_THAT(whole_run({empty}), HasSubstr("  sent         POST / HTTP/1.1\n               X-Amz-Target"));
}

TEST(Console, TellsTheStepsOfAScenario) {
  run::CaseResult result = samples::failed();
  result.steps = {"ModifyDocumentPermission -> 200", "Describe\x1b -> 200"};
  EXPECT_THAT(whole_run({result}), HasSubstr("  steps        ModifyDocumentPermission -> 200\n"
                                             "               Describe\\x1b -> 200\n"
                                             "  sent         "));
}

TEST(Console, SaysAnErrorAndAFlakyCaseAtOnce) {
  Screen screen;
  screen.console->finished_case(samples::with_verdict(Verdict::error, "A/1", "no connection"));
  EXPECT_EQ(screen.take(), "ERROR A/1: no connection\n");
  run::CaseResult flaky = samples::with_verdict(Verdict::flaky, "A/2", "PASS, then FAIL");
  flaky.reproduce = {"curl x"};
  screen.console->finished_case(flaky);
  EXPECT_EQ(screen.take(), "FLAKY A/2: PASS, then FAIL\n  reproduce    curl x\n");
  screen.console->finished_case(samples::with_verdict(Verdict::xpass, "A/3", "stale"));
  EXPECT_EQ(screen.take(), "XPASS A/3: stale\n");
}

TEST(Console, DrawsABarAtMostTenTimesASecond) {
  ConsoleOptions options;
  options.terminal = true;
  options.width = 60;
  Screen screen(options);
  screen.console->started(samples::info());
  screen.take();
  screen.console->finished_case(samples::passed());
  EXPECT_EQ(screen.take(), "");
  screen.time += 100ms;
  screen.console->finished_case(samples::passed());
  const std::string bar = "[........................]   0 %  2/1,597  0 failed";
  EXPECT_EQ(screen.take(), bar);
  // Everything else is printed where the bar was.
  screen.console->finished_case(samples::failed());
  const std::string erased = "\r" + std::string(bar.size(), ' ') + "\r";
  EXPECT_THAT(screen.take(), testing::StartsWith(erased + "FAIL "));
  screen.time += 100ms;
  for (int i = 0; i < 797; ++i) screen.console->finished_case(samples::passed());
  EXPECT_EQ(screen.take(), "[........................]   0 %  4/1,597  1 failed");
  screen.time += 100ms;
  screen.console->finished_case(samples::passed());
  EXPECT_THAT(screen.take(), testing::EndsWith("[############............]  50 %  801/1,597  1 failed"));
  screen.console->finished(samples::summary_of(std::vector{samples::failed()}));
  EXPECT_THAT(screen.take(), testing::StartsWith("\r"));
}

TEST(Console, NeverDrawsBeyondTheWidth) {
  ConsoleOptions options;
  options.terminal = true;
  options.width = 20;
  options.redraw_every = 0ms;
  Screen screen(options);
  screen.console->finished_case(samples::passed());
  EXPECT_EQ(screen.take().size(), 19U);
}

TEST(Console, PrintsALineNowAndThenWhereThereIsNoTerminal) {
  Screen screen;
  screen.console->started(samples::info());
  screen.take();
  screen.console->finished_case(samples::passed());
  EXPECT_EQ(screen.take(), "");
  screen.time += 10s;
  screen.console->finished_case(samples::passed());
  EXPECT_EQ(screen.take(), "... 2 of 1,597 cases, 0 failed\n");
}

TEST(Console, ColoursOnlyWhenAsked) {
  ConsoleOptions options;
  options.colour = true;
  const std::string text = whole_run({samples::failed()}, options);
  EXPECT_THAT(text, HasSubstr("\x1b[31mFAIL\x1b[0m \x1b[1mDescribe"));
  EXPECT_THAT(text, HasSubstr("\x1b[31mbroken: 1 defect in 1 case\x1b[0m\n"));
  EXPECT_THAT(whole_run({samples::failed()}), Not(HasSubstr("\x1b")));
}

TEST(Console, AlignsNamesThatAreNotAscii) {
  run::CaseResult result = samples::passed();
  result.operation = "漢字Operation";
  run::CaseResult other = samples::passed();
  other.operation = "Op";
  const std::string text = whole_run({result, other});
  EXPECT_THAT(text, HasSubstr("\nOp                 1  "));
  EXPECT_THAT(text, HasSubstr("\n漢字Operation      1  "));
}

TEST(Console, AnEmptyRunIsNotKept) {
  EXPECT_THAT(whole_run({}), HasSubstr("total          0     -"));
  EXPECT_THAT(whole_run({}), HasSubstr("\nnothing was judged: "));
}

run::RunSummary summary_with(const std::map<Verdict, std::size_t>& counts) {
  run::RunSummary summary;
  summary.total = counts;
  summary.by_operation["Op"] = counts;
  return summary;
}

TEST(Outcome, SaysEachExitStatusInOneLine) {
  run::RunSummary summary =
      summary_with({{Verdict::pass, 3}, {Verdict::fail, 2}, {Verdict::flaky, 1}, {Verdict::xpass, 1}});
  EXPECT_EQ(outcome(summary, 1), "broken: 1 defect in 2 cases, 1 flaky case, 1 stale baseline entry");
  summary.interrupted = true;
  EXPECT_EQ(
      outcome(summary, 1),
      "interrupted after 7 cases; until then: 1 defect in 2 cases, 1 flaky case, 1 stale baseline entry");
  summary = summary_with({{Verdict::pass, 3}, {Verdict::error, 1}});
  EXPECT_EQ(outcome(summary, 0), "harness error: 1 case could not be judged");
  summary.endpoint_lost = true;
  EXPECT_EQ(outcome(summary, 0), "endpoint lost: it cannot be reached");
  summary = summary_with({{Verdict::pass, 1}});
  EXPECT_EQ(outcome(summary, 0), "kept: 1 case judged");
  summary = summary_with({{Verdict::not_implemented, 1}});
  EXPECT_EQ(outcome(summary, 0),
            "nothing was judged: no case of an operation came to a verdict on the endpoint");
}

TEST(Digest, AFailureWithoutAFindingIsAFindingOfItsOwn) {
  std::vector<run::CaseResult> results{samples::failed("a"), samples::failed("b"), samples::failed("c")};
  results[0].findings.clear();
  results[1].findings.clear();
  results[1].reason = "why";
  results[2].findings[0].severity = oracle::Severity::advice;
  const Digest all = digest(results);
  ASSERT_EQ(all.defects().size(), 3U);
  EXPECT_EQ(all.defects()[0].finding.message, "the case failed");
  EXPECT_EQ(all.defects()[1].finding.message, "why");
  EXPECT_EQ(all.defects()[1].first, 1U);
  EXPECT_EQ(all.advice().size(), 1U);
  EXPECT_EQ(all.failed(), 3U);
}

TEST(NameSome, SaysHowManyAreLeftOut) {
  EXPECT_EQ(name_some({"a", "b", "c"}, 3), "a, b, c");
  EXPECT_EQ(name_some({"a", "b", "c", "d"}, 2, 1), "b, c and 1 more");
  EXPECT_EQ(name_some({}, 2), "");
}

}  // namespace
}  // namespace harness::report
