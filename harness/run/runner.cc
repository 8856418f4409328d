#include "harness/run/runner.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <deque>
#include <mutex>
#include <random>
#include <thread>

#include "harness/oracle/recorded_values.h"
#include "harness/run/derive_by_model.h"
#include "harness/run/exchange_runner.h"
#include "harness/run/patient_endpoint.h"
#include "harness/run/plan.h"
#include "harness/run/scenario.h"

namespace harness::run {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kMaxRestarts = 200;
constexpr int kMaxRenewals = 20;
constexpr std::ptrdiff_t kMaxPlanned = 500;

class Run {
 public:
  Run(endpoint::Endpoint& endpoint, const Pack& pack, const std::vector<Case>& cases,
      const RunOptions& options, Observer& observer, const std::atomic<bool>& stop)
      : throttle_(options.seed),
        endpoint_(endpoint, throttle_),
        examples_(*pack.examples),
        cases_(cases),
        options_(options),
        observer_(observer),
        stop_(stop),
        registry_(run_prefix(options.seed, options.names)) {
    s_.pack = pack;
    s_.level = options.level;
    s_.composer = Composer(endpoint.authority(), options.signing, endpoint.base_path());
    s_.knowledge.base_path = endpoint.base_path();
    s_.url = endpoint.url();
    s_.ca_bundle = options.ca_bundle;
    s_.verify_ssl = options.verify_ssl;
    s_.knowledge.other_operations = options.other_operations;
  }

  RunSummary run() {
    const auto started = Clock::now();
    summary_.max_unjudged = options_.max_unjudged;
    summary_.by_model_alone = operations_by_model_alone();
    announce();
    if (start()) {
      arrange();
      together(exchange_cases_);
      one_by_one();
      scenarios();
      together(writing_);
      last_scenarios();
      remove_all();
    }
    if (auto remark = throttle_.remark(); !remark.empty()) summary_.remarks.push_back(std::move(remark));
    summary_.interrupted = stop_;
    summary_.judged_elsewhere = other_shards_judge();
    summary_.duration = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - started);
    observer_.finished(summary_);
    return std::move(summary_);
  }

 private:
  void announce() {
    RunInfo info;
    info.tool_version = options_.tool_version;
    info.started = fmt::format("{:%Y-%m-%dT%H:%M:%S}", fmt::gmtime(std::time(nullptr)));
    info.endpoint = endpoint_.url();
    info.level = oracle::to_string(options_.level);
    info.seed = options_.seed;
    info.prefix = registry_.prefix();
    info.model_hash = s_.pack.model->hash();
    info.options = options_.shown_options;
    info.planned = cases_.size();
    observer_.started(info);
  }

  std::set<std::string> operations_by_model_alone() const {
    std::set<std::string> out;
    for (const Case& c : cases_) out.insert(c.operation);
    for (const Case& c : cases_) {
      if (!c.by_model) out.erase(c.operation);
    }
    return out;
  }

  // Adds one for each operation that scenarios may call, and of which no case is run.
  void ask_for_others(RequestsByModel& requests) {
    for (const Case& c : cases_) {
      for (const auto& name : c.others) {
        const auto* operation = s_.pack.model->find_operation(name);
        if (requests.contains(name) || operation == nullptr) continue;
        const auto example = example_by_model(*operation);
        if (!example) continue;
        asked_alone_.push_back(request_text(s_.pack.model->identity(), name, to_body(example->input)));
        requests[name].emplace_back(asked_alone_.back());
      }
    }
  }

  // True if there is an endpoint to go on with.
  bool start() {
    RequestsByModel by_model = requests_by_model(cases_);
    const Probe found = probe_and_bind(endpoint_, s_, registry_.prefix(), by_model);
    s_.knowledge.knows_all_tokens = !options_.recorded_requests;
    summary_.remarks = found.remarks;
    for (auto& remark : oracle::contradictions(*s_.pack.model, *s_.pack.rules))
      summary_.remarks.push_back(std::move(remark));
    if (!found.reachable) {
      lose(found.problem);
      return false;
    }
    std::set<std::string, std::less<>> judged;
    for (const Case& c : cases_) {
      judged.insert(c.operation);
      judged.insert(c.others.begin(), c.others.end());
    }
    ask_for_others(by_model);
    auto lives = probe_resource_operations(endpoint_, s_, registry_, judged, by_model, found.unknown);
    std::move(lives.remarks.begin(), lives.remarks.end(), std::back_inserter(summary_.remarks));
    for (auto& remark :
         probe_operations(endpoint_, s_, by_model, registry_.prefix(), found.unknown, lives.there))
      summary_.remarks.push_back(std::move(remark));
    for (const Case& c : cases_) {
      if (c.scenario == nullptr) exchange_cases_.push_back(&c);
    }
    choose_stand_ins();
    return given_is_right() && make(wanted_by_all()) && choose_stand_in();
  }

  // Any operation can stand in for protocol cases. Requests that were given to be replayed, and that need no
  // resource themselves, get one that needs none either, if the endpoint has it. Cases of the suites keep
  // theirs, for their verdicts must not depend on what is run with them.
  void choose_stand_ins() {
    stand_ins_ = examples_;
    const bool replays = std::all_of(cases_.begin(), cases_.end(), [](const Case& c) {
      return c.source == Source::replayed && c.scenario == nullptr;
    });
    if (!replays) return;
    for (const auto& [operation, example] : examples_) {
      if (s_.knowledge.unimplemented.contains(operation)) continue;
      const Examples alone = {{operation, example}};
      if (needs_resources(*s_.pack.catalogue, wanted_placeholders(s_, exchange_cases_, alone))) continue;
      stand_ins_ = alone;
      s_.bindings.set("protocol-operation", operation);
      return;
    }
  }

  bool choose_stand_in() {
    const bool needed =
        std::any_of(cases_.begin(), cases_.end(), [](const Case& c) { return c.operation == kProtocol; });
    if (needed) choose_protocol_operation(endpoint_, s_, stand_ins_);
    bind_protocol_body(s_);
    return true;
  }

  // Scenarios make what they need by themselves, but for what protocol cases are sent for.
  std::set<std::string> wanted_by_all() const {
    std::vector<const Case*> all;
    for (const Case& c : cases_) all.push_back(&c);
    return wanted_placeholders(s_, all, stand_ins_);
  }

  // False if the endpoint cannot be gone on with.
  bool make(const std::set<std::string>& wanted) {
    if (make_fixtures(endpoint_, s_, registry_, options_.given, wanted) != Trouble::expired) return true;
    if (!renew()) return false;
    make_fixtures(endpoint_, s_, registry_, options_.given, wanted);
    return true;
  }

  void remove_all() {
    if (s_.pack.catalogue->kinds().empty() && !cases_.empty()) {
      summary_.remarks.push_back(
          fmt::format("whatever this run made is still there: how {} removes things is not known here; their "
                      "names begin with {}",
                      s_.pack.model->identity().id, registry_.prefix()));
    }
    if (summary_.endpoint_lost) {
      summary_.left_behind = registry_.remaining_ids();
      return;
    }
    Removal how;
    how.connections = options_.connections;
    how.patience = options_.patience_to_remove;
    summary_.left_behind = remove_fixtures(endpoint_, s_, registry_, how);
    if (summary_.left_behind.empty() || !have_expired() || !renew()) return;
    summary_.left_behind = remove_fixtures(endpoint_, s_, registry_, how);
  }

  // ---- credentials ----
  bool have_expired() {
    Client client(endpoint_, s_);
    client.call("NoSuchOperation", wire::Json::object());
    return client.trouble() == Trouble::expired;
  }

  // The endpoint said that the credentials have expired. True if there are others now.
  bool renew() {
    const auto& old = s_.composer.signing();
    std::string why = "they are the same when they are read again";
    if (options_.renew && ++renewals_ <= kMaxRenewals) {
      const auto fresh = options_.renew();
      if (!fresh) {
        why = fresh.error().message;
      } else if (!old || !(fresh->credentials == old->credentials)) {
        const std::lock_guard lock(mutex_);
        s_.composer = Composer(endpoint_.authority(), *fresh, endpoint_.base_path());
        if (s_.knowledge.authentication) s_.knowledge.authentication = {fresh->credentials, fresh->scope};
        s_.bindings.set("access-key", fresh->credentials.access_key_id);
        summary_.remarks.emplace_back("the credentials expired and were read again");
        return true;
      }
    }
    lose(fmt::format("{} says that the credentials have expired, and {}: get new ones and run again", s_.url,
                     why));
    return false;
  }

  // ---- what the user says is there ----
  // What is wrong with it would otherwise be a defect of every case that rests on it.
  bool given_is_right() {
    for (const auto& [kind_name, id] : options_.given) {
      const ResourceKind& kind = *s_.pack.catalogue->kind(kind_name);
      if (s_.knowledge.unimplemented.contains(kind.read.operation)) continue;
      Client client(endpoint_, s_);
      const Reply reply = client.call(kind.read.operation, kind.read.filled(id));
      const bool refused = reply.exchange.transport == wire::Transport::answered &&
                           reply.exchange.response.status >= 400 && reply.exchange.response.status < 500;
      if (!refused || client.trouble() != Trouble::none) continue;
      lose(fmt::format("{} {}: {} answers {} for it with {}; name a {} that exists", kind.option, id, s_.url,
                       kind.read.operation, reply.text(), kind_name));
      return false;
    }
    return true;
  }

  void lose(std::string problem) {
    summary_.endpoint_lost = true;
    if (summary_.endpoint_problem.empty()) summary_.endpoint_problem = std::move(problem);
  }

  void report(CaseResult r) {
    const std::lock_guard lock(mutex_);
    ++summary_.by_operation[r.operation][r.verdict];
    ++summary_.total[r.verdict];
    for (const auto& f : r.findings) summary_.advice += f.severity == oracle::Severity::advice ? 1 : 0;
    observer_.finished_case(r);
  }

  // A shard that happens to hold nothing that this endpoint lets us judge is no empty pass as long as another
  // shard judges an operation. What was blocked could have been judged.
  bool other_shards_judge() const {
    const auto& operations = options_.operations_of_all_shards;
    if (operations.empty() || summary_.judged()) return false;
    if (cases_.empty()) return true;
    if (const auto it = summary_.total.find(Verdict::blocked); it != summary_.total.end() && it->second > 0)
      return false;
    return std::any_of(operations.begin(), operations.end(), [&](const std::string& operation) {
      if (operation == kProtocol) return operations.size() == 1;
      return !s_.knowledge.unimplemented.contains(operation);
    });
  }

  // ---- cases of one exchange ----
  // What changes something, or would if it were taken by mistake, stands in nobody's way: cases of families
  // that do are for one_by_one(), and those that follow from the model alone come behind the scenarios, for
  // an endpoint that takes what it should refuse may never be the same again. What shares a control comes one
  // after the other: few lanes need it then.
  void arrange() {
    std::shuffle(exchange_cases_.begin(), exchange_cases_.end(), std::mt19937_64(options_.seed));
    const auto move_out = [&](std::vector<const Case*>& to, const auto& which) {
      const auto rest = std::stable_partition(exchange_cases_.begin(), exchange_cases_.end(),
                                              [&](const Case* c) { return !which(c); });
      to.assign(rest, exchange_cases_.end());
      exchange_cases_.erase(rest, exchange_cases_.end());
    };
    move_out(alone_, [](const Case* c) { return c->changes; });
    move_out(writing_, [&](const Case* c) {
      const auto* use = s_.pack.catalogue->use(c->operation);
      return c->by_model && use != nullptr && use->effect != Effect::reads;
    });
    const auto by_model = std::stable_partition(exchange_cases_.begin(), exchange_cases_.end(),
                                                [](const Case* c) { return !c->by_model; });
    const auto by_control = [](const Case* a, const Case* b) { return a->control < b->control; };
    std::stable_sort(by_model, exchange_cases_.end(), by_control);
    std::stable_sort(writing_.begin(), writing_.end(), by_control);
  }

  void one_by_one() {
    // What they change, they change on fixtures of their own; what comes after them goes by those of before.
    const Bindings bindings = s_.bindings;
    const std::vector<SetUp> set_ups = s_.set_ups;
    for (const Case* c : alone_) {
      if (stop_ || summary_.endpoint_lost) break;
      run_exclusively(*c);
    }
    s_.bindings = bindings;
    s_.set_ups = set_ups;
    if (const auto& signing = s_.composer.signing())
      s_.bindings.set("access-key", signing->credentials.access_key_id);
  }

  ExchangeRunnerOptions exchange_options(std::size_t connections) {
    ExchangeRunnerOptions o;
    o.connections = connections;
    o.repeat = options_.repeat;
    o.registry = &registry_;
    o.keep_passing_exchanges = options_.keep_passing_exchanges;
    o.describe_failures = options_.describe_failures;
    return o;
  }

  void run_exclusively(const Case& c) {
    if (auto decided = decide(s_, c)) return report(std::move(*decided));
    if (const Fixture* given = given_to(c)) {
      CaseResult r = result_for(c, Verdict::unchecked);
      r.reason = fmt::format("it may change the {} that {} names", given->kind,
                             s_.pack.catalogue->kind(given->kind)->option);
      return report(std::move(r));
    }
    for (std::size_t n = 0; n < options_.repeat && !stop_ && !summary_.endpoint_lost; ++n) {
      // A soak would come to the end of what an endpoint keeps.
      const bool soak = options_.repeat > 1;
      const auto before = soak ? registry_.remaining() : std::vector<ResourceId>();
      auto tried = try_exclusively(c);
      if (!tried) return;
      if (tried->result.verdict == Verdict::fail && !tried->lost) {
        // In what the first one left, the second one would be another case.
        auto again = try_exclusively(c);
        if (!again) return;
        tried->result = settle(std::move(tried->result), std::move(again->result));
      }
      report(std::move(tried->result));
      if (soak) remove_all_but(before);
    }
  }

  void remove_all_but(const std::vector<ResourceId>& before) {
    Client client(endpoint_, s_);
    Resources resources(client, registry_);
    for (const auto& r : registry_.remaining()) {
      if (std::find(before.begin(), before.end(), r) == before.end())
        (void)resources.empty_and_remove(r.kind, r.id);
    }
  }

  // The resource of somebody else that a case is sent for; nullptr if there is none.
  const Fixture* given_to(const Case& c) const {
    for (const Fixture& f : s_.pack.catalogue->fixtures()) {
      if (f.may_be_given && options_.given.contains(f.kind) && uses(c.request, f.name)) return &f;
    }
    return nullptr;
  }

  struct Tried {
    CaseResult result;
    bool lost = false;  // the endpoint's process ended
  };

  // One try of a case that changes something, on fixtures of its own. Nothing if the run was stopped, or
  // ends.
  std::optional<Tried> try_exclusively(const Case& c) {
    s_.set_ups.clear();
    auto wanted = wanted_placeholders(s_, {&c}, stand_ins_);
    for (const Fixture& f : s_.pack.catalogue->fixtures()) {
      if (!f.beside.empty() && wanted.contains(f.name)) wanted.insert(f.beside);
    }
    if (!make(wanted)) return std::nullopt;
    bind_protocol_body_beside();
    Planned planned = plan_exchanges(s_, {&c});
    std::optional<Tried> tried;
    for (auto& r : planned.decided) tried = {std::move(r)};
    ExchangeRunnerOptions o = exchange_options(1);
    o.repeat = 1;
    o.confirm = false;
    const auto once = [&] {
      auto result =
          run_exchanges(endpoint_, s_, planned.plan, o, stop_, [&](CaseResult r) { tried = {std::move(r)}; });
      summary_.exchanges += result.exchanges;
      return result;
    };
    auto result = once();
    if (result.expired && renew()) result = once();
    if (result.expired) lose(fmt::format("{} says that the credentials have expired", s_.url));
    if (!result.lost) return tried;
    if (!tried) tried = {death(c, planned.plan)};
    tried->lost = true;
    if (options_.restart) {
      revive();
    } else {
      lose(fmt::format("{} stopped accepting connections while {} was sent; let us restart it (--spawn)",
                       s_.url, c.id));
    }
    return tried;
  }

  // The control goes by resources that the request leaves alone.
  void bind_protocol_body_beside() {
    Bindings beside = s_.bindings;
    for (const Fixture& f : s_.pack.catalogue->fixtures()) {
      if (const auto other = s_.bindings.value(f.beside); !other.empty()) beside.set(f.name, other);
    }
    bind_protocol_body(s_, beside);
  }

  // What a case shows that the endpoint's process died of.
  CaseResult death(const Case& c, const ExchangePlan& alone) {
    CaseResult r = result_for(c, Verdict::fail);
    oracle::Finding f{"availability/died",
                      oracle::Severity::defect,
                      "the endpoint's process ended when it was sent this",
                      {}};
    if (!alone.cases.empty()) {
      const Prepared& p = alone.cases.front().request;
      f.signature = to_string(oracle::Signature{"-", f.rule, p.classification.kind(), "-"});
      wire::Exchange nothing;
      nothing.transport = wire::Transport::closed;
      describe(s_, p, nothing, r);
    }
    r.findings.push_back(std::move(f));
    return r;
  }

  // What is ready to be sent takes many times the memory of the cases: so many are planned at once. A soak
  // repeats what it has planned.
  void together(const std::vector<const Case*>& cases) {
    for (auto begin = cases.begin(); begin != cases.end();) {
      if (stop_ || summary_.endpoint_lost) return;
      const auto rest = std::distance(begin, cases.end());
      const auto end = begin + (options_.repeat > 1 ? rest : std::min(rest, kMaxPlanned));
      planned_at_once({begin, end});
      begin = end;
    }
  }

  void planned_at_once(const std::vector<const Case*>& cases) {
    Planned planned = plan_exchanges(s_, cases);
    for (auto& r : planned.decided) report(std::move(r));
    const ExchangeRunnerOptions o = exchange_options(options_.connections);
    std::set<std::string> reported;
    const bool once = o.repeat == 1;  // a soak is not gone on with
    const auto done = [&](CaseResult r) {
      if (once) reported.insert(r.id);
      report(std::move(r));
    };
    auto result = run_exchanges(endpoint_, s_, planned.plan, o, stop_, done);
    summary_.exchanges += result.exchanges;
    for (int restarts = 0; once && !stop_ && restarts < kMaxRestarts; ++restarts) {
      if (result.expired) {
        if (!renew()) return;
        result = resume(cases, o, {}, reported, done);
      } else if (result.lost && options_.restart) {
        if (!revive()) return;
        result = resume(cases, o, result.in_flight, reported, done);
      } else {
        break;
      }
      summary_.exchanges += result.exchanges;
    }
    if (result.expired) lose(fmt::format("{} says that the credentials have expired", s_.url));
    if (result.lost) {
      lose(fmt::format("{} stopped accepting connections{}", s_.url,
                       result.in_flight.empty()
                           ? std::string()
                           : fmt::format(" while these were sent: {}; run them one by one (--filter, "
                                         "--connections 1) or let us restart it (--spawn)",
                                         fmt::join(result.in_flight, ", "))));
    }
  }

  bool revive() {
    const auto how = options_.restart();
    if (!how) {
      lose(how.error().message);
      return false;
    }
    summary_.remarks.push_back(fmt::format("the endpoint died ({}) and was started again", *how));
    forget_resources(s_, registry_);
    return make(wanted_by_all()) && choose_stand_in();
  }

  // Goes on with what is not reported yet. After a restart, the cases that were being answered are tried one
  // by one before, so that the one which kills the endpoint is known.
  ExchangeRunnerResult resume(const std::vector<const Case*>& cases, const ExchangeRunnerOptions& o,
                              const std::vector<std::string>& suspects, std::set<std::string>& reported,
                              const std::function<void(CaseResult)>& done) {
    std::vector<const Case*> rest;
    for (const Case* c : cases) {
      if (decide(s_, *c) || reported.contains(c->id)) continue;
      if (std::find(suspects.begin(), suspects.end(), c->id) == suspects.end()) {
        rest.push_back(c);
        continue;
      }
      Planned alone = plan_exchanges(s_, {c});
      auto result = run_exchanges(endpoint_, s_, alone.plan, exchange_options(1), stop_, done);
      summary_.exchanges += result.exchanges;
      if (!result.lost) continue;
      if (!reported.contains(c->id)) done(death(*c, alone.plan));
      result.in_flight.clear();
      return result;
    }
    const Planned planned = plan_exchanges(s_, rest);
    for (const auto& r : planned.decided) {
      if (reported.insert(r.id).second) report(r);
    }
    return run_exchanges(endpoint_, s_, planned.plan, o, stop_, done);
  }

  // ---- scenarios ----
  void scenarios() {
    std::vector<std::pair<std::size_t, const Case*>> todo, undisturbed;  // with their places among the cases
    for (std::size_t place = 0; place < cases_.size(); ++place) {
      const Case& c = cases_[place];
      if (c.scenario == nullptr) continue;
      if (auto decided = decide(s_, c)) {
        report(std::move(*decided));
      } else {
        (c.last ? last_ : c.undisturbed ? undisturbed : todo).emplace_back(place, &c);
      }
    }
    std::shuffle(todo.begin(), todo.end(), std::mt19937_64(options_.seed));
    std::shuffle(last_.begin(), last_.end(), std::mt19937_64(options_.seed));
    run_in_turn(undisturbed);
    std::atomic<std::size_t> next{0};
    std::atomic<bool> lost{summary_.endpoint_lost};
    const auto work = [&] {
      for (std::size_t i = next++; i < todo.size() && !stop_ && !lost; i = next++) {
        run_scenario(*todo[i].second, todo[i].first, lost);
      }
    };
    {
      std::vector<std::jthread> threads;
      const std::size_t count = std::min({options_.connections, todo.size(), std::size_t{16}});
      for (std::size_t i = 0; i < count; ++i) threads.emplace_back(work);
    }
    if (lost) lose_during_scenarios();
  }

  void last_scenarios() { run_in_turn(last_); }

  void run_in_turn(const std::vector<std::pair<std::size_t, const Case*>>& cases) {
    std::atomic<bool> lost{summary_.endpoint_lost};
    for (const auto& [place, c] : cases) {
      if (stop_ || lost) break;
      run_scenario(*c, place, lost);
    }
    if (lost && !summary_.endpoint_lost) lose_during_scenarios();
  }

  void lose_during_scenarios() {
    lose(fmt::format("{} stopped accepting connections during the scenarios", s_.url));
  }

  void run_scenario(const Case& c, std::size_t place, std::atomic<bool>& lost) {
    Attempt first = attempt(c, options_.seed, std::to_string(place));
    if (first.trouble == Trouble::expired) {
      const std::lock_guard lock(renewing_);
      // Another thread may have read them again meanwhile.
      if (credentials_now() == first.credentials && !renew()) {
        lost = true;
        return;
      }
      first = attempt(c, options_.seed, std::to_string(place));
    }
    CaseResult& r = first.result;
    if (r.verdict == Verdict::fail || r.verdict == Verdict::blocked) {
      if (gone()) {
        lost = true;
        return;
      }
    }
    if (r.verdict == Verdict::fail && !stop_) {
      const CaseResult again = attempt(c, options_.seed + 1, fmt::format("{}again", place)).result;
      if (again.verdict != Verdict::fail) {
        r.verdict = Verdict::flaky;
        r.reason = fmt::format("failed first, then ended {}", to_string(again.verdict));
      }
    }
    if (!stop_) report(std::move(r));
  }

  struct Attempt {
    CaseResult result;
    Trouble trouble = Trouble::none;
    std::optional<wire::Credentials> credentials;  // what it was signed with
  };

  std::optional<wire::Credentials> credentials_now() {
    const std::lock_guard lock(mutex_);
    const auto& signing = s_.composer.signing();
    return signing ? std::optional(signing->credentials) : std::nullopt;
  }

  Situation situation_now() {
    const std::lock_guard lock(mutex_);
    return s_;
  }

  Attempt attempt(const Case& c, std::uint64_t seed, std::string names) {
    const auto started = Clock::now();
    const auto credentials = credentials_now();
    const Situation situation = situation_now();
    ScenarioContext context(endpoint_, situation, registry_, seed, std::move(names),
                            [this] { return endpoint_.losses(); });
    c.scenario(context);
    CaseResult r = result_for(c, Verdict::pass);
    if (context.trouble() != Trouble::none) {
      r.verdict = Verdict::unchecked;
      r.reason = to_string(context.trouble());
    } else if (context.failed()) {
      r.verdict = Verdict::fail;
    } else if (!context.blocked_reason().empty()) {
      r.verdict = Verdict::blocked;
      r.reason = context.blocked_reason();
    } else if (!context.unchecked_reason().empty()) {
      r.verdict = Verdict::unchecked;
      r.reason = context.unchecked_reason();
    } else if (context.exchanges() == 0) {
      // A scenario that asked nothing has shown nothing.
      r.verdict = Verdict::error;
      r.reason = "the scenario sent no request";
    }
    if (context.trouble() == Trouble::none) r.findings = context.findings();
    const bool failed = r.verdict != Verdict::pass || !r.findings.empty();
    if ((failed && options_.describe_failures) || options_.keep_passing_exchanges) context.describe(r);
    r.duration = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - started);
    const std::lock_guard lock(mutex_);
    summary_.exchanges += context.exchanges();
    return {std::move(r), context.trouble(), credentials};
  }

  // True if nobody accepts connections any more.
  bool gone() {
    const Situation situation = situation_now();
    Client client(endpoint_, situation);
    const auto transport = client.call("NoSuchOperation", wire::Json::object()).exchange.transport;
    return transport == wire::Transport::connect_failed || transport == wire::Transport::connect_timeout;
  }

  Throttle throttle_;
  PatientEndpoint endpoint_;
  const Examples& examples_;
  Examples stand_ins_;  // operations that protocol cases may be sent for
  const std::vector<Case>& cases_;
  const RunOptions& options_;
  Observer& observer_;
  const std::atomic<bool>& stop_;
  ResourceRegistry registry_;
  Situation s_;
  std::vector<const Case*> exchange_cases_;  // but for those of the next two, once they are arranged
  std::vector<const Case*> alone_;           // what changes fixtures
  std::vector<const Case*> writing_;         // what may, of which only the model is known
  std::deque<std::string> asked_alone_;      // ask_for_others()
  std::vector<std::pair<std::size_t, const Case*>> last_;  // Case::last, with their places among the cases
  std::mutex mutex_;
  std::mutex renewing_;  // held while scenarios wait for other credentials
  int renewals_ = 0;
  RunSummary summary_;
};

}  // namespace

RunSummary run(endpoint::Endpoint& endpoint, const Pack& pack, const std::vector<Case>& cases,
               const RunOptions& options, Observer& observer, const std::atomic<bool>& stop) {
  return Run(endpoint, pack, cases, options, observer, stop).run();
}

}  // namespace harness::run
