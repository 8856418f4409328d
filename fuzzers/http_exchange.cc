#include "fuzzers/http_exchange.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "fuzzers/check.h"
#include "fuzzers/declared_size.h"
#include "fuzzers/split_bytes.h"
#include "harness/run/minimise.h"
#include "harness/wire/content_coding.h"

namespace fuzzers {
namespace {

using harness::report::FoundDefect;
using harness::wire::Exchange;
using harness::wire::Transport;
using std::chrono::milliseconds;
namespace oracle = harness::oracle;
namespace run = harness::run;
namespace wire = harness::wire;

constexpr std::size_t kMaxBytes = std::size_t{256} << 10;
constexpr milliseconds kPatienceForIncomplete{5};
// A silence is believed only after the whole timeout; but it need not be waited for with every input.
constexpr milliseconds kFirstPatience{1000};
constexpr run::MinimiseLimits kExchangeLimits{200, std::chrono::seconds(30)};

}  // namespace

// Reads one answer and judges it. False if there can be no further one.
bool HttpExchange::answer(std::string_view request, milliseconds timeout, std::vector<Defect>& defects) {
  const auto& situation = live_.fixtures().situation();
  const auto asked = run::ask(situation, request, situation.now());
  const bool incomplete = asked.classification.breaks(oracle::Rule::incomplete);
  Exchange e = live_.fixtures().lane().read(wire::begins_with_head(request),
                                            incomplete ? kPatienceForIncomplete : timeout);
  wire::decode_content(e, request);
  if (learn_) live_.learn(e);
  if (e.transport != Transport::answered && !(incomplete && e.transport == Transport::timed_out))
    live_.mark_unanswered();
  for (auto& d : live_.defects_of(asked, request, e)) defects.push_back(std::move(d));
  live_.fixtures().note(asked.classification, request, e);
  return e.transport == Transport::answered && e.kept_alive;
}

void HttpExchange::same_connection(const std::string& kind, std::vector<Defect>& defects) {
  auto& fixtures = live_.fixtures();
  const auto expanded = fixtures.situation().bindings.expand(fixtures.control());
  const auto text = expanded ? wire::parse_http_text(*expanded) : tl::unexpected(expanded.error());
  if (!text) return;
  const auto now = fixtures.situation().now();
  const auto message = fixtures.situation().composer.compose(*text, now);
  live_.count_request();
  if (!fixtures.lane().write(message.bytes, live_.config().network.timeout)) return;
  const Exchange e = fixtures.lane().read(false, live_.config().network.timeout);
  // Any peer may close an idle connection.
  if (e.transport == Transport::closed || e.transport == Transport::reset) return;
  const auto asked = run::ask(fixtures.situation(), message.bytes, now);
  for (auto& d : live_.without_usual(live_.defects_of(asked, message.bytes, e))) {
    defects.push_back(
        {{"-", "availability/same-connection", kind, d.answer},
         "after this, a valid request on the same connection was not answered as it should be: " + d.message,
         d.may_succeed});
  }
}

std::vector<Defect> HttpExchange::converse(std::string_view http_text, std::string_view bytes, bool patient) {
  std::vector<Defect> defects;
  auto& lane = live_.fixtures().lane();
  const auto split = split_requests(bytes);
  live_.count_request();
  if (lane.connect().transport != Transport::answered) {
    live_.mark_unanswered();
    return defects;
  }
  const milliseconds whole = live_.config().network.timeout;
  const milliseconds patience = patient ? whole : std::min(whole, kFirstPatience);
  lane.write(bytes, patience);
  std::set<std::string> kinds;
  bool only_reads = true;
  const auto note_kind = [&](std::string_view part) {
    const auto& situation = live_.fixtures().situation();
    const auto asked = run::ask(situation, part, situation.now());
    kinds.insert(asked.classification.kind());
    only_reads = only_reads && live_.fixtures().only_reads(asked.classification);
  };
  bool open = true;
  for (const auto request : split.requests) {
    note_kind(request);
    open = open && answer(request, patience, defects);
  }
  if (!split.rest.empty()) {
    note_kind(split.rest);
    if (open) answer(split.rest, patience, defects);
  }
  if (!only_reads) live_.note_change(http_text);
  const std::string kind = fmt::format("{}", fmt::join(kinds, "+"));
  // What the request itself has changed, the valid one must not be judged by.
  const bool as_it_was = !live_.fixtures().is_changed();
  // What follows the last answer would be taken for the answer to this one, which is what a client sees of
  // it.
  if (open && as_it_was && split.rest.empty() && lane.is_open()) same_connection(kind, defects);
  lane.close();
  // With the endpoint gone, there is nobody to ask.
  for (auto& d : live_.check_control(true)) {
    defects.push_back(
        {{"-", "availability/afterwards", kind, d.answer},
         "after this, a valid request on a new connection was not answered as it should be: " + d.message,
         d.may_succeed});
  }
  return defects;
}

std::vector<Defect> HttpExchange::run(std::string_view http_text, bool patient) {
  if (asks_to_repeat(http_text) > kMaxBytes || !live_.prepare()) return {};
  auto& situation = live_.fixtures().situation();
  const auto expanded = situation.bindings.expand(http_text);
  if (!expanded) return {};
  const auto text = wire::parse_http_text(*expanded);
  if (!text) return {};
  const auto message = situation.composer.compose(*text, situation.now());
  if (message.bytes.empty() || message.bytes.size() > kMaxBytes || declares_too_much(message.bytes) ||
      live_.fixtures().forbids(message.bytes))
    return {};
  live_.remember(std::string(http_text));
  const std::size_t deaths = live_.deaths();
  auto defects = converse(http_text, message.bytes, patient);
  // What the last answers of one that dies look like is no finding of its own.
  if ((live_.is_unanswered() && live_.recover_endpoint()) || live_.deaths() != deaths) defects.clear();
  return defects;
}

void HttpExchange::one(std::string_view http_text) {
  learn_ = true;
  const auto defects = run(http_text, false);
  learn_ = false;
  for (const Defect& d : defects) live_.consider(suspicion_of(std::string(http_text), d));
}

Suspicion HttpExchange::suspicion_of(const std::string& input, const Defect& defect) {
  Suspicion s;
  s.defect = defect;
  s.input = input;
  s.again = [this](const std::string& text, bool careful) -> std::vector<Defect> {
    if (!live_.still_there()) return {};
    if (careful) live_.fixtures().verify_and_restore();
    return run(text, careful);
  };
  s.minimise = [this](const std::string& text, const std::function<bool(const std::string&)>& still) {
    return run::minimise(text, still, kExchangeLimits, live_.data().examples);
  };
  const bool later =
      defect.rule == "availability/afterwards" || defect.rule == "availability/same-connection";
  s.describe = [this, later](const std::string& text) {
    FoundDefect out = live_.describe(text);
    if (!later) return out;
    const FoundDefect after = live_.describe(live_.fixtures().control());
    out.reproduce.insert(out.reproduce.end(), after.reproduce.begin(), after.reproduce.end());
    return out;
  };
  return s;
}

}  // namespace fuzzers
