// The whole suite against the reference endpoint in every dialect: legitimate differences must earn no
// defect.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <random>

#include "conformance/case_data.h"
#include "harness/endpoint/network.h"
#include "harness/reference/server.h"
#include "harness/run/runner.h"

namespace conformance {
namespace {

namespace reference = harness::reference;
namespace run = harness::run;
using run::Verdict;

constexpr const char* kNode = "i-02573cafcfEXAMPLE";
constexpr const char* kDocument = "Example";

const CaseData& data() {
  static const CaseData loaded = [] {
    auto d = load_case_data();
    if (!d) {
      fmt::print(stderr, "{}\n", d.error().message);
      std::abort();
    }
    return std::move(*d);
  }();
  return loaded;
}

class Collector : public run::Observer {
 public:
  void finished_case(const run::CaseResult& result) override { results.push_back(result); }
  void finished(const run::RunSummary& s) override { summary = s; }

  std::size_t count(Verdict verdict) const {
    const auto it = summary.total.find(verdict);
    return it == summary.total.end() ? 0 : it->second;
  }
  // The cases with this verdict, for messages.
  std::string text(Verdict verdict) const {
    std::string out;
    for (const auto& r : results) {
      if (r.verdict != verdict) continue;
      out += fmt::format("{} {}: {}\n", run::to_string(verdict), r.id, r.reason);
      for (const auto& f : r.findings) out += fmt::format("    {}: {}\n", f.rule, f.message);
      out += r.response.substr(0, 300) + "\n";
      if (out.size() > 10000) break;
    }
    return out;
  }

  std::vector<run::CaseResult> results;
  run::RunSummary summary;
};

struct Setting {
  std::string name;
  reference::Dialect dialect;
  std::size_t connections = 16;
  bool tls = false;
  bool verifies = true;
};

// Cases that only make the same point with more bytes; under sanitizers they take most of the time, so all
// but the plain runs leave them out.
bool is_large(const run::Case& c) {
  return c.id.find("/json/size/") != std::string::npos;
}

// Runs the suite; checks what must hold in every dialect.
void judge(const Setting& setting, Collector& collector, std::size_t& planned) {
  reference::ServerOptions o;
  const harness::wire::Credentials credentials{"AKIDDIALECT", "secret of the dialects", "a session token"};
  if (setting.verifies) o.service.credentials = {credentials};
  o.service.nodes = {{kNode, true}};
  o.service.dialect = setting.dialect;
  run::RunOptions options;
  const auto& only = setting.dialect.only_operations;
  if (!only.empty() && std::find(only.begin(), only.end(), "CreateDocument") == only.end()) {
    o.service.documents = {kDocument};
    options.given.document = kDocument;
  }

  std::filesystem::path folder;
  harness::endpoint::NetworkOptions network;
  network.timeout = network.connect_timeout = std::chrono::seconds(60);  // a loaded machine is no finding
  if (setting.tls) {
    std::string name = (std::filesystem::temp_directory_path() / "dialect-tls-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder = name;
    const auto files = reference::make_tls_files(name);
    ASSERT_TRUE(files.has_value()) << files.error().message;
    o.tls = {files->certificate, files->private_key};
    network.ca_bundle = files->ca_bundle;
    options.ca_bundle = files->ca_bundle;
  }
  auto server = reference::Server::start(data().model, std::move(o));
  ASSERT_TRUE(server.has_value()) << server.error().message;
  network.url = (*server)->url();
  auto endpoint = harness::endpoint::connect_network(network);
  ASSERT_TRUE(endpoint.has_value()) << endpoint.error().message;
  if (!folder.empty()) std::filesystem::remove_all(folder);

  const bool plain = setting.name.starts_with("plain");
  std::vector<run::Case> cases;
  for (const auto& c : data().cases) {
    if (plain || !is_large(c)) cases.push_back(c);
  }
  planned = cases.size();
  options.signing = run::Signing{credentials, {"us-east-1", "ssm"}};
  options.given.connected_node = kNode;
  options.connections = setting.connections;
  options.seed = std::random_device{}();
  const std::atomic<bool> stop{false};
  run::run(**endpoint, data().model, data().examples, cases, options, collector, stop);

  const auto label = fmt::format("{}, seed {}", setting.name, options.seed);
  EXPECT_FALSE(collector.summary.endpoint_lost) << label << ": " << collector.summary.endpoint_problem;
  EXPECT_EQ(collector.results.size(), cases.size()) << label;
  for (const Verdict alarm : {Verdict::fail, Verdict::flaky, Verdict::error}) {
    EXPECT_EQ(collector.count(alarm), 0U) << label << "\n" << collector.text(alarm);
  }
  EXPECT_GT(collector.count(Verdict::pass), 100U) << label;
  EXPECT_EQ(collector.summary.exit_status(), 0) << label;
  std::vector<std::string> left = (*server)->service().documents();
  std::erase(left, std::string(kDocument));
  EXPECT_THAT(left, ::testing::IsEmpty()) << label;
}

std::vector<Setting> settings() {
  std::vector<Setting> out;
  for (const std::size_t connections : {1U, 16U, 32U})
    out.push_back({fmt::format("plain-{}", connections), {}, connections, false, true});
  out.push_back({"tls-own-ca", {}, 16, true, true});
  out.push_back({"signatures-ignored", {}, 16, false, false});
  for (const auto& d : reference::dialects())
    out.push_back({std::string(d.name), d.dialect, 16, false, true});
  return out;
}

class DialectRun : public ::testing::TestWithParam<Setting> {};

TEST_P(DialectRun, EarnsNoDefect) {
  const Setting& setting = GetParam();
  Collector collector;
  std::size_t planned = 0;
  judge(setting, collector, planned);
  if (HasFatalFailure()) return;

  const auto& only = setting.dialect.only_operations;
  const auto has = [&](const char* operation) {
    return only.empty() || std::find(only.begin(), only.end(), operation) != only.end();
  };
  // What is not judged must be what the dialect explains.
  std::size_t explained = 0;
  for (const auto& r : collector.results) {
    switch (r.verdict) {
      case Verdict::not_implemented:
        EXPECT_FALSE(has(r.operation.c_str())) << r.id;
        ++explained;
        break;
      case Verdict::blocked:
        EXPECT_FALSE(has("CreateDocument")) << r.id << ": " << r.reason;
        ++explained;
        break;
      case Verdict::unchecked:
        EXPECT_FALSE(setting.verifies) << r.id << ": " << r.reason;
        ++explained;
        break;
      default:
        break;
    }
  }
  EXPECT_EQ(collector.count(Verdict::pass), planned - explained);
  if (only.empty() && setting.verifies) {
    EXPECT_EQ(explained, 0U);
  }
}

std::string test_name(const ::testing::TestParamInfo<Setting>& info) {
  std::string name = info.param.name;
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Reference, DialectRun, ::testing::ValuesIn(settings()), test_name);

TEST(Dialects, ThoseOfTheContractAreThere) {
  for (const char* name : {"close-after-response", "chunked", "slow-30ms", "pages-by-10",
                           "only-get-connection-status", "no-document-creation"}) {
    EXPECT_NE(reference::find_dialect(name), nullptr) << name;
  }
  EXPECT_GE(reference::dialects().size(), 16U);
}

TEST(Dialects, OneThatOnlyHasGetConnectionStatusIsJudgedByIt) {
  Collector collector;
  std::size_t planned = 0;
  judge({"only", reference::find_dialect("only-get-connection-status")->dialect, 16, false, true}, collector,
        planned);
  const auto& of = collector.summary.by_operation;
  EXPECT_EQ(of.at("DescribeDocumentPermission").size(), 1U);
  EXPECT_TRUE(of.at("DescribeDocumentPermission").contains(Verdict::not_implemented));
  EXPECT_TRUE(of.at("GetConnectionStatus").contains(Verdict::pass));
  EXPECT_FALSE(of.at("GetConnectionStatus").contains(Verdict::blocked));
}

TEST(Dialects, OneThatHasADocumentButCannotCreateAnyIsJudgedByIt) {
  Collector collector;
  std::size_t planned = 0;
  judge({"no-creation", reference::find_dialect("no-document-creation")->dialect, 16, false, true}, collector,
        planned);
  EXPECT_GT(collector.summary.by_operation.at("DescribeDocumentPermission").at(Verdict::pass), 100U);
}

}  // namespace
}  // namespace conformance
