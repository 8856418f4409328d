// Sequences of calls, and two endpoints beside each other.
#include "conformance/ssm/documents/sequence.h"
#include "fuzzers/difference.h"
#include "fuzzers/live_test_support.h"

namespace fuzzers::live_sequence_test {
namespace {

using conformance::ssm::documents::mutate_steps;
using conformance::ssm::documents::parse_steps;
using conformance::ssm::documents::print_steps;
using conformance::ssm::documents::SequenceRunner;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(Steps, AreReadAndPrinted) {
  const auto steps = parse_steps(
      "# x\ncreate a\nshare a 3-12\nshare a 40-70\nnonsense\ndescribe b\npage b 2\nstatus\nshare e 1\n");
  EXPECT_EQ(print_steps(steps), "create a\nshare a 3-12\ndescribe b\npage b 2\nstatus\n");
  EXPECT_EQ(parse_steps(print_steps(steps)), steps);
}

TEST(Steps, MutationIsBoundedAndRepeatable) {
  std::string text = "create a\n";
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    const std::string next = mutate_steps(text, seed, 200);
    EXPECT_EQ(next, mutate_steps(text, seed, 200));
    EXPECT_LE(next.size(), 200U);
    EXPECT_EQ(print_steps(parse_steps(next)), next);
    text = next;
  }
}

TEST_F(LiveTest, SequencesFindNothingInTheReference) {
  start();
  SequenceRunner runner(*live_);
  const auto files = corpus("sequence");
  ASSERT_FALSE(files.empty());
  for (const auto& path : files) {
    std::string text = content_of(path);
    EXPECT_FALSE(parse_steps(text).empty()) << path;
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
      for (const auto& d : runner.run(parse_steps(text)))
        ADD_FAILURE() << text << d.signature() << ": " << d.message;
      text = mutate_steps(text, seed, 400);
    }
  }
  EXPECT_THAT(live_->finish().left_behind, IsEmpty());
  EXPECT_THAT(conformance::ssm::documents_in(server_->service()), IsEmpty());
}

TEST_F(LiveTest, ASequenceIsWrittenWithoutTheStepsThatDoNotMatter) {
  // Sharing with the account 000…07 is forgotten.
  options_.service.fault.input = [](std::string_view operation, harness::wire::Json& input) {
    if (operation != "ModifyDocumentPermission" || !input.contains("AccountIdsToAdd")) return;
    auto& ids = input["AccountIdsToAdd"];
    if (!ids.is_array()) return;
    harness::wire::Json kept = harness::wire::Json::array();
    for (const auto& id : ids) {
      if (id != "200000000007") kept.push_back(id);
    }
    ids = kept;
  };
  start();
  SequenceRunner(*live_).one(
      "create b\nstatus\ndescribe b\ncreate a\nshare a 5-9\nstatus\ndescribe a\ndelete b\n");
  const auto findings = found();
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].rule, "relation/accounts");
  EXPECT_THAT(findings[0].http_text, HasSubstr("@step create a"));
  EXPECT_THAT(findings[0].http_text, HasSubstr("@step share a"));
  EXPECT_EQ(findings[0].http_text.find("status"), std::string::npos);
  const auto markdown = markdown_of(findings[0]);
  EXPECT_THAT(markdown, HasSubstr("CreateDocument"));
  EXPECT_THAT(markdown, HasSubstr("ModifyDocumentPermission"));
}

// ---- two endpoints ----

TEST_F(LiveTest, OnlyTheWrongOneOfTwoIsReported) {
  start();
  auto one = std::move(live_);
  auto clean = std::move(server_);
  plant("max-results-201-accepted");
  start();
  Differences differences(*one, *live_);
  differences.compare(describe_with(R"({"Name":"{{document}}","PermissionType":"Share","MaxResults":201})"));
  differences.compare(describe_with(R"({"Name":"{{document}}","PermissionType":"Share"})"));
  EXPECT_EQ(differences.compared(), 2U);
  EXPECT_EQ(differences.different(), 1U);
  ASSERT_EQ(found().size(), 1U);
  EXPECT_EQ(found()[0].target, server_->url());
}

TEST_F(LiveTest, LegitimateDifferencesAreListed) {
  start();
  auto one = std::move(live_);
  auto clean = std::move(server_);
  options_.service.dialect = conformance::ssm::find_dialect("older-codes")->dialect;
  start();
  Differences differences(*one, *live_);
  differences.compare(describe_with(R"({"Name":"{{document}}","PermissionType":"Share","MaxResults":201})"));
  EXPECT_THAT(found(), IsEmpty());
  EXPECT_THAT(content_of(config_.findings + "/differences.txt"),
              HasSubstr("400 ValidationException | 400 ValidationError"));
}

}  // namespace
}  // namespace fuzzers::live_sequence_test
