// How a defect becomes a finding.
//
//   suspicion ─► known, or explained by a known one? ──yes──► counted
//                   │no
//                   ▼
//                sent again, twice, as it was ──not again──► unconfirmed (tried a few times in all)
//                   │
//                   ▼
//                made small, while it shows the same ─► sent again, twice ──not again──► as it was, instead
//                   │
//                   ▼
//                written, if what is left is not known meanwhile
//
// One defect explains another if nothing differs but that the other request breaks further rules, so that a
// night of mutations gives one report for each cause and not for each combination.
#include "fuzzers/live_findings.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <optional>

namespace fuzzers {
namespace {

namespace oracle = harness::oracle;

constexpr std::size_t kMaxFindings = 500;
constexpr std::size_t kMaxAliases = 100'000;
// How often something that does not show again is looked into.
constexpr int kMaxAttempts = 3;

std::string now_text() {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
}

bool part_of(std::string_view small, std::string_view large) {
  const auto some = harness::report::request_rules(small);
  const auto all = harness::report::request_rules(large);
  return std::includes(all.begin(), all.end(), some.begin(), some.end());
}

// The same defect, of a request that breaks no other rules than the first one did.
bool still_the_same(const Defect& seen, const Defect& first) {
  return seen.operation == first.operation && seen.rule == first.rule && seen.answer == first.answer &&
         part_of(seen.request, first.request);
}

}  // namespace

std::optional<Defect> find_same(const std::vector<Defect>& seen, const Defect& first) {
  const auto it =
      std::find_if(seen.begin(), seen.end(), [&](const Defect& d) { return still_the_same(d, first); });
  return it == seen.end() ? std::nullopt : std::optional(*it);
}

bool Defect::explains(const Defect& other) const {
  if (operation != other.operation || rule != other.rule || answer != other.answer) return false;
  if (request == other.request) return true;
  // An answer that contradicts itself does so whatever was done before.
  return (request != "valid" || rule.starts_with("relation/")) && part_of(request, other.request);
}

Defect to_defect(const oracle::Finding& finding, const oracle::Classification& request,
                 const harness::wire::Exchange& exchange) {
  Defect d{oracle::signature_of(request), finding.message};
  d.rule = finding.rule;
  d.answer = oracle::answer_kind_for(finding.rule, exchange);
  return d;
}

harness::Result<LiveFindings> LiveFindings::open(Options options) {
  auto folder = harness::report::FindingsFolder::open(options.folder);
  if (!folder) return tl::unexpected(folder.error());
  LiveFindings out(std::move(options), std::move(*folder));
  // What is known, or expected, explains what this process will see, as if it had found it itself.
  const auto explains = [&](std::string_view signature) {
    if (auto parts = oracle::parse_signature(signature)) out.causes_.push_back({*std::move(parts), {}});
  };
  for (const auto& signature : out.options_.baseline) explains(signature);
  for (const auto& finding : out.folder_.all().findings) {
    if (finding.state == harness::report::kOpen) explains(finding.signature);
  }
  return out;
}

bool LiveFindings::knows(const Defect& defect) {
  const std::string signature = defect.signature();
  if (aliases_.contains(signature)) return true;
  if (options_.baseline.contains(harness::report::signature_text(signature)) || folder_.knows(signature)) {
    remember(signature, signature);
    return true;
  }
  const auto cause =
      std::find_if(causes_.begin(), causes_.end(), [&](const Defect& c) { return c.explains(defect); });
  if (cause == causes_.end()) return false;
  remember(signature, cause->signature());
  return true;
}

void LiveFindings::remember(const std::string& signature, const std::string& counted_by) {
  if (aliases_.size() < kMaxAliases) aliases_.emplace(signature, counted_by);
}

// The folder counts how often a finding was seen, and opens one again that was thought to be fixed.
void LiveFindings::count(const std::string& signature) {
  ++known_;
  const auto it = aliases_.find(signature);
  const std::string& counted_by = it == aliases_.end() ? signature : it->second;
  if (!folder_.knows(counted_by)) return;  // of the baseline only
  harness::report::FoundDefect seen;
  seen.signature = counted_by;
  seen.last_seen = now_text();
  (void)folder_.add(seen);  // that it was not counted, write_index() says
}

void LiveFindings::note_unconfirmed(const Defect& defect) {
  ++unconfirmed_total_;
  if (unconfirmed_.size() < kMaxAliases) ++unconfirmed_[defect.signature()];
}

bool LiveFindings::is_given_up(const Defect& defect) const {
  const auto tried = unconfirmed_.find(defect.signature());
  return tried != unconfirmed_.end() && tried->second >= kMaxAttempts;
}

LiveFindings::Outcome LiveFindings::consider(const Suspicion& s) {
  const std::string signature = s.defect.signature();
  if (knows(s.defect)) {
    count(signature);
    return Outcome::known;
  }
  if (written_ >= kMaxFindings) return Outcome::full;
  if (is_given_up(s.defect)) return Outcome::unconfirmed;
  for (int i = 0; i < 2; ++i) {
    if (find_same(s.again(s.input, true), s.defect)) continue;
    note_unconfirmed(s.defect);
    return Outcome::unconfirmed;
  }
  if (options_.abort) {
    std::fflush(nullptr);
    fmt::print(stderr, "DEFECT {}: {}\n", signature, s.defect.message);
    std::abort();
  }
  std::string input = s.minimise(s.input, [&](const std::string& candidate) {
    return find_same(s.again(candidate, false), s.defect).has_value();
  });
  // What was made small must hold as well as what it was made of.
  std::optional<Defect> last;
  for (int i = 0; i < 2; ++i) {
    last = find_same(s.again(input, true), s.defect);
    if (last) continue;
    input = s.input;
    last = find_same(s.again(input, true), s.defect);
    break;
  }
  if (!last) {
    note_unconfirmed(s.defect);
    return Outcome::unconfirmed;
  }
  const bool known = knows(*last);
  const auto outcome = known ? Outcome::known : write(s, input, *last);
  remember(signature, last->signature());
  if (known) count(signature);
  return outcome;
}

LiveFindings::Outcome LiveFindings::write(const Suspicion& s, const std::string& input,
                                          const Defect& defect) {
  auto found = s.describe(input);
  if (found.reproduce.empty()) return Outcome::unconfirmed;  // interrupted just now
  found.signature = defect.signature();
  found.rule = defect.rule;
  found.operation = defect.operation;
  found.message = defect.message;
  if (found.http_text.empty()) found.http_text = input;
  found.seen = 1;
  found.first_seen = found.last_seen = now_text();
  found.target = options_.endpoint;
  causes_.push_back(defect);
  signatures_.insert(found.signature);
  remember(found.signature, found.signature);
  if (const auto added = folder_.add(found); !added) {
    fmt::print(stderr, "{}: {}\n", options_.folder, added.error().message);
    return Outcome::full;
  } else if (!*added) {
    return Outcome::known;  // another process was faster
  }
  ++written_;
  fmt::print(stderr, "NEW DEFECT {}: {}\n", found.signature, found.message);
  return Outcome::written;
}

}  // namespace fuzzers
