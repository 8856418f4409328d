#include <fmt/format.h>

#include "fuzzers/live.h"
#include "harness/run/minimise.h"

// What becomes of the defects in an answer: Live's second part.
namespace fuzzers {
namespace {

using harness::report::FoundDefect;
namespace run = harness::run;

constexpr std::size_t kMaxExamined = 1000;
constexpr std::string_view kInterrupted = "interrupted";  // BlockingLane
constexpr run::MinimiseLimits kFollowUpLimits{300, std::chrono::seconds(30)};

}  // namespace

void Live::follow_up(const JudgedExchange& judged) {
  if (unanswered_ && recover_endpoint()) return;
  if (judged.defects.empty()) return;
  const std::vector<std::string> earlier(recent_.rbegin(), recent_.rend());
  for (const Defect& d : judged.defects) {
    if (consider(suspicion_of(judged, d)) == LiveFindings::Outcome::unconfirmed)
      consider_as_aftermath(d, earlier);
  }
}

std::vector<Defect> Live::check_control(bool new_connection, Patience patience) {
  if (new_connection) fixtures_->lane().close();
  auto judged = send(fixtures_->control(), patience);
  return judged ? without_usual(std::move(judged->defects)) : std::vector<Defect>();
}

std::vector<Defect> Live::without_usual(std::vector<Defect> of_the_control) const {
  std::erase_if(of_the_control, [&](const Defect& d) { return usual_.contains(d.signature()); });
  return of_the_control;
}

Suspicion Live::suspicion_of(const JudgedExchange& judged, const Defect& defect) {
  Suspicion s;
  s.defect = defect;
  s.input = judged.input;
  s.again = [this](const std::string& input, bool careful) -> std::vector<Defect> {
    if (!still_there()) return {};
    if (careful) fixtures_->verify_and_restore();
    const auto again = send(input, careful ? Patience::usual : Patience::brief);
    if (!again) return {};
    if (unanswered_ && recover_endpoint()) return {};
    return again->defects;
  };
  s.minimise = [this](const std::string& input, const std::function<bool(const std::string&)>& still) {
    return run::minimise(input, still, kFollowUpLimits, data_.examples);
  };
  s.describe = [this](const std::string& input) { return describe(input); };
  return s;
}

FoundDefect Live::describe(std::string_view http_text) {
  FoundDefect out;
  const auto judged = send(http_text, Patience::whole);
  if (!judged || judged->exchange.detail == kInterrupted) return out;
  run::CaseResult shown;
  run::describe(fixtures_->situation(), judged->prepared, judged->exchange, shown);
  out.request = std::move(shown.request);
  out.response = std::move(shown.response);
  out.expected = std::move(shown.expected);
  out.because = fmt::format("{}", fmt::join(shown.because, "\n"));
  out.reproduce = std::move(shown.reproduce);
  return out;
}

// ---- what an earlier request did ----

Defect Live::as_aftermath(Defect defect, const harness::oracle::Classification& cause) {
  defect.operation = cause.operation != nullptr ? cause.operation->name : "-";
  defect.rule = "availability/afterwards";
  defect.request = cause.kind();
  defect.message = "after this request, a valid one was not answered as it should be: " + defect.message;
  return defect;
}

void Live::add_valid_request_after_it(FoundDefect& found, const FoundDefect& after) {
  found.response += "\n\n(the valid request after it:)\n" + after.response;
  found.expected = after.expected;
  found.reproduce.insert(found.reproduce.end(), after.reproduce.begin(), after.reproduce.end());
}

// What is wrong with the answer to a valid request that is sent after this one.
std::vector<Defect> Live::aftermath(const std::string& cause, Patience patience) {
  if (!still_there()) return {};
  const auto first = send(cause, patience);
  if (!first || (unanswered_ && recover_endpoint())) return {};
  auto defects = check_control(false, patience);
  if (unanswered_ && recover_endpoint()) return {};
  for (Defect& d : defects) d = as_aftermath(std::move(d), first->prepared.classification);
  return defects;
}

// An answer that was wrong once, and is right when the request is sent alone: an earlier request may be what
// spoiled it. Then a valid request after that one is answered wrongly, too.
void Live::consider_as_aftermath(const Defect& defect, const std::vector<std::string>& earlier) {
  if (examined_.size() >= kMaxExamined || !examined_.insert(defect.signature()).second) return;
  std::set<std::string> tried;
  for (const std::string& cause : earlier) {
    if (!tried.insert(cause).second) continue;
    const auto seen = aftermath(cause, Patience::usual);
    if (seen.empty()) continue;
    Suspicion s;
    s.defect = seen.front();
    s.input = cause;
    s.again = [this](const std::string& input, bool careful) {
      if (careful) fixtures_->verify_and_restore();
      return aftermath(input, careful ? Patience::usual : Patience::brief);
    };
    s.minimise = [this](const std::string& input, const std::function<bool(const std::string&)>& still) {
      return run::minimise(input, still, kFollowUpLimits, data_.examples);
    };
    s.describe = [this](const std::string& input) {
      FoundDefect out = describe(input);
      add_valid_request_after_it(out, describe(fixtures_->control()));
      return out;
    };
    if (consider(s) != LiveFindings::Outcome::unconfirmed) return;
  }
}

}  // namespace fuzzers
