#include "harness/run/tally.h"

#include <gmock/gmock.h>

#include "harness/model/built_in_for_test.h"

namespace harness::run::tally_test {
namespace {

using ::testing::Key;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

constexpr const char* kOperation = "GetThing";

// GetThing has three constraints, ListQueues none.
const model::Model& small_model() {
  static const model::Model model = model::testing_support::small_model(R"(
    "operations": {"GetThing": {"name": "GetThing", "input": {"shape": "Input"}}, "ListQueues": {"name": "ListQueues"}},
    "shapes": {
      "Input": {"type": "structure", "required": ["A"], "members": {"A": {"shape": "Text"}, "B": {"shape": "Number"}}},
      "Text": {"type": "string", "max": 3}, "Number": {"type": "integer", "min": 1}})");
  return model;
}

CaseResult result(Verdict verdict, std::vector<std::string> sites = {}, std::string reason = {}) {
  CaseResult out;
  out.operation = kOperation;
  out.verdict = verdict;
  out.sites = std::move(sites);
  out.reason = std::move(reason);
  return out;
}

CaseResult accepted(std::string site) {
  CaseResult out = result(Verdict::fail, {std::move(site)});
  out.findings = {{"outcome/accepted", oracle::Severity::defect, "accepted", "s"}};
  return out;
}

OperationFigure figure_of(const std::vector<CaseResult>& results) {
  Tally tally;
  for (const CaseResult& r : results) tally.add(r);
  RunSummary summary;
  tally.figure(summary, small_model(), Families());
  return summary.figures.at(kOperation);
}

TEST(Tally, CountsVerdicts) {
  Tally tally;
  RunSummary summary;
  summary.total[Verdict::error] = 7;
  for (const Verdict verdict : {Verdict::pass, Verdict::pass, Verdict::fail}) tally.add(result(verdict));
  tally.count(summary);
  EXPECT_THAT(summary.total, UnorderedElementsAre(Pair(Verdict::pass, 2), Pair(Verdict::fail, 1)));
  EXPECT_THAT(summary.by_operation, UnorderedElementsAre(Pair(kOperation, summary.total)));
}

TEST(Tally, AConstraintIsBrokenIfOneCaseFailedAndKeptIfAllPassed) {
  const auto figure =
      figure_of({result(Verdict::pass, {"A/length", "B/length", "C/range"}),
                 result(Verdict::fail, {"A/length"}), result(Verdict::pass, {"A/length"}),
                 result(Verdict::xfail, {"B/length"}), result(Verdict::xpass, {"E/pattern"}),
                 result(Verdict::unchecked, {"F/pattern"}), result(Verdict::blocked, {"G/pattern"})});
  EXPECT_EQ(figure.all, 3U) << "as the model says";
  EXPECT_EQ(figure.broken, 2U);
  EXPECT_EQ(figure.kept, 2U);
}

TEST(Tally, AFlakyCaseMakesAConstraintNeitherKeptNorBroken) {
  const auto figure =
      figure_of({result(Verdict::flaky, {"A/length"}), result(Verdict::pass, {"A/length", "B/length"}),
                 result(Verdict::flaky, {"C/range"}), result(Verdict::fail, {"C/range"})});
  EXPECT_EQ(figure.state, OperationState::judged);
  EXPECT_EQ(figure.kept, 1U) << "B/length";
  EXPECT_EQ(figure.broken, 1U) << "C/range, by the case that failed";
}

TEST(Tally, AnOperationIsAStubIfItAcceptsWhateverBreaksAConstraint) {
  std::vector<CaseResult> results;
  for (const char* site : {"A/length", "B/length", "C/length", "D/length"}) results.push_back(accepted(site));
  EXPECT_EQ(figure_of(results).state, OperationState::judged) << "four are too few";
  results.push_back(result(Verdict::fail, {"E/length"}));
  EXPECT_EQ(figure_of(results).state, OperationState::judged) << "a server that fails has accepted nothing";
  results.back() = accepted("E/length");
  EXPECT_EQ(figure_of(results).state, OperationState::stub);
  results.push_back(result(Verdict::pass));
  EXPECT_EQ(figure_of(results).state, OperationState::stub) << "a case that tells of no constraint";
  results.push_back(result(Verdict::pass, {"F/length"}));
  EXPECT_EQ(figure_of(results).state, OperationState::judged) << "it keeps one";
}

TEST(Tally, AnOperationThatWasNotJudgedHasAReason) {
  auto figure = figure_of({result(Verdict::unchecked, {}, "rare"), result(Verdict::blocked, {}, "b"),
                           result(Verdict::blocked, {}, "a"), result(Verdict::blocked, {}, "b")});
  EXPECT_EQ(figure.state, OperationState::blocked);
  EXPECT_EQ(figure.why, "b") << "the most frequent";
  figure =
      figure_of({result(Verdict::unchecked, {}, "silent"), result(Verdict::not_implemented, {}, "none")});
  EXPECT_EQ(figure.state, OperationState::unproved);
  EXPECT_EQ(figure.why, "silent");
  figure = figure_of({result(Verdict::not_implemented, {}, "none")});
  EXPECT_EQ(figure.state, OperationState::not_implemented);
  EXPECT_EQ(figure.why, "");
  EXPECT_EQ(figure_of({result(Verdict::pass), result(Verdict::blocked, {}, "b")}).why, "") << "judged";
}

TEST(Tally, NamesTheFamiliesOfWhatWasRun) {
  const Families families(
      {{"queues", "Queues", {"*Queues"}}, {"none", "None", {"None"}}, {"things", "Things", {"*Thing"}}});
  Tally tally;
  for (const char* operation : {"GetThing", "ListQueues", "Protocol"}) {
    CaseResult r = result(Verdict::pass);
    r.operation = operation;
    tally.add(r);
  }
  RunSummary summary;
  tally.figure(summary, small_model(), families);
  EXPECT_THAT(summary.figures, UnorderedElementsAre(Key("GetThing"), Key("ListQueues")))
      << "the protocol is no operation";
  EXPECT_EQ(summary.figures["GetThing"].family, "things");
  EXPECT_EQ(summary.families, (std::vector<FamilyName>{{"queues", "Queues"}, {"things", "Things"}}));
}

}  // namespace
}  // namespace harness::run::tally_test
