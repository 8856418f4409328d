#include "fuzzers/live.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "fuzzers/check.h"
#include "fuzzers/counts.h"
#include "fuzzers/declared_size.h"
#include "fuzzers/novelty_counters.h"
#include "fuzzers/split_bytes.h"
#include "harness/run/minimise.h"

namespace fuzzers {
namespace {

using harness::report::FoundDefect;
using harness::wire::Exchange;
using harness::wire::Transport;
namespace oracle = harness::oracle;
namespace run = harness::run;

constexpr std::size_t kMostRecent = 8;
constexpr std::size_t kMostKinds = 100'000;
constexpr std::size_t kMostRemembered = 4096;
constexpr std::size_t kLargestRemembered = 4096;
constexpr std::size_t kMostExamined = 1000;
constexpr int kMostDeaths = 100'000;                      // a night of them: each takes a restart
constexpr std::string_view kInterrupted = "interrupted";  // BlockingLane
// `{{repeat}}` may fill a little more than what any endpoint takes.
constexpr std::size_t kMostRepeated = std::size_t{2} << 20;
constexpr std::size_t kMostInput = std::size_t{1} << 20;

bool understood_alike(std::string_view bytes) {
  const auto split = split_requests(bytes);
  return split.requests.size() == 1 && split.rest.empty() && !split.chunked;
}

// A request whose framing is the composer's: as long as it says, whatever else is wrong with it.
bool is_surely_whole(const harness::wire::HttpText& text) {
  const auto& lines = text.request.headers.lines();
  return !text.raw && !text.escaped && std::all_of(lines.begin(), lines.end(), [](const auto& line) {
    return std::all_of(line.name.begin(), line.name.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    });
  });
}

constexpr run::MinimiseLimits kLimits{300, std::chrono::seconds(30)};
// Each try may take a restart.
constexpr run::MinimiseLimits kLimitsOfDeath{60, std::chrono::seconds(60)};

// Rules that need nothing to be known of the endpoint.
bool by_itself(const std::string& rule) {
  return rule.starts_with("availability/") || rule.starts_with("envelope/") || rule.starts_with("shape/");
}

void wait_a_moment() {
  constexpr int kMilliseconds = 20;
  ::poll(nullptr, 0, kMilliseconds);
}

}  // namespace

std::string LiveSummary::text() const {
  std::string out = fmt::format(
      "{} requests, and {} that put right what they changed, in {:.1f} s, {:.0f} a second; {} kinds of "
      "answers; "
      "findings: {} new, {} seen again, {} not confirmed",
      requests, upkeep, seconds, seconds > 0 ? static_cast<double>(requests + upkeep) / seconds : 0.0, kinds,
      written, known, unconfirmed);
  if (deaths > 0) out += fmt::format("; the endpoint died {} times", deaths);
  if (!left_behind.empty()) out += fmt::format("; left behind: {}", fmt::join(left_behind, ", "));
  return out;
}

Live::Live(LiveConfig config, conformance::CaseData data, LiveFindings findings)
    : config_(std::move(config)),
      data_(std::move(data)),
      findings_(std::move(findings)),
      novelty_(data_.model),
      started_(std::chrono::steady_clock::now()) {}

Live::~Live() {
  finish();
}

tl::expected<std::unique_ptr<Live>, LiveProblem> Live::open(LiveConfig config) {
  auto data = conformance::load_case_data();
  if (!data) return tl::unexpected<LiveProblem>({data.error().message, 4});
  auto findings = LiveFindings::open({config.findings, {}, config.baseline, config.abort});
  if (!findings) return tl::unexpected<LiveProblem>({findings.error().message, 2});
  std::unique_ptr<Live> live(new Live(std::move(config), std::move(*data), std::move(*findings)));
  auto world = World::open(live->config_, live->data_);
  if (!world) {
    live->summary_.emplace();  // there is nothing to finish
    return tl::unexpected(world.error());
  }
  live->world_ = std::move(*world);
  live->composer_ = live->world_->situation().composer;
  live->scope_ =
      fmt::format("/{}/ssm/aws4_request", live->config_.signing ? live->config_.signing->scope.region : "");
  live->findings_.set_endpoint(live->world_->situation().url);
  for (const Defect& d : live->check_control(true)) live->usual_.insert(d.signature());
  live->upkeep_before_ = live->world_->upkeep();
  live->started_ = std::chrono::steady_clock::now();
  return live;
}

// ---- requests ----

bool Live::still_there() {
  if (doubtful_) look_after();
  return lost_.empty();
}

bool Live::prepare() {
  if (!still_there()) return false;
  world_->settle();
  return true;
}

std::optional<Judged> Live::send(std::string_view http_text, bool patient) {
  if (http_text.size() > kMostInput || asks_to_repeat(http_text) > kMostRepeated) return std::nullopt;
  // Before placeholders get their values, for it may give them other ones.
  if (!still_there()) return std::nullopt;
  world_->settle_for(http_text);
  const auto expanded = world_->situation().bindings.expand(http_text);
  if (!expanded) return std::nullopt;
  auto text = harness::wire::parse_http_text(*expanded);
  if (!text) return std::nullopt;
  return send(std::move(*text), std::string(http_text), patient);
}

std::optional<Judged> Live::send(harness::wire::HttpText text, std::string as_written, bool patient) {
  if (!still_there()) return std::nullopt;
  Judged j;
  j.input = std::move(as_written);
  j.prepared.text = std::move(text);
  auto& known = world_->situation().knowledge;
  known.now = std::chrono::system_clock::now();
  auto message = compose(j.prepared.text);
  if (world_->forbids(message.bytes) || (message.hostile && declares_too_much(message.bytes)))
    return std::nullopt;
  bool classified = false;
  const auto classify = [&] {
    if (std::exchange(classified, true)) return;
    j.prepared.classification = oracle::classify(data_.model, message.bytes, known);
    j.prepared.expectation = oracle::admissible(j.prepared.classification, oracle::Level::documented);
  };
  bool leave = false;
  if (message.hostile || !is_surely_whole(j.prepared.text)) {
    classify();
    leave = j.prepared.classification.breaks(oracle::Rule::incomplete) && !patient;
  }
  // Lengths that the text itself writes, but rightly, need no connection of their own.
  if (message.hostile && !j.prepared.text.raw && understood_alike(message.bytes)) message.hostile = false;
  count_request();
  // What a request breaks is found out while the endpoint works on it.
  j.exchange = leave ? send_and_leave(message) : world_->lane().exchange(message, classify);
  classify();
  if (j.exchange.transport != Transport::answered && j.exchange.transport != Transport::cancelled) doubt();
  remember(j.input);
  j.bytes = std::move(message.bytes);
  j.defects = defects_of(j.prepared.classification, j.prepared.expectation, j.bytes, j.exchange);
  world_->note(j.prepared.classification, j.bytes, j.exchange);
  return j;
}

// Where nobody verifies signatures, one that was right for another request will do: signing takes as long as
// all the rest.
harness::endpoint::Message Live::compose(harness::wire::HttpText& text) {
  const auto now = world_->situation().knowledge.now;
  if (world_->situation().knowledge.authentication || !composer_.signs(text) || text.directive("scope"))
    return composer_.compose(text, now);
  if (authorization_.empty()) {
    const auto signed_one = composer_.fill_in(text, now);
    authorization_ = signed_one.headers.find("Authorization").value_or("");
  }
  text.request.headers.add("Authorization", authorization_);
  auto message = composer_.compose(text, now);
  text.request.headers.remove("Authorization");
  return message;
}

// A server may wait for what is missing for as long as it likes, so there is nothing to wait for. (What it
// answers all the same is http_live's part.)
Exchange Live::send_and_leave(const harness::endpoint::Message& message) {
  auto& lane = world_->lane();
  Exchange e = lane.connect();
  if (e.transport != Transport::answered) return e;
  lane.write(message.bytes, config_.network.timeout);
  lane.close();
  e.transport = Transport::cancelled;
  return e;
}

void Live::remember(std::string as_written) {
  recent_.push_back(std::move(as_written));
  if (recent_.size() > kMostRecent) recent_.pop_front();
}

// Endpoints that verify no signatures may go by them all the same: they play many services at one address,
// and tell by the scope, the host or the target's prefix which one is meant. What another service answers is
// not judged.
bool Live::is_addressed_to_service(std::string_view bytes) const {
  const auto& situation = world_->situation();
  std::size_t hosts = 0;
  std::size_t scopes = 0;
  const std::size_t head = std::min(bytes.find("\r\n\r\n"), bytes.size());
  for (std::size_t at = bytes.find("\r\n"); at < head;) {
    at += 2;
    const std::size_t end = std::min(bytes.find("\r\n", at), head);
    const std::string_view line = bytes.substr(at, end - at);
    at = end;
    const std::size_t colon = std::min(line.find(':'), line.size());
    const std::string_view name = line.substr(0, colon);
    const std::string_view value = line.substr(std::min(line.size(), colon + 1));
    if (harness::wire::same_name(name, "Host")) {
      const bool ours = value.find_first_not_of(' ') != std::string_view::npos &&
                        value.substr(value.find_first_not_of(' ')) == situation.composer.authority();
      hosts += ours ? 1 : 2;
    } else if (harness::wire::same_name(name, "X-Amz-Target")) {
      const std::string_view prefix = data_.model.target_prefix();
      const auto target = value.substr(std::min(value.find_first_not_of(' '), value.size()));
      const bool of_another = target.find('.') != std::string_view::npos &&
                              !harness::wire::same_name(target.substr(0, prefix.size()), prefix);
      if (of_another) return false;
    } else if (harness::wire::same_name(name, "Authorization")) {
      const bool ours = value.find("AWS4-HMAC-SHA256 Credential=") != std::string_view::npos &&
                        value.find(scope_) != std::string_view::npos;
      scopes += ours ? 1 : 2;
    }
  }
  return hosts == 1 && (situation.knowledge.authentication || scopes == 1);
}

std::vector<Defect> Live::defects_of(const oracle::Classification& request,
                                     const oracle::Expectation& expectation, std::string_view bytes,
                                     const Exchange& exchange) const {
  const auto& known = world_->situation().knowledge;
  const auto findings = oracle::judge(request, expectation, exchange, known);
  std::vector<Defect> out;
  if (!oracle::has_defect(findings)) return out;
  const bool blind = is_blind(request);
  const bool elsewhere = !is_addressed_to_service(bytes);
  for (const auto& f : findings) {
    if (!counts(request, f) || (blind && !by_itself(f.rule))) continue;
    if (elsewhere && !f.rule.starts_with("availability/")) continue;
    // That nobody accepts connections is the endpoint's death, which is looked into by itself.
    if (f.rule == "availability/connect") continue;
    // How an operation that is missing is refused was said once; other bodies come with other methods.
    const auto missing = known.unimplemented.find(request.target);
    if (missing != known.unimplemented.end() &&
        missing->second.starts_with(std::to_string(exchange.response.status) + " "))
      continue;
    out.push_back(to_defect(f, request, exchange));
  }
  return out;
}

// What a token means that came for a document which nobody knows.
bool Live::is_blind(const oracle::Classification& request) const {
  if (!request.input.is_object()) return false;
  const auto token = request.input.find("NextToken");
  return token != request.input.end() && token->is_string() &&
         world_->is_blind_token(token->get_ref<const std::string&>());
}

void Live::learn(const Exchange& exchange, std::string_view before) {
  const std::string& kind = kind_of(exchange);
  if (config_.novelty) {
    hit(kind);
    if (!before.empty()) hit(std::string(before) + " > " + kind);
  }
  if (kinds_.size() < kMostKinds) kinds_.insert(kind);
}

// Endpoints give the same answers again and again: reading one anew costs more than finding it.
const std::string& Live::kind_of(const Exchange& exchange) {
  const auto& r = exchange.response;
  std::string& key = kind_key_;
  key.assign(harness::wire::to_string(exchange.transport));
  key += ' ' + std::to_string(r.status) + ' ';
  key += r.headers.find("X-Amzn-Errortype").value_or("");
  key += '\n';
  key += r.body;
  const auto it = kind_of_.find(key);
  if (it != kind_of_.end()) return it->second;
  if (kind_of_.size() >= kMostRemembered) kind_of_.clear();
  // Large answers are rare, and not kept.
  if (key.size() > kLargestRemembered) return kind_ = novelty_.of(exchange);
  return kind_of_.emplace(key, novelty_.of(exchange)).first->second;
}

// ---- what becomes of them ----

void Live::follow_up(const Judged& judged) {
  if (doubtful_ && look_after()) return;
  if (judged.defects.empty()) return;
  const std::vector<std::string> earlier(recent_.rbegin(), recent_.rend());
  for (const Defect& d : judged.defects) {
    if (consider(suspicion_of(judged, d)) == LiveFindings::Outcome::unconfirmed)
      consider_as_aftermath(d, earlier);
  }
}

std::vector<Defect> Live::check_control(bool new_connection) {
  if (new_connection) world_->lane().close();
  auto judged = send(world_->control());
  return judged ? without_usual(std::move(judged->defects)) : std::vector<Defect>();
}

std::vector<Defect> Live::without_usual(std::vector<Defect> of_the_control) const {
  std::erase_if(of_the_control, [&](const Defect& d) { return usual_.contains(d.signature()); });
  return of_the_control;
}

Suspicion Live::suspicion_of(const Judged& judged, const Defect& defect) {
  Suspicion s;
  s.defect = defect;
  s.input = judged.input;
  s.again = [this](const std::string& input, bool careful) -> std::vector<Defect> {
    if (!still_there()) return {};
    if (careful) world_->settle_surely();
    const auto again = send(input);
    if (!again) return {};
    if (doubtful_ && look_after()) return {};
    return again->defects;
  };
  s.minimise = [this](const std::string& input, const std::function<bool(const std::string&)>& still) {
    return run::minimise(input, still, kLimits, data_.examples);
  };
  s.describe = [this](const std::string& input) { return describe(input); };
  return s;
}

FoundDefect Live::describe(std::string_view http_text) {
  FoundDefect out;
  const auto judged = send(http_text, true);
  if (!judged || judged->exchange.detail == kInterrupted) return out;
  run::CaseResult shown;
  run::describe(world_->situation(), judged->prepared, judged->exchange, shown);
  out.request = std::move(shown.request);
  out.response = std::move(shown.response);
  out.expected = std::move(shown.expected);
  out.because = fmt::format("{}", fmt::join(shown.because, "\n"));
  out.reproduce = std::move(shown.reproduce);
  return out;
}

// ---- what an earlier request did ----

// What is wrong with the answer to a valid request that is sent after this one.
std::vector<Defect> Live::aftermath(const std::string& cause) {
  if (!still_there()) return {};
  const auto first = send(cause);
  if (!first || (doubtful_ && look_after())) return {};
  auto defects = check_control(false);
  if (doubtful_ && look_after()) return {};
  const auto& request = first->prepared.classification;
  for (Defect& d : defects) {
    d.operation = request.operation != nullptr ? request.operation->name : "-";
    d.rule = "availability/afterwards";
    d.request = request.kind();
    d.message = "after this request, a valid one was not answered as it should be: " + d.message;
  }
  return defects;
}

// An answer that was wrong once, and is right when the request is sent alone: an earlier request may be what
// spoiled it. Then a valid request after that one is answered wrongly, too.
void Live::consider_as_aftermath(const Defect& defect, const std::vector<std::string>& earlier) {
  if (examined_.size() >= kMostExamined || !examined_.insert(defect.signature()).second) return;
  std::set<std::string> tried;
  for (const std::string& cause : earlier) {
    if (!tried.insert(cause).second) continue;
    const auto seen = aftermath(cause);
    if (seen.empty()) continue;
    Suspicion s;
    s.defect = seen.front();
    s.input = cause;
    s.again = [this](const std::string& input, bool careful) {
      if (careful) world_->settle_surely();
      return aftermath(input);
    };
    s.minimise = [this](const std::string& input, const std::function<bool(const std::string&)>& still) {
      return run::minimise(input, still, kLimits, data_.examples);
    };
    s.describe = [this](const std::string& input) {
      FoundDefect out = describe(input);
      const FoundDefect after = describe(world_->control());
      out.response += "\n\n(the valid request after it:)\n" + after.response;
      out.expected = after.expected;
      out.reproduce.insert(out.reproduce.end(), after.reproduce.begin(), after.reproduce.end());
      return out;
    };
    if (consider(s) != LiveFindings::Outcome::unconfirmed) return;
  }
}

// ---- death ----

bool Live::look_after() {
  doubtful_ = false;
  if (!lost_.empty()) return true;
  if (!world_->process_ended()) {
    // An endpoint that is busy, or that somebody starts again, is asked more than once.
    constexpr int kAsked = 3;
    for (int i = 0; i < kAsked; ++i) {
      count_request();
      if (world_->alive()) return false;
      if (world_->process_ended()) break;
      wait_a_moment();
    }
  }
  ++deaths_;
  const bool ended = world_->process_ended() || !world_->spawned();
  const std::string how = world_->process_ended() ? world_->how_it_ended()
                          : world_->spawned()     ? "it runs, but does not answer any more"
                                                  : "it does not answer any more";
  report_death(how, ended);
  return true;
}

// After a death, the process is started again; where there is none to start, this was the end.
bool Live::revive() {
  if (!world_->spawned()) return false;
  doubtful_ = false;
  if (deaths_ > static_cast<std::size_t>(kMostDeaths)) {
    lost_ = "the endpoint died more often than anyone wants to read";
    return false;
  }
  if (auto restarted = world_->restart(); !restarted) {
    lost_ = "the endpoint died and cannot be started again: " + restarted.error().message;
    return false;
  }
  return true;
}

// Sends it to an endpoint that lives, and leaves one that lives. True if it had to be started again.
bool Live::dies_of(const std::string& http_text) {
  if (!lost_.empty()) return false;
  const auto recent = recent_;
  const auto judged = send(http_text);
  recent_ = recent;
  if (!judged || (!doubtful_ && !world_->process_ended())) return false;
  doubtful_ = false;
  if (!world_->process_ended() && world_->alive()) return false;
  return revive();
}

void Live::report_death(const std::string& how, bool ended) {
  const std::vector<std::string> earlier(recent_.rbegin(), recent_.rend());
  recent_.clear();
  const std::string rule = ended ? "availability/died" : "availability/deaf";
  const std::string message = ended ? fmt::format("the endpoint ended when it was sent this ({})", how)
                                    : std::string("after this request, the endpoint answers nobody any more");
  const auto defect_of = [&](std::string_view input) {
    Defect d{"-", rule, "-", "-", message};
    const auto prepared = run::prepare(world_->situation(), input);
    if (!prepared) return d;
    if (prepared->classification.operation != nullptr) d.operation = prepared->classification.operation->name;
    // Where it is the same death, the kind of request differs: one report an operation will do.
    return d;
  };
  const auto describe_without_sending = [this, how](const std::string& input) {
    FoundDefect out;
    out.response = "(no answer: " + how + ")";
    const auto prepared = run::prepare(world_->situation(), input);
    if (!prepared) return out;
    run::CaseResult shown;
    run::describe(world_->situation(), *prepared, Exchange{}, shown);
    out.request = std::move(shown.request);
    out.expected = "any HTTP answer below 500";
    out.because = "whatever a client sends, it must not end the endpoint";
    out.reproduce = std::move(shown.reproduce);
    return out;
  };
  Suspicion s;
  s.describe = describe_without_sending;
  s.minimise = [this](const std::string& input, const std::function<bool(const std::string&)>& still) {
    return run::minimise(input, still, kLimitsOfDeath, data_.examples);
  };
  if (!world_->spawned()) {
    // There is nobody to ask again: the last request stands for what happened.
    lost_ =
        fmt::format("{}: {}; the last requests stand in {}", world_->situation().url, how, config_.findings);
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
  s.again = [&](const std::string& input, bool) {
    std::vector<Defect> out;
    if (dies_of(input)) out.push_back(defect_of(input));
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
      "-", rule, "unknown", "-",
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

LiveSummary Live::finish() {
  if (summary_) return *summary_;
  LiveSummary out;
  out.requests = requests_;
  out.upkeep = world_->upkeep() - upkeep_before_;
  out.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
  out.kinds = kinds_.size();
  out.written = findings_.written();
  out.known = findings_.known();
  out.unconfirmed = findings_.unconfirmed();
  out.deaths = deaths_;
  if (lost_.empty()) out.left_behind = world_->remove_fixtures();
  if (const auto written = findings_.write_index(); !written)
    fmt::print(stderr, "{}\n", written.error().message);
  summary_ = out;
  return out;
}

}  // namespace fuzzers
