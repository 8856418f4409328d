// The live targets' parts against the reference endpoint: nothing is found where nothing is wrong, and a
// planted fault is found once.
#include "fuzzers/live.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "fuzzers/declared_size.h"
#include "fuzzers/difference.h"
#include "fuzzers/http_exchange.h"
#include "fuzzers/sequence.h"
#include "fuzzers/split_bytes.h"
#include "harness/endpoint/network.h"
#include "harness/reference/server.h"

namespace fuzzers {
namespace {

namespace fs = std::filesystem;
namespace reference = harness::reference;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using namespace std::chrono_literals;

const harness::wire::Credentials kCredentials{"AKIDLIVETEST", "secret of a test", ""};
constexpr const char* kDescribe =
    "POST / HTTP/1.1\nX-Amz-Target: AmazonSSM.DescribeDocumentPermission\n"
    "Content-Type: application/x-amz-json-1.1\n\n";

std::string describe_with(const std::string& body) {
  return kDescribe + body + "\n";
}

const conformance::CaseData& data() {
  static const auto loaded = conformance::load_case_data();
  return *loaded;
}

std::string content_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<fs::path> corpus(const std::string& folder) {
  std::vector<fs::path> out;
  for (const auto& entry : fs::directory_iterator(fs::path(SSMC_SOURCE_DIR) / "corpus" / folder))
    out.push_back(entry.path());
  std::sort(out.begin(), out.end());
  return out;
}

class LiveTest : public ::testing::Test {
 protected:
  LiveTest() {
    folder_ = (fs::temp_directory_path() / "live-test-XXXXXX").string();
    if (::mkdtemp(folder_.data()) == nullptr) folder_.clear();
    config_.findings = folder_ + "/findings";
    config_.network.timeout = 60s;
    config_.network.connect_timeout = 30s;
    config_.signing = harness::run::Signing{kCredentials, {"us-east-1", "ssm"}};
    options_.service.credentials = {kCredentials};
  }
  ~LiveTest() override {
    live_.reset();
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }

  void plant(const char* fault) {
    const auto* found = reference::find_fault(fault);
    ASSERT_NE(found, nullptr) << fault;
    options_.service.fault = found->make();
  }

  std::unique_ptr<reference::Server> serve() {
    auto server = reference::Server::start(data().model, options_);
    EXPECT_TRUE(server) << server.error().message;
    return std::move(*server);
  }

  void start() {
    server_ = serve();
    config_.network.url = server_->url();
    open();
  }

  void open() {
    auto live = Live::open(config_);
    ASSERT_TRUE(live) << live.error().message;
    live_ = std::move(*live);
  }

  void request(const std::string& text) {
    const auto judged = live_->send(text);
    ASSERT_TRUE(judged) << text;
    live_->learn(judged->exchange);
    live_->follow_up(*judged);
  }

  std::vector<harness::report::FoundDefect> found() const {
    auto folder = harness::report::FindingsFolder::open(config_.findings);
    EXPECT_TRUE(folder);
    const auto contents = folder->all();
    EXPECT_THAT(contents.problems, IsEmpty());
    return contents.findings;
  }

  std::string markdown_of(const harness::report::FoundDefect& finding) const {
    return content_of(config_.findings + "/" + harness::report::finding_id(finding.signature) + ".md");
  }

  std::string folder_;
  LiveConfig config_;
  reference::ServerOptions options_;
  std::unique_ptr<reference::Server> server_;
  std::unique_ptr<Live> live_;
};

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
  EXPECT_THAT(server_->service().documents(), IsEmpty());
  EXPECT_GE(summary.requests, sent);
  EXPECT_THAT(summary.text(), HasSubstr("findings: 0 new"));
}

TEST_F(LiveTest, FindsNothingInLegitimateDialects) {
  for (const char* dialect :
       {"close-after-response", "chunked", "slow-30ms", "pages-by-10", "empty-last-page",
        "no-document-creation", "only-get-connection-status", "knows-its-nodes", "older-codes"}) {
    SCOPED_TRACE(dialect);
    const auto* named = reference::find_dialect(dialect);
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
  EXPECT_THAT(server_->service().documents(), IsEmpty());
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
  for (const auto& f : findings) EXPECT_THAT(f.http_text, HasSubstr("chunked")) << f.signature;
}

TEST(SplitBytes, CutsWhatIsWellFormed) {
  const std::string one = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}";
  const std::string chunked =
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n";
  const std::string get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
  const auto cut = [](const std::string& bytes) {
    const auto s = split_requests(bytes);
    return std::pair(s.requests.size(), std::string(s.rest));
  };
  EXPECT_EQ(cut(one), std::pair(std::size_t{1}, std::string()));
  EXPECT_EQ(cut(one + chunked + get), std::pair(std::size_t{3}, std::string()));
  EXPECT_EQ(cut(one + "GET"), std::pair(std::size_t{1}, std::string("GET")));
  const std::string both =
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
  EXPECT_EQ(cut(both), std::pair(std::size_t{0}, both));
  EXPECT_EQ(cut(one.substr(0, one.size() - 1)).first, 0U);
  EXPECT_EQ(cut("").first, 0U);
}

TEST(DeclaredSize, IsCapped) {
  EXPECT_FALSE(declares_too_much("POST / HTTP/1.1\r\nContent-Length: 1048576\r\n\r\n"));
  EXPECT_TRUE(declares_too_much("POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n"));
  EXPECT_TRUE(declares_too_much("POST / HTTP/1.1\ncontent-LENGTH : +18446744073709551615\n\n"));
  EXPECT_TRUE(declares_too_much("a: chunked\r\n\r\nfffffff\r\n"));
  EXPECT_FALSE(declares_too_much("a: chunked\r\n\r\nffff\r\n"));
}

// ---- sequences ----

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
  EXPECT_THAT(server_->service().documents(), IsEmpty());
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
  options_.service.dialect = reference::find_dialect("older-codes")->dialect;
  start();
  Differences differences(*one, *live_);
  differences.compare(describe_with(R"({"Name":"{{document}}","PermissionType":"Share","MaxResults":201})"));
  EXPECT_THAT(found(), IsEmpty());
  EXPECT_THAT(content_of(config_.findings + "/differences.txt"),
              HasSubstr("400 ValidationException | 400 ValidationError"));
}

// ---- start and death ----

TEST_F(LiveTest, SaysThatNobodyIsThere) {
  const auto port = harness::endpoint::free_port();
  ASSERT_TRUE(port);
  config_.network.url = "http://127.0.0.1:" + std::to_string(*port);
  const auto live = Live::open(config_);
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

// A server that ends itself when it reads "boom".
constexpr const char* kFragileServer = R"(exec python3 -c '
import http.server, json, os
ANSWERS = {"DescribeDocumentPermission": {"AccountIds": [], "AccountSharingInfoList": []},
           "CreateDocument": {}, "ModifyDocumentPermission": {}, "DeleteDocument": {}}
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def log_message(self, *arguments):
        pass
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if b"boom" in body:
            os._exit(7)
        answer = ANSWERS.get(self.headers.get("X-Amz-Target", "").split(".")[-1])
        status = 400 if answer is None else 200
        text = json.dumps({"__type": "UnknownOperationException"} if answer is None else answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)
http.server.ThreadingHTTPServer(("127.0.0.1", {port}), Handler).serve_forever()
')";

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

conformance::Environment environment(std::map<std::string, std::string> values) {
  return [values = std::move(values)](const std::string& name) -> std::optional<std::string> {
    const auto it = values.find(name);
    return it == values.end() ? std::nullopt : std::optional(it->second);
  };
}

TEST(LiveConfig, SaysWhatIsMissing) {
  const auto nothing = read_live_config(environment({}));
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().exit_status, 2);
  EXPECT_THAT(nothing.error().message, HasSubstr("AWS_ENDPOINT_URL_SSM"));
  EXPECT_FALSE(read_live_config(environment({{"SSM_FUZZ_SPAWN", "server"}})));
  EXPECT_FALSE(read_live_config(environment({{"AWS_ENDPOINT_URL_SSM", "http://127.0.0.1:1"}}), true));
  EXPECT_FALSE(read_live_config(
      environment({{"AWS_ENDPOINT_URL_SSM", "http://127.0.0.1:1"}, {"SSM_FUZZ_TIMEOUT", "x"}})));
}

TEST(LiveConfig, RefusesAws) {
  for (const char* url :
       {"https://ssm.us-east-1.amazonaws.com", "https://SSM.eu-west-1.AmazonAWS.com.:443"}) {
    const auto config = read_live_config(environment({{"AWS_ENDPOINT_URL_SSM", url}}));
    ASSERT_FALSE(config) << url;
    EXPECT_THAT(config.error().message, HasSubstr("never fuzzed"));
  }
  EXPECT_FALSE(read_live_config(environment({{"AWS_ENDPOINT_URL", "http://127.0.0.1:1"},
                                             {"SSM_FUZZ_OTHER_URL", "https://ssm.us-east-1.amazonaws.com"}}),
                                true));
}

TEST(LiveConfig, ReadsTheEnvironment) {
  const auto config = read_live_config(environment({{"AWS_ENDPOINT_URL", "http://127.0.0.1:4566"},
                                                    {"SSM_FINDINGS_DIR", "here"},
                                                    {"SSM_FUZZ_ABORT", "1"},
                                                    {"SSM_FUZZ_NO_NOVELTY", "1"},
                                                    {"SSM_FUZZ_NO_JSON", "0"},
                                                    {"SSM_FUZZ_TIMEOUT", "2.5"}}));
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->network.url, "http://127.0.0.1:4566");
  EXPECT_EQ(config->findings, "here");
  EXPECT_TRUE(config->abort);
  EXPECT_FALSE(config->novelty);
  EXPECT_TRUE(config->json);
  EXPECT_EQ(config->network.timeout, 2500ms);
  EXPECT_EQ(config->signing->credentials.access_key_id, "test");
}

}  // namespace
}  // namespace fuzzers
