#include "fuzzers/live_world.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <thread>

#include "conformance/ssm/resources.h"
#include "conformance/ssm/rules.h"
#include "fuzzers/lane_endpoint.h"
#include "harness/base/ascii.h"
#include "harness/oracle/judge.h"
#include "harness/oracle/transient.h"
#include "harness/run/plan.h"

namespace fuzzers {
namespace {

using conformance::ssm::kAccounts;
using conformance::ssm::kDocument;

using harness::Status;
using harness::wire::Exchange;
using harness::wire::Json;
using harness::wire::Transport;
namespace oracle = harness::oracle;
namespace run = harness::run;

// Documents that fixtures are, with what their tokens are called.
struct Fixture {
  const char* placeholder;
  const char* wanted;  // what run::make_fixtures is asked for
};
constexpr std::array<Fixture, 4> kFixtures = {{{"document", "document"},
                                               {"other-document", "other-document"},
                                               {"shared-document", "shared-document"},
                                               {"other-shared-document", "other-token"}}};

constexpr std::size_t kMostTokens = 500'000;
constexpr std::size_t kMostLeftovers = 64;
constexpr int kMostPages = 64;

bool mentions(std::string_view text, std::string_view lower_case_word) {
  const auto it = std::search(text.begin(), text.end(), lower_case_word.begin(), lower_case_word.end(),
                              [](char a, char b) { return harness::base::lower(a) == b; });
  return it != text.end();
}

// Whatever part of the bytes it stands in, and however it is spelled: some endpoints read targets so.
bool names_a_change(std::string_view bytes) {
  return mentions(bytes, "createdocument") || mentions(bytes, "deletedocument") ||
         mentions(bytes, "modifydocumentpermission");
}

bool only_reads(const oracle::Classification& request) {
  return request.operation != nullptr && !request.breaks(oracle::Rule::repeated_target) &&
         (request.operation->name == "DescribeDocumentPermission" ||
          request.operation->name == "GetConnectionStatus");
}

std::string string_in(const Json& object, std::string_view member) {
  if (!object.is_object()) return {};
  const auto it = object.find(member);
  return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}

}  // namespace

World::World(const LiveConfig& config, const conformance::CaseData& data)
    : config_(config),
      data_(data),
      registry_(run::document_prefix(config.seed.value_or(run::random_seed()))) {}

World::~World() = default;

tl::expected<std::unique_ptr<World>, LiveProblem> World::open(const LiveConfig& config,
                                                              const conformance::CaseData& data) {
  std::unique_ptr<World> world(new World(config, data));
  if (auto started = world->start(); !started) return tl::unexpected(started.error());
  return world;
}

tl::expected<void, LiveProblem> World::start() {
  const auto problem = [](std::string message, int status) {
    return tl::unexpected<LiveProblem>({std::move(message), status});
  };
  auto network = config_.network;
  if (!config_.spawn.empty()) {
    auto process = harness::endpoint::SpawnedProcess::start(config_.spawn, config_.spawn_timeout);
    if (!process) return problem("SSM_FUZZ_SPAWN " + process.error().message, 3);
    process_ = std::move(*process);
    network.url =
        network.url.empty() ? process_->url() : conformance::with_port(network.url, process_->port());
  }
  auto lane = harness::endpoint::BlockingLane::make(network);
  if (!lane) return problem(lane.error().message, 3);
  lane_ = std::move(*lane);
  lane_endpoint_ = std::make_unique<LaneEndpoint>(*lane_);
  endpoint_ = std::make_unique<run::PatientEndpoint>(*lane_endpoint_, throttle_);

  s_.model = &data_.model;
  s_.rules = &conformance::ssm::rules();
  s_.composer = run::Composer(endpoint_->authority(), config_.signing, endpoint_->base_path());
  s_.knowledge.base_path = endpoint_->base_path();
  s_.url = endpoint_->url();
  s_.ca_bundle = network.ca_bundle;
  s_.verify_ssl = network.verify_ssl;
  s_.knowledge.other_operations = data_.other_operations;
  const run::Probe found = run::acquaint(*endpoint_, s_, data_.examples, registry_.prefix());
  if (!found.reachable) return problem(found.problem, 3);
  remarks_ = found.remarks;
  make_all();
  look_for_missing_operations(found.unknown);
  control_ = run::request_text(data_.model.target_prefix(), "{{protocol-operation}}", "{{protocol-body}}");
  return {};
}

/// The operations that make fixtures, as the probe does it with those that are judged: what the endpoint does
/// not have is said once.
void World::look_for_missing_operations(const Exchange& unknown) {
  run::Client client(*endpoint_, s_);
  const auto ask = [&](const std::string& operation, const Json& input) {
    auto reply = client.call(operation, input);
    if (harness::oracle::means_not_implemented(reply.exchange, unknown)) {
      s_.knowledge.unimplemented[operation] = harness::oracle::answer_kind(reply.exchange);
      remarks_.push_back(
          fmt::format("{} is not implemented: it is answered with {}", operation, reply.text()));
    }
    return reply;
  };
  if (!can_create()) {
    const std::string name = registry_.new_name("probe");
    registry_.created(name);  // an answer that gets lost may still have created it
    const auto reply = ask("CreateDocument", run::new_document(name));
    if (reply.exchange.transport == Transport::answered && !reply.ok()) registry_.removed(name);
    no_documents_ = reply.ok() ? "documents that are there are used, and none is made"
                               : "CreateDocument answered " + reply.text();
  }
  const std::string absent = registry_.prefix() + "absent";
  ask("DeleteDocument", {{"Name", absent}});
  ask("ModifyDocumentPermission",
      {{"Name", absent}, {"PermissionType", "Share"}, {"AccountIdsToAdd", run::account_ids(1)}});
}

void World::make_all() {
  for (const auto& f : kFixtures) make(f.placeholder);
  bind_what_is_missing();
  run::choose_protocol_operation(*endpoint_, s_, data_.examples);
  run::bind_protocol_body(s_, data_.examples);
}

void World::make(const std::string& placeholder) {
  const auto f = std::find_if(kFixtures.begin(), kFixtures.end(),
                              [&](const Fixture& x) { return x.placeholder == placeholder; });
  if (f == kFixtures.end() || !can_create_) return;
  run::make_fixtures(*endpoint_, s_, registry_, config_.given, {f->wanted});
  const std::string name = s_.bindings.value(placeholder);
  const auto known = s_.knowledge.of(kDocument).find(name);
  if (known != s_.knowledge.of(kDocument).end() && known->second.ours) {
    fixtures_[placeholder] = name;
    return;
  }
  if (placeholder != "document") return;
  // The user's own, or one that was there: then none can be created, or none needs to be.
  if (known != s_.knowledge.of(kDocument).end()) untouchable_ = name;
  if (!config_.given.document) can_create_ = false;
}

/// What this endpoint cannot give has values all the same, true ones, so that no input is lost: a document
/// that does not exist, a token that was never issued, a node that is not connected.
void World::bind_what_is_missing() {
  for (const auto& f : kFixtures) {
    if (!s_.bindings.has(f.placeholder))
      s_.bindings.set(f.placeholder, registry_.prefix() + "missing-" + f.placeholder);
  }
  for (const char* token : {"token", "other-token", "changed-token"}) {
    if (!s_.bindings.has(token)) s_.bindings.set(token, std::string("never-issued-") + token);
  }
  if (!s_.bindings.has("connected-node")) s_.bindings.set("connected-node", s_.bindings.value("node"));
}

Exchange World::exchange(const harness::endpoint::Message& message, const std::function<void()>& meanwhile) {
  using Clock = run::Throttle::Clock;
  // Nothing else is under way, so waiting may block.
  for (std::size_t attempts = 1;; ++attempts) {
    std::this_thread::sleep_for(throttle_.before_sending(Clock::now()));
    Exchange e = lane_->exchange(message, meanwhile);
    const auto throttled = oracle::throttling(e);
    if (!throttled) {
      if (e.transport == Transport::answered) throttle_.served();
      return e;
    }
    const auto wait = throttle_.throttled(*throttled, attempts);
    if (!wait) return e;
    std::this_thread::sleep_for(*wait);
  }
}

Status World::renew() {
  if (!config_.renew) return harness::fail("there are no others to read");
  const auto fresh = config_.renew();
  if (!fresh) return tl::unexpected(fresh.error());
  const auto& old = s_.composer.signing();
  if (old && old->credentials == fresh->credentials)
    return harness::fail("they are the same when they are read again");
  s_.composer = run::Composer(endpoint_->authority(), *fresh, endpoint_->base_path());
  if (s_.knowledge.authentication) s_.knowledge.authentication = {fresh->credentials, fresh->scope};
  s_.bindings.set("access-key", fresh->credentials.access_key_id);
  return {};
}

bool World::alive() {
  auto expanded = s_.bindings.expand(control_);
  auto text = expanded ? harness::wire::parse_http_text(*expanded) : tl::unexpected(expanded.error());
  if (!text) return false;
  auto message = s_.composer.compose(*text, std::chrono::system_clock::now());
  message.fresh_connection = true;
  return exchange(message, [] {}).transport == Transport::answered;
}

// ---- what requests do to it ----

bool World::forbids(std::string_view bytes) const {
  return !untouchable_.empty() && bytes.find(untouchable_) != std::string_view::npos && names_a_change(bytes);
}

void World::note(const oracle::Classification& request, std::string_view bytes, const Exchange& exchange) {
  const bool answered = exchange.transport == Transport::answered;
  const int status = answered ? exchange.response.status : 0;
  if (status == 200) learn_token(request, exchange);
  if (only_reads(request)) return;
  // A proper refusal changes nothing; where one does all the same, settle_surely() finds out.
  if (answered && status >= 300 && status < 500) return;
  if (exchange.transport == Transport::connect_failed || !names_a_change(bytes)) return;
  bool found = false;
  const std::string name = string_in(request.input, "Name");
  for (const auto& [placeholder, document] : fixtures_) {
    if (name != document && bytes.find(document) == std::string_view::npos) continue;
    dirty_.insert(placeholder);
    found = true;
  }
  if (mentions(bytes, "createdocument")) note_creation(request, exchange);
  // It was done, and to what cannot be seen.
  if (!found && status >= 200 && status < 300 && name.empty()) {
    for (const auto& [placeholder, document] : fixtures_) dirty_.insert(placeholder);
  }
}

void World::note_creation(const oracle::Classification& request, const Exchange& exchange) {
  std::string name = string_in(request.input, "Name");
  const bool done = exchange.transport == Transport::answered && exchange.response.status < 300;
  if (done) {
    if (const auto body = harness::wire::parse_json(exchange.response.body);
        body && body->value.is_object()) {
      const auto description = body->value.find("DocumentDescription");
      if (description != body->value.end()) {
        if (auto said = string_in(*description, "Name"); !said.empty()) name = std::move(said);
      }
    }
  }
  if (name.empty()) {
    // Some document may exist now, and nobody knows which.
    if (done) s_.knowledge.absent_prefix.clear();
    return;
  }
  if (kept_.contains(name)) return;
  // Who creates no document when asked properly creates none from anything else, whatever the answer (which
  // may be that of another service at the same address).
  if (!can_create_) return;
  // What may have been there before is not ours to delete.
  if (!done && !name.starts_with(registry_.prefix())) return;
  for (const auto& [placeholder, document] : fixtures_) {
    if (name == document) return;  // dirty already
  }
  leftovers_.insert(std::move(name));
}

void World::learn_token(const oracle::Classification& request, const Exchange& exchange) {
  if (exchange.response.body.find("NextToken") == std::string::npos) return;
  const auto body = harness::wire::parse_json(exchange.response.body);
  if (!body) return;
  const std::string token = string_in(body->value, "NextToken");
  if (token.empty()) return;
  const std::string name = string_in(request.input, "Name");
  const bool sure = only_reads(request) && !request.breaks(oracle::Rule::uncertain_json) &&
                    s_.knowledge.of(kDocument).contains(name);
  if (s_.knowledge.tokens.size() + blind_tokens_.size() >= kMostTokens &&
      !s_.knowledge.tokens.contains(token)) {
    // Not every token that was issued can be remembered, so none is judged as never issued any more.
    for (auto& [document, known] : s_.knowledge.of(kDocument)) known.ours = false;
    return;
  }
  if (!sure) {
    if (!s_.knowledge.tokens.contains(token)) blind_tokens_.insert(token);
    return;
  }
  const auto [it, is_new] = s_.knowledge.tokens.emplace(token, name);
  // Tokens that mean a place and not a document are issued for several: nothing can be said of them.
  if (!is_new && it->second != name) {
    s_.knowledge.tokens.erase(it);
    blind_tokens_.insert(token);
  }
  if (is_new && on_token) on_token(token);
}

// ---- putting it right ----

bool World::as_known(run::Client& client, const std::string& name) {
  const auto* document = s_.knowledge.find(kDocument, name);
  const auto* known = document == nullptr ? nullptr : document->known(kAccounts);
  if (known == nullptr) return false;
  std::set<std::string> accounts;
  Json input = {{"Name", name}, {"PermissionType", "Share"}};
  for (int page = 0; page < kMostPages; ++page) {
    const run::Reply reply = client.call("DescribeDocumentPermission", input);
    if (!reply.ok() || !reply.body.is_object()) return false;
    if (const auto ids = reply.body.find("AccountIds"); ids != reply.body.end() && ids->is_array()) {
      for (const Json& id : *ids) {
        if (id.is_string()) accounts.insert(id.get<std::string>());
      }
    }
    const std::string token = string_in(reply.body, "NextToken");
    if (token.empty()) break;
    s_.knowledge.tokens.emplace(token, name);
    input["NextToken"] = token;
  }
  return accounts == *known;
}

bool World::forget(const std::string& name, run::Documents& documents) {
  registry_.created(name);
  const bool removed = documents.remove(name) || documents.unshare_and_remove(name);
  s_.knowledge.of(kDocument).erase(name);
  std::erase_if(s_.set_ups, [&](const run::SetUp& s) { return s.document == name; });
  // It may be there or not: then a name with our prefix says nothing any more.
  if (!removed && name.starts_with(registry_.prefix())) s_.knowledge.absent_prefix.clear();
  return removed;
}

void World::settle() {
  settle_some([](const std::string&) { return true; });
}

// Tokens are those of documents; what stands for any operation may name one. Literal names of fixtures are
// known to nobody but this process.
void World::settle_for(std::string_view http_text) {
  if (!is_changed()) return;
  const auto names = [&](std::string_view placeholder) {
    return http_text.find(placeholder) != std::string_view::npos;
  };
  const bool any =
      names("token}}") || names("{{protocol-") || names("{{prefix}}") || names(registry_.prefix());
  settle_some([&](const std::string& placeholder) { return any || names("{{" + placeholder + "}}"); });
}

void World::settle_some(const std::function<bool(const std::string&)>& which) {
  if (!is_changed()) return;
  run::Client client(*endpoint_, s_);
  run::Documents documents(client, registry_);
  const auto leftovers = std::exchange(leftovers_, {});
  std::size_t tried = 0;
  for (const auto& name : leftovers) {
    if (++tried > kMostLeftovers) break;
    const bool foreign = !name.starts_with(registry_.prefix());
    if (!forget(name, documents) && foreign) registry_.removed(name);
  }
  bool changed = false;
  for (const auto& f : kFixtures) {
    const std::string placeholder = f.placeholder;
    if (!dirty_.contains(placeholder) || !which(placeholder)) continue;
    dirty_.erase(placeholder);
    const std::string name = fixtures_[placeholder];
    if (as_known(client, name)) continue;
    changed = true;
    forget(name, documents);
    fixtures_.erase(placeholder);
    make(placeholder);
    if (fixtures_.contains(placeholder)) continue;
    // It cannot be made again, so the placeholder means a document that is not there.
    s_.bindings.set(placeholder, registry_.new_name("missing"));
  }
  if (!changed) return;
  run::bind_protocol_body(s_, data_.examples);
  if (on_new_fixtures) on_new_fixtures();
}

void World::settle_surely() {
  for (const auto& [placeholder, name] : fixtures_) dirty_.insert(placeholder);
  settle();
}

// ---- death ----

Status World::restart() {
  if (!process_) return harness::fail("it was not started by us");
  lane_->close();
  if (auto restarted = process_->restart(); !restarted) return restarted;
  // A new process has none of our documents.
  for (const auto& name : registry_.remaining()) registry_.removed(name);
  s_.set_ups.clear();
  s_.knowledge.of(kDocument).clear();
  s_.knowledge.tokens.clear();
  blind_tokens_.clear();
  fixtures_.clear();
  dirty_.clear();
  leftovers_.clear();
  s_.knowledge.absent_prefix = registry_.prefix();
  make_all();
  return {};
}

void World::discard(const std::string& name) {
  run::Client client(*endpoint_, s_);
  run::Documents documents(client, registry_);
  forget(name, documents);
}

harness::Status World::creates_documents() const {
  if (can_create()) return {};
  return harness::fail(no_documents_);
}

std::vector<std::string> World::remove_fixtures() {
  leftovers_.clear();
  return run::remove_fixtures(*endpoint_, s_, registry_);
}

}  // namespace fuzzers
