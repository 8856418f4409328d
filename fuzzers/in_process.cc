#include "fuzzers/in_process.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>
#include <vector>

#include "conformance/ssm/reference.h"
#include "conformance/ssm/resources.h"
#include "conformance/ssm/rules.h"
#include "embedded_model.h"
#include "fuzzers/check.h"
#include "harness/oracle/judge.h"
#include "harness/reference/in_process.h"
#include "harness/run/resources.h"
#include "harness/wire/http_text.h"

namespace fuzzers {
namespace {

using conformance::ssm::kAccounts;
using conformance::ssm::kDocument;
using conformance::ssm::kNode;

namespace reference = harness::reference;
namespace run = harness::run;
namespace wire = harness::wire;
using wire::Json;

constexpr std::size_t kManyAccounts = 45;
constexpr std::size_t kMostACall = 20;
// Small enough that inputs reach it.
constexpr std::size_t kMostBody = 1024 * 1024;
constexpr std::string_view kPrefix = "ssmc-fuzz-";
const std::chrono::system_clock::time_point kNow{std::chrono::seconds(1'700'000'000)};
const wire::Credentials kCredentials{"AKIDEXAMPLE", "example-secret", ""};
const wire::SigningScope kScope{"us-east-1", "ssm"};

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

reference::ServiceOptions options(const reference::Dialect& dialect, reference::FaultHooks fault) {
  reference::ServiceOptions o;
  o.fault = std::move(fault);
  o.region = kScope.region;
  o.credentials = {kCredentials};
  conformance::ssm::initial_nodes(o) = {{"i-02573cafcfEXAMPLE", true}, {"i-0123456789abcdef0", false}};
  auto& documents = conformance::ssm::initial_documents(o);
  for (const char* purpose : {"document", "other", "shared", "othershared"}) {
    documents.push_back(std::string(kPrefix) + purpose);
  }
  documents.emplace_back("Example");
  o.dialect = dialect;
  o.max_body_bytes = kMostBody;
  o.now = [] { return kNow; };
  return o;
}

}  // namespace

const harness::model::Model& built_in_model() {
  static const harness::model::Model model = [] {
    auto loaded = harness::model::load(embedded_model::ssm_json());
    check(loaded.has_value(), "the built-in model can be loaded");
    return *std::move(loaded);
  }();
  return model;
}

const run::Examples& built_in_examples() {
  static const auto examples = [] {
    auto loaded = run::load_examples(embedded_model::examples_json());
    check(loaded.has_value(), "the built-in examples can be loaded");
    return *std::move(loaded);
  }();
  return examples;
}

InProcessEndpoint::InProcessEndpoint(const reference::Dialect& dialect, reference::FaultHooks fault,
                                     bool with_shares)
    : composer_("127.0.0.1:4566", run::Signing{kCredentials, kScope}),
      fault_wakes_(std::make_shared<bool>(false)),
      service_(
          std::make_unique<reference::Service>(built_in_model(), conformance::ssm::reference_service(),
                                               options(dialect, sleeping(std::move(fault), fault_wakes_)))) {
  knowledge_.now = kNow;
  knowledge_.authentication = {kCredentials, kScope};
  knowledge_.absent_prefix = kPrefix;
  knowledge_.of(kNode)["i-02573cafcfEXAMPLE"].exists = true;
  knowledge_.of(kNode)["i-0123456789abcdef0"].exists = false;
  knowledge_.of(kDocument)["Example"] = {.exists = true, .ours = true, .holds = {{kAccounts, {}}}};
  bindings_.set("prefix", std::string(kPrefix));
  bindings_.set("absent-document", std::string(kPrefix) + "absent");
  bindings_.set("node", "i-0123456789abcdef0");
  bindings_.set("example-node", "i-02573cafcfEXAMPLE");
  bindings_.set("connected-node", "i-02573cafcfEXAMPLE");
  bindings_.set("region", kScope.region);
  bindings_.set("access-key", kCredentials.access_key_id);
  bindings_.set("amz-date", run::amz_date(kNow));
  bindings_.set("date", run::amz_date(kNow).substr(0, 8));
  bindings_.set("protocol-operation", "GetConnectionStatus");
  bindings_.set("protocol-body", R"({"Target":"i-0123456789abcdef0"})");
  add_document("document", "document");
  add_document("other-document", "other");
  if (with_shares) share_documents();
  *fault_wakes_ = true;
}

void InProcessEndpoint::share_documents() {
  add_document("shared-document", "shared");
  add_document("other-shared-document", "othershared");
  share("shared-document", "token");
  share("other-shared-document", "other-token");
  // One character in the middle, so that it is no token any more.
  std::string changed = bindings_.value("token");
  char& middle = changed[changed.size() / 2];
  middle = middle == 'A' ? 'B' : 'A';
  bindings_.set("changed-token", changed);
}

void InProcessEndpoint::add_document(const std::string& placeholder, std::string_view purpose) {
  const std::string name = std::string(kPrefix) + std::string(purpose);
  bindings_.set(placeholder, name);
  knowledge_.of(kDocument)[name] = {.exists = true, .ours = true, .holds = {{kAccounts, {}}}};
}

void InProcessEndpoint::share(const std::string& placeholder, const std::string& token) {
  const std::string name = bindings_.value(placeholder);
  const auto accounts = run::account_ids(kManyAccounts);
  for (std::size_t first = 0; first < accounts.size(); first += kMostACall) {
    const auto last = std::min(accounts.size(), first + kMostACall);
    const std::vector<std::string> some(accounts.begin() + static_cast<std::ptrdiff_t>(first),
                                        accounts.begin() + static_cast<std::ptrdiff_t>(last));
    const Json input = {{"Name", name}, {"PermissionType", "Share"}, {"AccountIdsToAdd", some}};
    const auto shared = call("ModifyDocumentPermission", input.dump());
    check(shared.response.status == 200, "the reference shares documents", shared.response.body);
  }
  knowledge_.of(kDocument)[name].holds[kAccounts] = std::set<std::string>(accounts.begin(), accounts.end());

  const Json input = {{"Name", name}, {"PermissionType", "Share"}, {"MaxResults", 1}};
  const auto page = call("DescribeDocumentPermission", input.dump());
  const auto body = wire::parse_json(page.response.body);
  check(body && body->value.contains("NextToken"), "the reference pages", page.response.body);
  const auto value = body->value["NextToken"].get<std::string>();
  bindings_.set(token, value);
  knowledge_.tokens[value] = name;
}

wire::Exchange InProcessEndpoint::call(std::string_view operation, const std::string& body) {
  wire::HttpText text;
  text.request.headers = {{"X-Amz-Target", "AmazonSSM." + std::string(operation)},
                          {"Content-Type", "application/x-amz-json-1.1"}};
  text.request.body = body;
  return exchange(composer_.compose(text, kNow).bytes);
}

wire::Exchange InProcessEndpoint::exchange(std::string_view bytes) {
  auto exchange = reference::exchange_in_process(*service_, bytes, kMostBody);
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
  const auto expanded = endpoint.bindings().expand(http_text);
  if (!expanded) return {};
  const auto text = wire::parse_http_text(*expanded);
  if (!text) return {};
  const auto& known = endpoint.knowledge();
  const auto message = endpoint.composer().compose(*text, known.now);
  const auto request = oracle::classify(built_in_model(), conformance::ssm::rules(), message.bytes, known);
  const auto expectation = oracle::admissible(request, oracle::Level::documented);
  std::set<std::string> out;
  for (const auto& f : oracle::judge(request, expectation, endpoint.exchange(message.bytes), known)) {
    if (f.severity == oracle::Severity::defect) out.insert(f.signature);
  }
  return out;
}

InProcessEndpoint& Endpoints::in(std::string_view dialect) {
  const auto* named = conformance::ssm::find_dialect(dialect);
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
