#pragma once

#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/run/client.h"
#include "harness/run/patient_endpoint.h"
#include "harness/run/resources.h"

/// Properties that take several exchanges. A scenario is a function `void f(ScenarioContext&)`: it calls
/// operations (each answer is judged by the oracle), states what must hold between them, and returns early
/// when a step it rests on failed.
namespace harness::run {

class ScenarioContext {
 public:
  /// `names` tells the resources of this scenario from those of others that run at the same time, so that
  /// their names do not depend on who comes first; "" leaves that to the registry. `losses` says what
  /// connections have lost in the whole run so far; without it, nothing.
  ScenarioContext(endpoint::Endpoint& endpoint, const Situation& situation, ResourceRegistry& registry,
                  std::uint64_t seed, std::string names = {}, std::function<Losses()> losses = {});

  // ---- calls that are judged ----
  /// Sends a request of an operation under test and judges the answer. `ok()` of the reply says 200, not that
  /// nothing was found: see failed(). What a call has changed, reproductions of later ones do too; what is
  /// known of it is the scenario's to say (situation().knowledge).
  Reply call(std::string_view operation, const wire::Json& input);
  /// The same for any HTTP text (placeholders are expanded). A placeholder without value blocks the scenario.
  Reply call_text(std::string_view http_text);
  /// The same for a request that is made already.
  Reply call_prepared(const Prepared& prepared);
  /// Runs `body(i, context)` for i = 0 … count-1 at once, each on a connection and a thread of its own; their
  /// findings are gathered here. `count` at most 32.
  void concurrently(std::size_t count, const std::function<void(std::size_t, ScenarioContext&)>& body);

  // ---- what must hold ----
  /// Records a defect of this rule if `holds` is false; returns `holds`.
  bool expect(bool holds, std::string_view rule, std::string_view message);
  /// The same as advice: for what is documented nowhere, or real services do differently.
  bool advise(bool holds, std::string_view rule, std::string_view message);
  /// True if a defect was found so far.
  bool failed() const { return oracle::has_defect(findings_); }

  // ---- resources, by the catalogue's kinds ----
  /// A new resource, that holds nothing yet: its id, which is `name` where the service makes none itself.
  /// `parent` is the id of what it is a part of. Where it cannot be made, the scenario is blocked, for it
  /// would prove nothing.
  std::optional<std::string> create(std::string_view kind, const std::string& name,
                                    const std::string& parent = {});
  /// Adds to what a resource holds. Error: which call was refused; what it holds is not known then.
  Status add(std::string_view kind, const std::string& id, std::string_view part,
             const std::vector<std::string>& values, const wire::Json& more = {});
  Status take(std::string_view kind, const std::string& id, std::string_view part,
              const std::vector<std::string>& values);
  /// Removes a resource of this scenario (one that is left is removed at the end of the run): to clean up,
  /// for it is neither judged nor a part of reproductions.
  void discard(std::string_view kind, const std::string& id);
  /// Creates a resource by this input, which may be refused. The answer is not judged; if it is 200, the
  /// resource is one of this scenario's. Reproductions send the request too.
  Reply try_create(std::string_view kind, const std::string& id, const wire::Json& input);
  /// Sends a change of a resource, which may be refused. The answer is not judged, and what is known of the
  /// resource stays as it was. Reproductions send the change too.
  Reply try_change(const std::string& id, const wire::HttpText& request);
  void blocked(std::string reason);
  void unchecked(std::string reason);
  /// False, and the scenario left unchecked, if the endpoint lacks one of these operations.
  bool has(std::initializer_list<std::string_view> operations);

  // ---- what is known ----
  Situation& situation() { return situation_; }
  const Situation& situation() const { return situation_; }
  std::uint64_t seed() const { return seed_; }
  /// A name that no resource has: the run's prefix, the purpose, and what makes it unique.
  std::string name(std::string_view purpose);
  std::string placeholder(std::string_view name) const { return situation_.bindings.value(name); }
  Client& client() { return client_; }
  Losses losses() const { return losses_ ? losses_() : Losses{}; }

  // ---- for the runner ----
  const std::vector<oracle::Finding>& findings() const { return findings_; }
  const std::string& blocked_reason() const { return blocked_; }
  const std::string& unchecked_reason() const { return unchecked_; }
  std::size_t exchanges() const { return exchanges_ + client_.exchanges(); }
  /// Why nothing that the scenario saw since says anything; not `none` overrides every other outcome.
  Trouble trouble() const {
    return client_.trouble() != Trouble::none ? client_.trouble() : trouble_of_others_;
  }
  /// Fills the parts of a result that show the exchange which failed first, or else the last one.
  void describe(CaseResult& result) const;

 private:
  /// What became of a change of what a resource holds; `done` makes it in what is known.
  Status change(std::string_view kind, const std::string& id, std::string_view part, Sent sent,
                const std::function<void(std::set<std::string>&)>& done);
  bool hold(bool holds, oracle::Severity severity, std::string_view rule, std::string_view message);
  void add_step(const wire::HttpText& request, const Reply& reply);
  void take_over_change();
  void note_token(const oracle::Classification& request, const wire::Json& output);
  void add_set_up(const std::string& id, const wire::HttpText& request, std::string_view made_in = {});
  void record(const Prepared& prepared, const wire::Exchange& exchange, std::vector<oracle::Finding> found);

  struct Shown {
    Prepared prepared;
    wire::Exchange exchange;
    bool failed = false;
  };

  endpoint::Endpoint& endpoint_;
  Situation situation_;
  ResourceRegistry& registry_;
  std::uint64_t seed_;
  std::string names_;
  std::size_t named_ = 0;
  std::function<Losses()> losses_;
  Client client_;
  Resources resources_;
  std::vector<oracle::Finding> findings_;
  std::optional<Shown> shown_;
  std::optional<Prepared> change_;  // what the last judged call has changed
  std::vector<std::string> trail_;  // what was done, a line a step, for the report
  std::string blocked_;
  std::string unchecked_;
  std::size_t exchanges_ = 0;
  Trouble trouble_of_others_ = Trouble::none;  // of contexts that ran concurrently
};

/// A named scenario, for a pack's list.
struct Scenario {
  std::string_view id;         ///< "ListThings/scenario/addition-becomes-visible"
  std::string_view operation;  ///< or kProtocol
  std::string_view title;
  void (*function)(ScenarioContext&);
  bool last = false;  ///< Case::last
};

}  // namespace harness::run
