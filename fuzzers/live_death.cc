#include <fmt/format.h>
#include <poll.h>

#include <utility>

#include "fuzzers/live.h"
#include "harness/run/minimise.h"

// An endpoint that does not answer any more: Live's third part.
namespace fuzzers {
namespace {

using harness::report::FoundDefect;
using harness::wire::Exchange;
namespace run = harness::run;

constexpr int kMaxDeaths = 100'000;  // a night of them: each takes a restart
// Each try may take a restart.
constexpr run::MinimiseLimits kDeathLimits{60, std::chrono::seconds(60)};

void wait_a_moment() {
  constexpr int kMilliseconds = 20;
  ::poll(nullptr, 0, kMilliseconds);
}

}  // namespace

bool Live::recover_endpoint() {
  unanswered_ = false;
  if (!lost_.empty()) return true;
  if (!fixtures_->process_ended()) {
    // An endpoint that is busy, or that somebody starts again, is asked more than once.
    constexpr int kAsked = 3;
    for (int i = 0; i < kAsked; ++i) {
      count_request();
      if (fixtures_->alive()) return false;
      if (fixtures_->process_ended()) break;
      wait_a_moment();
    }
  }
  ++deaths_;
  const bool ended = fixtures_->process_ended() || !fixtures_->spawned();
  const std::string how = fixtures_->process_ended() ? fixtures_->how_it_ended()
                          : fixtures_->spawned()     ? "it runs, but does not answer any more"
                                                     : "it does not answer any more";
  report_death(how, ended);
  return true;
}

// The process is started again, after a death or to have it as it was; where there is none to start, this was
// the end.
bool Live::revive() {
  if (!fixtures_->spawned()) return false;
  unanswered_ = false;
  changes_.clear();
  if (deaths_ > static_cast<std::size_t>(kMaxDeaths)) {
    lost_ = "the endpoint died more often than anyone wants to read";
    return false;
  }
  if (auto restarted = fixtures_->restart(); !restarted) {
    lost_ = "the endpoint cannot be started again: " + restarted.error().message;
    return false;
  }
  return true;
}

// Sends it to an endpoint that lives, and leaves one that lives. True if it had to be started again.
bool Live::dies_of(const std::string& http_text, Patience patience) {
  if (!lost_.empty()) return false;
  const auto recent = recent_;
  const auto judged = send(http_text, patience);
  recent_ = recent;
  if (!judged || (!unanswered_ && !fixtures_->process_ended())) return false;
  unanswered_ = false;
  if (!fixtures_->process_ended() && fixtures_->alive()) return false;
  return revive();
}

void Live::report_death(const std::string& how, bool ended) {
  const std::vector<std::string> earlier(recent_.rbegin(), recent_.rend());
  recent_.clear();
  const std::string rule = ended ? "availability/died" : "availability/deaf";
  std::string message = "after this request, the endpoint answers nobody any more";
  if (ended) {
    message = fmt::format(
        "the endpoint {} ({})",
        fixtures_->spawned() ? "ended when it was sent this" : "was gone when this was sent last", how);
  }
  const auto defect_of = [&](std::string_view input) {
    Defect d{{"-", rule, "-", "-"}, message};
    const auto prepared = run::prepare(fixtures_->situation(), input);
    if (!prepared) return d;
    if (prepared->classification.operation != nullptr) d.operation = prepared->classification.operation->name;
    // Where it is the same death, the kind of request differs: one report an operation will do.
    return d;
  };
  const auto describe_without_sending = [this, how](const std::string& input) {
    FoundDefect out;
    out.response = "(no answer: " + how + ")";
    const auto prepared = run::prepare(fixtures_->situation(), input);
    if (!prepared) return out;
    run::CaseResult shown;
    run::describe(fixtures_->situation(), *prepared, Exchange{}, shown);
    out.request = std::move(shown.request);
    out.expected = "any HTTP answer below 500";
    out.because = "whatever a client sends, it must not end the endpoint";
    out.reproduce = std::move(shown.reproduce);
    return out;
  };
  Suspicion s;
  s.describe = describe_without_sending;
  s.minimise = [this](const std::string& input, const std::function<bool(const std::string&)>& still) {
    return run::minimise(input, still, kDeathLimits, data_.examples);
  };
  if (!fixtures_->spawned()) {
    // There is nobody to ask again: the last request stands for what happened.
    lost_ = fmt::format("{}: {}; the last requests stand in {}", fixtures_->situation().url, how,
                        config_.findings);
    if (earlier.empty()) return;
    s.input = earlier.front();
    s.defect = defect_of(s.input);
    s.again = [d = s.defect](const std::string&, bool) { return std::vector{d}; };
    s.minimise = [](const std::string& input, const auto&) { return input; };
    s.describe = [&](const std::string& input) {
      FoundDefect out = describe_without_sending(input);
      out.because += "; not confirmed, for nobody can start the endpoint again (SSM_FUZZ_SPAWN can)";
      return out;
    };
    consider(s);
    return;
  }
  if (!revive()) return;
  s.again = [&](const std::string& input, bool careful) {
    std::vector<Defect> out;
    if (dies_of(input, careful ? Patience::usual : Patience::brief)) out.push_back(defect_of(input));
    return out;
  };
  if (!earlier.empty()) {
    // What was sent last is what it died of, mostly; if that is known to happen, no restarts are spent on it.
    const Defect d = defect_of(earlier.front());
    if (findings_.knows(d)) {
      s.input = earlier.front();
      s.defect = d;
      consider(s);
      return;
    }
  }
  for (const std::string& input : earlier) {
    if (!dies_of(input)) continue;
    s.input = input;
    s.defect = defect_of(input);
    consider(s);
    return;
  }
  if (earlier.empty()) return;
  // None of them alone: all that was sent last stands in the report, in order.
  s.input = earlier.front();
  s.defect = {
      {"-", rule, "unknown", "-"},
      fmt::format("the endpoint ended ({}) while these requests were sent; none of them ends it alone", how)};
  s.again = [d = s.defect](const std::string&, bool) { return std::vector{d}; };
  s.minimise = [](const std::string& input, const auto&) { return input; };
  s.describe = [&](const std::string& input) {
    FoundDefect out = describe_without_sending(input);
    out.reproduce.clear();
    for (auto it = earlier.rbegin(); it != earlier.rend(); ++it) {
      const auto one = describe_without_sending(*it);
      out.reproduce.insert(out.reproduce.end(), one.reproduce.begin(), one.reproduce.end());
    }
    return out;
  };
  consider(s);
}

}  // namespace fuzzers
