#include "fuzzers/live_fixtures.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "harness/base/ascii.h"
#include "harness/model/paginator.h"
#include "harness/oracle/judge.h"
#include "harness/oracle/transient.h"
#include "harness/run/derive_by_model.h"
#include "harness/run/plan.h"
#include "harness/run/select.h"

namespace fuzzers {
namespace {

using harness::Status;
using harness::wire::Exchange;
using harness::wire::text_member;
using harness::wire::Transport;
namespace oracle = harness::oracle;
namespace run = harness::run;

constexpr std::size_t kMaxTokens = 500'000;
constexpr std::size_t kMaxLeftovers = 64;

bool mentions(std::string_view text, std::string_view word) {
  const auto it = std::search(text.begin(), text.end(), word.begin(), word.end(), [](char a, char b) {
    return harness::base::lower(a) == harness::base::lower(b);
  });
  return it != text.end();
}

}  // namespace

LiveFixtures::LiveFixtures(const LiveConfig& config, const conformance::CaseData& data)
    : config_(config), data_(data), registry_(run::run_prefix(config.seed.value_or(run::random_seed()))) {}

LiveFixtures::~LiveFixtures() = default;

tl::expected<std::unique_ptr<LiveFixtures>, LiveProblem> LiveFixtures::open(
    const LiveConfig& config, const conformance::CaseData& data) {
  std::unique_ptr<LiveFixtures> fixtures(new LiveFixtures(config, data));
  if (auto started = fixtures->start(); !started) return tl::unexpected(started.error());
  return fixtures;
}

tl::expected<void, LiveProblem> LiveFixtures::start() {
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
  lane_endpoint_ = std::make_unique<harness::endpoint::DirectEndpoint>(
      lane_->url().authority, lane_->url().text(), lane_->url().base_path,
      [this](const harness::endpoint::Message& message) { return lane_->exchange(message); });
  endpoint_ = std::make_unique<run::PatientEndpoint>(*lane_endpoint_, throttle_);

  s_.pack = data_.pack();
  s_.composer = run::Composer(endpoint_->authority(), config_.signing, endpoint_->base_path());
  s_.knowledge.base_path = endpoint_->base_path();
  s_.url = endpoint_->url();
  s_.ca_bundle = network.ca_bundle;
  s_.verify_ssl = network.verify_ssl;
  s_.knowledge.other_operations = data_.other_operations;
  const auto cases = cases_by_model();
  const auto requests = run::requests_by_model(cases);
  const run::Probe found = run::probe_and_bind(*endpoint_, s_, registry_.prefix(), requests);
  if (!found.reachable) return problem(found.problem, 3);
  remarks_ = found.remarks;
  ignores_signatures_ = found.ignores_signatures;
  make_all();
  // What the endpoint does not have is said once.
  std::set<std::string, std::less<>> operations;
  for (const auto& [operation, use] : s_.pack.catalogue->uses()) operations.insert(operation);
  auto lives = run::probe_resource_operations(*endpoint_, s_, registry_, operations, requests, found.unknown);
  auto others =
      run::probe_operations(*endpoint_, s_, requests, registry_.prefix(), found.unknown, lives.there);
  for (auto* remarks : {&lives.remarks, &others})
    std::move(remarks->begin(), remarks->end(), std::back_inserter(remarks_));
  control_ = run::request_text(data_.model.identity(), "{{protocol-operation}}", "{{protocol-body}}");
  return {};
}

// Of the operations that are fuzzed and known by their model alone: what tells whether they are there.
std::vector<run::Case> LiveFixtures::cases_by_model() const {
  std::vector<run::Case> out;
  for (const auto& operation : data_.model.operations()) {
    if (data_.examples.contains(operation.name) || !run::glob_match(config_.operations, operation.name))
      continue;
    auto cases = run::derive_by_model(data_.model, operation, nullptr);
    std::move(cases.begin(), cases.end(), std::back_inserter(out));
  }
  return out;
}

void LiveFixtures::make_all() {
  for (const auto& f : s_.pack.catalogue->fixtures()) make(f);
  bind_what_is_missing();
  run::choose_protocol_operation(*endpoint_, s_, data_.examples);
  run::bind_protocol_body(s_);
}

// Makes a resource with everything that is of it.
void LiveFixtures::make(const run::Fixture& f) {
  if (f.form != run::Fixture::Form::created || cannot_create_.contains(f.kind)) return;
  std::set<std::string> wanted{f.name};
  for (const auto& other : s_.pack.catalogue->fixtures()) {
    if (wanted.contains(other.of)) wanted.insert(other.name);
  }
  run::make_fixtures(*endpoint_, s_, registry_, config_.given, wanted);
  const std::string id = s_.bindings.value(f.name);
  const auto* known = id.empty() ? nullptr : s_.knowledge.find(f.kind, id);
  if (known != nullptr && known->ours) {
    fixtures_[f.name] = {f.kind, id};
    return;
  }
  if (!f.may_be_given) return;
  // The user's own, or one that was there: then none can be created, or none needs to be.
  if (known != nullptr) untouchable_.insert(id);
  if (!config_.given.contains(f.kind)) cannot_create_.insert(f.kind);
}

/// What this endpoint cannot give has values all the same, true ones, so that no input is lost: a resource
/// that does not exist, a token that was never issued.
void LiveFixtures::bind_what_is_missing() {
  using Form = run::Fixture::Form;
  for (const auto& f : s_.pack.catalogue->fixtures()) {
    if (s_.bindings.has(f.name)) continue;
    if (f.form == Form::created || f.form == Form::announced) {
      s_.bindings.set(f.name, registry_.prefix() + "missing-" + f.name);
    } else if (f.form == Form::given) {
      for (const auto& other : s_.pack.catalogue->fixtures()) {
        if (other.form == Form::absent && other.kind == f.kind)
          s_.bindings.set(f.name, s_.bindings.value(other.name));
      }
    } else {
      s_.bindings.set(f.name, "never-issued-" + f.name);
    }
  }
}

Exchange LiveFixtures::exchange(const harness::endpoint::Message& message,
                                const std::function<void()>& meanwhile) {
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

Status LiveFixtures::renew() {
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

bool LiveFixtures::alive() {
  auto expanded = s_.bindings.expand(control_);
  auto text = expanded ? harness::wire::parse_http_text(*expanded) : tl::unexpected(expanded.error());
  if (!text) return false;
  auto message = s_.composer.compose(*text, s_.now());
  message.fresh_connection = true;
  return exchange(message, [] {}).transport == Transport::answered;
}

// ---- what requests do to it ----

// Whatever part of the bytes it is named in, and however it is spelled: some endpoints read targets so.
bool LiveFixtures::changes_something(std::string_view bytes) const {
  const auto& uses = s_.pack.catalogue->uses();
  return std::any_of(uses.begin(), uses.end(), [&](const auto& use) {
    return use.second.effect != run::Effect::reads && mentions(bytes, use.first);
  });
}

bool LiveFixtures::only_reads(const oracle::Classification& request) const {
  if (request.operation == nullptr || request.breaks(oracle::Rule::repeated_target)) return false;
  const auto* use = s_.pack.catalogue->use(request.operation->name);
  return use != nullptr && use->effect == run::Effect::reads;
}

// The id that the request names; "" if it names none, or its operation is not known.
std::string LiveFixtures::id_in(const oracle::Classification& request) const {
  const auto* use = request.operation == nullptr ? nullptr : s_.pack.catalogue->use(request.operation->name);
  return use == nullptr ? std::string() : text_member(request.input, use->id_member);
}

bool LiveFixtures::forbids(std::string_view bytes) const {
  return std::any_of(untouchable_.begin(), untouchable_.end(),
                     [&](const auto& id) { return bytes.find(id) != std::string_view::npos; }) &&
         changes_something(bytes);
}

void LiveFixtures::note(const oracle::Classification& request, std::string_view bytes,
                        const Exchange& exchange) {
  const bool answered = exchange.transport == Transport::answered;
  const int status = answered ? exchange.response.status : 0;
  if (status == 200) learn_token(request, exchange);
  if (only_reads(request)) return;
  // A proper refusal changes nothing; where one does all the same, verify_and_restore() finds out.
  if (answered && status >= 300 && status < 500) return;
  if (exchange.transport == Transport::connect_failed || !changes_something(bytes)) return;
  bool found = false;
  const std::string id = id_in(request);
  for (const auto& [placeholder, made] : fixtures_) {
    if (id != made.id && bytes.find(made.id) == std::string_view::npos) continue;
    dirty_.insert(placeholder);
    found = true;
  }
  for (const auto& [operation, use] : s_.pack.catalogue->uses()) {
    if (use.effect == run::Effect::creates && mentions(bytes, operation))
      note_creation(request, exchange, use.kind);
  }
  // It was done, and to what cannot be seen.
  if (!found && status >= 200 && status < 300 && id.empty()) {
    for (const auto& [placeholder, made] : fixtures_) dirty_.insert(placeholder);
  }
}

void LiveFixtures::note_creation(const oracle::Classification& request, const Exchange& exchange,
                                 const std::string& kind) {
  std::string id = id_in(request);
  const bool done = exchange.transport == Transport::answered && exchange.response.status < 300;
  if (done) {
    if (const auto body = harness::wire::parse_json(exchange.response.body)) {
      if (auto said = harness::wire::text_at(body->value, s_.pack.catalogue->kind(kind)->id_pointer);
          !said.empty())
        id = std::move(said);
    }
  }
  if (id.empty()) {
    // Some resource may exist now, and nobody knows which.
    if (done) s_.knowledge.absent_prefix.clear();
    return;
  }
  if (kept_.contains(id)) return;
  // Who creates none when asked properly creates none from anything else, whatever the answer (which may be
  // that of another service at the same address).
  if (cannot_create_.contains(kind)) return;
  // What may have been there before is not ours to delete.
  if (!done && !id.starts_with(registry_.prefix())) return;
  for (const auto& [placeholder, made] : fixtures_) {
    if (id == made.id) return;  // dirty already
  }
  leftovers_.insert({kind, std::move(id)});
}

// Of an operation of which no kind says what a token belongs to, that it was issued is enough.
void LiveFixtures::note_token_of_no_kind(const harness::model::Operation& operation,
                                         const Exchange& exchange) {
  const auto& paginator = operation.paginator;
  if (!paginator || !s_.knowledge.knows_all_tokens) return;
  // Reading a whole answer costs more than looking whether there can be one.
  const std::string_view path = paginator->output_token;
  if (exchange.response.body.find(path.substr(path.rfind('.') + 1)) == std::string::npos) return;
  const auto body = harness::wire::parse_json(exchange.response.body);
  const std::string_view token =
      body ? harness::model::issued_token(*paginator, body->value) : std::string_view();
  if (token.empty()) return;
  if (s_.knowledge.tokens.size() >= kMaxTokens) s_.knowledge.knows_all_tokens = false;
  s_.knowledge.issued(token, operation.name);
}

void LiveFixtures::learn_token(const oracle::Classification& request, const Exchange& exchange) {
  if (request.operation == nullptr) return;
  const auto* page = s_.pack.catalogue->page(request.operation->name);
  if (page == nullptr) return note_token_of_no_kind(*request.operation, exchange);
  if (exchange.response.body.find(page->token) == std::string::npos) return;
  const auto body = harness::wire::parse_json(exchange.response.body);
  if (!body) return;
  const std::string token = text_member(body->value, page->token);
  if (token.empty()) return;
  const std::string id = id_in(request);
  const auto& kind = s_.pack.catalogue->use(request.operation->name)->kind;
  const bool sure = only_reads(request) && !request.breaks(oracle::Rule::uncertain_json) &&
                    s_.knowledge.of(kind).contains(id);
  if (s_.knowledge.tokens.size() + blind_tokens_.size() >= kMaxTokens &&
      !s_.knowledge.tokens.contains(token)) {
    // Not every token that was issued can be remembered, so none is judged as never issued any more.
    for (auto& [name, known] : s_.knowledge.of(kind)) known.ours = false;
    s_.knowledge.knows_all_tokens = false;
    return;
  }
  if (!sure) {
    if (!s_.knowledge.tokens.contains(token)) blind_tokens_.insert(token);
    return;
  }
  const auto [it, is_new] = s_.knowledge.tokens.emplace(token, id);
  // Tokens that mean a place and not a resource are issued for several: nothing can be said of them.
  if (!is_new && it->second != id) {
    s_.knowledge.tokens.erase(it);
    blind_tokens_.insert(token);
  }
  if (is_new && on_token) on_token(token);
}

// ---- putting it right ----

bool LiveFixtures::as_known(run::Client& client, const Made& made) {
  const auto* resource = s_.knowledge.find(made.kind, made.id);
  if (resource == nullptr) return false;
  const auto& kind = *s_.pack.catalogue->kind(made.kind);
  // Some endpoints have it, and fail when they are asked for it.
  const std::string& read = kind.read.operation;
  const bool is_of_a_part = std::any_of(kind.parts.begin(), kind.parts.end(),
                                        [&](const auto& part) { return part.second.read.operation == read; });
  if (!read.empty() && !is_of_a_part && !s_.knowledge.unimplemented.contains(read) &&
      !client.call(read, kind.read.filled(made.id)).ok())
    return false;
  run::Resources resources(client, registry_);
  for (const auto& [part, of] : kind.parts) {
    const auto* known = resource->known(part);
    if (known == nullptr) return false;
    const auto held = resources.read(made.kind, made.id, part, [&](const std::string& token) {
      s_.knowledge.tokens.emplace(token, made.id);
    });
    if (!held || *held != *known) return false;
  }
  return true;
}

bool LiveFixtures::forget(std::string_view kind, const std::string& id, run::Resources& resources) {
  registry_.created(kind, id);
  const bool removed = resources.empty_and_remove(kind, id).has_value();
  s_.knowledge.of(kind).erase(id);
  std::erase_if(s_.set_ups, [&](const run::SetUp& s) { return s.id == id; });
  // It may be there or not: then an id with our prefix says nothing any more.
  if (!removed && id.starts_with(registry_.prefix())) s_.knowledge.absent_prefix.clear();
  return removed;
}

void LiveFixtures::restore() {
  restore_some([](const std::string&) { return true; });
}

// Tokens are those of resources; what stands for any operation may name one. Literal ids of fixtures are
// known to nobody but this process.
void LiveFixtures::restore_named_in(std::string_view http_text) {
  if (!is_changed()) return;
  const auto names = [&](std::string_view part) { return http_text.find(part) != std::string_view::npos; };
  bool any = names("{{protocol-") || names("{{prefix}}") || names(registry_.prefix());
  for (const auto& f : s_.pack.catalogue->fixtures())
    any = any || (!f.of.empty() && run::uses(http_text, f.name));
  restore_some([&](const std::string& placeholder) { return any || run::uses(http_text, placeholder); });
}

void LiveFixtures::restore_some(const std::function<bool(const std::string&)>& which) {
  if (!is_changed()) return;
  run::Client client(*endpoint_, s_);
  run::Resources resources(client, registry_);
  std::size_t tried = 0;
  for (const auto& [kind, id] : std::exchange(leftovers_, {})) {
    if (++tried > kMaxLeftovers) break;
    const bool foreign = !id.starts_with(registry_.prefix());
    if (!forget(kind, id, resources) && foreign) registry_.removed(kind, id);
  }
  bool changed = false;
  for (const auto& f : s_.pack.catalogue->fixtures()) {
    if (!dirty_.contains(f.name) || !which(f.name)) continue;
    dirty_.erase(f.name);
    const Made made = fixtures_[f.name];
    if (as_known(client, made)) continue;
    changed = true;
    forget(made.kind, made.id, resources);
    fixtures_.erase(f.name);
    make(f);
    if (fixtures_.contains(f.name)) continue;
    // It cannot be made again, so the placeholder means a resource that is not there.
    s_.bindings.set(f.name, registry_.new_name("missing"));
  }
  if (!changed) return;
  run::bind_protocol_body(s_);
  if (on_new_fixtures) on_new_fixtures();
}

void LiveFixtures::verify_and_restore() {
  for (const auto& [placeholder, made] : fixtures_) dirty_.insert(placeholder);
  restore();
}

// ---- death ----

Status LiveFixtures::restart() {
  if (!process_) return harness::fail("it was not started by us");
  lane_->close();
  if (auto restarted = process_->restart(); !restarted) return restarted;
  run::forget_resources(s_, registry_);
  blind_tokens_.clear();
  fixtures_.clear();
  dirty_.clear();
  leftovers_.clear();
  s_.knowledge.absent_prefix = registry_.prefix();
  s_.knowledge.knows_all_tokens = true;
  make_all();
  return {};
}

void LiveFixtures::discard(std::string_view kind, const std::string& id) {
  run::Client client(*endpoint_, s_);
  run::Resources resources(client, registry_);
  forget(kind, id, resources);
}

bool LiveFixtures::can_create(std::string_view kind) const {
  return std::any_of(fixtures_.begin(), fixtures_.end(),
                     [&](const auto& fixture) { return fixture.second.kind == kind; });
}

Status LiveFixtures::try_to_create(std::string_view kind) {
  if (can_create(kind)) return {};
  run::Client client(*endpoint_, s_);
  run::Resources resources(client, registry_);
  std::string id = registry_.new_name("probe");
  if (auto created = resources.create(kind, id); !created) return tl::unexpected(created.error());
  forget(kind, id, resources);
  return harness::fail("what is there is used, and none is made");
}

std::vector<std::string> LiveFixtures::remove_fixtures() {
  leftovers_.clear();
  return run::remove_fixtures(*endpoint_, s_, registry_);
}

}  // namespace fuzzers
