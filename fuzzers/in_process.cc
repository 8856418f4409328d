#include "fuzzers/in_process.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>
#include <vector>

#include "conformance/pack.h"
#include "fuzzers/check.h"
#include "harness/endpoint/direct.h"
#include "harness/oracle/judge.h"
#include "harness/reference/in_process.h"
#include "harness/run/plan.h"
#include "harness/wire/http_text.h"

namespace fuzzers {
namespace {

namespace endpoint = harness::endpoint;
namespace reference = harness::reference;
namespace run = harness::run;
namespace wire = harness::wire;
using wire::Json;

// Small enough that inputs reach it.
constexpr std::size_t kMaxBody = 1024 * 1024;
constexpr std::string_view kPrefix = "ssmc-fuzz-";
const std::chrono::system_clock::time_point kNow{std::chrono::seconds(1'700'000'000)};
const wire::Credentials kCredentials{"AKIDEXAMPLE", "example-secret", ""};

// Hooks that do nothing before `awake`.
reference::FaultHooks sleeping(reference::FaultHooks hooks, const std::shared_ptr<bool>& awake) {
  reference::FaultHooks out;
  if (hooks.request) {
    out.request = [=](wire::Request& r) {
      if (*awake) hooks.request(r);
    };
  }
  if (hooks.tolerates) {
    out.tolerates = [=](wire::SignatureProblem p, const wire::Request& r) {
      return *awake && hooks.tolerates(p, r);
    };
  }
  if (hooks.input) {
    out.input = [=](std::string_view operation, Json& input) {
      if (*awake) hooks.input(operation, input);
    };
  }
  if (hooks.outcome) {
    out.outcome = [=](std::string_view operation, const Json& input, reference::Outcome& outcome) {
      if (*awake) hooks.outcome(operation, input, outcome);
    };
  }
  if (hooks.response) {
    out.response = [=](const wire::Request& request, std::uint64_t connection, wire::Response& response) {
      if (*awake) hooks.response(request, connection, response);
    };
  }
  if (hooks.delivery) {
    out.delivery = [=](const wire::Request& request, const wire::Response& response) {
      return *awake ? hooks.delivery(request, response) : reference::Delivery{};
    };
  }
  return out;
}

}  // namespace

const conformance::CaseData& built_in() {
  static const conformance::CaseData data = [] {
    auto loaded = conformance::load_case_data({}, conformance::no_operation);
    check(loaded.has_value(), "the built-in data can be loaded");
    return *std::move(loaded);
  }();
  return data;
}

InProcessEndpoint::InProcessEndpoint(const reference::Dialect& dialect, reference::FaultHooks fault,
                                     bool with_holders)
    : fault_wakes_(std::make_shared<bool>(false)) {
  const auto pack = built_in().pack();
  const wire::SigningScope scope{"us-east-1", pack.model->identity().signing_name};
  reference::ServiceOptions options;
  options.fault = sleeping(std::move(fault), fault_wakes_);
  options.region = scope.region;
  options.credentials = {kCredentials};
  options.dialect = dialect;
  options.max_body_bytes = kMaxBody;
  options.now = [] { return kNow; };
  const auto given = conformance::pack::populate(options);
  service_ = std::make_unique<reference::Service>(*pack.model, conformance::pack::reference(), options);

  situation_.pack = pack;
  situation_.now = [] { return kNow; };
  situation_.composer = run::Composer("127.0.0.1:4566", run::Signing{kCredentials, scope});
  situation_.knowledge.authentication = {kCredentials, scope};
  situation_.bindings.set("amz-date", run::amz_date(kNow));
  situation_.bindings.set("date", run::amz_date(kNow).substr(0, 8));
  make_resources(given, with_holders);
  *fault_wakes_ = true;
}

void InProcessEndpoint::make_resources(const run::Given& given, bool with_holders) {
  endpoint::DirectEndpoint direct("127.0.0.1:4566", "http://127.0.0.1:4566", "",
                                  [this](const endpoint::Message& m) { return exchange(m.bytes); });
  run::ResourceRegistry registry{std::string(kPrefix)};
  run::bind_without_endpoint(situation_, registry.prefix());
  run::Client client(direct, situation_);
  run::Resources resources(client, registry);
  std::set<std::string> wanted;
  for (const auto& f : situation_.pack.catalogue->fixtures()) {
    const bool made = f.form == run::Fixture::Form::created && f.holds.empty();
    if (with_holders || made) wanted.insert(f.name);
    if (f.found.empty() || given.contains(f.kind)) continue;
    std::string id = f.found;
    check(resources.create(f.kind, id).has_value(), "the reference creates resources", f.found);
    situation_.knowledge.of(f.kind)[f.found] = run::new_resource(*situation_.pack.catalogue->kind(f.kind));
  }
  run::make_fixtures(direct, situation_, registry, given, wanted);
  for (const auto& name : wanted) check(situation_.bindings.has(name), "the reference makes fixtures", name);
  for (const auto& [operation, example] : built_in().examples) {
    std::set<std::string> named;
    for (const auto& [name, argument] : wire::placeholders(run::to_body(example.input))) named.insert(name);
    if (!run::needs_resources(*situation_.pack.catalogue, named))
      situation_.bindings.set("protocol-operation", operation);
  }
  run::bind_protocol_body(situation_);
}

wire::Exchange InProcessEndpoint::exchange(std::string_view bytes) {
  auto exchange = reference::exchange_in_process(*service_, bytes, kMaxBody);
  const auto request = wire::parse_request(bytes);
  if (!request || exchange.transport != wire::Transport::answered) return exchange;
  switch (service_->delivery(*request, exchange.response).kind) {
    case reference::Delivery::Kind::nothing:
      exchange.transport = wire::Transport::timed_out;
      break;
    case reference::Delivery::Kind::closed:
      exchange.transport = wire::Transport::closed;
      break;
    case reference::Delivery::Kind::reset:
      exchange.transport = wire::Transport::reset;
      break;
    case reference::Delivery::Kind::half:
      exchange.transport = wire::Transport::truncated;
      break;
    case reference::Delivery::Kind::whole:
    case reference::Delivery::Kind::twice:
      break;
  }
  return exchange;
}

std::set<std::string> signatures_of(InProcessEndpoint& endpoint, std::string_view http_text) {
  namespace oracle = harness::oracle;
  const auto asked = run::prepare(endpoint.situation(), http_text);
  if (!asked) return {};
  const auto now = endpoint.situation().now();
  const auto exchange = endpoint.exchange(endpoint.composer().compose(asked->text, now).bytes);
  std::set<std::string> out;
  for (const auto& f : run::judge(endpoint.situation(), *asked, exchange)) {
    if (f.severity == oracle::Severity::defect) out.insert(f.signature);
  }
  return out;
}

InProcessEndpoint& Endpoints::in(std::string_view dialect) {
  const auto* named = conformance::pack::find_dialect(dialect);
  if (named == nullptr || !named->dialect.only_operations.empty()) {
    dialect = {};
    named = nullptr;
  }
  auto& endpoint = by_name_[std::string(dialect)];
  if (!endpoint) {
    endpoint = std::make_unique<InProcessEndpoint>(named == nullptr ? reference::Dialect{} : named->dialect);
  }
  return *endpoint;
}

void Endpoints::renew(std::string_view dialect) {
  const auto it = by_name_.find(dialect);
  if (it != by_name_.end()) by_name_.erase(it);
}

}  // namespace fuzzers
