// What is said of an endpoint that cannot be judged: what happened, and what to do about it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/run/test_support.h"

namespace harness::run::probe_test {
namespace {

using testing::answered;
using testing::Call;
using testing::derived;
using testing::error;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::run_cases;
using testing::StubEndpoint;
using wire::Transport;
using Planted = std::optional<wire::Exchange>;

/// What a run says of an endpoint to which every exchange goes like this.
std::string problem_with(const wire::Exchange& every) {
  StubEndpoint endpoint([&](const Call&) { return Planted(every); });
  const auto results = run_cases(endpoint, derived("*/implemented"));
  EXPECT_EQ(results.summary().exit_status(), 3);
  EXPECT_THAT(results.all(), IsEmpty());
  EXPECT_EQ(results.summary().endpoint_problem.find('\n'), std::string::npos) << "one line";
  return results.summary().endpoint_problem;
}

wire::Exchange ended(Transport transport, std::string detail) {
  wire::Exchange e;
  e.transport = transport;
  e.detail = std::move(detail);
  return e;
}

TEST(Unreachable, SaysWhatToDoAboutTls) {
  const auto hint = [](std::string detail) { return problem_with(ended(Transport::tls_failed, detail)); };
  EXPECT_THAT(hint("certificate verify failed: certificate has expired"), HasSubstr("a new certificate"));
  EXPECT_THAT(hint("certificate verify failed: certificate is not yet valid"),
              HasSubstr("a new certificate"));
  EXPECT_THAT(hint("certificate verify failed: hostname mismatch"), HasSubstr("as its certificate names it"));
  EXPECT_THAT(hint("certificate verify failed: self-signed certificate"), HasSubstr("--ca-bundle"));
  EXPECT_THAT(hint("wrong version number"), HasSubstr("write http://"));
}

TEST(Unreachable, BrokenHttpIsNotAnotherProtocol) {
  wire::Exchange broken = ended(Transport::not_http, "bad Content-Length");
  EXPECT_THAT(problem_with(broken), HasSubstr("does not speak HTTP"));
  broken.response.status = 200;  // the status line was read
  EXPECT_THAT(problem_with(broken), AllOf(HasSubstr("broken HTTP"), Not(HasSubstr("TLS"))));
}

TEST(Unreachable, AnAnswerThatIsTooLargeIsNotCalledBrokenOff) {
  EXPECT_THAT(problem_with(ended(Transport::too_large, "the body exceeds 9 bytes")),
              AllOf(HasSubstr("exceeds 9 bytes"), Not(HasSubstr("breaks off"))));
}

TEST(Unreachable, WhoeverRedirectsEverythingIsNotTheEndpoint) {
  wire::Exchange redirect = answered(308, "");
  redirect.response.headers.set("Location", "https://elsewhere.example/");
  EXPECT_THAT(problem_with(redirect),
              AllOf(HasSubstr("308 to https://elsewhere.example/"), HasSubstr("not followed")));
  redirect.response.headers.set("Location", std::string(100'000, 'x'));
  EXPECT_LT(problem_with(redirect).size(), 1000U);
}

TEST(Probe, ALongErrorNameIsNotRepeated) {
  StubEndpoint endpoint([](const Call&) { return Planted(error(400, std::string(100'000, 'x'))); });
  const auto results = run_cases(endpoint, derived("*/implemented"));
  ASSERT_FALSE(results.summary().remarks.empty());
  for (const auto& remark : results.summary().remarks) EXPECT_LT(remark.size(), 1000U);
}

}  // namespace
}  // namespace harness::run::probe_test
