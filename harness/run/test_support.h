#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "conformance/ssm/reference.h"
#include "conformance/ssm/resources.h"
#include "harness/endpoint/endpoint.h"
#include "harness/model/model.h"
#include "harness/reference/service.h"
#include "harness/run/runner.h"
#include "harness/run/scenario.h"

/// What the tests of this folder share: the built-in data, an endpoint that answers from a function, and a
/// run of a few cases.
namespace harness::run::testing {

/// The built-in model and examples, loaded once.
const model::Model& built_in_model();
const Examples& built_in_examples();

const Catalogue& built_in_catalogue();
Pack built_in_pack();

/// `count` account ids, distinct, ascending.
inline std::vector<std::string> account_ids(std::size_t count) {
  return counted_up("100000000001", count);
}
/// A new document of a scenario; nothing if it cannot be made.
std::optional<std::string> new_document(ScenarioContext& context, std::string_view purpose);

/// The derived cases of both operations whose ids match the glob.
std::vector<Case> derived(std::string_view glob);
/// A protocol case with this request; its control is the valid stand-in.
Case protocol_case(std::string id, std::string request, bool hostile = false);

/// A complete answer, the connection kept open.
wire::Exchange answered(int status, std::string body);
/// An error in the protocol's form.
wire::Exchange error(int status, std::string_view code);
/// An exchange that ended otherwise.
wire::Exchange ended(wire::Transport transport);
/// What StubEndpoint's function returns for a request that is answered only by cancel().
wire::Exchange never();

/// What the stub was sent.
struct Call {
  std::size_t number = 0;  ///< of all messages to the endpoint, from 0
  std::size_t lane = 0;    ///< of the connection, from 0
  bool fresh = false;      ///< on a new connection
  bool readable = false;   ///< it was one well-formed request
  wire::Request request;   ///< then
  std::string operation;   ///< the target behind its first dot; "" if there is none
};

/// An endpoint in this process, with an I/O thread of its own. The function is asked first, on that thread;
/// where it has no opinion, the reference service answers.
class StubEndpoint : public endpoint::Endpoint {
 public:
  using Plant = std::function<std::optional<wire::Exchange>(const Call&)>;
  explicit StubEndpoint(Plant plant = {}, reference::ServiceOptions options = {});
  ~StubEndpoint() override;
  std::unique_ptr<endpoint::Connection> open() override;
  const std::string& authority() const override { return authority_; }
  const std::string& url() const override { return url_; }
  void post(std::function<void()> work) override;
  void cancel() override;

  reference::Service& service() { return *service_; }
  /// A service without memory, as after a restart of the process.
  void forget_everything();

 private:
  class Lane;
  wire::Exchange answer(const endpoint::Message& message, std::size_t lane, bool fresh);
  void work();

  const std::string authority_ = "127.0.0.1:4566";
  const std::string url_ = "http://127.0.0.1:4566";
  const Plant plant_;
  const reference::ServiceOptions options_;
  std::unique_ptr<reference::Service> service_;
  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<std::function<void()>> queue_;
  std::vector<std::function<void()>>
      waiting_;            // I/O thread only: each tells one exchange that it was cancelled
  std::size_t calls_ = 0;  // I/O thread only
  std::size_t lanes_ = 0;
  bool ending_ = false;
  std::thread thread_;
};

/// Keeps what a run reports.
class Results : public Observer {
 public:
  void started(const RunInfo& info) override { info_ = info; }
  void finished_case(const CaseResult& result) override { all_.push_back(result); }
  void finished(const RunSummary& summary) override { summary_ = summary; }

  const RunInfo& info() const { return info_; }
  const RunSummary& summary() const { return summary_; }
  const std::vector<CaseResult>& all() const { return all_; }
  /// The result of a case; an empty one, with an id that says so, if there is none.
  const CaseResult& of(std::string_view id) const;
  std::size_t count(Verdict verdict) const;
  /// "FAIL GetConnectionStatus/…: outcome/accepted", a line for each case with this verdict, for messages.
  std::string text(Verdict verdict) const;

 private:
  RunInfo info_;
  RunSummary summary_;
  std::vector<CaseResult> all_;
};

/// Options with signing by made-up keys, one connection unless said otherwise.
RunOptions options(std::size_t connections = 1);

/// Runs the cases and keeps the results.
Results run_cases(endpoint::Endpoint& endpoint, const std::vector<Case>& cases,
                  const RunOptions& options = testing::options());

/// True if a finding of this rule is among them.
bool has_rule(const CaseResult& result, std::string_view rule);

}  // namespace harness::run::testing
