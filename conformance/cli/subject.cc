#include "conformance/cli/subject.h"

#include <algorithm>

#include "conformance/cli/target.h"
#include "conformance/pack.h"
#include "conformance/ssm/reference.h"
#include "harness/endpoint/network.h"
#include "harness/files/temporary_folder.h"
#include "harness/reference/in_process.h"
#include "harness/reference/server.h"
#include "harness/run/runner.h"
#include "harness/wire/http_text.h"

namespace conformance {
namespace {

using harness::fail;
namespace reference = harness::reference;
namespace run = harness::run;

class Collector : public run::Observer {
 public:
  Collector(const SubjectOptions& options, SubjectRun& out, std::atomic<bool>& stop)
      : options_(options), out_(out), stop_(stop) {}
  void finished_case(const run::CaseResult& result) override {
    out_.results.push_back(result);
    if (options_.enough && options_.enough(result)) stop_ = true;
  }

 private:
  const SubjectOptions& options_;
  SubjectRun& out_;
  std::atomic<bool>& stop_;
};

}  // namespace

bool explains(const CaseData& data, const Subject& subject, const run::CaseResult& result) {
  using run::Verdict;
  const auto& only = subject.dialect.only_operations;
  switch (result.verdict) {
    case Verdict::not_implemented:
      return !only.empty() && std::find(only.begin(), only.end(), result.operation) == only.end();
    case Verdict::blocked:
      return !pack::can_make_resources(subject.dialect) || result.operation == subject.dialect.may_block;
    case Verdict::unchecked:
      if (const run::Case* c = data.find(result.id); c != nullptr && c->is_valid_by_model()) return true;
      if (pack::stays_unchecked(result.id)) return true;
      return !subject.verifies || subject.dialect.may_leave_unchecked;
    default:
      return false;
  }
}

bool is_large(const run::Case& c) {
  constexpr std::size_t kLarge = 30'000;
  if (c.request.size() > kLarge) return true;
  const auto short_text = [](std::string_view, std::string_view) -> harness::Result<std::string> {
    return "x";
  };
  const auto whole = harness::wire::expand(c.request, short_text);
  return whole && whole->size() > kLarge;
}

harness::Result<SubjectRun> run_subject(const CaseData& data, const std::vector<run::Case>& cases,
                                        const Subject& subject, const SubjectOptions& options) {
  const harness::wire::Credentials credentials{"AKIDSUBJECT", "secret of the subject", "a session token"};
  reference::ServerOptions server_options;
  auto& service = server_options.service;
  if (subject.verifies) service.credentials = {credentials};
  service.dialect = subject.dialect;
  const run::Given given = pack::populate(service);
  service.fault = subject.fault;
  service.base_path = subject.base_path;

  run::RunOptions run_options;
  run_options.signing = run::Signing{credentials, {service.region, data.model.identity().signing_name}};
  run_options.given = given;
  run_options.connections = options.connections;
  run_options.seed = options.seed;
  run_options.level = options.level;
  run_options.describe_failures = options.describe_failures;

  harness::endpoint::NetworkOptions network;
  network.timeout = options.timeout;
  network.connect_timeout = std::max<std::chrono::milliseconds>(options.timeout, std::chrono::seconds(5));
  std::optional<harness::files::TemporaryFolder> folder;
  if (subject.tls) {
    folder.emplace();
    const auto files = reference::make_tls_files(folder->path());
    if (!files) return fail(files.error().message);
    server_options.tls = {files->certificate, files->private_key};
    run_options.ca_bundle = network.ca_bundle = files->ca_bundle;
  }
  const auto finish = [&](harness::endpoint::Endpoint& endpoint, reference::Service& served) {
    SubjectRun out;
    std::atomic<bool> stop{false};
    Collector collector(options, out, stop);
    out.summary = run::run(endpoint, data.pack(), cases, run_options, collector, stop);
    out.documents_left = ssm::documents_in(served);
    for (const auto& [kind, id] : given) std::erase(out.documents_left, id);
    return out;
  };
  if (subject.in_process) {
    reference::Service served(data.model, pack::reference(), service);
    const auto endpoint = reference::connect_in_process(served, service.max_body_bytes);
    return finish(*endpoint, served);
  }
  auto server = reference::Server::start(data.model, pack::reference(), std::move(server_options));
  if (!server) return fail(server.error().message);
  network.url = (*server)->url();
  auto endpoint = harness::endpoint::connect_network(network);
  if (!endpoint) return fail(endpoint.error().message);

  return finish(**endpoint, (*server)->service());
}

}  // namespace conformance
