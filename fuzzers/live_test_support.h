#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "conformance/ssm/reference.h"
#include "fuzzers/live.h"
#include "harness/files/temporary_folder.h"
#include "harness/reference/server.h"

/// What the tests of the live targets share: the reference endpoint, a Live that fuzzes it, a folder for what
/// is found.
namespace fuzzers {

namespace fs = std::filesystem;
namespace reference = harness::reference;

inline const harness::wire::Credentials kCredentials{"AKIDLIVETEST", "secret of a test", ""};
inline constexpr const char* kDescribe =
    "POST / HTTP/1.1\nX-Amz-Target: AmazonSSM.DescribeDocumentPermission\n"
    "Content-Type: application/x-amz-json-1.1\n\n";

inline std::string describe_with(const std::string& body) {
  return kDescribe + body + "\n";
}

/// A command for LiveConfig::spawn: a server that knows the operations on documents, and answers each with
/// nothing. `decides` is what it does before it answers, Python indented by eight: it may change `status` and
/// `answer`, by `operation`, `body` and the set `seen`, which stays.
inline std::string python_server(const std::string& decides) {
  return R"(exec python3 -c '
import http.server, json, os
ANSWERS = {"DescribeDocumentPermission": {"AccountIds": [], "AccountSharingInfoList": []},
           "CreateDocument": {}, "ModifyDocumentPermission": {}, "DeleteDocument": {}}
seen = set()
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def log_message(self, *arguments):
        pass
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        operation = self.headers.get("X-Amz-Target", "").split(".")[-1]
        status, answer = 200, ANSWERS.get(operation)
        if answer is None:
            status, answer = 400, {"__type": "UnknownOperationException"}
)" + decides +
         R"(
        text = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)
http.server.ThreadingHTTPServer(("127.0.0.1", {port}), Handler).serve_forever()
')";
}

inline const conformance::CaseData& data() {
  static const auto loaded = conformance::load_case_data();
  return *loaded;
}

inline std::string content_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline std::vector<fs::path> corpus(const std::string& folder) {
  std::vector<fs::path> out;
  for (const auto& entry : fs::directory_iterator(fs::path(SSMC_SOURCE_DIR) / "corpus" / folder))
    out.push_back(entry.path());
  std::sort(out.begin(), out.end());
  return out;
}

class LiveTest : public ::testing::Test {
 protected:
  LiveTest() {
    config_.findings = folder_ + "/findings";
    config_.network.timeout = std::chrono::seconds(60);
    config_.network.connect_timeout = std::chrono::seconds(30);
    config_.signing = harness::run::Signing{kCredentials, {"us-east-1", "ssm"}};
    options_.service.credentials = {kCredentials};
  }
  void plant(const char* fault) {
    const auto* found = conformance::ssm::find_fault(fault);
    ASSERT_NE(found, nullptr) << fault;
    options_.service.fault = found->make();
  }

  std::unique_ptr<reference::Server> serve() {
    auto server = reference::Server::start(data().model, conformance::ssm::reference_service(), options_);
    EXPECT_TRUE(server) << server.error().message;
    return std::move(*server);
  }

  void start() {
    server_ = serve();
    config_.network.url = server_->url();
    open();
  }

  void open() {
    auto live = Live::open(config_, data());
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
    EXPECT_THAT(contents.problems, ::testing::IsEmpty());
    return contents.findings;
  }

  std::string markdown_of(const harness::report::FoundDefect& finding) const {
    return content_of(config_.findings + "/" + harness::report::finding_id(finding.signature) + ".md");
  }

  const harness::files::TemporaryFolder temporary_;
  const std::string folder_ = temporary_.path();
  LiveConfig config_;
  reference::ServerOptions options_;
  std::unique_ptr<reference::Server> server_;
  std::unique_ptr<Live> live_;
};

}  // namespace fuzzers
