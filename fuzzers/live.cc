#include "fuzzers/live.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "fuzzers/check.h"
#include "fuzzers/declared_size.h"
#include "fuzzers/novelty_counters.h"
#include "fuzzers/reportable.h"
#include "fuzzers/split_bytes.h"
#include "harness/base/some_of.h"
#include "harness/oracle/transient.h"
#include "harness/report/text.h"

namespace fuzzers {
namespace {

using harness::wire::Exchange;
using harness::wire::Transport;
namespace oracle = harness::oracle;
namespace run = harness::run;

constexpr std::size_t kMaxRecent = 8;
constexpr std::size_t kMaxShownNames = 10;
constexpr std::size_t kMaxKinds = 100'000;
constexpr std::size_t kMaxRemembered = 4096;
constexpr std::size_t kLargestRemembered = 4096;
// `{{repeat}}` may fill a little more than what any endpoint takes.
constexpr std::size_t kMaxRepeated = std::size_t{2} << 20;
constexpr std::size_t kMaxInput = std::size_t{1} << 20;
// How long is briefly: fifty times what the slowest answer took so far, within these.
constexpr std::chrono::milliseconds kBriefest{100};
constexpr std::chrono::milliseconds kLongestBrief{1000};
constexpr int kTimesSlowest = 50;

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

// Rules that need nothing to be known of the endpoint.
bool needs_no_knowledge(const std::string& rule) {
  return rule.starts_with("availability/") || rule.starts_with("envelope/") || rule.starts_with("shape/");
}

}  // namespace

std::string LiveSummary::text() const {
  std::string out = fmt::format(
      "{} requests, and {} that put right what they changed, in {:.1f} s, {:.0f} a second; "
      "{} kinds of answers; findings: {} new, {} seen again, {} not confirmed",
      requests, upkeep, seconds, seconds > 0 ? static_cast<double>(requests + upkeep) / seconds : 0.0, kinds,
      written, known, unconfirmed);
  if (deaths > 0)
    out += deaths == 1 ? "; the endpoint died once" : fmt::format("; the endpoint died {} times", deaths);
  std::vector<std::string> lines;
  for (const auto& name : left_behind) lines.push_back(harness::report::one_line(name));
  if (!lines.empty()) out += "; left behind: " + harness::base::some_of(lines, kMaxShownNames);
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

tl::expected<std::unique_ptr<Live>, LiveProblem> Live::open(LiveConfig config, conformance::CaseData data) {
  auto findings = LiveFindings::open({config.findings, {}, config.baseline, config.abort});
  if (!findings)
    return tl::unexpected<LiveProblem>(
        {"findings cannot be written (SSM_FINDINGS_DIR): " + findings.error().message, 2});
  std::unique_ptr<Live> live(new Live(std::move(config), std::move(data), std::move(*findings)));
  auto fixtures = LiveFixtures::open(live->config_, live->data_);
  if (!fixtures) {
    live->summary_.emplace();  // there is nothing to finish
    return tl::unexpected(fixtures.error());
  }
  live->fixtures_ = std::move(*fixtures);
  live->composer_ = live->fixtures_->situation().composer;
  live->scope_ =
      fmt::format("/{}/{}/aws4_request", live->config_.signing ? live->config_.signing->scope.region : "",
                  live->data_.model.identity().signing_name);
  live->findings_.set_endpoint(live->fixtures_->situation().url);
  for (const Defect& d : live->check_control(true)) live->usual_.insert(d.signature());
  live->upkeep_before_ = live->fixtures_->upkeep();
  live->started_ = std::chrono::steady_clock::now();
  return live;
}

// ---- requests ----

bool Live::still_there() {
  if (unanswered_) recover_endpoint();
  return lost_.empty();
}

bool Live::prepare() {
  if (!still_there()) return false;
  fixtures_->restore();
  return true;
}

std::optional<JudgedExchange> Live::send(std::string_view http_text, Patience patience) {
  if (http_text.size() > kMaxInput || asks_to_repeat(http_text) > kMaxRepeated) return std::nullopt;
  // Before placeholders get their values, for it may give them other ones.
  if (!still_there()) return std::nullopt;
  fixtures_->restore_named_in(http_text);
  const auto expanded = fixtures_->situation().bindings.expand(http_text);
  if (!expanded) return std::nullopt;
  auto text = harness::wire::parse_http_text(*expanded);
  if (!text) return std::nullopt;
  return send(std::move(*text), std::string(http_text), patience);
}

std::optional<JudgedExchange> Live::send(harness::wire::HttpText text, std::string as_written,
                                         Patience patience) {
  if (!still_there()) return std::nullopt;
  JudgedExchange j;
  j.input = std::move(as_written);
  j.prepared.text = std::move(text);
  const auto now = fixtures_->situation().now();
  auto message = compose(j.prepared.text, now);
  if (fixtures_->forbids(message.bytes) || (message.hostile && declares_too_much(message.bytes)))
    return std::nullopt;
  bool classified = false;
  const auto classify = [&] {
    if (std::exchange(classified, true)) return;
    static_cast<run::Asked&>(j.prepared) = run::ask(fixtures_->situation(), message.bytes, now);
  };
  bool leave = false;
  if (message.hostile || !is_surely_whole(j.prepared.text)) {
    classify();
    leave = j.prepared.classification.breaks(oracle::Rule::incomplete) && patience != Patience::whole;
  }
  // Lengths that the text itself writes, but rightly, need no connection of their own.
  if (message.hostile && !j.prepared.text.raw && understood_alike(message.bytes)) message.hostile = false;
  if (patience == Patience::brief) message.timeout = brief();
  count_request();
  // What a request breaks is found out while the endpoint works on it.
  j.exchange = leave ? send_and_leave(message) : fixtures_->exchange(message, classify);
  classify();
  if (oracle::says_expired(j.exchange) && !renew()) return std::nullopt;
  if (j.exchange.transport == Transport::answered) slowest_ = std::max(slowest_, j.exchange.duration);
  if (j.exchange.transport != Transport::answered && j.exchange.transport != Transport::cancelled)
    mark_unanswered();
  remember(j.input);
  j.bytes = std::move(message.bytes);
  j.defects = defects_of(j.prepared, j.bytes, j.exchange);
  fixtures_->note(j.prepared.classification, j.bytes, j.exchange);
  const auto* operation = j.prepared.classification.operation;
  const bool right = j.exchange.response.status == 200 && j.defects.empty();
  if (right && operation != nullptr && fixtures_->spawned()) well_.try_emplace(operation->name, j.input);
  if (!fixtures_->only_reads(j.prepared.classification)) note_change(j.input);
  return j;
}

std::chrono::milliseconds Live::brief() const {
  const auto slow = std::chrono::duration_cast<std::chrono::milliseconds>(slowest_ * kTimesSlowest);
  return std::min(config_.network.timeout, std::clamp(slow, kBriefest, kLongestBrief));
}

// Where nobody verifies signatures, one that was right for another request will do: signing takes as long as
// all the rest.
harness::endpoint::Message Live::compose(harness::wire::HttpText& text,
                                         std::chrono::system_clock::time_point now) {
  if (!fixtures_->ignores_signatures() || !composer_.signs(text) || text.directive("scope"))
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

// True if there are other credentials now. What this request was answered says nothing; the next is signed
// anew.
bool Live::renew() {
  if (const auto renewed = fixtures_->renew(); !renewed) {
    lost_ = fmt::format("{} says that the credentials have expired, and {}: get new ones and run again",
                        fixtures_->situation().url, renewed.error().message);
    expired_ = true;
    return false;
  }
  composer_ = fixtures_->situation().composer;
  authorization_.clear();
  return true;
}

// A server may wait for what is missing for as long as it likes, so there is nothing to wait for. (What it
// answers all the same is http_live's part.)
Exchange Live::send_and_leave(const harness::endpoint::Message& message) {
  auto& lane = fixtures_->lane();
  Exchange e = lane.connect();
  if (e.transport != Transport::answered) return e;
  lane.write(message.bytes, config_.network.timeout);
  lane.close();
  e.transport = Transport::cancelled;
  return e;
}

void Live::remember(std::string as_written) {
  recent_.push_back(std::move(as_written));
  if (recent_.size() > kMaxRecent) recent_.pop_front();
}

// Endpoints that verify no signatures may go by them all the same: they play many services at one address,
// and tell by the scope, the host or the target's prefix which one is meant. What another service answers is
// not judged.
bool Live::is_addressed_to_service(std::string_view bytes) const {
  const auto& situation = fixtures_->situation();
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

std::vector<Defect> Live::defects_of(const run::Asked& asked, std::string_view bytes,
                                     const Exchange& exchange) const {
  const auto& request = asked.classification;
  const auto& known = fixtures_->situation().knowledge;
  if (oracle::says_expired(exchange)) return {};
  const auto findings = run::judge(fixtures_->situation(), asked, exchange);
  std::vector<Defect> out;
  if (!oracle::has_defect(findings)) return out;
  const bool blind = is_blind(request);
  const bool elsewhere = !is_addressed_to_service(bytes);
  for (const auto& f : findings) {
    if (!is_reportable(request, f, data_.examples) || (blind && !needs_no_knowledge(f.rule))) continue;
    if (elsewhere && !f.rule.starts_with("availability/")) continue;
    // That nobody accepts connections is the endpoint's death, which is looked into by itself.
    if (f.rule == "availability/connect") continue;
    // How an operation that is missing is refused was said once; other bodies come with other methods.
    const auto missing = known.unimplemented.find(request.target);
    if (missing != known.unimplemented.end() &&
        missing->second.starts_with(std::to_string(exchange.response.status) + " "))
      continue;
    out.push_back(to_defect(f, request, exchange));
    out.back().may_succeed = asked.expectation.success;
  }
  return out;
}

// What a token means that came for a resource which nobody knows.
bool Live::is_blind(const oracle::Classification& request) const {
  const auto& kinds = data_.catalogue.kinds();
  return std::any_of(kinds.begin(), kinds.end(), [&](const auto& kind) {
    return std::any_of(kind.second.parts.begin(), kind.second.parts.end(), [&](const auto& part) {
      return fixtures_->is_blind_token(harness::wire::text_member(request.input, part.second.token));
    });
  });
}

void Live::learn(const Exchange& exchange, std::string_view before) {
  const std::string& kind = kind_of(exchange);
  if (config_.novelty) {
    hit(kind);
    if (!before.empty()) hit(std::string(before) + " > " + kind);
  }
  if (kinds_.size() < kMaxKinds) kinds_.insert(kind);
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
  if (kind_of_.size() >= kMaxRemembered) kind_of_.clear();
  // Large answers are rare, and not kept.
  if (key.size() > kLargestRemembered) return kind_ = novelty_.of(exchange);
  return kind_of_.emplace(key, novelty_.of(exchange)).first->second;
}

LiveSummary Live::finish() {
  if (summary_) return *summary_;
  LiveSummary out;
  out.requests = requests_;
  out.upkeep = fixtures_->upkeep() - upkeep_before_;
  out.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
  out.kinds = kinds_.size();
  out.written = findings_.written();
  out.known = findings_.known();
  out.unconfirmed = findings_.unconfirmed();
  out.deaths = deaths_;
  if (lost_.empty()) out.left_behind = fixtures_->remove_fixtures();
  if (expired_) out.left_behind = fixtures_->registry().remaining_ids();
  if (const auto written = findings_.write_index(); !written)
    fmt::print(stderr, "{}\n", written.error().message);
  summary_ = out;
  return out;
}

}  // namespace fuzzers
