#include "conformance/cli/baseline.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "harness/files/temporary_folder.h"

namespace conformance::baseline_test {
namespace {

using harness::oracle::Severity;
using harness::run::CaseResult;
using harness::run::Verdict;
using ::testing::HasSubstr;

const std::set<std::string> kKnown = {"A/one", "A/two", "B/three"};

CaseResult result(std::string id, Verdict verdict, std::initializer_list<const char*> rules = {}) {
  CaseResult r;
  r.id = std::move(id);
  r.verdict = verdict;
  for (const char* rule : rules) r.findings.push_back({rule, Severity::defect, "m", "s"});
  return r;
}

class BaselineTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_NE(temporary_.path(), ""); }
  std::string error_of(const std::string& text) {
    std::ofstream(path_) << text;
    const auto loaded = Baseline::load(path_, kKnown);
    return loaded ? "(no error)" : loaded.error().message;
  }
  const harness::files::TemporaryFolder temporary_;
  const std::filesystem::path folder_ = temporary_.path();
  const std::string path_ = folder_ / "baseline.json";
};

// What a run of these results makes of an empty baseline.
Baseline of(std::vector<CaseResult> results) {
  Baseline b;
  b.update(results, "documented", "1.0", "");
  return b;
}

TEST_F(BaselineTest, WhatWasSavedIsLoaded) {
  const Baseline b = of({result("A/one", Verdict::fail, {"outcome/accepted"}),
                         result("A/two", Verdict::flaky, {"x/y", "x/z"}), result("B/three", Verdict::pass)});
  EXPECT_EQ(b.size(), 2U);
  ASSERT_TRUE(b.save(path_).has_value());
  const auto loaded = Baseline::load(path_, kKnown);
  ASSERT_TRUE(loaded.has_value()) << loaded.error().message;
  EXPECT_EQ(loaded->size(), 2U);
  EXPECT_EQ(loaded->level(), "documented");
  EXPECT_EQ(loaded->tool_version(), "1.0");
  EXPECT_TRUE(loaded->covers("")) << "it was written from all cases";
  EXPECT_TRUE(loaded->covers("--shard 1/2"));
  auto expected = result("A/one", Verdict::fail, {"outcome/accepted"});
  loaded->apply(expected, {});
  EXPECT_EQ(expected.verdict, Verdict::xfail);
}

Verdict applied(const Baseline& b, CaseResult r) {
  b.apply(r, {});
  return r.verdict;
}

TEST_F(BaselineTest, Applies) {
  const Baseline b = of({result("A/one", Verdict::fail, {"x/y", "x/z"})});
  EXPECT_EQ(applied(b, result("A/one", Verdict::fail, {"x/y", "x/z"})), Verdict::xfail);
  EXPECT_EQ(applied(b, result("A/one", Verdict::fail, {"x/z"})), Verdict::xfail);
  EXPECT_EQ(applied(b, result("A/one", Verdict::flaky, {"x/y"})), Verdict::xfail);
  EXPECT_EQ(applied(b, result("A/one", Verdict::fail, {"x/y", "x/new"})), Verdict::fail)
      << "a new kind of defect is new";
  EXPECT_EQ(applied(b, result("A/one", Verdict::pass)), Verdict::xpass);
  EXPECT_EQ(applied(b, result("A/two", Verdict::fail, {"x/y"})), Verdict::fail) << "another case";
  EXPECT_EQ(applied(b, result("A/two", Verdict::pass)), Verdict::pass);
  for (const Verdict other :
       {Verdict::blocked, Verdict::not_implemented, Verdict::unchecked, Verdict::error}) {
    EXPECT_EQ(applied(b, result("A/one", other)), other) << "what was not judged is neither";
  }
}

TEST_F(BaselineTest, AdviceIsNoDefect) {
  const Baseline b = of({result("A/one", Verdict::fail, {"x/y"})});
  auto r = result("A/one", Verdict::fail, {"x/y"});
  r.findings.push_back({"header/odd", Severity::advice, "m", "s"});
  EXPECT_EQ(applied(b, r), Verdict::xfail);
}

TEST_F(BaselineTest, ARunChangesTheEntriesOfItsOwnCases) {
  Baseline b = of({result("A/one", Verdict::fail, {"x/y"}), result("A/two", Verdict::fail, {"x/y"})});
  b.update({result("A/one", Verdict::pass), result("B/three", Verdict::fail, {"x/z"})}, "documented", "1.1",
           "--filter x");
  EXPECT_EQ(b.size(), 2U);
  EXPECT_EQ(applied(b, result("A/one", Verdict::pass)), Verdict::pass) << "mended";
  EXPECT_EQ(applied(b, result("A/two", Verdict::fail, {"x/y"})), Verdict::xfail) << "not run, so it stays";
  EXPECT_EQ(applied(b, result("B/three", Verdict::fail, {"x/z"})), Verdict::xfail);
  EXPECT_EQ(b.tool_version(), "1.1");
  EXPECT_TRUE(b.covers("")) << "a part is a part of all";
}

TEST_F(BaselineTest, KnowsFromWhichPartsItWasWritten) {
  Baseline b;
  b.update({result("A/one", Verdict::fail, {"x/y"})}, "documented", "1.0", "--shard 1/2");
  b.update({result("A/two", Verdict::fail, {"x/y"})}, "documented", "1.0", "--shard 2/2");
  ASSERT_TRUE(b.save(path_).has_value());
  const auto loaded = Baseline::load(path_, kKnown);
  ASSERT_TRUE(loaded.has_value());
  EXPECT_TRUE(loaded->covers("--shard 2/2"));
  EXPECT_FALSE(loaded->covers(""));
  EXPECT_EQ(loaded->selections(), "--shard 1/2; --shard 2/2");
  EXPECT_EQ(loaded->entry_outside({"A/one"}), "A/two");
  EXPECT_EQ(loaded->entry_outside({"A/one", "A/two"}), "");
}

TEST_F(BaselineTest, FilesOfOlderVersionsAreStillLoaded) {
  std::ofstream(path_)
      << R"({"tool": "ssm-conformance", "format": 1, "expected_failures": {"A/one": ["x/y"]}})";
  auto loaded = Baseline::load(path_, kKnown);
  ASSERT_TRUE(loaded.has_value()) << loaded.error().message;
  EXPECT_EQ(loaded->level(), "");
  EXPECT_TRUE(loaded->covers("--shard 1/2")) << "nothing says otherwise";
  EXPECT_EQ(applied(*loaded, result("A/one", Verdict::fail, {"x/y"})), Verdict::xfail);
  loaded->update({result("A/two", Verdict::pass)}, "aws", "1.0", "--filter x");
  EXPECT_TRUE(loaded->covers("")) << "a part of it says nothing of the rest";
}

TEST_F(BaselineTest, EntriesOfUnknownCasesAreAnErrorOrDroppedOrKept) {
  std::ofstream(path_) << R"({"tool": "ssm-conformance", "tool_version": "0.9",
                              "expected_failures": {"A/one": ["x/y"], "A/old": ["x/y"]}})";
  const auto refused = Baseline::load(path_, kKnown);
  ASSERT_FALSE(refused.has_value());
  EXPECT_THAT(refused.error().message, AllOf(HasSubstr("A/old"), HasSubstr("version 0.9")));
  EXPECT_EQ(Baseline::load(path_, kKnown, UnknownEntries::drop)->size(), 1U);
  EXPECT_EQ(Baseline::load(path_, kKnown, UnknownEntries::keep)->size(), 2U);
}

TEST_F(BaselineTest, RefusesWhatIsNone) {
  const auto names_file = [&](const char* what) { return AllOf(HasSubstr(path_), HasSubstr(what)); };
  EXPECT_THAT(error_of(""), names_file("not JSON"));
  EXPECT_THAT(error_of(R"({"tool": "ssm-conf)"), names_file("not JSON"));
  EXPECT_THAT(error_of("[]"), names_file("not a baseline"));
  EXPECT_THAT(error_of("null"), names_file("not a baseline"));
  EXPECT_THAT(error_of(R"({"tool": "another", "expected_failures": {}})"), names_file("not a baseline"));
  EXPECT_THAT(error_of(R"({"tool": 5, "expected_failures": {}})"), names_file("not a baseline"));
  EXPECT_THAT(error_of(R"({"tool": "ssm-conformance"})"), names_file("not a baseline"));
  EXPECT_THAT(error_of(R"({"tool": "ssm-conformance", "expected_failures": []})"),
              names_file("not a baseline"));
  EXPECT_THAT(error_of(R"({"tool": "ssm-conformance", "expected_failures": {"A/on": []}})"),
              names_file("nearest is A/one"));
  EXPECT_THAT(error_of(R"({"tool": "ssm-conformance", "expected_failures": {"A/one": "x"}})"),
              names_file("array"));
  EXPECT_THAT(error_of(R"({"tool": "ssm-conformance", "expected_failures": {"A/one": [5]}})"),
              names_file("array"));
  EXPECT_THAT(error_of(R"({"tool": "ssm-conformance", "expected_failures": {}, "level": 5})"),
              names_file("level"));
  EXPECT_THAT(error_of(R"({"tool": "ssm-conformance", "expected_failures": {}, "selection": [5]})"),
              names_file("selection"));
  EXPECT_EQ(error_of(R"({"tool": "ssm-conformance", "expected_failures": {}})"), "(no error)");
  std::filesystem::remove(path_);
  EXPECT_THAT(Baseline::load(path_, kKnown).error().message, HasSubstr(path_));
  EXPECT_THAT(Baseline::load(folder_.string(), kKnown).error().message, HasSubstr("folder"));
}

Baseline::Day day(int year, unsigned month, unsigned of_month) {
  return std::chrono::year_month_day{std::chrono::year(year), std::chrono::month(month),
                                     std::chrono::day(of_month)};
}

std::string with_notes(const std::string& notes) {
  return R"({"tool":"ssm-conformance","format":1,"expected_failures":{"A/one":["x/y"],"A/two":["x/y"]},"notes":)" +
         notes + "}";
}

TEST_F(BaselineTest, NotesSayWhy) {
  ASSERT_EQ(error_of(with_notes(R"({"A/*":{"reason":"no paging yet","link":"https://example.com/7"}})")),
            "(no error)");
  auto expected = result("A/one", Verdict::fail, {"x/y"});
  Baseline::load(path_, kKnown)->apply(expected, day(2027, 1, 1));
  EXPECT_EQ(expected.verdict, Verdict::xfail);
  EXPECT_EQ(expected.reason, "expected by the baseline: no paging yet (https://example.com/7)");
}

TEST_F(BaselineTest, WhatHasExpiredIsAFailureAgain) {
  ASSERT_EQ(error_of(with_notes(R"({"A/one":{"reason":"soon","expires":"2027-02-28"}})")), "(no error)");
  const auto baseline = Baseline::load(path_, kKnown);
  const auto on = [&](Baseline::Day today, const char* id) {
    auto failing = result(id, Verdict::fail, {"x/y"});
    baseline->apply(failing, today);
    return failing;
  };
  EXPECT_EQ(on(day(2027, 2, 28), "A/one").verdict, Verdict::xfail) << "its last day";
  EXPECT_EQ(on(day(2027, 3, 1), "A/one").verdict, Verdict::fail);
  EXPECT_EQ(on(day(2027, 3, 1), "A/one").reason, "the baseline expected it until 2027-02-28: soon");
  EXPECT_EQ(on(day(2027, 3, 1), "A/two").verdict, Verdict::xfail) << "the note is not about it";
}

TEST_F(BaselineTest, NotesAreKeptAsLongAsTheirEntries) {
  const std::string notes = R"({"A/one":{"reason":"one"},"A/two":{"reason":"two","expires":"2027-02-28"}})";
  ASSERT_EQ(error_of(with_notes(notes)), "(no error)");
  auto baseline = *Baseline::load(path_, kKnown);
  baseline.update({result("A/one", Verdict::pass), result("A/two", Verdict::fail, {"x/z"})}, "documented",
                  "1.1", "");
  ASSERT_TRUE(baseline.save(path_));
  std::ifstream in(path_);
  const auto saved = harness::wire::Json::parse(in);
  EXPECT_EQ(saved["notes"].dump(), R"({"A/two":{"reason":"two","expires":"2027-02-28"}})");
}

TEST_F(BaselineTest, NotesThatAreWrong) {
  EXPECT_THAT(error_of(with_notes("[]")), HasSubstr("\"notes\" must be an object"));
  EXPECT_THAT(error_of(with_notes(R"({"A/one":"why"})")), HasSubstr("the note A/one must be an object"));
  EXPECT_THAT(error_of(with_notes(R"({"A/one":{"reason":7}})")), HasSubstr("\"reason\" must be a string"));
  EXPECT_THAT(error_of(with_notes(R"({"B/*":{"reason":"x"}})")), HasSubstr("is about no expected failure"));
  for (const char* date : {"2027-02-30", "soon", "2027-2-3", "2027-13-01"}) {
    EXPECT_THAT(error_of(with_notes(std::string(R"({"A/one":{"expires":")") + date + "\"}}")),
                HasSubstr(date));
  }
}

}  // namespace
}  // namespace conformance::baseline_test
