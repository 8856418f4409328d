#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/cli/case_data.h"
#include "fuzzers/live_config.h"
#include "harness/endpoint/blocking_lane.h"
#include "harness/endpoint/direct.h"
#include "harness/endpoint/spawn.h"
#include "harness/run/client.h"
#include "harness/run/fixtures.h"
#include "harness/run/patient_endpoint.h"
#include "harness/run/situation.h"

/// The endpoint that is fuzzed, with its fixtures and what is known of them.
namespace fuzzers {

/// Requests of a fuzzer change what is there. LiveFixtures keeps what is known true: a resource that a
/// request may have changed is put right before anything is judged by it, and what cannot be known any more
/// is forgotten, for what is unknown is never judged.
///
///     fixtures.restore();
///     const auto exchange = fixtures.lane().exchange(message);
///     auto findings = run::judge(fixtures.situation(), asked, exchange);
///     fixtures.note(asked.classification, message.bytes, exchange);
class LiveFixtures {
 public:
  /// Starts the endpoint (where it is spawned), probes it and makes the fixtures.
  static tl::expected<std::unique_ptr<LiveFixtures>, LiveProblem> open(const LiveConfig& config,
                                                                       const conformance::CaseData& data);
  ~LiveFixtures();
  LiveFixtures(const LiveFixtures&) = delete;
  LiveFixtures& operator=(const LiveFixtures&) = delete;

  harness::run::Situation& situation() { return s_; }
  const harness::run::Situation& situation() const { return s_; }
  harness::endpoint::BlockingLane& lane() { return *lane_; }
  /// One exchange on the lane, sent again as the policy has it where it is throttled (oracle::throttling() of
  /// the answer: given up). `meanwhile` is called while the endpoint works on it.
  harness::wire::Exchange exchange(const harness::endpoint::Message& message,
                                   const std::function<void()>& meanwhile);
  /// After the endpoint said that the credentials have expired: reads them again. Error: there are no others.
  harness::Status renew();
  harness::run::ResourceRegistry& registry() { return registry_; }
  const std::vector<std::string>& remarks() const { return remarks_; }

  /// Whether the endpoint was seen to accept a wrong signature.
  bool ignores_signatures() const { return ignores_signatures_; }

  /// Requests that made fixtures and put them right, of all so far.
  std::size_t upkeep() const { return lane_endpoint_->requests(); }

  /// A valid request that the endpoint surely answers with 200: HTTP text with placeholders.
  const std::string& control() const { return control_; }
  /// True if a new connection is accepted, and what comes on it answered.
  bool alive();

  // ---- what requests do to it ----
  /// True if the request would change what the user gave us, which is never done.
  bool forbids(std::string_view bytes) const;
  /// True if the request's operation changes nothing.
  bool only_reads(const harness::oracle::Classification& request) const;
  /// Notes what the request may have changed, and the tokens that the answer issued.
  void note(const harness::oracle::Classification& request, std::string_view bytes,
            const harness::wire::Exchange& exchange);
  /// Something may have been changed, and is not put right yet.
  bool is_changed() const { return !dirty_.empty() || !leftovers_.empty(); }
  /// Puts right what was changed: costs nothing if nothing was.
  void restore();
  /// The same for the resources that a text names by their placeholders, and no others: what it does not name
  /// it is not judged by.
  void restore_named_in(std::string_view http_text);
  /// The same, after looking at every resource whether it is still as it is known to be.
  void verify_and_restore();
  /// A token for a resource that is not known: what it means cannot be judged.
  bool is_blind_token(std::string_view token) const { return blind_tokens_.contains(token); }

  // ---- death ----
  bool spawned() const { return process_ != nullptr; }
  bool process_ended() { return process_ && !process_->running(); }
  std::string how_it_ended() { return process_ ? process_->how_it_ended() : std::string(); }
  std::string last_output() { return process_ ? process_->last_output() : std::string(); }
  /// Starts it again, with new fixtures.
  harness::Status restart();

  /// Whether fixtures of this kind were made.
  bool can_create(std::string_view kind) const;
  /// Where they were not: tries it once more, and says what the endpoint answers to a valid request.
  harness::Status try_to_create(std::string_view kind);
  /// A resource of this id is somebody's who discards it: it is not removed when a request has made it.
  void keep(const std::string& id) { kept_.insert(id); }
  void leave(const std::string& id) { kept_.erase(id); }
  /// Removes a resource that was made through the API.
  void discard(std::string_view kind, const std::string& id);
  /// Removes what was created; returns what remains.
  std::vector<std::string> remove_fixtures();

  /// Called with tokens as they are issued.
  std::function<void(const std::string&)> on_token;
  /// Called when resources were made again: placeholders may stand for something else.
  std::function<void()> on_new_fixtures;

 private:
  LiveFixtures(const LiveConfig& config, const conformance::CaseData& data);
  tl::expected<void, LiveProblem> start();
  /// A fixture that this process made.
  struct Made {
    std::string kind, id;
  };
  void make(const harness::run::Fixture& fixture);
  std::vector<harness::run::Case> cases_by_model() const;
  void make_all();
  void bind_what_is_missing();
  void restore_some(const std::function<bool(const std::string&)>& which);
  bool as_known(harness::run::Client& client, const Made& made);
  bool forget(std::string_view kind, const std::string& id, harness::run::Resources& resources);
  bool changes_something(std::string_view bytes) const;
  std::string id_in(const harness::oracle::Classification& request) const;
  void learn_token(const harness::oracle::Classification& request, const harness::wire::Exchange& exchange);
  void note_token_of_no_kind(const harness::model::Operation& operation,
                             const harness::wire::Exchange& exchange);
  void note_creation(const harness::oracle::Classification& request, const harness::wire::Exchange& exchange,
                     const std::string& kind);

  const LiveConfig& config_;
  const conformance::CaseData& data_;
  std::unique_ptr<harness::endpoint::SpawnedProcess> process_;
  std::unique_ptr<harness::endpoint::BlockingLane> lane_;
  harness::run::Throttle throttle_{1};
  std::unique_ptr<harness::endpoint::DirectEndpoint> lane_endpoint_;  // the same lane
  std::unique_ptr<harness::run::PatientEndpoint> endpoint_;           // and the same policy
  harness::run::ResourceRegistry registry_;
  harness::run::Situation s_;
  std::vector<std::string> remarks_;
  bool ignores_signatures_ = false;
  std::string control_;
  std::set<std::string, std::less<>> cannot_create_;  // kinds
  std::map<std::string, Made> fixtures_;              // by placeholder: what we created
  std::set<std::string> untouchable_;                 // resources that are not ours
  std::set<std::string> dirty_;                       // placeholders
  std::set<std::string> kept_;                        // resources that others look after
  std::set<harness::run::ResourceId> leftovers_;      // resources that requests created
  std::set<std::string, std::less<>> blind_tokens_;
};

}  // namespace fuzzers
