#include "harness/run/scenario.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <thread>
#include <utility>

#include "harness/model/paginator.h"
#include "harness/run/fixtures.h"

namespace harness::run {
namespace {

constexpr std::size_t kMaxThreads = 32;
constexpr std::size_t kMaxTrail = 12;

}  // namespace

ScenarioContext::ScenarioContext(endpoint::Endpoint& endpoint, const Situation& situation,
                                 ResourceRegistry& registry, std::uint64_t seed, std::string names,
                                 std::function<Losses()> losses)
    : endpoint_(endpoint),
      situation_(situation),
      registry_(registry),
      seed_(seed),
      names_(std::move(names)),
      losses_(std::move(losses)),
      client_(endpoint, situation_),
      resources_(client_, registry) {}

Reply ScenarioContext::call(std::string_view operation, const wire::Json& input) {
  return call_prepared(prepare(situation_, client_.request(operation, input)));
}

Reply ScenarioContext::call_text(std::string_view http_text) {
  const auto prepared = prepare(situation_, http_text);
  if (!prepared) {
    blocked(prepared.error().message);
    return {};
  }
  return call_prepared(*prepared);
}

Reply ScenarioContext::call_prepared(const Prepared& prepared) {
  take_over_change();
  Reply reply = client_.send(prepared.text);
  record(prepared, reply.exchange, judge(situation_, prepared, reply.exchange));
  const auto* use = situation_.pack.catalogue->use(prepared.classification.target);
  if (reply.ok() && use != nullptr && use->effect != Effect::reads) change_ = prepared;
  if (reply.ok()) note_token(prepared.classification, reply.body);
  if (reply.ok() && use != nullptr && use->effect == Effect::removes) {
    // With more members it may be a part that was removed: the resource is looked for at the end of the run.
    const std::string id = wire::text_member(prepared.classification.input, use->id_member);
    const auto whole = situation_.pack.catalogue->kind(use->kind)->remove.filled(id);
    if (nlohmann::json(prepared.classification.input) == nlohmann::json(whole))
      registry_.removed(use->kind, id);
  }
  return reply;
}

// What a token is good for, where rules judge that, is the scenario's to say.
void ScenarioContext::note_token(const oracle::Classification& request, const wire::Json& output) {
  if (request.operation == nullptr || !request.operation->paginator) return;
  if (request.rules != nullptr && request.rules->judges_tokens) return;
  const std::string_view token = model::issued_token(*request.operation->paginator, output);
  if (!token.empty()) situation_.knowledge.issued(token, request.operation->name);
}

// What one call changed is a part of the set-up of those after it, not of its own.
void ScenarioContext::take_over_change() {
  const auto change = std::exchange(change_, std::nullopt);
  if (!change) return;
  const auto* use = situation_.pack.catalogue->use(change->classification.target);
  add_set_up(wire::text_member(change->classification.input, use->id_member), change->text);
}

void ScenarioContext::record(const Prepared& prepared, const wire::Exchange& exchange,
                             std::vector<oracle::Finding> found) {
  const bool bad = oracle::has_defect(found);
  trail_.push_back(fmt::format("{} {} -> {}", prepared.classification.target,
                               prepared.text.request.body.substr(0, 160), oracle::answer_kind(exchange)));
  if (!shown_ || !shown_->failed) shown_ = Shown{prepared, exchange, bad};
  // What every call of a scenario shows is said once.
  for (auto& f : found) {
    const bool is_new = std::none_of(findings_.begin(), findings_.end(), [&](const auto& said) {
      return said.rule == f.rule && said.message == f.message;
    });
    if (is_new) findings_.push_back(std::move(f));
  }
}

bool ScenarioContext::expect(bool holds, std::string_view rule, std::string_view message) {
  return hold(holds, oracle::Severity::defect, rule, message);
}

bool ScenarioContext::advise(bool holds, std::string_view rule, std::string_view message) {
  return hold(holds, oracle::Severity::advice, rule, message);
}

bool ScenarioContext::hold(bool holds, oracle::Severity severity, std::string_view rule,
                           std::string_view message) {
  if (holds) return true;
  oracle::Finding f{std::string(rule), severity, std::string(message), {}};
  oracle::Signature signature;
  if (shown_) {
    signature = oracle::signature_of(shown_->prepared.classification);
    signature.answer = oracle::answer_kind(shown_->exchange);
  }
  signature.rule = rule;
  f.signature = to_string(signature);
  findings_.push_back(std::move(f));
  if (shown_ && severity == oracle::Severity::defect) shown_->failed = true;
  return false;
}

void ScenarioContext::concurrently(std::size_t count,
                                   const std::function<void(std::size_t, ScenarioContext&)>& body) {
  count = std::min(count, kMaxThreads);
  take_over_change();
  std::deque<ScenarioContext> contexts;
  for (std::size_t i = 0; i < count; ++i) {
    contexts.emplace_back(endpoint_, situation_, registry_, seed_ + i,
                          names_.empty() ? std::string() : fmt::format("{}.{}", names_, i));
  }
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < count; ++i) threads.emplace_back([&, i] { body(i, contexts[i]); });
  }
  std::vector<SetUp> gathered = situation_.set_ups;
  for (ScenarioContext& c : contexts) {
    findings_.insert(findings_.end(), c.findings_.begin(), c.findings_.end());
    if (c.shown_ && (!shown_ || !shown_->failed)) shown_ = c.shown_;
    if (blocked_.empty()) blocked_ = c.blocked_;
    exchanges_ += c.exchanges();
    if (trouble_of_others_ == Trouble::none) trouble_of_others_ = c.trouble();
    // Each began with a copy of these set-ups: what it added is behind them.
    for (std::size_t i = 0; i < situation_.set_ups.size(); ++i) {
      const auto common = static_cast<std::ptrdiff_t>(situation_.set_ups[i].requests.size());
      const auto& all = c.situation_.set_ups[i].requests;
      gathered[i].requests.insert(gathered[i].requests.end(), all.begin() + common, all.end());
    }
  }
  situation_.set_ups = std::move(gathered);
}

std::string ScenarioContext::name(std::string_view purpose) {
  if (names_.empty()) return registry_.new_name(purpose);
  return fmt::format("{}{}-{}-{}", registry_.prefix(), purpose, names_, ++named_);
}

std::optional<std::string> ScenarioContext::create(std::string_view kind, const std::string& name,
                                                   const std::string& parent) {
  std::string id = name;
  auto sent = resources_.create(kind, id, parent);
  if (!sent) {
    blocked(fmt::format("no {} can be created: {}", kind, sent.error().message));
    return std::nullopt;
  }
  const ResourceKind& of = *situation_.pack.catalogue->kind(kind);
  situation_.knowledge.of(kind)[id] = new_resource(of);
  for (const auto& request : *sent) add_set_up(id, request, of.made_in());
  return id;
}

Status ScenarioContext::change(std::string_view kind, const std::string& id, std::string_view part, Sent sent,
                               const std::function<void(std::set<std::string>&)>& done) {
  auto& holds = situation_.knowledge.of(kind)[id].holds;
  const auto held = holds.find(part);
  if (!sent) {
    if (held != holds.end()) holds.erase(held);
    return tl::unexpected(sent.error());
  }
  if (held != holds.end()) done(held->second);
  for (const auto& request : *sent) add_set_up(id, request);
  return {};
}

Status ScenarioContext::add(std::string_view kind, const std::string& id, std::string_view part,
                            const std::vector<std::string>& values, const wire::Json& more) {
  return change(kind, id, part, resources_.add(kind, id, part, values, more),
                [&](std::set<std::string>& held) { held.insert(values.begin(), values.end()); });
}

Status ScenarioContext::take(std::string_view kind, const std::string& id, std::string_view part,
                             const std::vector<std::string>& values) {
  return change(kind, id, part, resources_.take(kind, id, part, values), [&](std::set<std::string>& held) {
    for (const auto& value : values) held.erase(value);
  });
}

Reply ScenarioContext::try_create(std::string_view kind, const std::string& id, const wire::Json& input) {
  const wire::HttpText request =
      client_.request(situation_.pack.catalogue->kind(kind)->create->operation, input);
  const auto* known = situation_.knowledge.find(kind, id);
  const bool there = known != nullptr && known->exists;
  // Registered first: an answer that gets lost may still have created it.
  registry_.created(kind, id);
  Reply reply = client_.send(request);
  add_step(request, reply);
  add_set_up(id, request);
  if (reply.ok()) {
    situation_.knowledge.of(kind)[id] = new_resource(*situation_.pack.catalogue->kind(kind));
  } else if (!there && reply.exchange.transport == wire::Transport::answered) {
    registry_.removed(kind, id);
  }
  return reply;
}

Reply ScenarioContext::try_change(const std::string& id, const wire::HttpText& request) {
  Reply reply = client_.send(request);
  add_step(request, reply);
  add_set_up(id, request);
  return reply;
}

void ScenarioContext::add_step(const wire::HttpText& request, const Reply& reply) {
  const auto target = request.request.headers.find("X-Amz-Target").value_or("");
  trail_.push_back(fmt::format("{} {} -> {}", target.substr(target.find('.') + 1),
                               request.request.body.substr(0, 160), reply.text()));
}

void ScenarioContext::add_set_up(const std::string& id, const wire::HttpText& request,
                                 std::string_view made_in) {
  take_over_change();
  auto& all = situation_.set_ups;
  auto of = std::find_if(all.begin(), all.end(), [&](const SetUp& s) { return s.id == id; });
  if (of == all.end()) of = all.insert(all.end(), SetUp{id, {}, std::string(made_in)});
  of->requests.push_back(request);
}

void ScenarioContext::discard(std::string_view kind, const std::string& id) {
  (void)resources_.empty_and_remove(kind, id);
  auto& known = situation_.knowledge.of(kind);
  if (const auto it = known.find(id); it != known.end()) known.erase(it);
}

void ScenarioContext::blocked(std::string reason) {
  if (blocked_.empty()) blocked_ = std::move(reason);
}

void ScenarioContext::unchecked(std::string reason) {
  if (unchecked_.empty()) unchecked_ = std::move(reason);
}

bool ScenarioContext::has(std::initializer_list<std::string_view> operations) {
  for (const std::string_view operation : operations) {
    if (!situation_.knowledge.unimplemented.contains(operation)) continue;
    unchecked(fmt::format("the endpoint lacks {}", operation));
    return false;
  }
  return true;
}

void ScenarioContext::describe(CaseResult& result) const {
  if (!shown_) return;
  run::describe(situation_, shown_->prepared, shown_->exchange, result);
  if (trail_.size() < 2) return;
  // The steps before the one that is shown, so that a reader can follow.
  const std::size_t from = trail_.size() > kMaxTrail ? trail_.size() - kMaxTrail : 0;
  for (std::size_t i = from; i < trail_.size(); ++i) result.steps.push_back(trail_[i]);
}

}  // namespace harness::run
