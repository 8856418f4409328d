// Endpoints that are not there, or do not stay.
#include "fuzzers/http_exchange.h"
#include "fuzzers/live_test_support.h"
#include "harness/endpoint/network.h"

namespace fuzzers::live_death_test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST_F(LiveTest, SaysThatNobodyIsThere) {
  const auto port = harness::endpoint::free_port();
  ASSERT_TRUE(port);
  config_.network.url = "http://127.0.0.1:" + std::to_string(*port);
  const auto live = Live::open(config_, data());
  ASSERT_FALSE(live);
  EXPECT_EQ(live.error().exit_status, 3);
  EXPECT_THAT(live.error().message, HasSubstr("nothing answers"));
}

TEST_F(LiveTest, TheEndOfAnEndpointThatNobodyCanStartEndsAll) {
  start();
  server_.reset();
  const auto judged = live_->send(describe_with(R"({"Name":"{{document}}","PermissionType":"Share"})"));
  ASSERT_TRUE(judged);
  live_->follow_up(*judged);
  EXPECT_THAT(live_->lost(), HasSubstr("does not answer any more"));
  ASSERT_EQ(found().size(), 1U);
  EXPECT_EQ(found()[0].rule, "availability/died");
  EXPECT_FALSE(live_->send(describe_with("{}")));
}

// Ends itself when it reads "boom".
const std::string kFragileServer = python_server(R"(
        if b"boom" in body:
            os._exit(7)
)");

TEST_F(LiveTest, ADeathIsFoundAndTheEndpointStartedAgain) {
  config_.spawn = kFragileServer;
  open();
  request(describe_with(R"({"Name":"{{document}}","PermissionType":"Share"})"));
  EXPECT_THAT(found(), IsEmpty());
  request(describe_with(R"({"Name":"{{document}}","PermissionType":"Share","Other":"boom","More":[1,2,3]})"));
  auto findings = found();
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].rule, "availability/died");
  EXPECT_THAT(findings[0].message, HasSubstr("exit status 7"));
  EXPECT_THAT(findings[0].http_text, HasSubstr("boom"));
  EXPECT_EQ(findings[0].http_text.find("More"), std::string::npos);
  // It goes on, and another death of the same kind is the same finding.
  request(describe_with(R"({"Name":"{{document}}","PermissionType":"Share"})"));
  request(describe_with(R"({"Name":"{{document}}","PermissionType":"Share","Other":"boom"})"));
  request(describe_with(R"({"Name":"{{document}}","PermissionType":"Share"})"));
  EXPECT_EQ(found().size(), 1U);
  EXPECT_EQ(live_->lost(), "");
  EXPECT_GE(live_->finish().deaths, 2U);
}

TEST_F(LiveTest, BytesThatAnEndpointDiesOfAreFound) {
  config_.spawn = kFragileServer;
  open();
  HttpExchange(*live_).one("# @raw\nPOST / HTTP/1.1\nHost: x\nContent-Length: 4\n\nboom\n");
  ASSERT_EQ(found().size(), 1U);
  EXPECT_EQ(found()[0].rule, "availability/died");
  EXPECT_THAT(found()[0].http_text, HasSubstr("boom"));
}

// Making a request small takes many tries: one that is not answered must not cost the whole timeout.
TEST_F(LiveTest, ASilenceIsWaitedForBrieflyWhereItIsConfirmedLater) {
  plant("quote-in-token-hangs");
  start();
  ASSERT_EQ(config_.network.timeout, std::chrono::seconds(60));
  const auto judged = live_->send(
      describe_with(R"({"Name":"{{document}}","PermissionType":"Share","NextToken":"'"})"), Patience::brief);
  ASSERT_TRUE(judged);
  EXPECT_EQ(judged->exchange.transport, harness::wire::Transport::timed_out);
  EXPECT_THAT(judged->exchange.detail,
              ::testing::MatchesRegex("no byte of response within 1?[0-9][0-9][0-9] ms"));
  ASSERT_EQ(judged->defects.size(), 1U);
  EXPECT_EQ(judged->defects[0].rule, "availability/hang");
}

}  // namespace
}  // namespace fuzzers::live_death_test
