// The live targets' parts against the reference endpoint: nothing is found where nothing is wrong, and a
// planted fault is found once.
#include "fuzzers/http_exchange.h"
#include "fuzzers/live_test_support.h"

namespace fuzzers::live_test {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// ---- the clean endpoint ----

TEST_F(LiveTest, FindsNothingInTheReference) {
  start();
  std::size_t sent = 0;
  for (int round = 0; round < 2; ++round) {
    for (const char* folder : {"request", "regressions", "http"}) {
      for (const auto& path : corpus(folder)) {
        const auto judged = live_->send(content_of(path));
        if (!judged) continue;
        ++sent;
        for (const auto& d : judged->defects)
          ADD_FAILURE() << path << ": " << d.signature() << ": " << d.message;
        live_->follow_up(*judged);
      }
    }
  }
  EXPECT_GT(sent, 100U);
  EXPECT_EQ(live_->findings().written(), 0U);
  const auto summary = live_->finish();
  EXPECT_THAT(summary.left_behind, IsEmpty());
  EXPECT_THAT(conformance::ssm::documents_in(server_->service()), IsEmpty());
  EXPECT_GE(summary.requests, sent);
  EXPECT_THAT(summary.text(), HasSubstr("findings: 0 new"));
}

TEST_F(LiveTest, FindsNothingInLegitimateDialects) {
  for (const char* dialect :
       {"close-after-response", "chunked", "slow-30ms", "pages-by-10", "empty-last-page",
        "no-document-creation", "only-get-connection-status", "knows-its-nodes", "older-codes",
        "throttles-every-7th", "behind-a-gateway", "refuses-by-headers", "heeds-headers"}) {
    SCOPED_TRACE(dialect);
    const auto* named = conformance::ssm::find_dialect(dialect);
    ASSERT_NE(named, nullptr);
    options_.service.dialect = named->dialect;
    start();
    for (const auto& path : corpus("request")) {
      const auto judged = live_->send(content_of(path));
      if (!judged) continue;
      for (const auto& d : judged->defects)
        ADD_FAILURE() << path << ": " << d.signature() << ": " << d.message;
    }
    live_.reset();
  }
}

TEST_F(LiveTest, CredentialsThatExpireAreReadAgain) {
  const harness::wire::Credentials fresh{"AKIDFRESH", "another secret", ""};
  options_.service.credentials = {kCredentials, fresh};
  options_.service.fault.response = [ended = std::make_shared<bool>(false), key = fresh.access_key_id](
                                        const harness::wire::Request& request, std::uint64_t,
                                        harness::wire::Response& response) {
    const auto authorization = request.headers.find("Authorization").value_or("");
    *ended = *ended || request.body.find("\"MaxResults\":7") != std::string::npos;
    if (!*ended || authorization.find(key) != std::string_view::npos) return;
    response.status = 400;
    response.body = R"({"__type":"ExpiredTokenException"})";
    response.headers.remove("X-Amzn-Errortype");
  };
  int read = 0;
  config_.renew = [&]() -> harness::Result<harness::run::Signing> {
    ++read;
    return harness::run::Signing{fresh, {"us-east-1", "ssm"}};
  };
  start();
  const auto ends = describe_with(R"({"Name":"{{document}}","PermissionType":"Share","MaxResults":7})");
  request(ends);
  request(ends);
  EXPECT_EQ(live_->send(ends)->exchange.response.status, 200);
  EXPECT_EQ(read, 1);
  EXPECT_THAT(found(), IsEmpty());
  EXPECT_THAT(live_->finish().left_behind, IsEmpty());
}

TEST_F(LiveTest, ExpiredCredentialsEndItInOneSentenceWhereThereAreNoOthers) {
  options_.service.fault.response = [](const harness::wire::Request& request, std::uint64_t,
                                       harness::wire::Response& response) {
    if (request.body.find("\"MaxResults\":7") == std::string::npos) return;
    response.status = 400;
    response.body = R"({"__type":"ExpiredTokenException"})";
    response.headers.remove("X-Amzn-Errortype");
  };
  start();
  EXPECT_FALSE(
      live_->send(describe_with(R"({"Name":"{{document}}","PermissionType":"Share","MaxResults":7})")));
  EXPECT_THAT(live_->lost(), HasSubstr("credentials have expired"));
  EXPECT_THAT(found(), IsEmpty());
  EXPECT_THAT(live_->finish().left_behind, Not(IsEmpty())) << "nobody can remove it, and it is said";
}

TEST_F(LiveTest, AnEndpointMayLiveUnderAPath) {
  options_.service.base_path = "/tenant-1/aws";
  start();
  for (const char* folder : {"request", "http"}) {
    for (const auto& path : corpus(folder)) {
      const auto judged = live_->send(content_of(path));
      if (!judged) continue;
      for (const auto& d : judged->defects)
        ADD_FAILURE() << path << ": " << d.signature() << ": " << d.message;
    }
  }
  live_.reset();
  plant("max-results-201-accepted");
  start();
  request(
      "POST / HTTP/1.1\nX-Amz-Target: AmazonSSM.DescribeDocumentPermission\nContent-Type: "
      "application/x-amz-json-1.1\n\n"
      R"({"Name":"{{document}}","PermissionType":"Share","MaxResults":201})");
  const auto findings = found();
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].target, server_->url());
  EXPECT_THAT(findings[0].http_text, HasSubstr("POST / HTTP/1.1")) << "any endpoint is judged by it";
  EXPECT_THAT(markdown_of(findings[0]), HasSubstr(server_->url() + "/"));
}

TEST_F(LiveTest, StateThatRequestsChangedIsPutRight) {
  start();
  const std::string change =
      "POST / HTTP/1.1\nX-Amz-Target: AmazonSSM.ModifyDocumentPermission\nContent-Type: "
      "application/x-amz-json-1.1\n\n"
      R"({"Name":"{{document}}","PermissionType":"Share","AccountIdsToAdd":["123456789012"]})";
  const std::string remove =
      "POST / HTTP/1.1\nX-Amz-Target: AmazonSSM.DeleteDocument\nContent-Type: application/x-amz-json-1.1\n\n"
      R"({"Name":"{{document}}"})";
  const std::string create =
      "POST / HTTP/1.1\nX-Amz-Target: AmazonSSM.CreateDocument\nContent-Type: application/x-amz-json-1.1\n\n"
      R"({"Name":"{{absent-document}}","Content":"{}","DocumentType":"Command"})";
  for (const auto& text : {change, remove, create, change, create, remove}) {
    request(text);
    const auto after = live_->send(describe_with(R"({"Name":"{{document}}","PermissionType":"Share"})"));
    ASSERT_TRUE(after);
    EXPECT_EQ(after->exchange.response.status, 200);
    EXPECT_EQ(after->exchange.response.body.find("123456789012"), std::string::npos);
    EXPECT_THAT(after->defects, IsEmpty());
  }
  EXPECT_THAT(found(), IsEmpty());
  EXPECT_THAT(live_->finish().left_behind, IsEmpty());
  EXPECT_THAT(conformance::ssm::documents_in(server_->service()), IsEmpty());
}

TEST_F(LiveTest, WorksOverTls) {
  const auto files = reference::make_tls_files(folder_);
  ASSERT_TRUE(files) << files.error().message;
  options_.tls = {files->certificate, files->private_key};
  config_.network.ca_bundle = files->ca_bundle;
  plant("max-results-201-accepted");
  start();
  request(describe_with(R"({"Name":"{{document}}","PermissionType":"Share","MaxResults":201})"));
  ASSERT_EQ(found().size(), 1U);
  EXPECT_THAT(markdown_of(found().front()), HasSubstr("--cacert"));
}

// ---- faults ----

TEST_F(LiveTest, WritesAFaultOnceAndSmall) {
  plant("max-results-201-accepted");
  start();
  const std::string text = describe_with(
      R"({"Unknown":[1,2,3],"Name":"{{shared-document}}","PermissionType":"Share","MaxResults":201,"Another":"member"})");
  request(text);
  request(text);
  request(describe_with(R"({"Name":"{{document}}","PermissionType":"Share","MaxResults":201})"));
  const auto findings = found();
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].signature, "DescribeDocumentPermission|outcome/accepted|range:MaxResults|200");
  EXPECT_EQ(findings[0].http_text.find("Unknown"), std::string::npos) << findings[0].http_text;
  EXPECT_THAT(findings[0].http_text, HasSubstr("201"));
  EXPECT_THAT(findings[0].http_text, HasSubstr("{{"));
  EXPECT_EQ(live_->finish().known, 2U);
}

TEST_F(LiveTest, WhatOneBrokenRuleExplainsIsNotAnotherFinding) {
  plant("max-results-201-accepted");
  start();
  request(
      describe_with(R"({"Name":"{{document}}","PermissionType":"Share","MaxResults":201,"NextToken":7})"));
  request(describe_with(R"({"Name":"{{document}}","PermissionType":"Share","MaxResults":201})"));
  request(describe_with(
      R"({"Name":"{{document}}","PermissionType":"Share","MaxResults":201,"NextToken":"{{token}}"})"));
  EXPECT_EQ(found().size(), 1U);
}

TEST_F(LiveTest, OnlyATokenThatNoAnswerIssuedIsHeldAgainstAnEndpoint) {
  using harness::reference::Outcome;
  using harness::wire::Json;
  options_.service.fault.input = [](std::string_view, Json& input) { input.erase("NextToken"); };
  options_.service.fault.outcome = [](std::string_view operation, const Json&, Outcome& outcome) {
    if (operation == "ListDocuments") (*outcome)["NextToken"] = "second";
  };
  start();
  const auto list = [](const std::string& body) {
    return "POST / HTTP/1.1\nX-Amz-Target: AmazonSSM.ListDocuments\n"
           "Content-Type: application/x-amz-json-1.1\n\n" +
           body + "\n";
  };
  request(list("{}"));
  request(list(R"({"NextToken":"second"})"));
  EXPECT_THAT(found(), IsEmpty());
  request(list(R"({"NextToken":"third"})"));
  ASSERT_EQ(found().size(), 1U);
  EXPECT_EQ(found()[0].signature, "ListDocuments|outcome/accepted|page-token:NextToken|200");
}

// What another process wrote, or one that found it before: what it explains is no news.
TEST_F(LiveTest, WhatTheFolderHoldsExplainsToo) {
  plant("max-results-201-accepted");
  start();
  request(describe_with(R"({"Name":"{{document}}","PermissionType":"Share","MaxResults":201})"));
  ASSERT_EQ(found().size(), 1U);
  live_->finish();
  live_.reset();
  start();
  request(
      describe_with(R"({"Name":"{{document}}","PermissionType":"Share","MaxResults":201,"NextToken":7})"));
  EXPECT_EQ(found().size(), 1U);
}

// Endpoints play many services at one address, and tell them apart by the target.
TEST_F(LiveTest, WhatAnotherServiceAnswersIsNotJudged) {
  plant("target-prefix-ignored");
  start();
  const auto with_target = [](const std::string& target) {
    return "POST / HTTP/1.1\nContent-Type: application/x-amz-json-1.1\nX-Amz-Target: " + target +
           "\n\n{\"Target\":\"i-1\"}\n";
  };
  request(with_target("DynamoDB_20120810.GetConnectionStatus"));
  EXPECT_THAT(found(), IsEmpty());
  request(with_target("AmazonSSMs.GetConnectionStatus"));
  EXPECT_EQ(found().size(), 1U);
}

TEST_F(LiveTest, TheBaselineIsExpected) {
  plant("max-results-201-accepted");
  config_.baseline = {"DescribeDocumentPermission|outcome/accepted|range:MaxResults|200"};
  start();
  request(describe_with(R"({"Name":"{{document}}","PermissionType":"Share","MaxResults":201})"));
  EXPECT_THAT(found(), IsEmpty());
  EXPECT_EQ(live_->finish().known, 1U);
}

TEST_F(LiveTest, AConnectionThatIsClosedInsteadOfAnAnswerIsAFinding) {
  options_.service.fault.delivery = [](const harness::wire::Request& r, const harness::wire::Response&) {
    reference::Delivery d;
    if (r.body.find("close me") != std::string::npos) d.kind = reference::Delivery::Kind::closed;
    return d;
  };
  start();
  request(describe_with(R"({"Name":"close me, please","PermissionType":"Share"})"));
  ASSERT_EQ(found().size(), 1U);
  EXPECT_THAT(found()[0].signature, HasSubstr("availability/closed"));
}

TEST_F(LiveTest, AnAnswerThatSpoilsTheNextIsFoundWhereItBegins) {
  // The answer after one that was asked for page 137 is an error.
  auto armed = std::make_shared<bool>(false);
  options_.service.fault.response = [armed](const harness::wire::Request& r, std::uint64_t,
                                            harness::wire::Response& response) {
    if (std::exchange(*armed, r.body.find("137") != std::string::npos)) response.status = 500;
  };
  start();
  request(describe_with(R"({"Name":"{{document}}","PermissionType":"Share","MaxResults":137})"));
  EXPECT_THAT(found(), IsEmpty());
  request(describe_with(R"({"Name":"{{document}}","PermissionType":"Share"})"));
  const auto findings = found();
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].rule, "availability/afterwards");
  EXPECT_THAT(findings[0].http_text, HasSubstr("137"));
}

// ---- bytes ----

TEST_F(LiveTest, BytesFindNothingInTheReference) {
  start();
  HttpExchange http(*live_);
  std::size_t runs = 0;
  for (const char* folder : {"http", "request"}) {
    for (const auto& path : corpus(folder)) {
      ++runs;
      for (const auto& d : http.run(content_of(path), true))
        ADD_FAILURE() << path << ": " << d.signature() << ": " << d.message;
    }
  }
  EXPECT_GT(runs, 60U);
}

TEST_F(LiveTest, ABodyThatIsReadAsTheNextRequestIsFound) {
  // Whoever leaves a chunked body on the connection answers it as if it were a request.
  options_.service.fault.delivery = [](const harness::wire::Request& r, const harness::wire::Response&) {
    reference::Delivery d;
    if (r.headers.contains("Transfer-Encoding")) d.kind = reference::Delivery::Kind::twice;
    return d;
  };
  start();
  HttpExchange(*live_).one(content_of(fs::path(SSMC_SOURCE_DIR) / "corpus/http/chunked.http"));
  const auto findings = found();
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].rule, "availability/same-connection");
  EXPECT_THAT(findings[0].http_text, HasSubstr("chunked"));
}

}  // namespace
}  // namespace fuzzers::live_test
