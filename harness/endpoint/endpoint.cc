#include "harness/endpoint/endpoint.h"

#include <future>
#include <memory>
#include <utility>

namespace harness::endpoint {
namespace {

/// Owned by the handler alone: if that is dropped uncalled, whoever waits is told.
class Answer {
 public:
  std::future<wire::Exchange> get() { return promise_.get_future(); }
  void give(wire::Exchange exchange) {
    given_ = true;
    promise_.set_value(std::move(exchange));
  }
  Answer() = default;
  Answer(const Answer&) = delete;
  Answer& operator=(const Answer&) = delete;
  ~Answer() {
    if (given_) return;
    wire::Exchange dropped;
    dropped.detail = "the connection was destroyed";
    promise_.set_value(std::move(dropped));
  }

 private:
  std::promise<wire::Exchange> promise_;
  bool given_ = false;
};

}  // namespace

wire::Exchange Connection::exchange(Message message) {
  auto answer = std::make_shared<Answer>();
  auto future = answer->get();
  async_exchange(std::move(message), [answer = std::move(answer)](wire::Exchange exchange) {
    answer->give(std::move(exchange));
  });
  return future.get();
}

}  // namespace harness::endpoint
