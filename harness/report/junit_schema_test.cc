#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "harness/report/junit.h"
#include "harness/report/samples_for_test.h"

namespace harness::report::junit_schema_test {
namespace {

using run::Verdict;

std::string report(const std::vector<run::CaseResult>& results) {
  return junit(samples::info(), results, samples::summary_of(results));
}

/// The schema is not ours to ship, so scripts/test.sh fetches it; hence the label "real".
TEST(JunitSchema, AcceptsEveryReport) {
  const char* schema = std::getenv("SSMC_JUNIT_XSD");
  if (schema == nullptr) GTEST_SKIP() << "SSMC_JUNIT_XSD does not name the schema";
  std::vector<run::CaseResult> all{samples::passed(), samples::failed(), samples::hostile()};
  for (const Verdict verdict : run::kVerdicts) all.push_back(samples::with_verdict(verdict, "case", "why"));
  all.back().operation = samples::kHostile;
  all.back().duration = std::chrono::hours(100);
  run::RunSummary lost = samples::summary_of(all);
  lost.endpoint_lost = true;
  lost.remarks = lost.left_behind = {samples::kHostile};
  const auto path =
      std::filesystem::temp_directory_path() / ("ssmc-junit-" + std::to_string(::getpid()) + ".xml");
  run::RunSummary figures = samples::with_figures();
  figures.families.push_back({samples::kHostile, samples::kHostile});
  figures.figures["DescribeDocumentPermission"] = {
      samples::kHostile, run::OperationState::blocked, samples::kHostile, 4, 0, 0};
  for (const std::string& text :
       {report({}), report(all), junit({}, all, lost), junit(samples::info(), all, figures)}) {
    std::ofstream(path, std::ios::binary) << text;
    const std::string command = "xmllint --noout --schema '" + std::string(schema) + "' " + path.string();
    EXPECT_EQ(std::system(command.c_str()), 0) << text;
  }
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace harness::report::junit_schema_test
