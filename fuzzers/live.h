#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "conformance/cli/case_data.h"
#include "fuzzers/live_config.h"
#include "fuzzers/live_findings.h"
#include "fuzzers/live_fixtures.h"
#include "harness/oracle/novelty.h"
#include "harness/run/situation.h"

/// What all live targets share: an endpoint, requests that are sent and judged, and what becomes of defects.
namespace fuzzers {

/// A request that was sent, and what is wrong with its answer.
struct JudgedExchange {
  std::string input;  ///< as it was written, with placeholders
  harness::run::Prepared prepared;
  std::string bytes;  ///< as they were sent
  harness::wire::Exchange exchange;
  std::vector<Defect> defects;
};

/// How long an answer is waited for.
enum class Patience {
  usual,  ///< the timeout; not at all where a part of the request is missing
  /// At most a second, and less where all answers came fast: for making a request small, where what is left
  /// is confirmed with the usual one.
  brief,
  whole,  ///< the timeout, also where a part of the request is missing
};

/// The end of a process, in figures.
struct LiveSummary {
  std::size_t requests = 0;
  std::size_t upkeep = 0;  ///< requests besides, that put right what those changed
  double seconds = 0;
  std::size_t kinds = 0;  ///< of answers
  std::size_t written = 0, known = 0, unconfirmed = 0;
  std::size_t deaths = 0;
  std::vector<std::string> left_behind;
  std::string text() const;  ///< one line
};

/// One process's fuzzing of one endpoint. Not thread-safe.
class Live {
 public:
  static tl::expected<std::unique_ptr<Live>, LiveProblem> open(LiveConfig config, conformance::CaseData data);
  ~Live();
  Live(const Live&) = delete;
  Live& operator=(const Live&) = delete;

  // ---- requests ----
  /// Expands, composes, sends and judges one request of HTTP text. Nothing if it is no HTTP text, asks for a
  /// value that there is not, or must not be sent. State that earlier requests changed is put right before.
  std::optional<JudgedExchange> send(std::string_view http_text, Patience patience = Patience::usual);
  /// The same for a request that is made already.
  std::optional<JudgedExchange> send(harness::wire::HttpText text, std::string as_written,
                                     Patience patience = Patience::usual);
  /// Looks after an endpoint that did not answer. False once it is gone for good.
  bool still_there();
  /// Before something is sent in another way: sees that the endpoint is there and its state is known. False
  /// if it is gone.
  bool prepare();
  /// That something was sent, for finding out what an endpoint died of.
  void remember(std::string as_written);
  /// That it was sent, and does not only read: later answers may rest on what it changed.
  void note_change(std::string_view as_written);
  /// That it was not answered.
  void mark_unanswered() { unanswered_ = true; }
  bool is_unanswered() const { return unanswered_; }
  /// The defects among the findings on a request: what counts, and can be judged with what is known.
  std::vector<Defect> defects_of(const harness::run::Asked& asked, std::string_view bytes,
                                 const harness::wire::Exchange& exchange) const;
  /// Tells libFuzzer the kind of an answer; with what came before it, if that is given.
  void learn(const harness::wire::Exchange& exchange, std::string_view before = {});
  /// How many requests were sent in all, also those that confirm and minimise.
  void count_request() { ++requests_; }

  // ---- what becomes of them ----
  /// All that has to be done about one request of HTTP text: looks whether the endpoint is alive where it did
  /// not answer, and reports what is wrong.
  void follow_up(const JudgedExchange& judged);
  /// The defects in the answer to a valid request, but for those that it always shows.
  std::vector<Defect> check_control(bool new_connection, Patience patience = Patience::usual);
  std::vector<Defect> without_usual(std::vector<Defect> of_the_control) const;
  /// Confirms it, makes it small and writes it down; or, where it only rests on what earlier requests changed
  /// (which an endpoint that we started can be asked), the request that brought it about.
  LiveFindings::Outcome consider(const Suspicion& suspicion);
  /// The suspicion that a request of HTTP text shows a defect by itself.
  Suspicion suspicion_of(const JudgedExchange& judged, const Defect& defect);
  /// The parts of a report that show one request.
  harness::report::FoundDefect describe(std::string_view http_text);

  /// Where the endpoint did not answer: if it is gone, finds out which of the last requests ended it, reports
  /// that and starts it again. True if it was gone.
  bool recover_endpoint();
  std::size_t deaths() const { return deaths_; }
  /// Set once the endpoint is gone for good: one line that says so.
  const std::string& lost() const { return lost_; }

  LiveFixtures& fixtures() { return *fixtures_; }
  const LiveFixtures& fixtures() const { return *fixtures_; }
  const conformance::CaseData& data() const { return data_; }
  const LiveConfig& config() const { return config_; }
  LiveFindings& findings() { return findings_; }

  /// Removes the fixtures and writes the index; once.
  LiveSummary finish();

 private:
  Live(LiveConfig config, conformance::CaseData data, LiveFindings findings);
  std::chrono::milliseconds brief() const;
  bool is_blind(const harness::oracle::Classification& request) const;
  bool is_addressed_to_service(std::string_view bytes) const;
  const std::string& kind_of(const harness::wire::Exchange& exchange);
  harness::endpoint::Message compose(harness::wire::HttpText& text,
                                     std::chrono::system_clock::time_point now);
  harness::wire::Exchange send_and_leave(const harness::endpoint::Message& message);
  bool renew();
  void report_death(const std::string& how, bool ended);
  bool dies_of(const std::string& http_text, Patience patience = Patience::usual);
  bool revive();
  bool is_spoiled(const Defect& defect);
  std::string valid_request_of(const std::string& name) const;
  bool send_all(const std::vector<std::string>& requests, std::size_t first, std::size_t last);
  std::optional<std::size_t> spoiled_after(const Suspicion& s, const std::vector<std::string>& changes);
  std::optional<std::vector<std::string>> needed_before(const Suspicion& s, const std::string& last,
                                                        std::vector<std::string> before);
  LiveFindings::Outcome consider_what_spoiled_it(const Suspicion& s, const std::vector<std::string>& changes);
  LiveFindings::Outcome give_up_on(const Suspicion& s);
  static Defect as_aftermath(Defect defect, const harness::oracle::Classification& cause);
  static void add_valid_request_after_it(harness::report::FoundDefect& found,
                                         const harness::report::FoundDefect& after);
  void consider_as_aftermath(const Defect& defect, const std::vector<std::string>& earlier);
  std::vector<Defect> aftermath(const std::string& cause, Patience patience);

  LiveConfig config_;
  conformance::CaseData data_;
  LiveFindings findings_;
  harness::oracle::Novelty novelty_;
  std::unique_ptr<LiveFixtures> fixtures_;
  harness::run::Composer composer_{"", std::nullopt};
  std::string scope_;                 // "/REGION/SERVICE/aws4_request"
  std::string authorization_;         // of an earlier request, where nobody verifies it
  std::deque<std::string> recent_;    // the last requests, as they were written
  std::vector<std::string> changes_;  // what may have changed something since it was started, as written
  std::unordered_map<std::string, std::string> well_;  // by operation: a valid request, rightly answered
  std::set<std::string> spoiled_;  // signatures of what shows after certain requests, or nobody knows which
  std::set<std::string> kinds_;
  std::unordered_map<std::string, std::string> kind_of_;  // of answers that came before
  std::string kind_key_, kind_;
  std::set<std::string> usual_;     // signatures that the control shows by itself
  std::set<std::string> examined_;  // defects whose cause was looked for in earlier requests
  std::size_t requests_ = 0;
  std::size_t upkeep_before_ = 0;  // before the first of them
  std::size_t deaths_ = 0;
  std::chrono::nanoseconds slowest_{0};  // of the answers so far
  bool unanswered_ = false;              // the last exchange was not answered
  std::string lost_;
  bool expired_ = false;  // lost, because there are no credentials any more: what was made is still there
  std::chrono::steady_clock::time_point started_;
  std::optional<LiveSummary> summary_;
};

}  // namespace fuzzers
