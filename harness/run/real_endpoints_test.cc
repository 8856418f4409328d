// Endpoints as they are: they throttle, let credentials end, lose requests, and are half broken. None of that
// may be mistaken for a defect of something else, and nothing may hide behind it.
#include <gmock/gmock.h>

#include <atomic>

#include "harness/run/runner.h"
#include "harness/run/scenario.h"
#include "harness/run/test_support.h"

namespace harness::run::real_endpoints_test {
namespace {

using testing::answered;
using testing::built_in_examples;
using testing::Call;
using ::testing::Contains;
using testing::derived;
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
constexpr const char* kImplemented = "DescribeDocumentPermission/implemented";

bool sends_201(const Call& c) {
  return c.request.body.find("\"MaxResults\":201") != std::string::npos;
}

wire::Exchange throttled_at_once() {
  auto e = error(400, "ThrottlingException");
  e.response.headers.add("Retry-After", "0");
  return e;
}

// More than anyone waits for, so it is given up at once.
wire::Exchange throttled_for_good() {
  auto e = error(400, "ThrottlingException");
  e.response.headers.add("Retry-After", "3600");
  return e;
}

std::string trouble(const Results& r) {
  return r.text(Verdict::fail) + r.text(Verdict::flaky) + r.text(Verdict::blocked) +
         r.text(Verdict::unchecked);
}

// ---- throttling ----

TEST(Throttled, EverySeventhRequestChangesNoVerdict) {
  for (const std::size_t connections : {1U, 8U}) {
    std::atomic<std::size_t> n{0};
    StubEndpoint endpoint(
        [&](const Call&) { return ++n % 7 == 0 ? Planted(throttled_at_once()) : std::nullopt; });
    const auto cases = derived("*");
    const auto results = run_cases(endpoint, cases, options(connections));
    EXPECT_EQ(results.count(Verdict::pass), cases.size()) << trouble(results);
    EXPECT_EQ(results.summary().exit_status(), 0);
    EXPECT_THAT(results.summary().remarks, Contains(HasSubstr("throttled")));
    EXPECT_THAT(conformance::ssm::documents_in(endpoint.service()), IsEmpty());
  }
}

TEST(Throttled, ARequestThatIsThrottledToTheEndIsUnchecked) {
  for (const auto level : {oracle::Level::rejects, oracle::Level::documented, oracle::Level::aws}) {
    StubEndpoint endpoint(
        [](const Call& c) { return sends_201(c) ? Planted(throttled_for_good()) : std::nullopt; });
    auto o = options();
    o.level = level;
    const auto results = run_cases(endpoint, derived("DescribeDocumentPermission/MaxResults/range/*"), o);
    EXPECT_EQ(results.of(kAbove).verdict, Verdict::unchecked);
    EXPECT_THAT(results.of(kAbove).reason, HasSubstr("throttled"));
    EXPECT_THAT(results.of(kAbove).findings, IsEmpty());
    EXPECT_EQ(results.count(Verdict::unchecked), 1U);
    EXPECT_EQ(results.summary().exit_status(), 0);
  }
}

TEST(Throttled, AControlThatIsThrottledToTheEndLeavesItsCasesUnchecked) {
  std::atomic<bool> begun{false};
  StubEndpoint endpoint([&](const Call& c) {
    if (sends_201(c)) begun = true;
    const bool control = c.request.body.find("\"MaxResults\"") == std::string::npos;
    return begun && control && c.operation == "DescribeDocumentPermission" ? Planted(throttled_for_good())
                                                                           : std::nullopt;
  });
  const auto results = run_cases(endpoint, derived(kAbove));
  EXPECT_EQ(results.of(kAbove).verdict, Verdict::unchecked);
}

TEST(Throttled, AScenarioIsUncheckedWhateverItSaw) {
  StubEndpoint endpoint(
      [](const Call& c) { return sends_201(c) ? Planted(throttled_for_good()) : std::nullopt; });
  Case c;
  c.id = "DescribeDocumentPermission/scenario/throttled";
  c.operation = "DescribeDocumentPermission";
  c.scenario = [](ScenarioContext& s) {
    const auto reply = s.call("DescribeDocumentPermission",
                              {{"Name", "x-document"}, {"PermissionType", "Share"}, {"MaxResults", 201}});
    s.expect(reply.ok(), "relation/accounts", "must succeed");
  };
  const auto results = run_cases(endpoint, {c});
  EXPECT_EQ(results.of(c.id).verdict, Verdict::unchecked);
  EXPECT_THAT(results.of(c.id).findings, IsEmpty());
}

// ---- credentials that end ----

class Expiring {
 public:
  explicit Expiring(std::size_t after) : after_(after) {}
  Planted operator()(const Call& c) {
    const auto authorization = c.request.headers.find("Authorization");
    const bool old = !authorization || authorization->find("AKIDTEST") != std::string_view::npos;
    if (!old || c.number < after_) return std::nullopt;
    return error(400, "ExpiredTokenException");
  }

 private:
  std::size_t after_;
};

TEST(Expired, CredentialsAreReadAgainAndTheRunGoesOn) {
  for (const std::size_t connections : {1U, 8U}) {
    for (const std::size_t after : {30U, 200U}) {
      StubEndpoint endpoint([plant = Expiring(after)](const Call& c) mutable { return plant(c); });
      auto o = options(connections);
      int read = 0;
      o.renew = [&]() -> Result<Signing> {
        ++read;
        return Signing{{"AKIDNEW", "secret", "token"}, {"us-east-1", "ssm"}};
      };
      const auto cases = derived("*");
      const auto results = run_cases(endpoint, cases, o);
      EXPECT_EQ(results.count(Verdict::pass), cases.size()) << trouble(results);
      EXPECT_EQ(results.all().size(), cases.size());
      EXPECT_EQ(results.summary().exit_status(), 0);
      EXPECT_EQ(read, 1);
      EXPECT_THAT(conformance::ssm::documents_in(endpoint.service()), IsEmpty());
    }
  }
}

TEST(Expired, WithoutOthersOneSentenceEndsTheRunAndKeepsWhatWasJudged) {
  for (const bool has_renew : {false, true}) {
    StubEndpoint endpoint([plant = Expiring(200)](const Call& c) mutable { return plant(c); });
    auto o = options();
    const auto same = *o.signing;
    if (has_renew) o.renew = [same]() -> Result<Signing> { return same; };
    const auto cases = derived("*");
    const auto results = run_cases(endpoint, cases, o);
    EXPECT_EQ(results.summary().exit_status(), 3);
    EXPECT_THAT(results.summary().endpoint_problem, HasSubstr("credentials have expired"));
    EXPECT_EQ(results.summary().endpoint_problem.find('\n'), std::string::npos);
    EXPECT_GT(results.count(Verdict::pass), 50U);
    EXPECT_EQ(results.count(Verdict::fail) + results.count(Verdict::blocked) + results.count(Verdict::flaky),
              0U)
        << trouble(results);
  }
}

TEST(Expired, AScenarioIsTriedAgainWithTheOthers) {
  StubEndpoint endpoint([plant = Expiring(6)](const Call& c) mutable { return plant(c); });
  Case c;
  c.id = "GetConnectionStatus/scenario/many";
  c.operation = "GetConnectionStatus";
  c.scenario = [](ScenarioContext& s) {
    for (int i = 0; i < 20; ++i) s.call("GetConnectionStatus", {{"Target", "i-02573cafcfEXAMPLE"}});
  };
  auto o = options();
  o.renew = []() -> Result<Signing> { return Signing{{"AKIDNEW", "secret", ""}, {"us-east-1", "ssm"}}; };
  const auto results = run_cases(endpoint, {c}, o);
  EXPECT_EQ(results.of(c.id).verdict, Verdict::pass) << results.of(c.id).reason;
}

// ---- half broken ----

TEST(HalfBroken, OneThatResetsOnUnknownOperationsIsJudgedForAllElse) {
  StubEndpoint endpoint([](const Call& c) {
    return c.operation.starts_with("NoSuch") ? Planted(ended(Transport::reset)) : std::nullopt;
  });
  const auto cases = derived("*");
  const auto results = run_cases(endpoint, cases);
  EXPECT_EQ(results.count(Verdict::pass), cases.size()) << trouble(results);
}

TEST(HalfBroken, OneThatResetsOnAnEmptyObjectIsJudgedForAllElse) {
  StubEndpoint endpoint(
      [](const Call& c) { return c.request.body == "{}" ? Planted(ended(Transport::reset)) : std::nullopt; });
  const auto results = run_cases(endpoint, derived("*"));
  EXPECT_FALSE(results.summary().endpoint_lost);
  EXPECT_GT(results.count(Verdict::pass), 250U);
  EXPECT_EQ(results.count(Verdict::blocked), 0U) << results.text(Verdict::blocked);
}

TEST(HalfBroken, OneThatAnswersNoValidRequestOfAnOperationFailsThere) {
  StubEndpoint endpoint([](const Call& c) {
    return c.operation == "GetConnectionStatus" ? Planted(ended(Transport::reset)) : std::nullopt;
  });
  const auto results = run_cases(endpoint, derived("*"));
  EXPECT_TRUE(has_rule(results.of("GetConnectionStatus/implemented"), "availability/reset"));
  EXPECT_EQ(results.of(kImplemented).verdict, Verdict::pass);
}

TEST(HalfBroken, TheProtocolIsJudgedOnAnyOperationThatWorks) {
  StubEndpoint endpoint([](const Call& c) {
    return c.operation == "CreateDocument" ? Planted(ended(Transport::reset)) : std::nullopt;
  });
  const auto c =
      protocol_case("x",
                    "POST / HTTP/1.1\nX-Amz-Target: AmazonSSM.{{protocol-operation}}\nContent-Type: "
                    "application/x-amz-json-1.1\n\n{");
  const auto results = run_cases(endpoint, {c});
  EXPECT_EQ(results.of("Protocol/x").verdict, Verdict::pass) << results.of("Protocol/x").reason;
}

TEST(HalfBroken, AnOperationOfWhichNothingCouldBeJudgedIsNotKept) {
  StubEndpoint endpoint([](const Call& c) {
    return c.operation == "CreateDocument" ? Planted(error(400, "InternalError")) : std::nullopt;
  });
  auto cases = derived("GetConnectionStatus/*");
  const auto describe = derived(kAbove);
  cases.insert(cases.end(), describe.begin(), describe.end());
  const auto results = run_cases(endpoint, cases);
  EXPECT_EQ(results.of(kAbove).verdict, Verdict::blocked);
  EXPECT_EQ(results.count(Verdict::fail), 0U);
  EXPECT_EQ(results.summary().exit_status(), 1);
  EXPECT_EQ(results.summary().judged_cases(), cases.size() - 1);
}

TEST(HalfBroken, AControlWithADefectHidesNothing) {
  // Two constants: a status that is spelled wrongly, and permissions that lack one list.
  StubEndpoint endpoint([](const Call& c) -> Planted {
    if (c.operation == "GetConnectionStatus")
      return answered(200, R"({"Target":"x","Status":"NotConnected"})");
    if (c.operation == "DescribeDocumentPermission") return answered(200, R"({"AccountIds":[]})");
    return std::nullopt;
  });
  const auto results = run_cases(endpoint, derived("*"));
  EXPECT_EQ(results.count(Verdict::blocked), 0U) << results.text(Verdict::blocked);
  EXPECT_TRUE(has_rule(results.of(kAbove), "outcome/accepted"));
  EXPECT_TRUE(has_rule(results.of(kImplemented), "shape/missing"));
  EXPECT_TRUE(has_rule(results.of("GetConnectionStatus/implemented"), "shape/enum"));
}

TEST(HalfBroken, AHostileRequestIsNotBlamedForADefectThatTheControlAlwaysShows) {
  StubEndpoint endpoint([](const Call& c) -> Planted {
    if (c.readable && c.operation == "DescribeDocumentPermission" && c.request.body.starts_with("{\""))
      return answered(200, R"({"AccountIds":[]})");
    return std::nullopt;
  });
  const auto c =
      protocol_case("hostile",
                    "POST / HTTP/1.1\nX-Amz-Target: AmazonSSM.{{protocol-operation}}\nContent-Type: "
                    "application/x-amz-json-1.1\n\n{",
                    true);
  const auto results = run_cases(endpoint, {c});
  EXPECT_EQ(results.of("Protocol/hostile").verdict, Verdict::pass) << results.text(Verdict::fail);
}

// ---- no endpoint of this service ----

TEST(Foreign, WhatSpeaksNoAwsJsonIsToldInOneSentence) {
  for (const auto& e : {answered(501, "<html>"), answered(200, "<html>"), answered(404, ""),
                        answered(404, "[]"), answered(404, R"({"message":"no such page"})")}) {
    StubEndpoint endpoint([&](const Call&) { return Planted(e); });
    const auto results = run_cases(endpoint, derived("*/implemented"));
    EXPECT_EQ(results.summary().exit_status(), 3);
    EXPECT_THAT(results.summary().endpoint_problem, HasSubstr("speaks AWS JSON"));
    EXPECT_EQ(results.summary().endpoint_problem.find('\n'), std::string::npos);
    EXPECT_THAT(results.all(), IsEmpty());
  }
}

TEST(Foreign, AnOperationThatIsDeniedIsThatOperationsAlone) {
  StubEndpoint endpoint([](const Call& c) {
    return c.operation == "GetConnectionStatus" ? Planted(error(400, "AccessDeniedException")) : std::nullopt;
  });
  const auto results = run_cases(endpoint, derived("*"));
  EXPECT_EQ(results.of("GetConnectionStatus/implemented").verdict, Verdict::unchecked);
  EXPECT_THAT(results.of("GetConnectionStatus/implemented").reason, HasSubstr("may not call"));
  EXPECT_EQ(results.of(kImplemented).verdict, Verdict::pass);
  EXPECT_FALSE(results.summary().endpoint_lost);
  EXPECT_EQ(results.summary().exit_status(), 1) << "of one operation, nothing was judged";
}

TEST(Foreign, WhoDeniesEveryOperationRefusesTheCredentials) {
  StubEndpoint endpoint([](const Call&) { return Planted(error(400, "AccessDeniedException")); });
  const auto results = run_cases(endpoint, derived("*"));
  EXPECT_EQ(results.summary().exit_status(), 3);
  EXPECT_THAT(results.summary().endpoint_problem, HasSubstr("refuses the credentials"));
}

TEST(Given, WhatTheUserNamesWronglyIsToldAtOnce) {
  StubEndpoint endpoint;
  auto o = options();
  o.given[conformance::ssm::kDocument] = "bad name!";
  const auto results = run_cases(endpoint, derived("*"), o);
  EXPECT_EQ(results.summary().exit_status(), 3);
  EXPECT_THAT(results.summary().endpoint_problem,
              AllOf(HasSubstr("--document bad name!"), HasSubstr("ValidationException")));
  EXPECT_THAT(results.all(), IsEmpty());
}

// ---- requests that are lost ----

TEST(Resent, ACreationThatFindsItselfHasSucceeded) {
  StubEndpoint* self = nullptr;
  StubEndpoint endpoint([&](const Call& c) -> Planted {
    if (c.operation != "CreateDocument") return std::nullopt;
    // As after a lost answer: it was carried out, and sent again it finds itself.
    self->service().handle(c.request);
    auto e = error(400, "DocumentAlreadyExists");
    e.resent = true;
    return e;
  });
  self = &endpoint;
  const auto results = run_cases(endpoint, derived(kImplemented));
  EXPECT_EQ(results.of(kImplemented).verdict, Verdict::pass) << results.of(kImplemented).reason;
  EXPECT_THAT(conformance::ssm::documents_in(endpoint.service()), IsEmpty());
}

}  // namespace
}  // namespace harness::run::real_endpoints_test
