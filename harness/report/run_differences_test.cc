#include "harness/report/run_differences.h"

#include <gmock/gmock.h>

#include "harness/report/samples_for_test.h"

namespace harness::report::run_differences_test {
namespace {

using ::testing::IsEmpty;

TEST(SelectionText, IsWhatCanBeTyped) {
  run::RunInfo info = samples::info();
  EXPECT_EQ(selection_text(info), "all cases");
  info.options["shard"] = "1/3";
  info.options["operation"] = "queues";
  EXPECT_EQ(selection_text(info), "--operation queues --shard 1/3");
}

TEST(RunDifferences, AreWhatMakesVerdictsDiffer) {
  const run::RunInfo first = samples::info();
  run::RunInfo second = first;
  second.endpoint = "http://127.0.0.1:1";
  second.seed = 7;
  EXPECT_THAT(run_differences(first, second), IsEmpty());
  second.level = "rejects";
  second.tool_version = "\x1b[2J";
  second.options["filter"] = "Get*";
  second.model_hash = "other";
  std::vector<std::string> texts;
  for (const auto& difference : run_differences(first, second)) texts.push_back(to_string(difference));
  const std::string end = "): so do verdicts, whatever the endpoints do";
  EXPECT_THAT(texts, testing::ElementsAre("the levels differ (documented and rejects" + end,
                                          "the selections differ (all cases and --filter Get*" + end,
                                          "the versions differ (0.1.0 and \\x1b[2J" + end,
                                          "the models differ (abc123 and other" + end));
  second.options["model"] = "x.json";
  EXPECT_EQ(run_differences(first, second).size(), 3U) << "two models are two selections";
}

}  // namespace
}  // namespace harness::report::run_differences_test
