#include "harness/run/patient_endpoint.h"

#include <gmock/gmock.h>

#include <atomic>
#include <future>

#include "harness/run/test_support.h"

namespace harness::run::patient_endpoint_test {
namespace {

using testing::answered;
using testing::Call;
using testing::error;
using testing::StubEndpoint;
using Planted = std::optional<wire::Exchange>;

endpoint::Message a_request() {
  return {.bytes = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}"};
}

wire::Exchange throttled(std::string_view retry_after = "0") {
  auto e = error(400, "ThrottlingException");
  e.response.headers.add("Retry-After", std::string(retry_after));
  return e;
}

TEST(Patience, SendsAgainUntilTheRequestIsServed) {
  std::atomic<int> calls{0};
  StubEndpoint inner([&](const Call&) { return Planted(++calls < 4 ? throttled() : answered(200, "{}")); });
  Throttle throttle(1);
  PatientEndpoint patient(inner, throttle);
  const auto e = patient.open()->exchange(a_request());
  EXPECT_EQ(e.response.status, 200);
  EXPECT_EQ(calls, 4);
  EXPECT_EQ(patient.losses().requests, 4U);
}

TEST(Patience, HandsOverAThrottledAnswerWhereItDoesNotEnd) {
  std::atomic<int> calls{0};
  StubEndpoint inner([&](const Call&) { return ++calls, Planted(throttled()); });
  Throttle throttle(1);
  PatientEndpoint patient(inner, throttle);
  const auto lane = patient.open();
  EXPECT_TRUE(oracle::throttling(lane->exchange(a_request())));
  EXPECT_EQ(calls, 10);
}

TEST(Patience, EndsWithCancelWhileItWaits) {
  std::promise<void> asked;
  StubEndpoint inner([&](const Call& c) {
    if (c.number == 0) asked.set_value();
    return Planted(throttled("30"));
  });
  Throttle throttle(1);
  PatientEndpoint patient(inner, throttle);
  const auto lane = patient.open();
  std::promise<wire::Exchange> ended;
  lane->async_exchange(a_request(), [&](wire::Exchange e) { ended.set_value(std::move(e)); });
  asked.get_future().wait();
  auto answer = ended.get_future();
  // The answer may still be on its way to the waiting thread when the first cancel() comes.
  while (answer.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready) patient.cancel();
  EXPECT_EQ(answer.get().transport, wire::Transport::cancelled);
}

TEST(Patience, DropsTheHandlerOfAConnectionThatIsDestroyedWhileItWaits) {
  std::promise<void> asked;
  StubEndpoint inner([&](const Call& c) {
    if (c.number == 0) asked.set_value();
    return Planted(throttled("30"));
  });
  Throttle throttle(1);
  PatientEndpoint patient(inner, throttle);
  auto lane = patient.open();
  const auto held = std::make_shared<int>(0);
  bool called = false;
  lane->async_exchange(a_request(), [held, &called](wire::Exchange) { called = true; });
  asked.get_future().wait();
  lane.reset();
  EXPECT_EQ(held.use_count(), 1);
  EXPECT_FALSE(called);
}

TEST(Patience, CountsRequestsThatAConnectionLost) {
  StubEndpoint inner([&](const Call& c) {
    auto e = answered(200, "{}");
    e.resent = c.number % 3 == 2;
    return Planted(e);
  });
  Throttle throttle(1);
  PatientEndpoint patient(inner, throttle);
  const auto lane = patient.open();
  for (int i = 0; i < 6; ++i) lane->exchange(a_request());
  EXPECT_EQ(patient.losses().lost, 2U);
  EXPECT_THAT(patient.losses().ordinals, ::testing::ElementsAre(3U, 7U));
  EXPECT_EQ(patient.losses().requests, 8U);
}

}  // namespace
}  // namespace harness::run::patient_endpoint_test
