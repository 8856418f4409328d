#pragma once

#include <memory>
#include <string>
#include <vector>

#include "harness/endpoint/endpoint.h"
#include "harness/run/throttle.h"

/// What lies between the drivers of a run and its endpoint: requests that are throttled are sent again.
namespace harness::run {

/// What was noticed of connections that lost a request.
struct Losses {
  std::size_t requests = 0;           ///< sent so far
  std::vector<std::size_t> ordinals;  ///< of the lost ones among them, from 1; the first 1,000
  std::size_t lost = 0;               ///< how many
};

/// Sends through another endpoint, as often and as slowly as a Throttle says. What its connections hand over
/// is throttled only if it was given up (see oracle::throttling). A repeated request is the same to the byte,
/// so it keeps its signature: waiting ends long before a signature does.
///
/// It also counts requests that a kept-alive connection lost (Exchange::resent).
///
/// Thread-safe. The other endpoint must outlive it.
class PatientEndpoint final : public endpoint::Endpoint {
 public:
  PatientEndpoint(endpoint::Endpoint& inner, Throttle& throttle);
  ~PatientEndpoint() override;
  PatientEndpoint(const PatientEndpoint&) = delete;
  PatientEndpoint& operator=(const PatientEndpoint&) = delete;

  std::unique_ptr<endpoint::Connection> open() override;
  const std::string& authority() const override { return inner_.authority(); }
  const std::string& url() const override { return inner_.url(); }
  std::string_view base_path() const override { return inner_.base_path(); }
  void post(std::function<void()> work) override { inner_.post(std::move(work)); }
  /// Also ends the exchanges that wait for their turn.
  void cancel() override;

  Losses losses() const;

 private:
  class Waiting;
  class PatientConnection;
  struct Sending;

  void note(const wire::Exchange& exchange);

  endpoint::Endpoint& inner_;
  Throttle& throttle_;
  mutable std::mutex mutex_;
  Losses losses_;
  std::unique_ptr<Waiting> waiting_;
};

}  // namespace harness::run
