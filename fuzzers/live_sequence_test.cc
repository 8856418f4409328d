// Sequences of calls, and two endpoints beside each other.
#include <memory>
#include <mutex>
#include <set>

#include "conformance/sequences.h"
#include "fuzzers/difference.h"
#include "fuzzers/kind_steps.h"
#include "fuzzers/live_test_support.h"

namespace fuzzers::live_sequence_test {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class SequenceTest : public LiveTest {
 protected:
  void start() {
    LiveTest::start();
    auto languages = conformance::pack::step_languages(*live_);
    languages.push_back(std::make_unique<KindSteps>(*live_));
    runner_ = std::make_unique<SequenceRunner>(*live_, std::move(languages));
  }
  std::string again(const std::string& text) const {
    std::string out;
    for (const auto& step : runner_->steps(text)) out += step + "\n";
    return out;
  }
  void expect_nothing_left() {
    EXPECT_THAT(live_->finish().left_behind, IsEmpty());
    for (const auto& [name, kind] : live_->data().catalogue.kinds())
      EXPECT_THAT(server_->service().resources(name), IsEmpty()) << name;
    EXPECT_THAT(conformance::ssm::documents_in(server_->service()), IsEmpty());
  }

  std::unique_ptr<SequenceRunner> runner_;
};

TEST_F(SequenceTest, StepsOfAllLanguagesAreReadAndPrinted) {
  start();
  EXPECT_EQ(
      again(
          "# x\ncreate a\nshare a 3-12\nshare a 40-70\nnonsense\ndescribe b\npage b 2\nstatus\nshare e 1\n"),
      "create a\nshare a 3-12\ndescribe b\npage b 2\nstatus\n");
  EXPECT_EQ(
      again("make  ops-item a\nmake nothing a\nadd ops-item tags a\nadd ops-item tags a 3\nadd ops-item "
            "labels a 3\nlist ops-item a\nlist ops-item a 2\nshow ops-item a 2\nshow ops-item e\n"
            "read ops-item tags b\n"),
      "make ops-item a\nadd ops-item tags a 3\nlist ops-item a\nlist ops-item a 2\nread ops-item tags b\n");
}

TEST_F(SequenceTest, MutationIsBoundedAndRepeatable) {
  start();
  std::string text = "create a\n";
  std::set<std::string> verbs;
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    const std::string next = runner_->mutate(text, seed, 200);
    EXPECT_EQ(next, runner_->mutate(text, seed, 200));
    EXPECT_LE(next.size(), 200U);
    EXPECT_EQ(again(next), next);
    for (const auto& step : runner_->steps(next)) verbs.insert(step.substr(0, step.find(' ')));
    text = next;
  }
  EXPECT_THAT(verbs, SizeIs(15)) << "of both languages, all";
}

TEST_F(SequenceTest, FindsNothingInTheReferenceAndLeavesNothing) {
  start();
  const auto files = corpus("sequence");
  ASSERT_FALSE(files.empty());
  for (const auto& path : files) {
    std::string text = content_of(path);
    EXPECT_THAT(runner_->steps(text), Not(IsEmpty())) << path;
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
      for (const auto& d : runner_->run(text)) ADD_FAILURE() << text << d.signature() << ": " << d.message;
      text = runner_->mutate(text, seed, 400);
    }
  }
  expect_nothing_left();
}

// So that no step says nothing.
TEST_F(SequenceTest, EveryStepAboutEveryKindCallsTheEndpoint) {
  // The server calls it until the fixture is taken down, when nothing of this function is there any more.
  struct Asked {
    std::mutex mutex;
    std::set<std::string, std::less<>> operations;
  };
  const auto asked = std::make_shared<Asked>();
  options_.service.fault.input = [asked](std::string_view operation, harness::wire::Json&) {
    const std::lock_guard lock(asked->mutex);
    asked->operations.emplace(operation);
  };
  start();
  const auto expect = [&](const std::string& made, const std::string& step, const std::string& operation) {
    {
      const std::lock_guard lock(asked->mutex);
      asked->operations.clear();
    }
    EXPECT_THAT(runner_->run("make " + made + " a\n" + step + " a\n"), IsEmpty()) << step;
    const std::lock_guard lock(asked->mutex);
    EXPECT_THAT(asked->operations, Contains(operation)) << step;
  };
  for (const auto& [name, kind] : live_->data().catalogue.kinds()) {
    if (!kind.has_life()) continue;
    expect(name, "make " + name, kind.create->operation);
    expect(name, "remove " + name, kind.remove.operation);
    if (kind.shown_at) expect(name, "show " + name, kind.read.operation);
    if (kind.update) expect(name, "change " + name, kind.update->operation);
    if (kind.list) expect(name, "list " + name, kind.list->call.operation);
    for (const auto& [part, of] : kind.parts) {
      expect(name, "add " + name + " " + part + " a 2\nread " + name + " " + part, of.add.operation);
      expect(name, "take " + name + " " + part + " a 2\nread " + name + " " + part, of.remove.operation);
      expect(name, "read " + name + " " + part, of.read.operation);
    }
  }
}

TEST_F(SequenceTest, IsWrittenWithoutTheStepsThatDoNotMatter) {
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
  runner_->one("create b\nstatus\ndescribe b\ncreate a\nshare a 5-9\nstatus\ndescribe a\ndelete b\n");
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

// Each needs a history: alone, every call is answered as it should be.
TEST_F(SequenceTest, WhatIsWrongWithAnyKindIsFound) {
  struct Row {
    const char* fault;
    const char* steps;
    const char* rule;
  };
  for (const Row& row : {
           Row{"getopsitem-forgets-the-priority", "make ops-item b\nshow ops-item b\n", "lifecycle/shown"},
           Row{"updateopsitem-ignores-the-priority",
               "make ops-item a\nlist ops-item a\nchange ops-item a\nshow ops-item a\n", "lifecycle/shown"},
           Row{"describeopsitems-lists-twice", "make ops-item a\nlist ops-item a\n", "lifecycle/listed"},
           Row{"deleteopsitem-keeps-it", "make ops-item a\nremove ops-item a\nlist ops-item a\n",
               "lifecycle/listed"},
           Row{"deleteopsmetadata-of-what-is-gone",
               "make ops-metadata a\nremove ops-metadata a\nremove ops-metadata a\n", "lifecycle/removed"},
           Row{"updatepatchbaseline-of-what-is-gone",
               "make patch-baseline a\nremove patch-baseline a\nchange patch-baseline a\n",
               "lifecycle/removed"},
           Row{"listopsmetadata-never-ends", "make ops-metadata a\nlist ops-metadata a\n",
               "lifecycle/pages-end"},
           Row{"removetagsfromresource-takes-all",
               "make patch-baseline a\nadd patch-baseline tags a 1\nread patch-baseline tags a\n", nullptr},
           Row{"listtagsforresource-lists-none",
               "make ops-item a\nadd ops-item tags a 1\nread ops-item tags a\n", "lifecycle/part"},
       }) {
    SCOPED_TRACE(row.fault);
    plant(row.fault);
    start();
    std::vector<std::string> rules;
    for (const auto& d : runner_->run(row.steps)) rules.push_back(d.rule);
    if (row.rule == nullptr) {
      EXPECT_THAT(rules, IsEmpty());
    } else {
      EXPECT_THAT(rules, Contains(row.rule));
    }
    runner_.reset();
    live_.reset();
  }
}

TEST_F(SequenceTest, LinesToPasteKeepTheIdThatTheServiceMakes) {
  plant("getopsitem-forgets-the-priority");
  start();
  runner_->one("make ops-item c\nadd ops-item tags c 2\nshow ops-item c\n");
  const auto findings = found();
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_THAT(findings[0].http_text, HasSubstr("@step make ops-item a\n# @step show ops-item a\n"));
  const auto markdown = markdown_of(findings[0]);
  EXPECT_THAT(markdown, HasSubstr("ID_1=$(curl"));
  EXPECT_THAT(markdown, HasSubstr("${ID_1}"));
}

TEST_F(SequenceTest, WhatTheEndpointLacksIsPassedOver) {
  options_.service.dialect.only_operations = {"CreateOpsItem", "DescribeOpsItems", "DeleteOpsItem"};
  start();
  const auto possible = runner_->possible();
  ASSERT_TRUE(possible) << possible.error().message;
  EXPECT_THAT(runner_->steps("create a\nmake ops-item a\n"), ElementsAre("make ops-item a"));
  EXPECT_THAT(runner_->run("make ops-item a\nshow ops-item a\nmake parameter a\nlist ops-item a\n"),
              IsEmpty());
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const std::string text = runner_->mutate("", seed, 400);
    EXPECT_THAT(text, HasSubstr("ops-item")) << "none else can be made";
  }
  expect_nothing_left();
}

TEST_F(SequenceTest, AnEndpointThatMakesNothingIsNotFuzzed) {
  options_.service.dialect.only_operations = {"GetConnectionStatus"};
  start();
  EXPECT_FALSE(runner_->possible());
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
