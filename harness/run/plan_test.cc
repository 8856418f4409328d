#include "harness/run/plan.h"

#include <gmock/gmock.h>

#include "conformance/ssm/rules.h"
#include "harness/run/test_support.h"
#include "harness/wire/content_coding.h"

namespace harness::run::plan_test {
namespace {

using testing::built_in_examples;
using testing::built_in_model;
using testing::derived;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::protocol_case;
using ::testing::UnorderedElementsAre;

class PlanTest : public ::testing::Test {
 protected:
  PlanTest() {
    s_.pack = testing::built_in_pack();
    s_.composer = Composer("127.0.0.1:1", Signing{{"AKIDTEST", "secret", ""}, {"us-east-1", "ssm"}});
    s_.bindings.set("prefix", "ssmc-");
    s_.knowledge.absent_prefix = "ssmc-";
    s_.bindings.set("document", "ssmc-doc");
    s_.knowledge.of(conformance::ssm::kDocument)["ssmc-doc"] = {
        .exists = true, .ours = true, .holds = {{conformance::ssm::kAccounts, {}}}};
    s_.bindings.set("node", "i-0123456789abcdef0");
    s_.bindings.set("example-node", "i-0123456789abcdef0");
    s_.knowledge.of(conformance::ssm::kNode)["i-0123456789abcdef0"].exists = true;
    s_.bindings.set("protocol-operation", "GetConnectionStatus");
    bind_protocol_body(s_);
  }
  Planned plan(std::vector<Case> cases) {
    cases_ = std::move(cases);
    std::vector<const Case*> pointers;
    for (const Case& c : cases_) pointers.push_back(&c);
    return plan_exchanges(s_, pointers);
  }
  Situation s_;
  std::vector<Case> cases_;
};

TEST_F(PlanTest, NegativeCasesHaveAControlAndValidOnesHaveNone) {
  const auto planned = plan(derived("*"));
  EXPECT_THAT(planned.decided, IsEmpty());
  ASSERT_EQ(planned.plan.cases.size(), cases_.size());
  std::size_t negative = 0;
  for (const auto& p : planned.plan.cases) {
    const bool breaks_something = !p.request.classification.violations.empty();
    const bool its_own = p.source->request == p.source->control;
    EXPECT_EQ(p.has_control, breaks_something && !its_own) << p.source->id;
    negative += breaks_something ? 1U : 0U;
    if (!p.has_control) continue;
    ASSERT_LT(p.control, planned.plan.controls.size()) << p.source->id;
    const auto& control = planned.plan.controls[p.control];
    EXPECT_THAT(control.classification.violations, IsEmpty())
        << "a control must be a valid request: " << p.source->id;
    EXPECT_EQ(control.classification.target, p.source->operation);
  }
  EXPECT_GT(negative, 100U);
  EXPECT_EQ(planned.plan.controls.size(), 2U) << "one for each operation, not one for each case";
}

TEST_F(PlanTest, AHostileCaseHasAControlEvenIfItIsValid) {
  const std::string valid =
      "POST / HTTP/1.1\nX-Amz-Target: AmazonSSM.GetConnectionStatus\n"
      "Content-Type: application/x-amz-json-1.1\n\n{{protocol-body}}\n";
  const auto planned = plan({protocol_case("plain", valid), protocol_case("hostile", valid, true)});
  ASSERT_EQ(planned.plan.cases.size(), 2U);
  EXPECT_THAT(planned.plan.cases[0].request.classification.violations, IsEmpty());
  EXPECT_FALSE(planned.plan.cases[0].has_control);
  EXPECT_TRUE(planned.plan.cases[1].has_control);
}

TEST_F(PlanTest, TheOrderIsKept) {
  const auto planned = plan(derived("GetConnectionStatus/Target/*"));
  ASSERT_EQ(planned.plan.cases.size(), cases_.size());
  for (std::size_t i = 0; i < cases_.size(); ++i) {
    EXPECT_EQ(planned.plan.cases[i].source, &cases_[i]);
    EXPECT_EQ(planned.plan.cases[i].number, i);
  }
}

TEST_F(PlanTest, AnOperationThatIsMissingIsNotAskedFor) {
  s_.knowledge.unimplemented["GetConnectionStatus"] = "400 InvalidAction";
  const auto planned = plan(derived("*/implemented"));
  ASSERT_EQ(planned.decided.size(), 1U);
  EXPECT_EQ(planned.decided[0].id, "GetConnectionStatus/implemented");
  EXPECT_EQ(planned.decided[0].verdict, Verdict::not_implemented);
  EXPECT_THAT(planned.decided[0].reason, HasSubstr("400 InvalidAction"));
  ASSERT_EQ(planned.plan.cases.size(), 1U);
  EXPECT_EQ(planned.plan.cases[0].source->operation, "DescribeDocumentPermission");
}

TEST_F(PlanTest, AuthenticationIsJudgedOnlyWhereItIsVerified) {
  Case c = protocol_case(
      "authentication/none",
      "# @without Authorization\nPOST / HTTP/1.1\nX-Amz-Target: "
      "AmazonSSM.GetConnectionStatus\nContent-Type: application/x-amz-json-1.1\n\n{{protocol-body}}\n");
  c.needs_authentication = true;
  const auto without = plan({c});
  EXPECT_THAT(without.decided, IsEmpty()) << "it is sent all the same";
  ASSERT_EQ(without.plan.cases.size(), 1U);
  EXPECT_EQ(without.plan.cases[0].request.expectation.scope, oracle::Force::availability);
  EXPECT_THAT(without.plan.cases[0].availability_only, HasSubstr("does not verify signatures"));

  s_.knowledge.authentication = {{"AKIDTEST", "secret", ""}, {"us-east-1", "ssm"}};
  const auto with = plan({c});
  EXPECT_THAT(with.decided, IsEmpty());
  ASSERT_EQ(with.plan.cases.size(), 1U);
  EXPECT_TRUE(with.plan.cases[0].request.classification.breaks(oracle::Rule::not_signed));
  EXPECT_NE(with.plan.cases[0].request.expectation.scope, oracle::Force::availability);
  EXPECT_EQ(with.plan.cases[0].availability_only, "");
}

TEST_F(PlanTest, ACaseMayAskForAvailabilityAlone) {
  Case c = protocol_case("headers/odd",
                         "POST / HTTP/1.1\nHost: elsewhere\nX-Amz-Target: AmazonSSM.GetConnectionStatus\n"
                         "Content-Type: application/x-amz-json-1.1\n\n{{protocol-body}}\n");
  const auto judged = plan({c});
  ASSERT_EQ(judged.plan.cases.size(), 1U);
  EXPECT_NE(judged.plan.cases[0].request.expectation.scope, oracle::Force::availability);
  c.availability = true;
  const auto only = plan({c});
  ASSERT_EQ(only.plan.cases.size(), 1U);
  EXPECT_EQ(only.plan.cases[0].request.expectation.scope, oracle::Force::availability);
  EXPECT_EQ(only.plan.cases[0].availability_only, "") << "its clause asks for no more: it may pass";
}

TEST_F(PlanTest, ABodyIsCompressedWhenTheRequestIsMadeReady) {
  const auto compressed = prepare(s_, "# about\n# @compress gzip\nPOST / HTTP/1.1\n\n{{protocol-body}}\n");
  ASSERT_TRUE(compressed.has_value()) << compressed.error().message;
  EXPECT_EQ(compressed->text.request.body, wire::encode("gzip", s_.bindings.value("protocol-body")));
  EXPECT_THAT(compressed->text.comments, ElementsAre("about")) << "sent again, it is not compressed twice";
  const auto again = wire::parse_http_text(wire::print_http_text(compressed->text));
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->request.body, compressed->text.request.body);
  EXPECT_FALSE(prepare(s_, "# @compress br\nPOST / HTTP/1.1\n\n{}\n").has_value());
}

TEST_F(PlanTest, AFixtureThatFailedBlocks) {
  Case c = protocol_case("x", "POST / HTTP/1.1\n\n{{token}}\n");
  s_.bindings.cannot("token", "no document can be created");
  auto planned = plan({c});
  ASSERT_EQ(planned.decided.size(), 1U);
  EXPECT_EQ(planned.decided[0].verdict, Verdict::blocked);
  EXPECT_THAT(planned.decided[0].reason, HasSubstr("no document can be created"));

  // The fixture of the control counts, too.
  Case control = protocol_case("y", "GET / HTTP/1.1\n\n");
  control.control = "POST / HTTP/1.1\n\n{{token}}\n";
  planned = plan({control});
  ASSERT_EQ(planned.decided.size(), 1U);
  EXPECT_EQ(planned.decided[0].verdict, Verdict::blocked);
  EXPECT_THAT(planned.plan.controls, IsEmpty());
}

TEST_F(PlanTest, ANodeThatNobodyNamedIsUnchecked) {
  s_.bindings.cannot("connected-node", "name one with --connected-node");
  const auto planned = plan({protocol_case("x", "POST / HTTP/1.1\n\n{\"Target\":\"{{connected-node}}\"}\n")});
  ASSERT_EQ(planned.decided.size(), 1U);
  EXPECT_EQ(planned.decided[0].verdict, Verdict::unchecked);
  EXPECT_THAT(planned.decided[0].reason, HasSubstr("--connected-node"));
}

TEST_F(PlanTest, WantedPlaceholdersAreThoseOfCasesThatWillRun) {
  cases_ = {protocol_case("a", "POST / HTTP/1.1\n\n{{token}} {{repeat 2 x}}\n"),
            protocol_case("b", "POST / HTTP/1.1\n\n{{other-token}}\n")};
  cases_[1].operation = "DescribeDocumentPermission";
  s_.knowledge.unimplemented["DescribeDocumentPermission"] = "400 InvalidAction";
  const std::vector<const Case*> pointers = {&cases_[0], &cases_[1]};
  EXPECT_THAT(wanted_placeholders(s_, pointers, built_in_examples()),
              UnorderedElementsAre("token", "protocol-operation", "protocol-body", "example-node"));
}

TEST_F(PlanTest, TheProtocolBodyIsTheExampleOfTheStandIn) {
  EXPECT_EQ(s_.bindings.value("protocol-body"), R"({"Target":"i-0123456789abcdef0"})");
  s_.bindings.set("protocol-operation", "DescribeDocumentPermission");
  bind_protocol_body(s_);
  EXPECT_EQ(s_.bindings.value("protocol-body"), R"({"Name":"ssmc-doc","PermissionType":"Share"})");
}

TEST_F(PlanTest, AResultCarriesWhatTheCaseSays) {
  Case c = protocol_case("x", "");
  c.clauses = {"a", "b"};
  c.source = Source::derived;
  const auto r = result_for(c, Verdict::blocked, "why");
  EXPECT_EQ(r.id, "Protocol/x");
  EXPECT_EQ(r.operation, "Protocol");
  EXPECT_EQ(r.source, Source::derived);
  EXPECT_EQ(r.title, "x");
  EXPECT_THAT(r.clauses, ElementsAre("a", "b"));
  EXPECT_EQ(r.verdict, Verdict::blocked);
  EXPECT_EQ(r.reason, "why");
}

// ---- RunSummary: what the counts mean for the exit status ----

RunSummary summary_of(std::map<std::string, std::map<Verdict, std::size_t>> by_operation) {
  RunSummary s;
  for (const auto& [operation, verdicts] : by_operation) {
    for (const auto& [verdict, n] : verdicts) s.total[verdict] += n;
  }
  s.by_operation = std::move(by_operation);
  return s;
}

TEST(ExitStatus, FollowsTheVerdicts) {
  EXPECT_EQ(summary_of({{"A", {{Verdict::pass, 1}}}}).exit_status(), 0);
  EXPECT_EQ(summary_of({{"A", {{Verdict::pass, 1}, {Verdict::blocked, 5}}}}).exit_status(), 0);
  EXPECT_EQ(summary_of({{"A", {{Verdict::xfail, 1}}}}).exit_status(), 0);
  for (const Verdict bad : {Verdict::fail, Verdict::flaky, Verdict::xpass}) {
    EXPECT_EQ(summary_of({{"A", {{Verdict::pass, 9}, {bad, 1}}}}).exit_status(), 1) << to_string(bad);
  }
  EXPECT_EQ(summary_of({{"A", {{Verdict::fail, 9}, {Verdict::error, 1}}}}).exit_status(), 4);
}

TEST(ExitStatus, NothingJudgedIsNeverZero) {
  EXPECT_EQ(summary_of({}).exit_status(), 1);
  for (const Verdict nothing : {Verdict::blocked, Verdict::unchecked, Verdict::not_implemented}) {
    EXPECT_EQ(summary_of({{"A", {{nothing, 9}}}}).exit_status(), 1) << to_string(nothing);
    EXPECT_FALSE(summary_of({{"A", {{nothing, 9}}}}).judged());
  }
  EXPECT_EQ(summary_of({{"A", {{Verdict::not_implemented, 9}}}, {kProtocol.data(), {{Verdict::pass, 9}}}})
                .exit_status(),
            1)
      << "that the protocol holds says nothing of operations that are not there";
  EXPECT_EQ(summary_of({{kProtocol.data(), {{Verdict::pass, 9}}}}).exit_status(), 0)
      << "nothing else was asked for";
}

TEST(ExitStatus, AnOperationByItsModelAloneMayBeLeftUncheckedAsLongAsAnotherIsJudged) {
  auto s = summary_of({{"A", {{Verdict::pass, 9}}}, {"B", {{Verdict::unchecked, 9}}}});
  EXPECT_EQ(s.exit_status(), 1) << "more than its model is known of B";
  EXPECT_THAT(s.why_not_judged(), HasSubstr("B is there, but none of its 9 cases"));
  s.by_model_alone = {"B"};
  EXPECT_EQ(s.exit_status(), 0);
  s.by_operation["B"][Verdict::blocked] = 1;
  EXPECT_EQ(s.exit_status(), 1) << "something that its cases rest on failed";
  s = summary_of({{"B", {{Verdict::unchecked, 9}}}, {"C", {{Verdict::not_implemented, 1}}}});
  s.by_model_alone = {"B", "C"};
  EXPECT_EQ(s.exit_status(), 1) << "nothing was judged";
  s = summary_of({{"B", {{Verdict::unchecked, 9}}}, {kProtocol.data(), {{Verdict::pass, 9}}}});
  s.by_model_alone = {"B"};
  EXPECT_EQ(s.exit_status(), 1) << "the protocol is no operation";
}

TEST(StateOf, FollowsFromTheVerdicts) {
  EXPECT_EQ(state_of({{Verdict::pass, 1}, {Verdict::blocked, 9}}), OperationState::judged);
  EXPECT_EQ(state_of({{Verdict::xfail, 1}}), OperationState::judged);
  EXPECT_EQ(state_of({{Verdict::unchecked, 9}, {Verdict::blocked, 1}}), OperationState::blocked);
  EXPECT_EQ(state_of({{Verdict::unchecked, 9}, {Verdict::not_implemented, 1}}), OperationState::unproved);
  EXPECT_EQ(state_of({{Verdict::not_implemented, 1}}), OperationState::not_implemented);
  EXPECT_EQ(state_of({}), OperationState::unproved);
}

TEST(ExitStatus, WhatEndedTheRunComesFirst) {
  auto s = summary_of({{"A", {{Verdict::fail, 1}}}});
  s.endpoint_lost = true;
  EXPECT_EQ(s.exit_status(), 3);
  s.interrupted = true;
  EXPECT_EQ(s.exit_status(), 130);
}

TEST(Names, OfVerdictsAreDistinct) {
  std::set<std::string_view> names;
  for (const Verdict v : kVerdicts) names.insert(to_string(v));
  EXPECT_EQ(names.size(), std::size(kVerdicts));
  EXPECT_FALSE(names.contains("?"));
}

}  // namespace
}  // namespace harness::run::plan_test
