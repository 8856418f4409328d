#include "harness/report/figures.h"

#include <gmock/gmock.h>

#include "harness/report/samples_for_test.h"

namespace harness::report::figures_test {
namespace {

using run::OperationState;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Cells = std::vector<std::string>;

TEST(FamilyTable, ShowsCoverageAndDivergenceOfEachFamilyAndInAll) {
  const Table table = family_table(samples::with_figures());
  EXPECT_THAT(table.header, ElementsAre("family", "operations", "there", "judged", "constraints", "told",
                                        "coverage", "broken", "divergence"));
  EXPECT_THAT(table.rows, ElementsAre(Cells{"Queues", "3", "3", "1", "14", "7", "50.0 %", "7", "100.0 %"},
                                      Cells{"Things", "2", "1", "1", "1,000", "3", "0.3 %", "1", "33.3 %"},
                                      Cells{"Boxes", "1", "0", "0", "0", "0", "-", "0", "-"}));
  EXPECT_EQ(table.total, (Cells{"all", "6", "4", "2", "1,014", "10", "1.0 %", "8", "80.0 %"}));
}

TEST(FamilyTable, OfOneFamilyIsOneRow) {
  run::RunSummary summary = samples::with_figures();
  std::erase_if(summary.figures, [](const auto& of) { return of.second.family != "things"; });
  const Table table = family_table(summary);
  EXPECT_THAT(table.rows, IsEmpty());
  EXPECT_THAT(table.total, ElementsAre("Things", "2", "1", "1", "1,000", "3", "0.3 %", "1", "33.3 %"));
  summary.families.clear();
  for (auto& [operation, figure] : summary.figures) figure.family.clear();
  EXPECT_EQ(family_table(summary).total[0], "all") << "a file that names no families";
  EXPECT_THAT(family_table({}).header, IsEmpty());
}

TEST(Percent, OfNothingIsNoFigure) {
  EXPECT_EQ(percent(0, 0), "-");
  EXPECT_EQ(percent(1, 3), "33.3 %");
  EXPECT_EQ(whole_percent(0, 0), "-");
  EXPECT_EQ(whole_percent(0, 1000), "0 %");
  EXPECT_EQ(whole_percent(1, 1000), "1 %") << "0 would be none";
  EXPECT_EQ(whole_percent(999, 1000), "99 %") << "100 would be all";
  EXPECT_EQ(whole_percent(1000, 1000), "100 %");
}

TEST(FamilyFigures, AFamilyWithoutATitleIsNamedByItsKey) {
  run::RunSummary summary = samples::with_figures();
  summary.families.pop_back();
  EXPECT_EQ(family_figures(summary).back().name.title, "boxes");
}

TEST(WithFigures, ShowsTheStateOfEachOperationAndWhy) {
  Table table;
  table.header = {"operation"};
  table.rows = {{"Protocol"}, {"GetQueue"}, {"GetThing"}, {"PutQueue"}, {"PutThing"}};
  table.total = {"total"};
  table = with_figures(table, samples::with_figures());
  EXPECT_THAT(table.header, ElementsAre("operation", "constraints", "kept", "broken", "state"));
  EXPECT_THAT(table.rows,
              ElementsAre(Cells{"Protocol", "-", "-", "-", ""}, Cells{"GetQueue", "7", "0", "7", "stub"},
                          Cells{"GetThing", "1,000", "2", "1", "judged"},
                          Cells{"PutQueue", "4", "0", "0", "blocked: no queue"},
                          Cells{"PutThing", "-", "-", "-", "not implemented"}));
  EXPECT_THAT(table.total, ElementsAre("total", "1,014", "2", "8",
                                       "1 judged, 1 stub, 1 blocked, 1 unproved, 2 not implemented"));
}

TEST(Overview, OfManyFamiliesSaysOperationsApart) {
  run::RunSummary summary = samples::with_figures();
  Overview shown = overview(summary);
  EXPECT_THAT(shown.cases.rows, IsEmpty());
  EXPECT_EQ(shown.operations.rows.size(), summary.by_operation.size());
  std::erase_if(summary.figures, [](const auto& of) { return of.second.family != "things"; });
  shown = overview(summary);
  EXPECT_EQ(shown.cases.rows.size(), summary.by_operation.size());
  EXPECT_EQ(shown.cases.header.back(), "state");
  EXPECT_THAT(shown.operations.header, IsEmpty());
  shown = overview(samples::summary_of(std::vector{samples::passed()}));
  EXPECT_EQ(shown.cases.header.back(), "error");
  EXPECT_THAT(shown.families.header, IsEmpty());
}

}  // namespace
}  // namespace harness::report::figures_test
