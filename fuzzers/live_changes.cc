// How it is found out that a defect rests on what earlier requests changed: Live's fourth part.
//
//   a new defect of a request that may be accepted, at an endpoint that we can start again
//                   │
//                   ▼
//                started again: does it show? ──yes──► a finding like others
//                   │no
//                   ▼
//                what changed something is sent again, in order, until it shows ──never──► unconfirmed
//                   │
//                   ▼
//                the last of these alone, or after as few of the others as will do
//                   │
//                   ▼
//                a finding of that last request: after it, a valid one is answered wrongly
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

#include "fuzzers/live.h"
#include "harness/run/derive_by_model.h"
#include "harness/run/minimise.h"

namespace fuzzers {
namespace {

using harness::report::FoundDefect;
using Clock = std::chrono::steady_clock;
using Requests = std::vector<std::string>;
namespace run = harness::run;

// How many requests are remembered; the older half of more is forgotten.
constexpr std::size_t kMaxChanges = 5000;
// Looking whether the defect shows after every change would double their number.
constexpr std::size_t kSentTogether = 32;
// What takes more requests than these to show is nothing that anyone would paste.
constexpr std::size_t kMaxBefore = 7;
constexpr std::chrono::seconds kLongestSearch{120};
// Most tries take a restart.
constexpr run::MinimiseLimits kLimits{300, std::chrono::seconds(60)};
// An endpoint that is spoiled again by something that is known is started again after so many changes.
constexpr std::size_t kManyChanges = 500;
constexpr std::string_view kServerError = "availability/server-error";
constexpr std::string_view kAfterwards = "availability/afterwards";

bool shows(const Suspicion& s, bool careful) {
  return find_same(s.again(s.input, careful), s.defect).has_value();
}

}  // namespace

LiveFindings::Outcome Live::consider(const Suspicion& s) {
  if (!fixtures_->spawned()) return findings_.consider(s);
  // A request that spoils what comes after it leaves an endpoint by which nothing later is judged.
  const bool spoils = s.defect.rule == kAfterwards;
  const auto consider_by_itself = [&] {
    const auto outcome = findings_.consider(s);
    if (spoils && outcome != LiveFindings::Outcome::unconfirmed) revive();
    return outcome;
  };
  if (!s.defect.may_succeed)
    return is_spoiled(s.defect) ? LiveFindings::Outcome::known : consider_by_itself();
  if (spoiled_.contains(s.defect.signature())) {
    if (spoils || changes_.size() >= kManyChanges) revive();
    return LiveFindings::Outcome::known;
  }
  if (findings_.knows(s.defect) || !shows(s, true)) return consider_by_itself();
  const Requests changes = changes_;
  if (!revive()) return LiveFindings::Outcome::unconfirmed;
  if (shows(s, true)) return consider_by_itself();
  return consider_what_spoiled_it(s, changes);
}

// A valid request of the operation: one that was answered well, or the example.
std::string Live::valid_request_of(const std::string& name) const {
  if (const auto well = well_.find(name); well != well_.end()) return well->second;
  const auto* operation = data_.model.find_operation(name);
  if (operation == nullptr) return {};
  const auto known = data_.examples.find(name);
  const auto example =
      known != data_.examples.end() ? std::optional(known->second) : run::example_by_model(*operation);
  return example ? run::request_text(data_.model.identity(), name, run::to_body(example->input)) : "";
}

// A request that is refused with 500 is no finding where a valid one of the operation is, by what came
// before.
bool Live::is_spoiled(const Defect& defect) {
  if (defect.rule != kServerError || findings_.knows(defect)) return false;
  const std::string valid = valid_request_of(defect.operation);
  if (valid.empty()) return false;
  for (int i = 0; i < 2; ++i) {
    const auto now = send(valid);
    if (!now || !now->prepared.expectation.success) return false;
    const auto failed = std::find_if(now->defects.begin(), now->defects.end(),
                                     [](const Defect& d) { return d.rule == kServerError; });
    if (failed == now->defects.end()) return false;
    if (i == 0) consider(suspicion_of(*now, *failed));
    // Otherwise what fails is the operation, whatever came before.
    if (i == 1) return spoiled_.contains(failed->signature());
  }
  return false;
}

// Also of what is refused: some endpoints keep a part of it.
void Live::note_change(std::string_view as_written) {
  if (!fixtures_->spawned()) return;
  changes_.emplace_back(as_written);
  if (changes_.size() > kMaxChanges)
    changes_.erase(changes_.begin(), changes_.begin() + static_cast<std::ptrdiff_t>(kMaxChanges / 2));
}

// Sends them to an endpoint that was just started. False if it did not survive it.
bool Live::send_all(const Requests& requests, std::size_t first, std::size_t last) {
  for (std::size_t i = first; i < last; ++i) {
    send(requests[i]);
    if (unanswered_ && recover_endpoint()) return false;
  }
  return lost_.empty();
}

// The number of requests after which it shows; none if it never does.
std::optional<std::size_t> Live::spoiled_after(const Suspicion& s, const Requests& changes) {
  const auto end = Clock::now() + kLongestSearch;
  std::size_t from = 0;
  bool spoiled = false;
  while (!spoiled && from < changes.size() && Clock::now() < end) {
    const std::size_t to = std::min(from + kSentTogether, changes.size());
    if (!send_all(changes, from, to)) return std::nullopt;
    spoiled = shows(s, true);
    if (!spoiled) from = to;
  }
  if (!spoiled || !revive() || !send_all(changes, 0, from)) return std::nullopt;
  while (from < changes.size() && Clock::now() < end) {
    if (!send_all(changes, from, from + 1)) return std::nullopt;
    ++from;
    if (shows(s, true)) return from;
  }
  return std::nullopt;
}

// As few of the requests before the last one as will do. Nothing if they are too many.
std::optional<Requests> Live::needed_before(const Suspicion& s, const std::string& last, Requests before) {
  const auto end = Clock::now() + kLongestSearch;
  const auto will_do = [&](const Requests& some) {
    return revive() && send_all(some, 0, some.size()) && send_all({last}, 0, 1) && shows(s, true);
  };
  if (will_do({})) return Requests();
  if (!will_do(before)) return std::nullopt;
  for (std::size_t part = (before.size() + 1) / 2; part > 0 && Clock::now() < end;) {
    bool fewer = false;
    for (std::size_t at = 0; at < before.size() && Clock::now() < end;) {
      Requests some = before;
      const auto first = some.begin() + static_cast<std::ptrdiff_t>(at);
      some.erase(first, first + static_cast<std::ptrdiff_t>(std::min(part, some.size() - at)));
      if (will_do(some)) {
        before = std::move(some);
        fewer = true;
      } else {
        at += part;
      }
    }
    if (part == 1 && !fewer) break;
    part = std::max<std::size_t>(1, part / 2);
  }
  if (before.size() > kMaxBefore) return std::nullopt;
  return before;
}

LiveFindings::Outcome Live::consider_what_spoiled_it(const Suspicion& s, const Requests& changes) {
  const auto count = spoiled_after(s, changes);
  if (!count) return give_up_on(s);
  const std::string last = changes[*count - 1];
  const auto before = needed_before(
      s, last, Requests(changes.begin(), changes.begin() + static_cast<std::ptrdiff_t>(*count - 1)));
  if (!before) return give_up_on(s);

  Suspicion cause;
  cause.input = last;
  cause.again = [&](const std::string& input, bool careful) -> std::vector<Defect> {
    // Another kind of request would be another finding: it is not worth a restart.
    const auto prepared = run::prepare(fixtures_->situation(), input);
    if (!prepared ||
        (!cause.defect.rule.empty() &&
         as_aftermath(s.defect, prepared->classification).signature() != cause.defect.signature()))
      return {};
    // What is spoiled already shows it whatever is sent.
    if ((careful || shows(s, false)) && !revive()) return {};
    if (!send_all(*before, 0, before->size())) return {};
    const auto first = send(input, careful ? Patience::usual : Patience::brief);
    if (!first || (unanswered_ && recover_endpoint())) return {};
    const auto found = find_same(s.again(s.input, careful), s.defect);
    if (!found) return {};
    return {as_aftermath(*found, first->prepared.classification)};
  };
  cause.minimise = [&](const std::string& input, const std::function<bool(const std::string&)>& still) {
    return run::minimise(input, still, kLimits, data_.examples);
  };
  cause.describe = [&](const std::string& input) -> FoundDefect {
    if (!revive()) return {};
    std::vector<std::string> lines;
    for (const auto& earlier : *before) {
      auto shown = describe(earlier);
      std::move(shown.reproduce.begin(), shown.reproduce.end(), std::back_inserter(lines));
    }
    FoundDefect out = describe(input);
    out.reproduce.insert(out.reproduce.begin(), lines.begin(), lines.end());
    add_valid_request_after_it(out, s.describe(s.input));
    return out;
  };
  const auto seen = cause.again(last, true);
  if (seen.empty()) return give_up_on(s);
  cause.defect = seen.front();
  const auto outcome = findings_.consider(cause);
  if (outcome == LiveFindings::Outcome::unconfirmed) return give_up_on(s);
  spoiled_.insert(s.defect.signature());
  revive();
  return outcome;
}

// What shows it is not known: it is looked for again a few times.
LiveFindings::Outcome Live::give_up_on(const Suspicion& s) {
  findings_.note_unconfirmed(s.defect);
  if (findings_.is_given_up(s.defect)) spoiled_.insert(s.defect.signature());
  revive();
  return LiveFindings::Outcome::unconfirmed;
}

}  // namespace fuzzers
