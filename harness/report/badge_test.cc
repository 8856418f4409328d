#include "harness/report/badge.h"

#include <gmock/gmock.h>

#include <fstream>

#include "harness/report/samples_for_test.h"
#include "harness/wire/json.h"

namespace harness::report::badge_test {
namespace {

using run::Verdict;
using wire::Json;

Json badge_of(const run::RunSummary& summary, const std::vector<run::CaseResult>& results = {}) {
  const Json out = Json::parse(badge(samples::info(), results, summary));
  std::ifstream in(SSMC_SOURCE_DIR "/conformance/schemas/badge.schema.json");
  const Json schema = Json::parse(in);
  for (const auto& name : schema["required"]) EXPECT_TRUE(out.contains(name.get<std::string>()));
  for (const auto& [name, value] : out.items()) {
    const Json& described = schema["properties"][name];
    EXPECT_TRUE(described.is_object()) << name;
    if (described.contains("const")) {
      EXPECT_EQ(value, described["const"]);
    }
    if (described.contains("enum")) {
      EXPECT_THAT(described["enum"], testing::Contains(value));
    }
  }
  return out;
}

run::RunSummary with(std::size_t kept, std::size_t broken) {
  run::RunSummary out = samples::summary_of(std::vector{broken > 0 ? samples::failed() : samples::passed()});
  out.figures["GetThing"] = {"things", run::OperationState::judged, "", 1000, kept, broken};
  return out;
}

TEST(Badge, HasCoverageAndDivergence) {
  const Json shown = badge_of(with(142, 568));
  EXPECT_EQ(shown["message"], "coverage 71 %, divergence 80 %");
  EXPECT_EQ(shown["color"], "red");
}

TEST(Badge, IsColouredByTheDivergence) {
  EXPECT_EQ(badge_of(with(1000, 0))["color"], "brightgreen");
  EXPECT_EQ(badge_of(with(1000, 0))["message"], "coverage 100 %, divergence 0 %");
  EXPECT_EQ(badge_of(with(999, 1))["color"], "yellowgreen");
  EXPECT_EQ(badge_of(with(999, 1))["message"], "coverage 100 %, divergence 1 %") << "not 0 %";
  EXPECT_EQ(badge_of(with(90, 10))["color"], "yellow");
  EXPECT_EQ(badge_of(with(70, 30))["color"], "orange");
  EXPECT_EQ(badge_of(with(1, 998))["message"], "coverage 99 %, divergence 99 %") << "not 100 %";
}

TEST(Badge, OfARunThatKeepsEveryConstraintIsNotGreenIfAnythingElseFails) {
  run::RunSummary summary = with(1000, 0);
  ++summary.total[Verdict::fail];
  EXPECT_EQ(badge_of(summary)["color"], "yellowgreen");
}

TEST(Badge, OfSomeCasesCountsRequirements) {
  const std::vector<run::CaseResult> broken{samples::failed("Op/a"), samples::failed("Op/b")};
  EXPECT_EQ(badge_of(samples::summary_of(broken), broken)["message"], "1 requirement broken");
  const std::vector<run::CaseResult> kept{samples::passed()};
  EXPECT_EQ(badge_of(samples::summary_of(kept), kept)["message"], "kept");
  EXPECT_EQ(badge_of(samples::summary_of(kept), kept)["color"], "brightgreen");
}

TEST(Badge, OfARunThatSaysNothingHasNoFigures) {
  run::RunSummary summary = with(1, 9);
  summary.endpoint_lost = true;
  EXPECT_EQ(badge_of(summary)["message"], "endpoint lost");
  EXPECT_EQ(badge_of(summary)["color"], "lightgrey");
  summary.interrupted = true;
  EXPECT_EQ(badge_of(summary)["message"], "interrupted");
  EXPECT_EQ(badge_of(run::RunSummary())["message"], "nothing was judged");
  const std::vector<run::CaseResult> flaky{samples::with_verdict(Verdict::flaky, "Op/a", "once")};
  EXPECT_EQ(badge_of(samples::summary_of(flaky), flaky)["message"], "not all was judged");
}

}  // namespace
}  // namespace harness::report::badge_test
