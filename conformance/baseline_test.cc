#include "conformance/baseline.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace conformance {
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
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "baseline-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    path_ = (folder_ / "baseline.json").string();
  }
  void TearDown() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  std::string error_of(const std::string& text) {
    std::ofstream(path_) << text;
    const auto loaded = Baseline::load(path_, kKnown);
    return loaded ? "(no error)" : loaded.error().message;
  }
  std::filesystem::path folder_;
  std::string path_;
};

TEST_F(BaselineTest, WhatWasSavedIsLoaded) {
  Baseline b;
  b.add(result("A/one", Verdict::fail, {"outcome/accepted"}));
  b.add(result("A/two", Verdict::flaky, {"x/y", "x/z"}));
  EXPECT_EQ(b.size(), 2U);
  ASSERT_TRUE(b.save(path_).has_value());
  const auto loaded = Baseline::load(path_, kKnown);
  ASSERT_TRUE(loaded.has_value()) << loaded.error().message;
  EXPECT_EQ(loaded->size(), 2U);
  auto expected = result("A/one", Verdict::fail, {"outcome/accepted"});
  loaded->apply(expected);
  EXPECT_EQ(expected.verdict, Verdict::xfail);
}

Verdict applied(const Baseline& b, CaseResult r) {
  b.apply(r);
  return r.verdict;
}

TEST_F(BaselineTest, Applies) {
  Baseline b;
  b.add(result("A/one", Verdict::fail, {"x/y", "x/z"}));
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
  Baseline b;
  b.add(result("A/one", Verdict::fail, {"x/y"}));
  auto r = result("A/one", Verdict::fail, {"x/y"});
  r.findings.push_back({"header/odd", Severity::advice, "m", "s"});
  EXPECT_EQ(applied(b, r), Verdict::xfail);
}

TEST_F(BaselineTest, ForgetsWhatIsMended) {
  Baseline b;
  b.add(result("A/one", Verdict::fail, {"x/y"}));
  b.forget("A/one");
  b.forget("A/never-there");
  EXPECT_EQ(b.size(), 0U);
  EXPECT_EQ(applied(b, result("A/one", Verdict::pass)), Verdict::pass);
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
  EXPECT_EQ(error_of(R"({"tool": "ssm-conformance", "expected_failures": {}})"), "(no error)");
  std::filesystem::remove(path_);
  EXPECT_THAT(Baseline::load(path_, kKnown).error().message, HasSubstr(path_));
  EXPECT_THAT(Baseline::load(folder_.string(), kKnown).error().message, HasSubstr("folder"));
}

}  // namespace
}  // namespace conformance
