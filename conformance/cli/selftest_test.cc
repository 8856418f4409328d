#include "conformance/cli/selftest.h"

#include <gmock/gmock.h>

#include "conformance/cli/case_data.h"

namespace conformance::selftest_test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

const CaseData& data() {
  static const CaseData* const loaded = [] {
    auto result = load_case_data("");
    if (!result) ADD_FAILURE() << result.error().message;
    return result ? new CaseData(std::move(*result)) : nullptr;
  }();
  return *loaded;
}

/// The built-in cases whose id holds this text.
CaseData only(std::string_view part) {
  CaseData some = data();
  std::erase_if(some.cases, [&](const auto& c) { return c.id.find(part) == std::string::npos; });
  return some;
}

SelftestReport run(const CaseData& cases, std::vector<std::string> filters) {
  SelftestOptions options;
  options.filters = std::move(filters);
  std::size_t done = 0;
  const auto report = selftest(cases, options, [&](std::size_t n, std::size_t) { done = n; });
  if (!report) {
    ADD_FAILURE() << report.error().message;
    return {};
  }
  EXPECT_EQ(done, report->faults.size() + report->for_fuzzing.size() + report->dialects.size());
  return *report;
}

TEST(Selftest, AFaultIsCaughtByTheCasesThatShowIt) {
  const auto report = run(only("/MaxResults/range/"), {"max-results-0-accepted", "max-results-201-accepted"});
  ASSERT_THAT(report.faults, SizeIs(2));
  for (const auto& f : report.faults) {
    ASSERT_THAT(f.caught_by, Not(IsEmpty())) << f.fault->name;
    EXPECT_LE(f.caught_by.size(), 2U) << f.fault->name;  // 0 and -0
    EXPECT_EQ(f.caught_by.front().rule, "outcome/accepted");
    EXPECT_TRUE(f.by_its_clause);
  }
  EXPECT_EQ(report.faults[0].caught_by.front().case_id,
            "DescribeDocumentPermission/MaxResults/range/below-minimum");
  EXPECT_TRUE(report.ok());
  EXPECT_FALSE(report.whole);
  EXPECT_THAT(to_table(report),
              HasSubstr("\nof what --filter selects, the referee catches 2 planted faults and "
                        "raises no false alarm in 0 dialects\n"));
}

TEST(Selftest, AFaultThatNoCaseShowsIsMissed) {
  const auto report = run(only("/MaxResults/type/"), {"max-results-201-accepted"});
  EXPECT_EQ(report.missed(), 1U);
  EXPECT_FALSE(report.ok());
  EXPECT_THAT(to_table(report), HasSubstr("MISSED max-results-201-accepted"));
  EXPECT_EQ(to_json(report)["ok"], false);
}

TEST(Selftest, AFaultForTheFuzzersIsNotMissed) {
  const auto report = run(only("/Name/"), {"name-77-fails"});
  EXPECT_THAT(report.faults, IsEmpty());
  ASSERT_THAT(report.for_fuzzing, SizeIs(1));
  EXPECT_FALSE(report.for_fuzzing.front().caught());
  EXPECT_TRUE(report.ok());
  EXPECT_THAT(to_table(report), HasSubstr("1 fault is meant for the fuzzers"));
}

TEST(Selftest, AFaultForTheFuzzersThatTheSuitesCatchIsSaid) {
  CaseData cases = only("DescribeDocumentPermission/Name/pattern/allowed-u0030");
  ASSERT_THAT(cases.cases, SizeIs(1));
  // A hand-made case with the one value that shows it.
  auto& request = cases.cases.front().request;
  constexpr std::string_view kName = "\"Name\":\"";
  const auto name = request.find(kName);
  ASSERT_NE(name, std::string::npos) << request;
  const auto begin = name + kName.size();
  request.replace(begin, request.find('"', begin) - begin, std::string(77, 'a'));
  const auto report = run(cases, {"name-77-fails"});
  EXPECT_EQ(report.not_rare(), 1U);
  EXPECT_FALSE(report.ok());
  EXPECT_THAT(to_table(report), HasSubstr("NOT RARE name-77-fails"));
  EXPECT_EQ(to_json(report)["not_rare"], 1);
}

TEST(Selftest, ADialectRaisesNoAlarm) {
  const auto report = run(only("/Target/length/"), {"chunked", "spaced-json"});
  EXPECT_THAT(report.dialects, SizeIs(2));
  EXPECT_EQ(report.alarms(), 0U) << to_table(report);
  for (const auto& d : report.dialects) EXPECT_GT(d.passed, 20U) << d.name;
}

// Without any case nothing was shown, and that is not silence.
TEST(Selftest, ADialectOnWhichNothingWasJudgedIsAnAlarm) {
  const auto report = run(only("no case has this in its id"), {"chunked"});
  EXPECT_EQ(report.alarms(), 1U);
  EXPECT_FALSE(report.ok());
}

TEST(Selftest, AnUnknownNameIsRefusedWithTheNearest) {
  SelftestOptions options;
  options.filters = {"max-results-200-accepted"};
  const auto report = selftest(data(), options, [](std::size_t, std::size_t) {});
  ASSERT_FALSE(report.has_value());
  EXPECT_THAT(report.error().message, HasSubstr("max-results-201-accepted"));
}

TEST(Selftest, AnEndpointThatDiesIsCaughtAndNobodyIsBlamedInVain) {
  const auto report = run(only("Protocol/json/"), {"not-utf-8-kills"});
  ASSERT_THAT(report.faults, SizeIs(1));
  EXPECT_THAT(report.faults[0].endpoint_problem, HasSubstr("stopped accepting connections"));
  EXPECT_TRUE(report.faults[0].cut_short);
}

}  // namespace
}  // namespace conformance::selftest_test
