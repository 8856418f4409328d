#include "harness/report/console.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "harness/report/samples_for_test.h"

namespace harness::report::console_test {
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
level documented, seed 18446744073709551615, names ssmc-1-*

1. A member that breaks a constraint is accepted  [outcome/accepted]
   DescribeDocumentPermission: MaxResults (range), in 1 case

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
broken: 1 requirement in 1 case
)");
}

TEST(Console, SaysLastThatNoEndpointOfTheUserWasJudged) {
  Screen screen;
  auto info = samples::info();
  info.endpoint = kEmbeddedEndpoint;
  screen.console->started(info);
  screen.console->finished_case(samples::passed());
  screen.console->finished(samples::summary_of(std::vector{samples::passed()}));
  EXPECT_THAT(screen.take(),
              testing::EndsWith(
                  "\nkept: 1 case judged (the embedded reference endpoint; --endpoint-url names yours)\n"));
  EXPECT_THAT(whole_run({samples::passed()}), testing::EndsWith("\nkept: 1 case judged\n"));
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
  There is no x-amzn-RequestId.  [header/request-id] in 1 case, for example DescribeDocumentPermission/MaxResults/range/maximum

Remarks:
  It does not verify signatures.

Left behind, to be removed by hand:
  ssmc-1-doc

5 cases, 10 requests in 12.3 s
kept: 2 cases judged, 1 failing as expected; 3 not judged
)");
}

std::string end_of_run(const run::RunSummary& summary, ConsoleOptions options = {}) {
  Screen screen(std::move(options));
  screen.console->finished(summary);
  return screen.take();
}

TEST(Console, ShowsTheFigureOfEachFamilyAndWhichOperationsAreStubs) {
  EXPECT_THAT(end_of_run(samples::with_figures()), HasSubstr(
                                                       R"(
family  operations  there  judged  constraints  told  coverage  broken  divergence
Queues           3      3       1           14     7    50.0 %       7     100.0 %
Things           2      1       1        1,000     3     0.3 %       1      33.3 %
nothing of Boxes
all              6      4       2        1,014    10     1.0 %       8      80.0 %

Operations: 1 judged, 1 stub, 1 blocked, 1 unproved, 2 not implemented
Stubs, which accept whatever breaks a constraint: GetQueue

)"));
}

TEST(Console, OfOneFamilyTheFigureIsALine) {
  run::RunSummary summary = samples::with_figures();
  std::erase_if(summary.figures, [](const auto& of) { return of.second.family != "things"; });
  EXPECT_THAT(end_of_run(summary), HasSubstr(
                                       R"(
family  operations  there  judged  constraints  told  coverage  broken  divergence
Things           2      1       1        1,000     3     0.3 %       1      33.3 %
)"));
}

TEST(Console, NamesAsManyFamiliesThatAreNotThereAsFitOnALine) {
  run::RunSummary summary = samples::with_figures();
  for (char c = 'a'; c <= 'z'; ++c) {
    const std::string key(10, c);
    summary.families.push_back({key, key});
    summary.figures[key] = {key, run::OperationState::not_implemented, "", 1, 0, 0};
  }
  ConsoleOptions options;
  options.terminal = true;
  options.width = 70;
  EXPECT_THAT(end_of_run(summary, options),
              HasSubstr("\nnothing of Boxes, aaaaaaaaaa, bbbbbbbbbb, cccccccccc and 23 more\n"));
}

TEST(Console, PrintsOneRequirementOnce) {
  std::vector<run::CaseResult> results;
  for (const char* id : {"a", "b", "c"}) results.push_back(samples::failed(id));
  // One more thing is wrong with the last: that is new.
  results.push_back(samples::failed("d"));
  results.back().findings.push_back(
      {"shape/type", oracle::Severity::defect, "Name is a number.", "Op|shape/type|valid|200"});
  const std::string text = whole_run(results);
  EXPECT_THAT(text, HasSubstr("2 requirements are broken, of 2 causes that operations may share; the widest "
                              "first:\n\n1. A member that breaks a constraint is accepted"));
  EXPECT_THAT(text, HasSubstr("   DescribeDocumentPermission: MaxResults (range), in 4 cases\n\nFAIL a\n"));
  EXPECT_THAT(text, Not(HasSubstr("FAIL b\n")));
  EXPECT_THAT(text, HasSubstr("\n2. A member of the answer has another JSON type than the model gives it, or "
                              "stands twice.  [shape/type]\n"
                              "   DescribeDocumentPermission, in 1 case\n\nFAIL d\n"));
  EXPECT_THAT(text, HasSubstr("  finding      The request must be refused, and was accepted.  "
                              "[outcome/accepted]\n"
                              "               Name is a number.  [shape/type]\n"));
  EXPECT_THAT(text, HasSubstr("\nbroken: 2 requirements in 4 cases\n"));
}

// Failures of one cause at `members` members of an operation.
std::vector<run::CaseResult> wide(const std::string& operation, int members) {
  std::vector<run::CaseResult> results;
  for (int i = 0; i < members; ++i) {
    results.push_back(samples::failed(operation + "/" + std::to_string(i)));
    results.back().operation = operation;
    results.back().place = "Member" + std::to_string(i);
  }
  return results;
}

TEST(Console, CountsTheRequirementsOfAWideCause) {
  std::vector<run::CaseResult> results = wide("Put", 4);
  for (const auto& result : wide("Get", 2)) results.push_back(result);
  const std::string text = whole_run(results);
  EXPECT_THAT(text, HasSubstr("1. A member that breaks a constraint is accepted  [outcome/accepted]\n"
                              "   6 requirements of 2 operations, in 6 cases: range 6\n"
                              "   Put 4, Get 2\n\nFAIL Get/0\n"));
  EXPECT_THAT(text,
              HasSubstr("\nEvery requirement: with --verbose, or in the file of --html or --markdown\n"));
  ConsoleOptions options;
  options.everything = true;
  const std::string all = whole_run(results, options);
  EXPECT_THAT(all, HasSubstr("   Put: Member3 (range), in 1 case\n     The request must be refused, and was "
                             "accepted.  [outcome/accepted]: Put/3\n"));
  EXPECT_THAT(all, Not(HasSubstr("Every requirement")));
}

std::vector<run::CaseResult> causes(int number) {
  std::vector<run::CaseResult> results;
  for (int i = 0; i < number; ++i) {
    results.push_back(samples::failed("case-" + std::to_string(100 + i)));
    results.back().findings[0].rule = "relation/rule-" + std::to_string(100 + i);
  }
  return results;
}

TEST(Console, StaysAScreenWhateverIsBroken) {
  ConsoleOptions options;
  options.blocks = 1;
  const std::string text = whole_run(causes(40), options);
  EXPECT_THAT(text, HasSubstr("FAIL case-100\n  requirement"));
  EXPECT_THAT(text, HasSubstr("2. relation/rule-101  [relation/rule-101]\n"
                              "   DescribeDocumentPermission, in 1 case\n   for example case-101\n"));
  EXPECT_THAT(text,
              HasSubstr("and 28 other causes with 28 requirements. Every requirement: with --verbose, or"));
  EXPECT_LT(std::count(text.begin(), text.end(), '\n'), 70);
  options.everything = true;
  const std::string all = whole_run(causes(40), options);
  for (int i = 0; i < 40; ++i)
    EXPECT_THAT(all, HasSubstr("[relation/rule-" + std::to_string(100 + i) + "]: case-"));
}

TEST(Console, NamesTheOperationsOfALongTableOnlyIfAsked) {
  std::vector<run::CaseResult> results;
  for (int i = 0; i < 13; ++i) {
    results.push_back(samples::passed("case-" + std::to_string(100 + i)));
    results.back().operation = "Op" + std::to_string(100 + i);
  }
  results.push_back(samples::with_verdict(Verdict::not_implemented, "x", "not there"));
  results.back().operation = "Absent";
  EXPECT_THAT(
      whole_run(results),
      HasSubstr("\nand 1 operation that the endpoint does not have; --verbose has a line for each\n"));
  ConsoleOptions options;
  options.everything = true;
  const std::string all = whole_run(results, options);
  EXPECT_THAT(all, HasSubstr("\nOp112 "));
  EXPECT_THAT(all, HasSubstr("\nand 1 operation that the endpoint does not have\n"));
}

run::CaseResult failing(const std::string& id, const std::string& rule, const std::string& signature,
                        const std::string& response = "HTTP/1.1 200 OK\n\n{}") {
  run::CaseResult out = samples::failed(id);
  out.title = "title of " + id;
  out.findings[0].rule = rule;
  out.findings[0].signature = "Op|" + rule + "|" + signature + ":Name|200";
  out.operation = "Op";
  out.place.clear();
  out.response = response;
  return out;
}

run::CaseResult server_error(const std::string& id, const std::string& signature, const std::string& body) {
  run::CaseResult out = failing(id, "availability/server-error", signature, "HTTP/1.1 500 Oops\n\n" + body);
  out.findings[0].message = "answered with 500: a server must not fail";
  return out;
}

std::vector<std::string> blocks_of(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("FAIL ")) out.push_back(line.substr(5));
  }
  return out;
}

TEST(Console, PutsTheWidestAndWorstFirstWhateverCameFirst) {
  std::vector<run::CaseResult> results{
      failing("a", "header/content-type", "h"),
      failing("b", "outcome/wrong-code", "w1"),
      failing("c", "outcome/accepted", "range"),
      failing("d", "outcome/accepted", "state-a"),
      failing("e", "outcome/accepted", "state-a"),
      failing("f", "relation/accounts", "r"),
      server_error("g", "s", "{}"),
      failing("h", "shape/type", "t"),
      failing("i", "outcome/wrong-code", "w2"),
      failing("j", "outcome/wrong-code", "w2"),
      failing("k", "header/request-id", "h"),
      failing("l", "header/request-id", "h"),
      samples::with_verdict(Verdict::flaky, "z", "first FAIL"),
      samples::with_verdict(Verdict::flaky, "y", "first FAIL"),
      samples::with_verdict(Verdict::unchecked, "x", "silent"),
      samples::with_verdict(Verdict::unchecked, "w", "unknown"),
      samples::with_verdict(Verdict::unchecked, "v", "unknown"),
  };
  // Two operations: wider than whatever one operation breaks.
  results[11].operation = "Other";
  results[2].findings.push_back({"connection/stray-bytes", oracle::Severity::advice, "none", "s1"});
  results[1].findings.push_back({"connection/stray-bytes", oracle::Severity::advice, "nothing", "s2"});
  ConsoleOptions options;
  options.blocks = 20;
  const std::string text = whole_run(results, options);
  EXPECT_THAT(blocks_of(text), testing::ElementsAre("k", "g", "d", "c", "f", "h", "i", "b", "a"));
  std::mt19937 random(1);
  for (int round = 0; round < 20; ++round) {
    std::shuffle(results.begin(), results.end(), random);
    ASSERT_EQ(whole_run(results, options), text);
  }
}

TEST(Console, TellsFailuresOfTheServerApartByWhatItSays) {
  ConsoleOptions options;
  options.everything = true;
  const std::string text = whole_run({server_error("a", "s", R"({"message":"out of memory at 0x7f"})"),
                                      server_error("b", "s", R"({"message":"stack overflow at line 7"})"),
                                      server_error("c", "s", R"({"message":"stack overflow at line 19"})"),
                                      server_error("d", "t", R"({"message":"stack overflow at line 7"})")},
                                     options);
  EXPECT_THAT(text, HasSubstr("1. A request that breaks s makes the server fail (5xx)  "
                              "[availability/server-error]\n   Op: Name, in 3 cases\n"));
  EXPECT_THAT(
      text,
      HasSubstr("title of a: answered with 500 \"out of memory at #\"  [availability/server-error]: a\n"));
  EXPECT_THAT(text, HasSubstr("title of b: answered with 500 \"stack overflow at line #\"  "
                              "[availability/server-error]: b, c\n"));
  EXPECT_THAT(text, HasSubstr("title of d: answered with 500"));
  EXPECT_THAT(text, HasSubstr("broken: 2 requirements in 4 cases"));
}

TEST(Console, SaysOneAdviceOnce) {
  std::vector<run::CaseResult> results;
  for (int i = 0; i < 45; ++i) {
    results.push_back(samples::passed("case-" + std::to_string(i)));
    results.back().findings = {
        {"header/request-id", oracle::Severity::advice, "no id", "kind " + std::to_string(i)}};
    if (i % 2 == 0) {
      results.back().findings.push_back({"shape/constraint", oracle::Severity::advice,
                                         "member " + std::to_string(i % 3) + " is too long",
                                         std::to_string(i)});
    }
  }
  const std::string text = whole_run(results);
  EXPECT_THAT(text,
              HasSubstr("Advice, which breaks nothing:\n"
                        "  member 0 is too long, and 2 others like it  [shape/constraint] in 23 cases, for "
                        "example case-0\n"
                        "  no id  [header/request-id] in 45 cases, for example case-0\n\n"));
}

TEST(Console, LetsNoAnswerReachTheTerminalRaw) {
  ConsoleOptions options;
  options.everything = true;
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
  summary.families = {{"a", samples::kHostile}, {"b", samples::kHostile + samples::kHostile}};
  summary.figures[samples::kHostile] = {"a", run::OperationState::stub, samples::kHostile, 9, 0, 9};
  summary.figures["B"] = {"b", run::OperationState::not_implemented, "", 9, 0, 0};
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

TEST(Console, SaysErrorsFlakyCasesAndStaleEntriesAtTheEnd) {
  run::CaseResult flaky = samples::with_verdict(Verdict::flaky, "A/2", "PASS, then FAIL");
  flaky.reproduce = {"curl x"};
  const std::vector<run::CaseResult> results{samples::with_verdict(Verdict::xpass, "A/3", "stale"), flaky,
                                             samples::with_verdict(Verdict::error, "A/1", "no connection")};
  EXPECT_THAT(whole_run(results), HasSubstr("\nERROR A/1: no connection\n"
                                            "FLAKY A/2: PASS, then FAIL\n  reproduce    curl x\n"
                                            "XPASS A/3: stale\n\noperation "));
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
  screen.console->finished_case(samples::failed());
  EXPECT_EQ(screen.take(), "");
  screen.time += 100ms;
  for (int i = 0; i < 797; ++i) screen.console->finished_case(samples::passed());
  // Everything is printed where the bar was.
  const std::string erased = "\r" + std::string(bar.size(), ' ') + "\r";
  EXPECT_EQ(screen.take(), erased + "[........................]   0 %  4/1,597  1 failed");
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

TEST(Console, PrintsNoProgressWhereThereIsNoTerminal) {
  Screen screen;
  screen.console->started(samples::info());
  screen.take();
  for (int i = 0; i < 100; ++i) {
    screen.time += 10s;
    screen.console->finished_case(samples::passed());
  }
  EXPECT_EQ(screen.take(), "");
}

TEST(Console, ColoursOnlyWhenAsked) {
  ConsoleOptions options;
  options.colour = true;
  const std::string text = whole_run({samples::failed()}, options);
  EXPECT_THAT(text, HasSubstr("\x1b[31mFAIL\x1b[0m \x1b[1mDescribe"));
  EXPECT_THAT(text, HasSubstr("\x1b[31mbroken: 1 requirement in 1 case\x1b[0m\n"));
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

TEST(Console, OfAnEndpointThatWasNeverReachedThereIsNoTable) {
  Screen screen;
  screen.console->started(samples::info());
  screen.take();
  run::RunSummary summary;
  summary.endpoint_lost = true;
  screen.console->finished(summary);
  EXPECT_EQ(screen.take(), "");
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
  EXPECT_EQ(outcome(summary, 1), "broken: 1 requirement in 2 cases, 1 flaky case, 1 stale baseline entry");
  summary.interrupted = true;
  EXPECT_EQ(outcome(summary, 1),
            "interrupted after 7 cases; until then: 1 requirement in 2 cases, 1 flaky case, 1 stale baseline "
            "entry");
  summary = summary_with({{Verdict::pass, 3}, {Verdict::error, 1}});
  EXPECT_EQ(outcome(summary, 0), "harness error: 1 case could not be judged");
  summary.endpoint_lost = true;
  EXPECT_EQ(outcome(summary, 0), "endpoint lost: it cannot be reached");
  summary = summary_with({{Verdict::pass, 1}});
  EXPECT_EQ(outcome(summary, 0), "kept: 1 case judged");
  summary = summary_with({{Verdict::unchecked, 2}});
  summary.judged_elsewhere = true;
  EXPECT_EQ(outcome(summary, 0),
            "nothing to judge: none of the 2 cases of this shard can be judged here; those of others can");
  summary = {};
  summary.judged_elsewhere = true;
  EXPECT_EQ(outcome(summary, 0), "nothing to judge: this shard holds no case; others do");
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
  const auto defects = all.defects();
  ASSERT_EQ(defects.size(), 3U);
  EXPECT_EQ(defects[0].finding.message, "the case failed");
  EXPECT_EQ(defects[1].finding.message, "why");
  EXPECT_EQ(defects[1].first, 1U);
  EXPECT_EQ(all.advice().size(), 1U);
  EXPECT_EQ(all.failed(), 3U);
}

TEST(Digest, TheFirstCaseOfAGroupIsTheFirstByItsId) {
  const Digest all = digest({samples::failed("b"), samples::failed("c"), samples::failed("a")});
  const auto defects = all.defects();
  ASSERT_EQ(defects.size(), 1U);
  EXPECT_EQ(defects[0].first, 2U);
  EXPECT_THAT(defects[0].ids, testing::ElementsAre("a", "b", "c"));
}

TEST(NameSome, SaysHowManyAreLeftOut) {
  EXPECT_EQ(name_some({"a", "b", "c"}, 3), "a, b, c");
  EXPECT_EQ(name_some({"a", "b", "c", "d"}, 2, 1), "b, c and 1 more");
  EXPECT_EQ(name_some({}, 2), "");
}

}  // namespace
}  // namespace harness::report::console_test
