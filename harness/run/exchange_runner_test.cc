// From answers to verdicts: a run of few cases against endpoints with one planted peculiarity each.
#include "harness/run/exchange_runner.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <atomic>

#include "harness/run/test_support.h"

namespace harness::run::exchange_runner_test {
namespace {

using testing::answered;
using testing::Call;
using testing::derived;
using ::testing::ElementsAre;
using testing::ended;
using testing::error;
using testing::has_rule;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::options;
using testing::protocol_case;
using testing::Results;
using testing::run_cases;
using testing::StubEndpoint;
using wire::Transport;
using Planted = std::optional<wire::Exchange>;

constexpr const char* kAbove = "DescribeDocumentPermission/MaxResults/range/above-maximum";

bool sends_201(const Call& c) {
  return c.request.body.find("\"MaxResults\":201") != std::string::npos;
}

// The one case above, on an endpoint that answers it so.
CaseResult verdict_on(const wire::Exchange& answer) {
  StubEndpoint endpoint([&](const Call& c) { return sends_201(c) ? Planted(answer) : std::nullopt; });
  const auto results = run_cases(endpoint, derived(kAbove));
  EXPECT_EQ(results.all().size(), 1U);
  EXPECT_THAT(conformance::ssm::documents_in(endpoint.service()), IsEmpty()) << "a document was left behind";
  return results.of(kAbove);
}

TEST(Exchanges, AConformantEndpointPassesEverything) {
  for (const std::size_t connections : {1U, 4U, 64U}) {
    StubEndpoint endpoint;
    const auto cases = derived("*");
    const auto results = run_cases(endpoint, cases, options(connections));
    EXPECT_EQ(results.count(Verdict::pass), cases.size())
        << results.text(Verdict::fail) << results.text(Verdict::blocked) << results.text(Verdict::flaky);
    EXPECT_EQ(results.all().size(), cases.size());
    EXPECT_EQ(results.info().planned, cases.size());
    EXPECT_EQ(results.summary().exit_status(), 0);
    EXPECT_GE(results.summary().exchanges, cases.size());
    EXPECT_THAT(conformance::ssm::documents_in(endpoint.service()), IsEmpty());
  }
}

TEST(Exchanges, EveryCaseIsReportedOnceWhateverTheSeed) {
  std::set<std::string> orders;
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    StubEndpoint endpoint;
    auto o = options();
    o.seed = seed;
    const auto results = run_cases(endpoint, derived("GetConnectionStatus/Target/*"), o);
    std::string order;
    std::set<std::string> ids;
    for (const auto& r : results.all()) {
      order += r.id + "\n";
      EXPECT_TRUE(ids.insert(r.id).second) << r.id;
    }
    orders.insert(order);
  }
  EXPECT_EQ(orders.size(), 3U) << "the seed decides the order";
}

TEST(Exchanges, RepeatRunsThemAgain) {
  StubEndpoint endpoint;
  auto o = options(4);
  o.repeat = 3;
  const auto cases = derived("GetConnectionStatus/Target/*");
  EXPECT_EQ(run_cases(endpoint, cases, o).count(Verdict::pass), 3 * cases.size());
}

TEST(Verdicts, SuccessOnWhatMustBeRefusedFails) {
  const auto r = verdict_on(answered(200, R"({"AccountIds":[],"AccountSharingInfoList":[]})"));
  EXPECT_EQ(r.verdict, Verdict::fail);
  EXPECT_TRUE(has_rule(r, "outcome/accepted"));
  EXPECT_THAT(r.expected, HasSubstr("ValidationException"));
  EXPECT_THAT(r.because, ::testing::Not(IsEmpty()));
  EXPECT_THAT(r.request, HasSubstr("\"MaxResults\":201"));
  EXPECT_THAT(r.response, HasSubstr("200"));
  ASSERT_GE(r.reproduce.size(), 2U) << "the document must be created again before the request can be";
  EXPECT_THAT(r.reproduce.front(), HasSubstr("CreateDocument"));
  EXPECT_THAT(r.reproduce.back(), HasSubstr("201"));
}

TEST(Verdicts, AServerErrorFails) {
  EXPECT_TRUE(has_rule(verdict_on(error(500, "InternalServerError")), "availability/server-error"));
  EXPECT_EQ(verdict_on(answered(500, "<html>")).verdict, Verdict::fail);
}

TEST(Verdicts, AWrongCodeFails) {
  const auto r = verdict_on(error(400, "ResourceNotFoundException"));
  EXPECT_EQ(r.verdict, Verdict::fail);
  EXPECT_TRUE(has_rule(r, "outcome/wrong-code"));
}

TEST(Verdicts, AnErrorWithoutATypeFails) {
  EXPECT_TRUE(has_rule(verdict_on(answered(400, "{}")), "envelope/no-type"));
  EXPECT_TRUE(has_rule(verdict_on(answered(400, "no")), "envelope/not-json"));
}

TEST(Verdicts, NoAnswerFails) {
  for (const auto& [transport, rule] : {std::pair{Transport::timed_out, "availability/hang"},
                                        std::pair{Transport::reset, "availability/reset"},
                                        std::pair{Transport::closed, "availability/closed"},
                                        std::pair{Transport::truncated, "availability/truncated"},
                                        std::pair{Transport::not_http, "availability/not-http"},
                                        std::pair{Transport::too_large, "availability/too-large"}}) {
    const auto r = verdict_on(ended(transport));
    EXPECT_EQ(r.verdict, Verdict::fail) << rule;
    EXPECT_TRUE(has_rule(r, rule)) << rule;
    EXPECT_THAT(r.response, HasSubstr("no answer")) << rule;
  }
}

TEST(Verdicts, WhereOnlyAvailabilityCanBeJudgedAnAnswerIsNoPass) {
  // The clause is that a signature of zeros is refused; nobody verifies signatures here.
  Case c = protocol_case("signed/by-nobody",
                         "POST / HTTP/1.1\nX-Amz-Target: AmazonSSM.GetConnectionStatus\nX-Odd: 1\n"
                         "Content-Type: application/x-amz-json-1.1\nAuthorization: word\n\n"
                         "{{protocol-body}}\n");
  c.needs_authentication = true;
  const auto verdict = [&](const wire::Exchange& answer) {
    StubEndpoint endpoint([&](const Call& call) {
      return call.request.headers.contains("X-Odd") ? Planted(answer) : std::nullopt;
    });
    return run_cases(endpoint, {c}).of(c.id);
  };
  for (const auto& answer : {answered(200, "{}"), error(400, "IncompleteSignature"), error(403, "Nonsense"),
                             answered(404, "<html>")}) {
    const auto r = verdict(answer);
    EXPECT_EQ(r.verdict, Verdict::unchecked) << answer.response.status;
    EXPECT_THAT(r.reason, HasSubstr("does not verify signatures"));
    EXPECT_THAT(r.findings, IsEmpty());
  }
  const auto failed = verdict(answered(500, "<html>"));
  EXPECT_EQ(failed.verdict, Verdict::fail);
  EXPECT_TRUE(has_rule(failed, "availability/server-error"));
  EXPECT_EQ(verdict(ended(Transport::timed_out)).verdict, Verdict::fail);
}

TEST(Verdicts, AnAdmissibleAnswerPasses) {
  EXPECT_EQ(verdict_on(error(400, "ValidationException")).verdict, Verdict::pass);
  EXPECT_EQ(verdict_on(error(400, "ValidationError")).verdict, Verdict::pass);
}

TEST(Verdicts, TheLevelDecidesHowExactAnAnswerMustBe) {
  StubEndpoint endpoint(
      [](const Call& c) { return sends_201(c) ? Planted(error(400, "SomethingElse")) : std::nullopt; });
  auto o = options();
  o.level = oracle::Level::rejects;
  EXPECT_EQ(run_cases(endpoint, derived(kAbove), o).of(kAbove).verdict, Verdict::pass);
  o.level = oracle::Level::documented;
  EXPECT_EQ(run_cases(endpoint, derived(kAbove), o).of(kAbove).verdict, Verdict::fail);
}

TEST(Verdicts, OneThatChangesOnASecondTryIsFlaky) {
  std::size_t asked = 0;
  StubEndpoint endpoint([&](const Call& c) {
    return sends_201(c) && asked++ == 0 ? Planted(error(500, "InternalServerError")) : std::nullopt;
  });
  const auto r = run_cases(endpoint, derived(kAbove)).of(kAbove);
  EXPECT_EQ(r.verdict, Verdict::flaky);
  EXPECT_THAT(r.reason, AllOf(HasSubstr("500"), HasSubstr("400")));
  EXPECT_THAT(r.response, HasSubstr("500")) << "what is shown is the answer that was wrong";
}

TEST(Verdicts, WhatComesAgainIsShownAndNotWhatCameOnce) {
  std::atomic<int> asked{0};
  StubEndpoint endpoint([&](const Call& c) -> Planted {
    if (!sends_201(c)) return std::nullopt;
    return ++asked == 1 ? ended(Transport::timed_out)
                        : answered(200, R"({"AccountIds":[],"AccountSharingInfoList":[]})");
  });
  const auto results = run_cases(endpoint, derived(kAbove));
  EXPECT_EQ(results.of(kAbove).verdict, Verdict::fail);
  EXPECT_TRUE(has_rule(results.of(kAbove), "outcome/accepted"));
  EXPECT_FALSE(has_rule(results.of(kAbove), "availability/hang"));
}

TEST(Verdicts, TheSecondTryIsOnANewConnection) {
  std::vector<bool> fresh;
  StubEndpoint endpoint([&](const Call& c) {
    if (!sends_201(c)) return Planted();
    fresh.push_back(c.fresh);
    return Planted(error(500, "InternalServerError"));
  });
  EXPECT_EQ(run_cases(endpoint, derived(kAbove)).of(kAbove).verdict, Verdict::fail);
  ASSERT_EQ(fresh.size(), 2U);
  EXPECT_TRUE(fresh[1]);
}

// ---- controls ----

bool judged_operation(const Call& c) {
  return c.operation == "GetConnectionStatus" || c.operation == "DescribeDocumentPermission";
}

TEST(Control, WithoutItAnEndpointThatRefusesEverythingWouldScore) {
  // Only operations that exist are refused so, or it would be "not implemented".
  StubEndpoint endpoint([](const Call& c) {
    return judged_operation(c) ? Planted(error(400, "ValidationException")) : std::nullopt;
  });
  const auto results = run_cases(endpoint, derived("*/required/*"), options(4));
  EXPECT_EQ(results.count(Verdict::pass), 0U) << results.text(Verdict::pass);
  EXPECT_EQ(results.count(Verdict::blocked), results.all().size());
  EXPECT_EQ(results.summary().exit_status(), 1);
  const auto valid = run_cases(endpoint, derived("DescribeDocumentPermission/implemented"));
  EXPECT_EQ(valid.count(Verdict::fail), 1U) << "a valid request is refused";
}

TEST(Control, AFailedOneIsShown) {
  StubEndpoint endpoint([](const Call& c) {
    if (c.operation != "DescribeDocumentPermission" || sends_201(c)) return Planted();
    return Planted(error(400, "InvalidDocument"));
  });
  const auto r = run_cases(endpoint, derived(kAbove)).of(kAbove);
  EXPECT_EQ(r.verdict, Verdict::blocked);
  EXPECT_THAT(r.reason, HasSubstr("control"));
  EXPECT_THAT(r.response, HasSubstr("InvalidDocument"));
  EXPECT_EQ(r.request.find("201"), std::string::npos) << "the control's request, not the case's";
}

TEST(Control, AnEndpointThatBeginsToRefuseEverythingPassesNothingMore) {
  const auto cases = derived("GetConnectionStatus/Target/*");
  const std::string control = R"("Target":"i-0)";
  for (const std::size_t connections : {1U, 3U}) {
    for (const std::size_t healthy : {0U, 1U, 5U, 12U, 20U}) {
      std::size_t requests = 0;
      std::size_t answered_well = 0;
      StubEndpoint endpoint([&](const Call& c) {
        if (c.operation != "GetConnectionStatus" || c.number < 8) return Planted();
        if (++requests > healthy) return Planted(error(400, "ValidationException"));
        if (c.request.body.find(control) == std::string::npos) ++answered_well;
        return Planted();
      });
      const auto results = run_cases(endpoint, cases, options(connections));
      const auto label = fmt::format("{} connections, healthy for {} requests", connections, healthy);
      EXPECT_LE(results.count(Verdict::pass), answered_well) << label;
      EXPECT_GT(results.count(Verdict::blocked), 0U) << label;
      EXPECT_EQ(results.all().size(), cases.size()) << label;
    }
  }
}

TEST(Control, OneBadAnswerToAControlDoesNotBlockTheWholeRun) {
  std::size_t asked = 0;
  StubEndpoint endpoint([&](const Call& c) {
    if (c.operation != "GetConnectionStatus" || c.request.body.find(R"("Target":"i-0)") == std::string::npos)
      return Planted();
    return ++asked == 4 ? Planted(error(500, "InternalServerError")) : Planted();
  });
  const auto cases = derived("GetConnectionStatus/Target/*");
  const auto results = run_cases(endpoint, cases);
  EXPECT_GE(asked, 4U);
  EXPECT_GT(results.count(Verdict::pass), cases.size() / 2)
      << results.text(Verdict::blocked) << results.text(Verdict::fail);
}

// ---- after a hostile request ----

TEST(Hostile, TheEndpointMustStillAnswerAfterwards) {
  const Case c = protocol_case("framing/probe", "# @raw\nGARBAGE\n\n", true);
  {
    StubEndpoint endpoint;
    const auto results = run_cases(endpoint, {c});
    EXPECT_EQ(results.of(c.id).verdict, Verdict::pass) << results.text(Verdict::fail);
  }
  bool poisoned = false;
  StubEndpoint endpoint([&](const Call& call) {
    if (!call.readable) {
      poisoned = true;
      return Planted();
    }
    // One valid request is answered wrongly after each hostile one.
    return std::exchange(poisoned, false) ? Planted(error(500, "InternalServerError")) : Planted();
  });
  const auto r = run_cases(endpoint, {c}).of(c.id);
  EXPECT_EQ(r.verdict, Verdict::fail);
  EXPECT_TRUE(has_rule(r, "availability/afterwards"));
}

TEST(Hostile, AlsoOnTheSameConnectionIfItStaysOpen) {
  const Case c =
      protocol_case("method/probe", "PATCH / HTTP/1.1\nX-Amz-Target: {{protocol-operation}}\n\nx\n", true);
  std::optional<std::size_t>
      confused;  // a lane whose next request, on the same connection, gets a wrong answer
  StubEndpoint endpoint([&](const Call& call) {
    if (call.request.method == "PATCH") {
      confused = call.lane;
      return Planted();
    }
    if (confused == call.lane && !call.fresh) {
      confused.reset();
      return Planted(error(400, "SerializationException"));
    }
    return Planted();
  });
  const auto r = run_cases(endpoint, {c}).of(c.id);
  EXPECT_EQ(r.verdict, Verdict::fail);
  EXPECT_TRUE(has_rule(r, "availability/same-connection"));
  EXPECT_FALSE(has_rule(r, "availability/afterwards"));
}

}  // namespace
}  // namespace harness::run::exchange_runner_test
