#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "harness/endpoint/blocking_lane.h"
#include "harness/endpoint/endpoint.h"

namespace fuzzers {

/// An endpoint whose connections are all one blocking lane, for what harness/run does between the requests of
/// a fuzzer: probing, and making and removing fixtures. Unlike others, it has no thread of its own: handlers
/// are called from within async_exchange(). So it is for callers that use Connection::exchange().
class LaneEndpoint final : public harness::endpoint::Endpoint {
 public:
  explicit LaneEndpoint(harness::endpoint::BlockingLane& lane) : lane_(lane), url_(lane.url().text()) {}

  std::unique_ptr<harness::endpoint::Connection> open() override {
    return std::make_unique<LaneConnection>(*this);
  }
  const std::string& authority() const override { return lane_.url().authority; }
  const std::string& url() const override { return url_; }
  std::string_view base_path() const override { return lane_.url().base_path; }
  void post(std::function<void()> work) override { work(); }
  void cancel() override {}  // nothing is ever under way
  /// How many requests were sent this way.
  std::size_t requests() const { return requests_; }

 private:
  class LaneConnection final : public harness::endpoint::Connection {
   public:
    explicit LaneConnection(LaneEndpoint& endpoint) : endpoint_(endpoint) {}
    void async_exchange(harness::endpoint::Message message, harness::endpoint::Handler handler) override {
      ++endpoint_.requests_;
      handler(endpoint_.lane_.exchange(message));
    }
    void close() override { endpoint_.lane_.close(); }

   private:
    LaneEndpoint& endpoint_;
  };

  harness::endpoint::BlockingLane& lane_;
  std::string url_;
  std::size_t requests_ = 0;
};

}  // namespace fuzzers
