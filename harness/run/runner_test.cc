// A whole run: what the probe finds, what ends a run early, restarts, scenarios, clean-up.
#include "harness/run/runner.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <re2/re2.h>

#include <future>
#include <set>

#include "conformance/ssm/rules.h"
#include "harness/run/derive_by_model.h"
#include "harness/run/scenario.h"
#include "harness/run/test_support.h"

namespace harness::run::runner_test {
namespace {

using conformance::ssm::kAccounts;
using conformance::ssm::kDocument;
using testing::account_ids;
using testing::answered;
using testing::built_in_examples;
using testing::built_in_model;
using testing::Call;
using ::testing::Contains;
using testing::derived;
using ::testing::ElementsAre;
using testing::ended;
using testing::error;
using testing::has_rule;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::new_document;
using ::testing::Not;
using testing::options;
using testing::Results;
using testing::run_cases;
using testing::StubEndpoint;
using wire::Transport;
using Planted = std::optional<wire::Exchange>;

// ---- the probe ----

TEST(Probe, AnEndpointThatCannotBeReached) {
  for (const auto& [transport, hint] :
       {std::pair{Transport::connect_failed, "is the endpoint running"},
        std::pair{Transport::connect_timeout, "running"}, std::pair{Transport::tls_failed, "TLS"},
        std::pair{Transport::not_http, "HTTP"}, std::pair{Transport::timed_out, "--timeout"},
        std::pair{Transport::reset, "breaks off"}}) {
    StubEndpoint endpoint([&, t = transport](const Call&) { return Planted(ended(t)); });
    const auto results = run_cases(endpoint, derived("*/implemented"));
    EXPECT_TRUE(results.summary().endpoint_lost);
    EXPECT_EQ(results.summary().exit_status(), 3);
    EXPECT_THAT(results.summary().endpoint_problem, AllOf(HasSubstr(endpoint.url()), HasSubstr(hint)));
    EXPECT_EQ(results.summary().endpoint_problem.find('\n'), std::string::npos) << "one line";
    EXPECT_THAT(results.all(), IsEmpty());
  }
}

TEST(Probe, WrongCredentialsAreTheUsersToMend) {
  reference::ServiceOptions o;
  o.credentials = {{"ANOTHER", "key", ""}};
  StubEndpoint endpoint({}, o);
  const auto results = run_cases(endpoint, derived("*/implemented"));
  EXPECT_EQ(results.summary().exit_status(), 3);
  EXPECT_THAT(results.summary().endpoint_problem, HasSubstr("AWS_ACCESS_KEY_ID"));
  EXPECT_THAT(results.summary().endpoint_problem, Not(HasSubstr("test-secret")));
}

TEST(Probe, FindsOutWhetherSignaturesAreVerified) {
  const auto remarks = [](reference::ServiceOptions o) {
    StubEndpoint endpoint({}, std::move(o));
    return fmt::format("{}",
                       fmt::join(run_cases(endpoint, derived("*/implemented")).summary().remarks, "; "));
  };
  EXPECT_THAT(remarks({}), HasSubstr("does not verify signatures"));
  reference::ServiceOptions verifying;
  verifying.credentials = {{"AKIDTEST", "test-secret", ""}};
  EXPECT_THAT(remarks(verifying), HasSubstr("the endpoint verifies signatures"));
}

TEST(Probe, TheModelThatIsBuiltInContradictsNoRecording) {
  StubEndpoint endpoint;
  const auto results = run_cases(endpoint, derived("*/implemented"));
  for (const auto& remark : results.summary().remarks) EXPECT_THAT(remark, Not(HasSubstr("the model says")));
}

TEST(Probe, AMissingOperationIsNotImplementedHoweverThatIsSaid) {
  for (const auto& answer :
       {error(400, "UnknownOperationException"), error(400, "InvalidAction"), error(501, "NotImplemented"),
        answered(501, ""), error(400, "UnsupportedOperation")}) {
    StubEndpoint endpoint(
        [&](const Call& c) { return c.operation == "GetConnectionStatus" ? Planted(answer) : Planted(); });
    const auto cases = derived("*/*/required/*");
    const auto results = run_cases(endpoint, cases);
    EXPECT_EQ(results.count(Verdict::not_implemented), derived("GetConnectionStatus/*/required/*").size());
    EXPECT_EQ(results.count(Verdict::pass), derived("DescribeDocumentPermission/*/required/*").size())
        << results.text(Verdict::fail) << results.text(Verdict::blocked);
    EXPECT_EQ(results.summary().exit_status(), 0);
    EXPECT_THAT(fmt::format("{}", fmt::join(results.summary().remarks, "; ")),
                HasSubstr("GetConnectionStatus is not implemented"));
  }
}

TEST(Probe, A500ForOperationsThatDoNotExistIsNotImplementedToo) {
  // As moto does: one finding, not one for each case.
  StubEndpoint endpoint([](const Call& c) {
    return c.operation == "DescribeDocumentPermission" || c.operation.ends_with("Document") ||
                   c.operation == "ModifyDocumentPermission"
               ? Planted()
               : Planted(answered(500, "<html>"));
  });
  const auto results = run_cases(endpoint, derived("GetConnectionStatus/*"));
  EXPECT_EQ(results.count(Verdict::not_implemented), results.all().size());
  EXPECT_EQ(results.summary().exit_status(), 1) << "nothing was judged";
}

// ---- the seed ----

// Every request that a run sends, without dates, signatures and tokens, which are the endpoint's own words.
std::vector<std::string> sent(std::uint64_t seed, std::size_t connections) {
  std::vector<std::string> out;
  StubEndpoint endpoint([&](const Call& c) {
    std::string text = c.request.method + " " + c.request.target + "\n";
    for (const auto& line : c.request.headers.lines()) {
      if (line.name != "Authorization" && line.name != "X-Amz-Date")
        text += line.name + ": " + line.value + "\n";
    }
    text += c.request.body;
    RE2::GlobalReplace(&text, R"re("NextToken":"[^"]{20,}")re", "(token)");
    if (c.readable) out.push_back(std::move(text));  // on the one thread of the endpoint
    return Planted();
  });
  auto cases = derived("*");
  for (int i = 0; i < 6; ++i) {
    Case c;
    c.id = fmt::format("DescribeDocumentPermission/scenario/{}", i);
    c.operation = "DescribeDocumentPermission";
    c.source = Source::scenario;
    c.scenario = [](ScenarioContext& context) {
      for (int k = 0; k < 3; ++k) {
        if (const auto document = new_document(context, "seed"))
          context.call("DescribeDocumentPermission", {{"Name", *document}, {"PermissionType", "Share"}});
      }
      context.call("GetConnectionStatus", {{"Target", context.placeholder("node")}});
    };
    cases.push_back(std::move(c));
  }
  auto with = options(connections);
  with.seed = seed;
  const auto results = run_cases(endpoint, cases, with);
  EXPECT_EQ(results.summary().exit_status(), 0)
      << results.text(Verdict::fail) << results.text(Verdict::error);
  return out;
}

std::set<std::string> distinct(const std::vector<std::string>& texts) {
  return {texts.begin(), texts.end()};
}

TEST(Seed, DecidesEveryRequestAndWithOneConnectionTheirOrder) {
  const auto first = sent(7, 1);
  EXPECT_GT(first.size(), 200U);
  EXPECT_EQ(first, sent(7, 1));
  EXPECT_NE(distinct(first), distinct(sent(8, 1))) << "the names are the seed's too";
}

TEST(Seed, DecidesEveryRequestOfSeveralConnections) {
  const auto one = distinct(sent(7, 1));
  for (int round = 0; round < 3; ++round) EXPECT_EQ(distinct(sent(7, 8)), one);
}

TEST(Repeat, WhatChangingCasesMakeDoesNotPileUp) {
  Case c = derived("DescribeDocumentPermission/implemented").front();
  c.id = "CreateDocument/implemented";
  c.operation = "CreateDocument";
  c.changes = true;
  c.request = c.control =
      request_text(built_in_model().identity(), "CreateDocument",
                   R"({"Name":"{{new-document}}","Content":"{}","DocumentType":"Command"})");
  std::size_t most = 0;
  auto with = options();
  with.repeat = 30;
  with.names = "soak.";
  StubEndpoint* there = nullptr;
  StubEndpoint counting([&](const Call&) {
    if (there != nullptr) most = std::max(most, conformance::ssm::documents_in(there->service()).size());
    return Planted();
  });
  there = &counting;
  const auto results = run_cases(counting, {c}, with);
  EXPECT_EQ(results.count(Verdict::pass), 30U) << results.text(Verdict::fail);
  EXPECT_LT(most, 10U);
}

TEST(Seed, NamesBeginAsTheyAreToldTo) {
  StubEndpoint endpoint;
  auto with = options();
  with.names = "mine.";
  const auto results = run_cases(endpoint, derived("DescribeDocumentPermission/implemented"), with);
  EXPECT_THAT(results.info().prefix, ::testing::MatchesRegex("mine\\.[a-z0-9]{10}-"));
  EXPECT_EQ(results.summary().exit_status(), 0);
}

// ---- operations by their model alone ----

TEST(ByModelAlone, WhatRefusesAllThatTheModelAllowsIsLeftUncheckedAndDecidesNothing) {
  const auto refusing = [](const Call& c) {
    return c.operation == "StopAutomationExecution" ? Planted(error(400, "ValidationException")) : Planted();
  };
  auto cases =
      derive_by_model(built_in_model(), *built_in_model().find_operation("StopAutomationExecution"), nullptr);
  {
    StubEndpoint endpoint(refusing);
    const auto alone = run_cases(endpoint, cases);
    EXPECT_EQ(alone.count(Verdict::unchecked), cases.size());
    EXPECT_EQ(alone.summary().exit_status(), 1) << "nothing was judged";
  }
  const auto deep = derived("GetConnectionStatus/implemented");
  cases.insert(cases.end(), deep.begin(), deep.end());
  StubEndpoint endpoint(refusing);
  const auto summary = run_cases(endpoint, cases).summary();
  EXPECT_THAT(summary.by_model_alone, ElementsAre("StopAutomationExecution"));
  EXPECT_EQ(summary.exit_status(), 0) << summary.why_not_judged();
}

// ---- shards ----

RunSummary shard(const std::vector<Case>& cases, const std::set<std::string>& operations,
                 StubEndpoint::Plant plant) {
  StubEndpoint endpoint(std::move(plant));
  auto with = options();
  with.operations_of_all_shards = operations;
  return run_cases(endpoint, cases, with).summary();
}

StubEndpoint::Plant without(std::set<std::string> operations) {
  return [operations](const Call& c) {
    return operations.contains(c.operation) ? Planted(error(400, "UnknownOperationException")) : Planted();
  };
}

TEST(Shards, OneThatHoldsNothingToJudgeIsNoEmptyPassWhileOthersJudge) {
  const std::set<std::string> both = {"DescribeDocumentPermission", "GetConnectionStatus"};
  const auto status = derived("GetConnectionStatus/implemented");
  const auto plant = without({"GetConnectionStatus"});
  EXPECT_EQ(shard(status, both, plant).exit_status(), 0);
  EXPECT_EQ(shard({}, both, plant).exit_status(), 0) << "an empty one";
  EXPECT_EQ(shard(status, {}, plant).exit_status(), 1) << "a whole run";
  EXPECT_EQ(shard(status, {"GetConnectionStatus"}, plant).exit_status(), 1)
      << "no shard of these cases judges anything";
  EXPECT_EQ(shard(status, both, without(both)).exit_status(), 1) << "nor does any on this endpoint";
}

TEST(Shards, WhatIsBlockedIsNotExcused) {
  const auto summary = shard(
      derived("DescribeDocumentPermission/MaxResults/range/above-maximum"),
      {"DescribeDocumentPermission", "GetConnectionStatus"}, [](const Call& c) {
        return c.operation == "CreateDocument" ? Planted(error(403, "AccessDeniedException")) : Planted();
      });
  EXPECT_EQ(summary.total.at(Verdict::blocked), 1U);
  EXPECT_EQ(summary.exit_status(), 1);
}

// ---- fixtures and clean-up ----

Case replayed(std::string request) {
  Case c = testing::protocol_case("a.http", std::move(request), true);
  c.source = Source::replayed;
  return c;
}

std::size_t creations(const std::vector<Case>& cases, const std::set<std::string>& missing = {}) {
  std::size_t count = 0;
  const auto lacks = without(missing);
  StubEndpoint endpoint([&](const Call& c) {
    count += c.operation == "CreateDocument" ? 1 : 0;
    return lacks(c);
  });
  const auto results = run_cases(endpoint, cases);
  EXPECT_EQ(results.count(Verdict::pass), cases.size()) << results.text(Verdict::blocked);
  return count;
}

TEST(Fixtures, NoDocumentIsMadeForReplayedRequestsThatNeedNone) {
  const Case garbage = replayed("# @raw\nGARBAGE\n\n");
  EXPECT_EQ(creations({garbage}), 0U);
  Case changes = replayed("POST / HTTP/1.1\nX-Amz-Target: AmazonSSM.DeleteDocument\n\n{}\n");
  changes.changes = true;
  EXPECT_EQ(creations({changes}), 0U);
  EXPECT_EQ(creations({garbage}, {"GetConnectionStatus"}), 1U) << "the only operation that is left needs one";
  EXPECT_EQ(creations({replayed("POST / HTTP/1.1\nX-Amz-Target: AmazonSSM.Nothing\n\n{{document}}\n")}), 1U);
  Case of_the_suites = garbage;
  of_the_suites.source = Source::vector;
  EXPECT_EQ(creations({of_the_suites}), 1U) << "its verdict must not depend on what is run with it";
}

TEST(Fixtures, ThatCannotBeRemovedInTimeAreListed) {
  int deleted = 0;
  StubEndpoint endpoint([&](const Call& c) {
    deleted += c.operation == "DeleteDocument" ? 1 : 0;
    return Planted();
  });
  auto o = options(4);
  o.patience_to_remove = std::chrono::milliseconds(0);
  Results results;
  const std::atomic<bool> stop{false};
  run(endpoint, testing::built_in_pack(), derived("DescribeDocumentPermission/implemented"), o, results,
      stop);
  EXPECT_EQ(deleted, 0);
  EXPECT_THAT(results.summary().left_behind, Not(IsEmpty()));
}

TEST(Fixtures, NothingIsLeftBehind) {
  StubEndpoint endpoint;
  auto c = testing::protocol_case("uses/everything",
                                  "POST / HTTP/1.1\n\n{{document}} {{other-document}} {{token}} "
                                  "{{changed-token}} {{other-token}} {{absent-document}}\n");
  std::vector<std::string> during;
  StubEndpoint watching([&](const Call& call) {
    if (call.request.body.find("-absent") != std::string::npos) during.push_back(call.request.body);
    return Planted();
  });
  const auto results = run_cases(watching, {c});
  EXPECT_THAT(during, Contains(HasSubstr(results.info().prefix)));
  EXPECT_THAT(conformance::ssm::documents_in(watching.service()), IsEmpty());
  EXPECT_THAT(results.summary().left_behind, IsEmpty());
}

TEST(Fixtures, WhatCannotBeRemovedIsListed) {
  StubEndpoint endpoint([](const Call& c) {
    return c.operation == "DeleteDocument" ? Planted(error(403, "AccessDeniedException")) : Planted();
  });
  const auto results = run_cases(endpoint, derived("DescribeDocumentPermission/implemented"));
  EXPECT_EQ(results.count(Verdict::pass), 1U);
  ASSERT_EQ(results.summary().left_behind.size(), 1U);
  EXPECT_THAT(results.summary().left_behind[0], HasSubstr(results.info().prefix));
  EXPECT_THAT(conformance::ssm::documents_in(endpoint.service()),
              ::testing::ElementsAre(results.summary().left_behind[0]));
}

TEST(Fixtures, AGivenDocumentIsUsedAndNeverTouched) {
  reference::ServiceOptions o;
  conformance::ssm::initial_documents(o) = {"Mine"};
  bool touched = false;
  StubEndpoint endpoint(
      [&](const Call& c) {
        touched =
            touched || ((c.operation == "DeleteDocument" || c.operation == "ModifyDocumentPermission") &&
                        c.request.body.find("\"Mine\"") != std::string::npos);
        return Planted();
      },
      o);
  auto run_options = options();
  run_options.given[kDocument] = "Mine";
  const auto results = run_cases(endpoint, derived("DescribeDocumentPermission/*"), run_options);
  EXPECT_EQ(results.count(Verdict::pass), results.all().size()) << results.text(Verdict::fail);
  EXPECT_FALSE(touched);
  EXPECT_THAT(conformance::ssm::documents_in(endpoint.service()), ::testing::ElementsAre("Mine"));
}

TEST(Fixtures, WithoutDocumentsTheirCasesAreBlocked) {
  StubEndpoint endpoint([](const Call& c) {
    return c.operation == "CreateDocument" ? Planted(error(400, "InvalidAction")) : Planted();
  });
  const auto results = run_cases(endpoint, derived("*/implemented"));
  EXPECT_EQ(results.of("DescribeDocumentPermission/implemented").verdict, Verdict::blocked);
  EXPECT_THAT(results.of("DescribeDocumentPermission/implemented").reason,
              AllOf(HasSubstr("CreateDocument"), HasSubstr("InvalidAction"), HasSubstr("--document")));
  EXPECT_EQ(results.of("GetConnectionStatus/implemented").verdict, Verdict::pass);
}

// ---- operations that make fixtures ----

std::vector<Case> fixture_cases() {
  std::vector<Case> cases;
  const auto add = [&](const char* operation, const char* topic, const std::string& body) {
    Case c;
    c.id = std::string(operation) + "/" + topic;
    c.operation = operation;
    c.title = "T";
    c.changes = true;
    c.request = request_text(built_in_model().identity(), operation, body);
    c.control = request_text(built_in_model().identity(), "DescribeDocumentPermission",
                             R"({"Name":"{{other-document}}","PermissionType":"Share"})");
    cases.push_back(c);
  };
  add("CreateDocument", "implemented",
      R"({"Name":"{{new-document}}","Content":"{}","DocumentType":"Command"})");
  add("CreateDocument", "content/number", R"({"Name":"{{new-document}}","Content":5})");
  add("ModifyDocumentPermission", "accounts/number",
      R"({"Name":"{{scratch-document}}","PermissionType":"Share","AccountIdsToAdd":[5]})");
  add("DeleteDocument", "implemented", R"({"Name":"{{scratch-document}}"})");
  add("DeleteDocument", "name/number", R"({"Name":5})");
  return cases;
}

TEST(FixtureOperations, AreJudgedLikeOthersAndLeaveNothing) {
  StubEndpoint endpoint;
  const auto cases = fixture_cases();
  const auto results = run_cases(endpoint, cases);
  EXPECT_EQ(results.count(Verdict::pass), cases.size())
      << results.text(Verdict::fail) << results.text(Verdict::blocked);
  EXPECT_THAT(conformance::ssm::documents_in(endpoint.service()), IsEmpty());
  EXPECT_THAT(results.summary().left_behind, IsEmpty());
}

TEST(FixtureOperations, AValidCallThatIsRefusedFails) {
  StubEndpoint endpoint([](const Call& c) {
    return c.operation == "CreateDocument" && c.request.body.find("-new-") != std::string::npos
               ? Planted(error(400, "InvalidDocumentContent"))
               : Planted();
  });
  const auto results = run_cases(endpoint, fixture_cases());
  EXPECT_EQ(results.of("CreateDocument/implemented").verdict, Verdict::fail);
  EXPECT_EQ(results.of("DeleteDocument/implemented").verdict, Verdict::pass);
}

TEST(FixtureOperations, WhatMustBeRefusedAndIsNotFails) {
  StubEndpoint endpoint([](const Call& c) {
    return c.request.body.find("[5]") != std::string::npos ? Planted(answered(200, "{}")) : Planted();
  });
  const auto r = run_cases(endpoint, fixture_cases()).of("ModifyDocumentPermission/accounts/number");
  EXPECT_EQ(r.verdict, Verdict::fail);
  EXPECT_TRUE(has_rule(r, "outcome/accepted"));
}

TEST(FixtureOperations, OnesThatAreMissingAreNotImplemented) {
  // As moto does: 500 and HTML for what it does not know. A malformed call would look the same.
  StubEndpoint endpoint([](const Call& c) {
    const bool judged = c.operation == "DescribeDocumentPermission" || c.operation == "GetConnectionStatus";
    return judged ? Planted() : Planted(answered(500, "<html>"));
  });
  const auto results = run_cases(endpoint, fixture_cases());
  EXPECT_EQ(results.count(Verdict::not_implemented), fixture_cases().size());
  EXPECT_THAT(fmt::format("{}", fmt::join(results.summary().remarks, "; ")),
              HasSubstr("not implemented, answered with 500: CreateDocument"));
  EXPECT_THAT(results.summary().left_behind, IsEmpty());
}

TEST(FixtureOperations, AreNotTriedWhereNoCaseIsAboutThem) {
  bool tried = false;
  StubEndpoint endpoint([&](const Call& c) {
    tried = tried || c.operation == "ModifyDocumentPermission";
    return Planted();
  });
  run_cases(endpoint, derived("*/implemented"));
  EXPECT_FALSE(tried);
}

// ---- what ends a run ----

TEST(Lost, AnEndpointThatDiesEndsTheRunAndNamesTheSuspects) {
  bool dead = false;
  StubEndpoint endpoint([&](const Call& c) {
    if (c.request.body.find("\"MaxResults\":201") != std::string::npos) dead = true;
    return dead ? Planted(ended(Transport::connect_failed)) : Planted();
  });
  const auto cases = derived("DescribeDocumentPermission/MaxResults/range/*");
  const auto results = run_cases(endpoint, cases);
  EXPECT_TRUE(results.summary().endpoint_lost);
  EXPECT_EQ(results.summary().exit_status(), 3);
  EXPECT_THAT(results.summary().endpoint_problem, HasSubstr("MaxResults/range/above-maximum"));
  EXPECT_LT(results.all().size(), cases.size());
  EXPECT_THAT(results.summary().left_behind, Not(IsEmpty())) << "nobody could remove them";
}

TEST(Stop, EndsTheRunAndStillCleansUp) {
  std::atomic<bool> stop{false};
  StubEndpoint endpoint([&](const Call& c) {
    if (c.operation == "GetConnectionStatus" && c.number > 20) {
      stop = true;
      return Planted(testing::never());
    }
    return Planted();
  });
  Results results;
  const auto summary = run(endpoint, testing::built_in_pack(), derived("*"), options(2), results, stop);
  EXPECT_TRUE(summary.interrupted);
  EXPECT_EQ(summary.exit_status(), 130);
  EXPECT_LT(results.all().size(), derived("*").size());
  EXPECT_THAT(conformance::ssm::documents_in(endpoint.service()), IsEmpty());
  EXPECT_EQ(results.count(Verdict::fail), 0U) << results.text(Verdict::fail);
  EXPECT_EQ(results.count(Verdict::error), 0U);
}

TEST(Stop, BeforeTheFirstCase) {
  StubEndpoint endpoint;
  Results results;
  const std::atomic<bool> stop{true};
  const auto summary = run(endpoint, testing::built_in_pack(), derived("*"), options(4), results, stop);
  EXPECT_TRUE(summary.interrupted);
  EXPECT_THAT(results.all(), IsEmpty());
  EXPECT_THAT(conformance::ssm::documents_in(endpoint.service()), IsEmpty());
}

// ---- restarts ----

TEST(Restart, TheCaseThatKillsItIsFoundAndTheRestGoesOn) {
  for (const std::size_t connections : {1U, 4U}) {
    std::atomic<bool> dead{false};
    StubEndpoint endpoint([&](const Call& c) {
      if (dead) return Planted(ended(Transport::connect_failed));
      if (c.request.body.find("\"MaxResults\":201") == std::string::npos) return Planted();
      dead = true;
      return Planted(ended(Transport::closed));
    });
    std::size_t restarts = 0;
    auto o = options(connections);
    o.restart = [&]() -> Result<std::string> {
      ++restarts;
      endpoint.forget_everything();
      dead = false;
      return "killed by signal 11";
    };
    const auto cases = derived("DescribeDocumentPermission/MaxResults/*");
    const auto results = run_cases(endpoint, cases, o);
    const auto label = fmt::format("{} connections", connections);
    const std::string killer = "DescribeDocumentPermission/MaxResults/range/above-maximum";
    EXPECT_FALSE(results.summary().endpoint_lost) << label << ": " << results.summary().endpoint_problem;
    EXPECT_EQ(results.summary().exit_status(), 1) << label;
    EXPECT_EQ(results.of(killer).verdict, Verdict::fail) << label;
    EXPECT_TRUE(has_rule(results.of(killer), "availability/died"))
        << label << ": " << results.text(Verdict::fail);
    EXPECT_EQ(results.count(Verdict::fail), 1U) << label << ": " << results.text(Verdict::fail);
    EXPECT_EQ(results.count(Verdict::pass), cases.size() - 1)
        << label << ": " << results.text(Verdict::blocked);
    EXPECT_EQ(results.all().size(), cases.size()) << label << ": each case once";
    EXPECT_GE(restarts, 1U) << label;
    EXPECT_THAT(fmt::format("{}", fmt::join(results.summary().remarks, "; ")),
                HasSubstr("killed by signal 11"))
        << label;
    EXPECT_THAT(conformance::ssm::documents_in(endpoint.service()), IsEmpty()) << label;
  }
}

TEST(Restart, OneThatFailsEndsTheRun) {
  bool dead = false;
  StubEndpoint endpoint([&](const Call& c) {
    dead = dead || c.request.body.find("\"MaxResults\":201") != std::string::npos;
    return dead ? Planted(ended(Transport::connect_failed)) : Planted();
  });
  auto o = options();
  o.restart = []() -> Result<std::string> { return fail("it ends at once: exit status 1"); };
  const auto results = run_cases(endpoint, derived("DescribeDocumentPermission/MaxResults/range/*"), o);
  EXPECT_EQ(results.summary().exit_status(), 3);
  EXPECT_THAT(results.summary().endpoint_problem, HasSubstr("exit status 1"));
}

TEST(Restart, AnEndpointThatAlwaysDiesDoesNotKeepUsForEver) {
  StubEndpoint endpoint([](const Call& c) {
    return c.request.body.find("MaxResults") != std::string::npos ? Planted(ended(Transport::connect_failed))
                                                                  : Planted();
  });
  std::size_t restarts = 0;
  auto o = options();
  o.restart = [&]() -> Result<std::string> {
    ++restarts;
    return "exit status 1";
  };
  const auto cases = derived("DescribeDocumentPermission/MaxResults/*");
  const auto results = run_cases(endpoint, cases, o);
  EXPECT_LE(restarts, 400U);
  EXPECT_GT(results.count(Verdict::fail), 0U);
}

// ---- scenarios ----

Case scenario(void (*function)(ScenarioContext&)) {
  Case c;
  c.id = "GetConnectionStatus/scenario/probe";
  c.operation = "GetConnectionStatus";
  c.source = Source::scenario;
  c.title = "probe";
  c.scenario = function;
  return c;
}

CaseResult verdict_of(void (*function)(ScenarioContext&), StubEndpoint::Plant plant = {}) {
  StubEndpoint endpoint(std::move(plant));
  const auto results = run_cases(endpoint, {scenario(function)});
  EXPECT_THAT(conformance::ssm::documents_in(endpoint.service()), IsEmpty());
  return results.of("GetConnectionStatus/scenario/probe");
}

void ask(ScenarioContext& c) {
  c.call("GetConnectionStatus", {{"Target", c.placeholder("node")}});
}

TEST(Scenarios, GoByOtherDocumentsThanThoseThatCasesChange) {
  Case changes;
  changes.id = "ModifyDocumentPermission/x";
  changes.operation = "ModifyDocumentPermission";
  changes.changes = true;
  changes.request =
      "POST / HTTP/1.1\nX-Amz-Target: AmazonSSM.ModifyDocumentPermission\n"
      "Content-Type: application/x-amz-json-1.1\n\n"
      R"({"Name":"{{document}}","PermissionType":"Share","AccountIdsToAdd":["111122223333"]})";
  Case after = scenario([](ScenarioContext& c) {
    c.call_text(
        "POST / HTTP/1.1\nX-Amz-Target: AmazonSSM.DescribeDocumentPermission\n"
        "Content-Type: application/x-amz-json-1.1\n\n"
        R"({"Name":"{{document}}","PermissionType":"Share"})");
  });
  StubEndpoint endpoint;
  auto cases = derived("DescribeDocumentPermission/implemented");
  cases.push_back(changes);
  cases.push_back(after);
  const auto results = run_cases(endpoint, cases);
  EXPECT_EQ(results.of(changes.id).verdict, Verdict::pass);
  EXPECT_EQ(results.of(after.id).verdict, Verdict::pass) << results.text(Verdict::fail);
  EXPECT_THAT(conformance::ssm::documents_in(endpoint.service()), IsEmpty());
}

Case creating(const std::string& body) {
  Case c;
  c.id = "CreateDocument/x";
  c.operation = "CreateDocument";
  c.changes = true;
  c.request =
      "POST / HTTP/1.1\nX-Amz-Target: AmazonSSM.CreateDocument\n"
      "Content-Type: application/x-amz-json-1.1\n\n" +
      body;
  return c;
}

// The result of a case that creates a document, on an endpoint that answers it so.
CaseResult result_of_creating(const std::function<Planted(const std::string& name)>& create) {
  const Case c = creating(R"({"Name":"{{new-document}}","Content":{}})");
  StubEndpoint endpoint([&](const Call& call) {
    const auto input = wire::Json::parse(call.request.body, nullptr, false);
    const bool planted = call.operation == "CreateDocument" && input.is_object() &&
                         input.value("Content", wire::Json()).is_object();
    return planted ? create(input.value("Name", "")) : Planted();
  });
  const auto results = run_cases(endpoint, {c});
  EXPECT_THAT(conformance::ssm::documents_in(endpoint.service()), IsEmpty());
  return results.of(c.id);
}

TEST(CasesThatChangeSomething, AreTriedAgainInAStateOfTheirOwn) {
  std::set<std::string> kept;
  const auto r = result_of_creating([&](const std::string& name) {
    return kept.insert(name).second ? error(500, "InternalServerError") : error(400, "DocumentAlreadyExists");
  });
  EXPECT_EQ(r.verdict, Verdict::fail);
  EXPECT_THAT(r.response, HasSubstr("500"))
      << "as the request is answered when it is sent for the first time";
  EXPECT_EQ(kept.size(), 2U);
}

TEST(CasesThatChangeSomething, LeaveNothingBehindWhereANameIsTakenThatMustBeRefused) {
  std::set<std::string> documents;
  StubEndpoint endpoint([&](const Call& call) {
    const std::string name = wire::Json::parse(call.request.body, nullptr, false).value("Name", "");
    if (!name.ends_with('\n')) return Planted();
    if (call.operation == "CreateDocument") documents.insert(name);
    if (call.operation == "DeleteDocument") documents.erase(name);
    return Planted(answered(200, "{}"));
  });
  Case c = creating(R"({"Name":"{{new-document}}\n","Content":"{}"})");
  EXPECT_EQ(run_cases(endpoint, {c}).of(c.id).verdict, Verdict::fail);
  EXPECT_THAT(documents, IsEmpty());
}

TEST(CasesThatChangeSomething, AreFlakyIfNothingComesAgain) {
  int asked = 0;
  const auto r = result_of_creating([&](const std::string&) {
    return ++asked == 1 ? error(500, "InternalServerError") : error(400, "SerializationException");
  });
  EXPECT_EQ(r.verdict, Verdict::flaky);
  EXPECT_EQ(r.reason,
            "first 500 InternalServerError, then, with the same request, 400 SerializationException");
}

TEST(Scenarios, OfTheProtocolAloneHaveARequestToSend) {
  Case c = scenario([](ScenarioContext& s) {
    s.call_text(
        "POST / HTTP/1.1\nX-Amz-Target: AmazonSSM.{{protocol-operation}}\n"
        "Content-Type: application/x-amz-json-1.1\n\n{{protocol-body}}");
  });
  c.operation = std::string(kProtocol);
  StubEndpoint endpoint;
  const auto results = run_cases(endpoint, {c});
  EXPECT_EQ(results.of(c.id).verdict, Verdict::pass) << results.of(c.id).reason;
  EXPECT_THAT(conformance::ssm::documents_in(endpoint.service()), IsEmpty());
}

TEST(Scenarios, AnswersAreJudged) {
  EXPECT_EQ(verdict_of(ask).verdict, Verdict::pass);
  const auto r = verdict_of(
      [](ScenarioContext& c) {
        ask(c);
        ask(c);
      },
      [](const Call& c) {
        return c.operation == "GetConnectionStatus"
                   ? Planted(answered(200, R"({"Target":"i-0","Status":"Connected"})"))
                   : Planted();
      });
  EXPECT_EQ(r.verdict, Verdict::fail);
  EXPECT_TRUE(has_rule(r, "shape/enum"));
  EXPECT_EQ(r.steps.size(), 2U) << "what was called, in order";
  EXPECT_THAT(r.response, HasSubstr("Connected"));
}

TEST(Scenarios, WhatMustHoldAndDoesNotFails) {
  const auto r = verdict_of([](ScenarioContext& c) {
    ask(c);
    c.expect(1 + 1 == 2, "relation/sums", "sums hold");
    c.expect(1 + 1 == 3, "relation/odd", "sums do not hold");
  });
  EXPECT_EQ(r.verdict, Verdict::fail);
  EXPECT_TRUE(has_rule(r, "relation/odd"));
  EXPECT_FALSE(has_rule(r, "relation/sums"));
}

TEST(Scenarios, BlockedUncheckedAndEmpty) {
  const auto blocked = verdict_of([](ScenarioContext& c) { c.blocked("no fixture"); });
  EXPECT_EQ(blocked.verdict, Verdict::blocked);
  EXPECT_EQ(blocked.reason, "no fixture");
  EXPECT_EQ(verdict_of([](ScenarioContext& c) { c.unchecked("no node"); }).verdict, Verdict::unchecked);
  EXPECT_EQ(verdict_of([](ScenarioContext&) {}).verdict, Verdict::error) << "it has shown nothing";
  EXPECT_EQ(verdict_of([](ScenarioContext& c) {
              c.call_text("POST / HTTP/1.1\n\n{{nothing-of-this-name}}\n");
            }).verdict,
            Verdict::blocked);
}

TEST(Scenarios, DocumentsAreMadeAndRemoved) {
  const auto r = verdict_of([](ScenarioContext& c) {
    const auto document = new_document(c, "probe");
    if (!document || !c.add(kDocument, *document, kAccounts, account_ids(25))) return;
    const auto reply = c.call("DescribeDocumentPermission",
                              {{"Name", *document}, {"PermissionType", "Share"}, {"MaxResults", 200}});
    c.expect(reply.body["AccountIds"].size() == 25, "relation/accounts", "25 accounts");
    EXPECT_TRUE(c.take(kDocument, *document, kAccounts, account_ids(25)));
    c.expect(c.call("DescribeDocumentPermission", {{"Name", *document}, {"PermissionType", "Share"}})
                 .body["AccountIds"]
                 .empty(),
             "relation/accounts", "none");
    new_document(c, "left-to-the-run");
  });
  EXPECT_EQ(r.verdict, Verdict::pass) << r.reason << (r.findings.empty() ? "" : r.findings[0].message);
}

TEST(Scenarios, ConcurrentCallsAreGathered) {
  const auto r = verdict_of([](ScenarioContext& c) {
    c.concurrently(8, [](std::size_t i, ScenarioContext& one) {
      ask(one);
      one.expect(i != 5, "relation/odd", "the sixth is wrong");
    });
  });
  EXPECT_EQ(r.verdict, Verdict::fail);
  ASSERT_EQ(r.findings.size(), 1U);
}

TEST(Scenarios, OneThatChangesOnASecondTryIsFlaky) {
  std::atomic<int> asked{0};
  const auto r = verdict_of(ask, [&](const Call& c) {
    // The probe asks first, once.
    return c.operation == "GetConnectionStatus" && ++asked == 2 ? Planted(error(500, "InternalServerError"))
                                                                : Planted();
  });
  EXPECT_EQ(r.verdict, Verdict::flaky) << "asked " << asked;
}

TEST(Scenarios, AnEndpointThatDiesInOneEndsTheRun) {
  StubEndpoint endpoint(
      [](const Call& c) { return c.number > 6 ? Planted(ended(Transport::connect_failed)) : Planted(); });
  const auto results = run_cases(endpoint, {scenario([](ScenarioContext& c) {
                                   for (int i = 0; i < 10; ++i) ask(c);
                                 })});
  EXPECT_EQ(results.summary().exit_status(), 3);
  EXPECT_EQ(results.count(Verdict::fail), 0U) << "that nobody is there is no defect of this case";
}

}  // namespace
}  // namespace harness::run::runner_test
