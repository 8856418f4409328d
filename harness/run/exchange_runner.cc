// How a case runs. Several lanes take cases from one plan; each is one connection and a small state machine
// on the I/O thread, whose states are the handlers of its exchanges:
//
//   take_next ─► control due? ──yes──► control ──refused──► BLOCKED
//                     │no                 │accepted
//                     ▼                   ▼
//                  request ◄──────────────┘
//                     │ judge()
//                     ▼
//        hostile? ──yes──► control on the same connection, if it is kept ─► control on a new connection
//           │no                                                                │ note_aftermath()
//           ▼                                                                  ▼
//     a defect? ──first try──► begin_attempt() again on a new connection ─► settle(): FAIL or FLAKY
//           │no
//           ▼
//     negative? ──yes──► held until its control is accepted once more: PASS; refused: run again, then BLOCKED
//           │no
//           ▼
//         PASS
//
// A control is due before the first case that rests on it and after every `control_every` of them. So that
// little is sent, one acceptance releases all cases that are held back. An answer that says nothing
// (throttled, expired credentials) ends the case as UNCHECKED, or the run.
#include "harness/run/exchange_runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <set>
#include <utility>

#include "harness/oracle/evidence.h"
#include "harness/oracle/transient.h"
#include "harness/run/client.h"
#include "harness/run/repeat_composer.h"

namespace harness::run {
namespace {

using wire::Exchange;
using wire::Transport;
using Clock = std::chrono::steady_clock;

// A server may wait for the rest of an incomplete message for as long as it likes; we need not.
constexpr std::chrono::milliseconds kPatienceForIncomplete{150};

bool nobody_there(const Exchange& e) {
  return e.transport == Transport::connect_failed || e.transport == Transport::connect_timeout;
}

struct Shared {
  endpoint::Endpoint& endpoint;
  const Situation& situation;
  const ExchangePlan& plan;
  const ExchangeRunnerOptions& options;
  const std::atomic<bool>& stop;
  const std::function<void(CaseResult)>& done;

  std::size_t next = 0;  // I/O thread only, as all of these
  std::size_t open_lanes = 0;
  // One for all lanes: it keeps what it has composed, which would cost memory for each lane.
  RepeatComposer composer{situation.composer};
  ExchangeRunnerResult result;

  std::mutex mutex;
  std::condition_variable finished_signal;
  bool finished = false;

  std::size_t total() const { return plan.cases.size() * options.repeat; }
};

bool shares_a_rule(const std::vector<oracle::Finding>& first, const std::vector<oracle::Finding>& second) {
  const auto defect_in_second = [&](const oracle::Finding& f) {
    return std::any_of(second.begin(), second.end(), [&](const oracle::Finding& s) {
      return s.severity == oracle::Severity::defect && s.rule == f.rule;
    });
  };
  return std::any_of(first.begin(), first.end(), [&](const oracle::Finding& f) {
    return f.severity == oracle::Severity::defect && defect_in_second(f);
  });
}

// One connection and the case that is on it.
class Lane {
 public:
  explicit Lane(Shared& shared)
      : s_(shared), connection_(shared.endpoint.open()), trust_(shared.plan.controls.size()) {}

  void take_next() {
    if (s_.stop || s_.result.lost || s_.result.expired) return finish_lane();
    tries_ = 0;
    if (!again_.empty()) {
      case_ = again_.back();
      again_.pop_back();
      tries_ = 1;
    } else if (taken_ < taken_end_ || take_some()) {
      case_ = &s_.plan.cases[taken_++ % s_.plan.cases.size()];
    } else {
      return confirm_held();
    }
    attempt_ = 0;
    first_.reset();
    started_ = Clock::now();
    begin_attempt();
  }

 private:
  // The next case; and those behind it that share its control, if nothing but the model says that it is
  // valid: there are many such controls, each for a few cases.
  bool take_some() {
    if (s_.next >= s_.total()) return false;
    const auto at = [&](std::size_t n) -> const PlannedCase& {
      return s_.plan.cases[n % s_.plan.cases.size()];
    };
    taken_ = s_.next++;
    const PlannedCase& first = at(taken_);
    while (first.source->by_model && first.has_control && s_.next < s_.total() &&
           s_.next - taken_ < s_.options.control_every && at(s_.next).has_control &&
           at(s_.next).control == first.control)
      ++s_.next;
    taken_end_ = s_.next;
    return true;
  }

  void begin_attempt() {
    if (!case_->has_control) return send_request();
    const bool due = attempt_ > 0 || trust().since >= s_.options.control_every;
    if (due) return check_control(&Lane::after_control, attempt_ > 0);
    send_request();
  }

  void send(const wire::HttpText& text, bool fresh, std::chrono::milliseconds timeout,
            void (Lane::*then)(Exchange)) {
    auto message = s_.composer.compose(text, s_.situation.now());
    message.fresh_connection = message.fresh_connection || fresh;
    message.timeout = timeout;
    ++s_.result.exchanges;
    connection_->async_exchange(std::move(message), [this, &text, fresh, timeout, then](Exchange e) {
      // One connection that was not accepted may be a full queue; only the second says that nobody is there.
      if (nobody_there(e) && !std::exchange(asked_twice_, true)) return send(text, fresh, timeout, then);
      asked_twice_ = false;
      (this->*then)(std::move(e));
    });
  }

  // ---- control ----
  void check_control(void (Lane::*then)(Exchange), bool fresh) {
    send(control().text, fresh, std::chrono::milliseconds(0), then);
  }

  const Prepared& control() const { return s_.plan.controls[case_->control]; }

  // How far a control is to be trusted on this lane.
  struct Held {
    const PlannedCase* planned;
    CaseResult result;
    int tries;
  };
  struct Trust {
    std::size_t since = kNone;     // cases since it last succeeded
    std::vector<Held> held;        // those of them that passed
    std::set<std::string> usual;   // rules of the defects that its answer shows by itself
    oracle::ControlAnswer answer;  // the last one
  };
  Trust& trust() { return trust_[case_->control]; }

  bool accepted(const Exchange& e) { return accepted(case_->control, e); }

  // A refusal that is no defect (of a node that nobody knows) shows nothing either: a control must be
  // answered with 200; or, where the endpoint has no operation at all, as before. Where nothing but the model
  // says that it is valid, a refusal is an answer too: oracle/evidence.h.
  bool accepted(std::size_t number, const Exchange& e) {
    const auto& c = s_.plan.controls[number];
    control_findings_ = judge(s_.situation, c, e);
    const auto& missing = s_.situation.knowledge.unimplemented;
    const auto it = missing.find(c.classification.target);
    note_created(c, e);
    trust_[number].answer = oracle::control_answer(e);
    const bool answered = c.by_model ? trust_[number].answer.kind != oracle::ControlAnswer::Kind::none
                                     : e.response.status == 200;
    const bool holds = e.transport == Transport::answered &&
                       (it == missing.end() ? answered : oracle::answer_kind(e) == it->second);
    trust_[number].since = holds ? 0 : kNone;
    const Trouble trouble = trouble_of(e);
    for (Held& h : std::exchange(trust_[number].held, {})) {
      if (holds) {
        s_.done(std::move(h.result));
      } else if (trouble != Trouble::none) {
        h.result.verdict = Verdict::unchecked;
        h.result.reason = to_string(trouble);
        s_.done(std::move(h.result));
      } else if (h.tries == 0) {
        again_.push_back(h.planned);
      } else {
        h.result.verdict = Verdict::blocked;
        h.result.reason = "it was refused as it should be, but afterwards the control failed, twice";
        s_.done(std::move(h.result));
      }
    }
    return holds;
  }

  // At the end: the last control of each kind, for those that are still held back.
  void confirm_held() {
    const auto it =
        std::find_if(trust_.begin(), trust_.end(), [](const Trust& t) { return !t.held.empty(); });
    if (it == trust_.end()) return finish_lane();
    confirming_ = static_cast<std::size_t>(it - trust_.begin());
    send(s_.plan.controls[confirming_].text, false, std::chrono::milliseconds(0), &Lane::after_confirmation);
  }

  void after_confirmation(Exchange e) {
    if (e.transport == Transport::cancelled) return finish_lane();
    if (nobody_there(e)) {
      // The case before was answered, but may well be the cause.
      s_.result.in_flight.push_back(trust_[confirming_].held.back().result.id);
      return lose();
    }
    accepted(confirming_, e);
    take_next();
  }

  // True if the answer says nothing of what was asked: the case has ended then, or the lane.
  bool ends_in_trouble(const Exchange& e) {
    switch (trouble_of(e)) {
      case Trouble::none:
        return false;
      case Trouble::expired:
        s_.result.expired = true;
        s_.result.in_flight.push_back(case_->source->id);
        finish_lane();
        return true;
      case Trouble::throttled:
        break;
    }
    CaseResult r = base();
    r.verdict = Verdict::unchecked;
    r.reason = to_string(Trouble::throttled);
    report(std::move(r));
    return true;
  }

  void after_control(Exchange e) {
    if (e.transport == Transport::cancelled) return finish_lane();
    if (nobody_there(e)) return lose();
    if (ends_in_trouble(e)) return;
    if (accepted(e)) {
      for (const auto& f : control_findings_) {
        if (f.severity == oracle::Severity::defect) trust().usual.insert(f.rule);
      }
      return send_request();
    }
    CaseResult r = base();
    r.verdict = Verdict::blocked;
    r.reason = "the control failed: " + why_control_failed(e);
    if (s_.options.describe_failures) describe(s_.situation, control(), e, r);
    report(std::move(r));
  }

  std::string why_control_failed(const Exchange& e) const {
    for (const auto& f : control_findings_) {
      if (f.severity == oracle::Severity::defect) return f.message;
    }
    return "it was answered with " + oracle::answer_kind(e);
  }

  // ---- the request itself ----
  void send_request() {
    const auto patience = case_->request.classification.breaks(oracle::Rule::incomplete)
                              ? kPatienceForIncomplete
                              : std::chrono::milliseconds(0);
    if (case_->has_control && trust().since != kNone) ++trust().since;
    send(case_->request.text, attempt_ > 0, patience, &Lane::after_request);
  }

  void after_request(Exchange e) {
    if (e.transport == Transport::cancelled) return finish_lane();
    exchange_ = std::move(e);
    if (nobody_there(exchange_)) return lose();
    if (ends_in_trouble(exchange_)) return;
    findings_ = judge(s_.situation, case_->request, exchange_);
    note_created(case_->request, exchange_);
    weigh();
    if (!case_->source->hostile || !case_->has_control) return conclude();
    if (exchange_.kept_alive) return check_control(&Lane::after_same_connection, false);
    check_control(&Lane::after_new_connection, true);
  }

  // What makes something is removed at the end; also what should have been refused.
  void note_created(const Prepared& request, const Exchange& e) {
    if (s_.options.registry == nullptr || e.transport != Transport::answered || e.response.status != 200)
      return;
    const auto& catalogue = *s_.situation.pack.catalogue;
    const auto* use = catalogue.use(request.classification.target);
    if (use == nullptr || use->effect != Effect::creates) return;
    const ResourceKind& kind = *catalogue.kind(use->kind);
    if (!kind.is_removed_alone()) return;
    wire::Json answer;  // read only where it holds the id
    if (kind.generated) {
      if (auto read = wire::parse_json(e.response.body)) answer = std::move(read->value);
    }
    const std::string id =
        made_id(kind, wire::text_member(request.classification.input, use->id_member), answer);
    if (!id.empty()) s_.options.registry->created(use->kind, id);
  }

  // Of an operation that is known by its model alone, not every answer proves what it seems to.
  void weigh() {
    unproved_.clear();
    if (!case_->source->by_model) return;
    const auto control = case_->has_control ? trust().answer : oracle::control_answer(exchange_);
    unproved_ = oracle::proves_nothing(case_->request.classification, exchange_, control, findings_);
    if (unproved_.empty()) return;
    std::erase_if(findings_, [](const auto& f) { return f.rule.starts_with("outcome/"); });
  }

  void after_same_connection(Exchange e) {
    if (e.transport == Transport::cancelled) return finish_lane();
    if (ends_in_trouble(e)) return;
    note_aftermath(e, "availability/same-connection", "on the same connection");
    check_control(&Lane::after_new_connection, true);
  }

  void after_new_connection(Exchange e) {
    if (e.transport == Transport::cancelled) return finish_lane();
    // Where others were being answered at the same time, any of them may be what the endpoint died of.
    if (nobody_there(e) && s_.open_lanes > 1) return lose();
    if (ends_in_trouble(e)) return;
    note_aftermath(e, "availability/afterwards", "on a new connection");
    if (nobody_there(e)) died_ = true;
    conclude();
  }

  void note_aftermath(const Exchange& e, const char* rule, const char* where) {
    const bool is_accepted = accepted(e);
    const auto& usual = trust().usual;
    const bool as_usual = std::all_of(control_findings_.begin(), control_findings_.end(), [&](const auto& f) {
      return f.severity != oracle::Severity::defect || usual.contains(f.rule);
    });
    if (is_accepted && as_usual) return;
    const std::string what =
        e.transport != Transport::answered
            ? std::string(wire::to_string(e.transport)) + (e.detail.empty() ? "" : ", " + e.detail)
            : oracle::answer_kind(e);
    oracle::Finding f;
    f.rule = rule;
    f.message =
        fmt::format("after this request, a valid one {} was not answered as it should be: {}", where, what);
    f.signature =
        to_string(oracle::Signature{"-", rule, case_->request.classification.kind(), oracle::answer_kind(e)});
    findings_.push_back(std::move(f));
  }

  // ---- verdict ----
  void conclude() {
    const bool defect = oracle::has_defect(findings_);
    if (attempt_ == 0 && defect && !died_ && s_.options.confirm) {
      took_effect_ = exchange_.response.status == 200;
      first_ = make_result(Verdict::fail);
      attempt_ = 1;
      return begin_attempt();
    }
    // After a hostile case its control has succeeded already.
    if (attempt_ == 0 && !defect && case_->has_control && !case_->source->hostile) return hold();
    if (attempt_ > 0 && !defect && refused_for_what_it_did()) return report(*std::exchange(first_, {}));
    CaseResult result = make_result(defect ? Verdict::fail : Verdict::pass);
    if (died_) s_.result.lost = true;
    report(attempt_ == 0 ? std::move(result) : settle(std::move(*first_), std::move(result)));
  }

  // The first try was answered with success; what it made is there now, or what it removed is gone. A refusal
  // that proves nothing takes nothing away from what the first answer shows.
  bool refused_for_what_it_did() const {
    if (!took_effect_ || exchange_.response.status == 200) return false;
    return !unproved_.empty() || case_->source->is_valid_by_model();
  }

  CaseResult base() const {
    CaseResult r;
    const Case& c = *case_->source;
    r.id = c.id;
    r.operation = c.operation;
    r.source = c.source;
    r.title = c.title;
    r.clauses = c.clauses;
    r.place = c.place;
    r.sites = case_->sites;
    r.duration = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - started_);
    return r;
  }

  CaseResult make_result(Verdict verdict) {
    CaseResult r = base();
    r.verdict = verdict;
    // settle() asks for it; most cases pass, and it takes reading the whole answer.
    if (verdict != Verdict::pass || attempt_ > 0 || !s_.options.confirm)
      r.answer = oracle::answer_kind(exchange_);
    if (verdict == Verdict::pass && !case_->availability_only.empty()) {
      r.verdict = Verdict::unchecked;
      r.reason = case_->availability_only;
    }
    if (verdict == Verdict::pass && !unproved_.empty()) {
      r.verdict = Verdict::unchecked;
      r.reason = unproved_;
    }
    const bool failed = verdict != Verdict::pass || !findings_.empty();
    if ((failed && s_.options.describe_failures) || s_.options.keep_passing_exchanges) {
      describe(s_.situation, case_->request, exchange_, r);
    }
    r.findings = std::move(findings_);
    findings_.clear();
    return r;
  }

  void hold() {
    trust().held.push_back({case_, make_result(Verdict::pass), tries_});
    case_ = nullptr;
    take_next();
  }

  void report(CaseResult r) {
    s_.done(std::move(r));
    case_ = nullptr;
    take_next();
  }

  void lose() {
    s_.result.lost = true;
    if (case_ != nullptr) s_.result.in_flight.push_back(case_->source->id);
    finish_lane();
  }

  void finish_lane() {
    case_ = nullptr;
    if (--s_.open_lanes > 0) return;
    const std::lock_guard lock(s_.mutex);
    s_.finished = true;
    s_.finished_signal.notify_all();
  }

  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  Shared& s_;
  std::unique_ptr<endpoint::Connection> connection_;
  const PlannedCase* case_ = nullptr;
  std::size_t taken_ = 0, taken_end_ = 0;  // the cases that this lane has taken
  int attempt_ = 0;
  int tries_ = 0;  // how often the case was run before because its control had failed afterwards
  bool died_ = false;
  bool took_effect_ = false;               // the first attempt was answered with success
  bool asked_twice_ = false;               // because the first connection was not accepted
  std::vector<Trust> trust_;               // by control
  std::vector<const PlannedCase*> again_;  // to be run once more
  std::size_t confirming_ = 0;
  std::vector<oracle::Finding> findings_, control_findings_;
  std::string unproved_;  // why the answer proves nothing
  std::optional<CaseResult> first_;
  Exchange exchange_;
  Clock::time_point started_;
};

}  // namespace

CaseResult settle(CaseResult first, CaseResult second) {
  if (second.answer.empty()) return second;
  if (!oracle::has_defect(second.findings)) {
    first.verdict = Verdict::flaky;
    first.reason = fmt::format("first {}, then, with the same request, {}", first.answer, second.answer);
    return first;
  }
  // What does not come again (a hang of an endpoint that was busy) is not shown, but what does.
  return shares_a_rule(first.findings, second.findings) ? std::move(first) : std::move(second);
}

ExchangeRunnerResult run_exchanges(endpoint::Endpoint& endpoint, const Situation& situation,
                                   const ExchangePlan& plan, const ExchangeRunnerOptions& options,
                                   const std::atomic<bool>& stop,
                                   const std::function<void(CaseResult)>& done) {
  Shared shared{endpoint, situation, plan, options, stop, done};
  if (shared.total() == 0) return {};
  const std::size_t lanes = std::clamp<std::size_t>(options.connections, 1, shared.total());
  shared.open_lanes = lanes;
  std::vector<std::unique_ptr<Lane>> all;
  for (std::size_t i = 0; i < lanes; ++i) all.push_back(std::make_unique<Lane>(shared));
  endpoint.post([&] {
    for (auto& lane : all) lane->take_next();
  });
  std::unique_lock lock(shared.mutex);
  bool cancelled = false;
  while (!shared.finished) {
    shared.finished_signal.wait_for(lock, std::chrono::milliseconds(100));
    if (stop && !cancelled && !shared.finished) {
      cancelled = true;
      lock.unlock();
      endpoint.cancel();
      lock.lock();
    }
  }
  return std::move(shared.result);
}

}  // namespace harness::run
