#include "harness/run/runner.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <mutex>
#include <random>
#include <thread>

#include "harness/run/exchange_runner.h"
#include "harness/run/plan.h"
#include "harness/run/scenario.h"

namespace harness::run {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kMostRestarts = 200;

class Run {
 public:
  Run(endpoint::Endpoint& endpoint, const model::Model& model,
      const std::map<std::string, Example, std::less<>>& examples, const std::vector<Case>& cases,
      const RunOptions& options, Observer& observer, const std::atomic<bool>& stop)
      : endpoint_(endpoint),
        examples_(examples),
        cases_(cases),
        options_(options),
        observer_(observer),
        stop_(stop),
        registry_(new_document_prefix()) {
    s_.model = &model;
    s_.level = options.level;
    s_.composer = Composer(endpoint.authority(), options.signing);
    s_.url = endpoint.url();
    s_.ca_bundle = options.ca_bundle;
    s_.verify_ssl = options.verify_ssl;
    s_.knowledge.other_operations = options.other_operations;
  }

  RunSummary run() {
    const auto started = Clock::now();
    announce();
    if (start()) {
      exchanges();
      scenarios();
      if (!summary_.endpoint_lost)
        summary_.left_behind = remove_fixtures(endpoint_, s_, registry_);
      else
        summary_.left_behind = registry_.remaining();
    }
    summary_.interrupted = stop_;
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
    info.model_hash = s_.model->hash();
    info.options = options_.shown_options;
    info.planned = cases_.size();
    observer_.started(info);
  }

  // True if there is an endpoint to go on with.
  bool start() {
    const Probe found = acquaint(endpoint_, s_, examples_, registry_.prefix());
    summary_.remarks = found.remarks;
    if (!found.reachable) {
      lose(found.problem);
      return false;
    }
    for (const Case& c : cases_) {
      if (c.scenario == nullptr) exchange_cases_.push_back(&c);
    }
    make_fixtures(endpoint_, s_, registry_, options_.given,
                  wanted_placeholders(s_, exchange_cases_, examples_));
    bind_protocol_body(s_, examples_);
    return given_document_exists();
  }

  // Otherwise every case that rests on it would be a defect.
  bool given_document_exists() {
    if (!options_.given.document || s_.knowledge.unimplemented.contains("DescribeDocumentPermission"))
      return true;
    Client client(endpoint_, s_);
    const Reply reply = client.call("DescribeDocumentPermission",
                                    {{"Name", *options_.given.document}, {"PermissionType", "Share"}});
    if (reply.code != "InvalidDocument") return true;
    lose(fmt::format("--document {}: {} says that it does not exist ({})", *options_.given.document, s_.url,
                     reply.text()));
    return false;
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

  // ---- cases of one exchange ----
  void exchanges() {
    std::shuffle(exchange_cases_.begin(), exchange_cases_.end(), std::mt19937_64(options_.seed));
    const auto changing = std::stable_partition(exchange_cases_.begin(), exchange_cases_.end(),
                                                [](const Case* c) { return !c->changes; });
    const std::vector<const Case*> alone(changing, exchange_cases_.end());
    exchange_cases_.erase(changing, exchange_cases_.end());
    together();
    for (const Case* c : alone) {
      if (stop_ || summary_.endpoint_lost) break;
      by_itself(*c);
    }
  }

  ExchangeRunnerOptions exchange_options(std::size_t connections) const {
    ExchangeRunnerOptions o;
    o.connections = connections;
    o.repeat = options_.repeat;
    o.keep_passing_exchanges = options_.keep_passing_exchanges;
    o.describe_failures = options_.describe_failures;
    return o;
  }

  void by_itself(const Case& c) {
    if (options_.given.document && c.request.find("{{document}}") != std::string::npos) {
      CaseResult r = result_for(c, Verdict::unchecked);
      r.reason = "it may change the document that --document names";
      return report(std::move(r));
    }
    s_.set_ups.clear();
    auto wanted = wanted_placeholders(s_, {&c}, examples_);
    wanted.insert("other-document");
    make_fixtures(endpoint_, s_, registry_, options_.given, wanted);
    // The control goes by a document that the request leaves alone.
    const std::string document = s_.bindings.value("document");
    const std::string other = s_.bindings.value("other-document");
    if (!other.empty()) s_.bindings.set("document", other);
    bind_protocol_body(s_, examples_);
    if (!document.empty()) s_.bindings.set("document", document);
    Planned planned = plan_exchanges(s_, {&c});
    for (auto& r : planned.decided) report(std::move(r));
    bool reported = false;
    const auto result =
        run_exchanges(endpoint_, s_, planned.plan, exchange_options(1), stop_, [&](CaseResult r) {
          reported = true;
          report(std::move(r));
        });
    summary_.exchanges += result.exchanges;
    if (!result.lost) return;
    if (!reported) report(death(c, planned.plan));
    if (!options_.restart) {
      lose(fmt::format("{} stopped accepting connections while {} was sent; let us restart it (--spawn)",
                       s_.url, c.id));
    } else {
      revive();
    }
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
      f.signature = "-|availability/died|" + p.classification.kind() + "|-";
      wire::Exchange nothing;
      nothing.transport = wire::Transport::closed;
      describe(s_, p, nothing, r);
    }
    r.findings.push_back(std::move(f));
    return r;
  }

  void together() {
    Planned planned = plan_exchanges(s_, exchange_cases_);
    for (auto& r : planned.decided) report(std::move(r));
    const ExchangeRunnerOptions o = exchange_options(options_.connections);
    std::set<std::string> reported;
    const bool once = o.repeat == 1 && options_.restart;
    const auto done = [&](CaseResult r) {
      if (once) reported.insert(r.id);
      report(std::move(r));
    };
    auto result = run_exchanges(endpoint_, s_, planned.plan, o, stop_, done);
    summary_.exchanges += result.exchanges;
    for (int restarts = 0; result.lost && once && !stop_ && restarts < kMostRestarts; ++restarts) {
      if (!revive()) return;
      result = resume(planned.plan, o, result.in_flight, reported, done);
      summary_.exchanges += result.exchanges;
    }
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
    // A new process has none of our documents.
    for (const auto& name : registry_.remaining()) registry_.removed(name);
    s_.set_ups.clear();
    s_.knowledge.documents.clear();
    s_.knowledge.tokens.clear();
    make_fixtures(endpoint_, s_, registry_, options_.given,
                  wanted_placeholders(s_, exchange_cases_, examples_));
    bind_protocol_body(s_, examples_);
    return true;
  }

  // After a restart: the cases that were being answered are tried one by one, so that the one which kills the
  // endpoint is known; then the rest goes on.
  ExchangeRunnerResult resume(const ExchangePlan&, const ExchangeRunnerOptions& o,
                              const std::vector<std::string>& suspects, std::set<std::string>& reported,
                              const std::function<void(CaseResult)>& done) {
    std::vector<const Case*> rest;
    for (const Case* c : exchange_cases_) {
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
    std::vector<const Case*> todo;
    for (const Case& c : cases_) {
      if (c.scenario == nullptr) continue;
      if (auto decided = decide(s_, c)) {
        report(std::move(*decided));
      } else {
        todo.push_back(&c);
      }
    }
    std::shuffle(todo.begin(), todo.end(), std::mt19937_64(options_.seed));
    std::atomic<std::size_t> next{0};
    std::atomic<bool> lost{false};
    const auto work = [&] {
      for (std::size_t i = next++; i < todo.size() && !stop_ && !lost && !summary_.endpoint_lost;
           i = next++) {
        run_scenario(*todo[i], lost);
      }
    };
    {
      std::vector<std::jthread> threads;
      const std::size_t count = std::min({options_.connections, todo.size(), std::size_t{16}});
      for (std::size_t i = 0; i < count; ++i) threads.emplace_back(work);
    }
    if (lost) lose(fmt::format("{} stopped accepting connections during the scenarios", s_.url));
  }

  void run_scenario(const Case& c, std::atomic<bool>& lost) {
    CaseResult r = attempt(c, options_.seed);
    if (r.verdict == Verdict::fail || r.verdict == Verdict::blocked) {
      if (gone()) {
        lost = true;
        return;
      }
    }
    if (r.verdict == Verdict::fail && !stop_) {
      const CaseResult again = attempt(c, options_.seed + 1);
      if (again.verdict != Verdict::fail) {
        r.verdict = Verdict::flaky;
        r.reason = fmt::format("failed first, then ended {}", to_string(again.verdict));
      }
    }
    if (!stop_) report(std::move(r));
  }

  CaseResult attempt(const Case& c, std::uint64_t seed) {
    const auto started = Clock::now();
    ScenarioContext context(endpoint_, s_, registry_, seed);
    c.scenario(context);
    CaseResult r = result_for(c, Verdict::pass);
    if (context.failed()) {
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
    r.findings = context.findings();
    const bool failed = r.verdict != Verdict::pass || !r.findings.empty();
    if ((failed && options_.describe_failures) || options_.keep_passing_exchanges) context.describe(r);
    r.duration = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - started);
    const std::lock_guard lock(mutex_);
    summary_.exchanges += context.exchanges();
    return r;
  }

  // True if nobody accepts connections any more.
  bool gone() {
    Client client(endpoint_, s_);
    const auto transport = client.call("NoSuchOperation", wire::Json::object()).exchange.transport;
    return transport == wire::Transport::connect_failed || transport == wire::Transport::connect_timeout;
  }

  endpoint::Endpoint& endpoint_;
  const std::map<std::string, Example, std::less<>>& examples_;
  const std::vector<Case>& cases_;
  const RunOptions& options_;
  Observer& observer_;
  const std::atomic<bool>& stop_;
  DocumentRegistry registry_;
  Situation s_;
  std::vector<const Case*> exchange_cases_;
  std::mutex mutex_;
  RunSummary summary_;
};

}  // namespace

RunSummary run(endpoint::Endpoint& endpoint, const model::Model& model,
               const std::map<std::string, Example, std::less<>>& examples, const std::vector<Case>& cases,
               const RunOptions& options, Observer& observer, const std::atomic<bool>& stop) {
  return Run(endpoint, model, examples, cases, options, observer, stop).run();
}

}  // namespace harness::run
