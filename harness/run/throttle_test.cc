#include "harness/run/throttle.h"

#include <gmock/gmock.h>

namespace harness::run::throttle_test {
namespace {

using namespace std::chrono_literals;
using Time = Throttle::Clock::time_point;
const oracle::Throttling kBare{};

TEST(ThrottlePolicy, CostsNothingWhileNothingIsThrottled) {
  Throttle t(1);
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(t.before_sending(Time()), 0s);
    t.served();
  }
  EXPECT_EQ(t.remark(), "");
}

TEST(ThrottlePolicy, WaitsAsLongAsItIsAskedAndALittleMore) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    Throttle t(seed);
    const auto wait = t.throttled({7s}, 1);
    ASSERT_TRUE(wait);
    EXPECT_GE(*wait, 7s);
    EXPECT_LE(*wait, 7s + 50ms);
  }
}

TEST(ThrottlePolicy, GivesUpWhereItIsAskedForTooLong) {
  Throttle t(1);
  EXPECT_EQ(t.throttled({31s}, 1), std::nullopt);
}

TEST(ThrottlePolicy, BacksOffAtRandomWithinABoundThatDoubles) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    Throttle t(seed);
    for (std::size_t attempt = 1; attempt < 10; ++attempt) {
      const auto wait = t.throttled(kBare, attempt);
      ASSERT_TRUE(wait);
      EXPECT_LE(*wait, std::min<Throttle::Duration>(5s, 50ms * (1 << (attempt - 1))));
    }
    EXPECT_EQ(t.throttled(kBare, 10), std::nullopt);
  }
}

TEST(ThrottlePolicy, StopsRepeatingWhereNothingIsServedAnyMoreUntilSomethingIs) {
  Throttle t(1);
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(t.throttled(kBare, 1));
    EXPECT_FALSE(t.throttled(kBare, 10));
  }
  EXPECT_FALSE(t.throttled(kBare, 1));
  t.served();
  EXPECT_TRUE(t.throttled(kBare, 1));
  EXPECT_THAT(t.remark(), ::testing::HasSubstr("throttled 12 of the requests (6 were given up)"));
}

// A limit of requests a second, as a bucket: how many of the sendings it throttles in the long run.
TEST(ThrottlePolicy, SlowsDownUntilMostRequestsAreServed) {
  Throttle t(1);
  constexpr auto kEvery = 20ms;  // 50 a second
  Time now{}, free_at{};
  int throttled = 0;
  constexpr int kSendings = 2000;
  for (int i = 0; i < kSendings; ++i) {
    now += t.before_sending(now);
    if (now < free_at) {
      ++throttled;
      t.throttled(kBare, 1);
    } else {
      free_at = now + kEvery;
      t.served();
    }
  }
  EXPECT_LT(throttled, kSendings / 2);
  EXPECT_GT(throttled, 0);
}

TEST(ThrottlePolicy, ForgetsOnceNothingIsThrottled) {
  Throttle t(1);
  for (int i = 0; i < 20; ++i) t.throttled(kBare, 1);
  EXPECT_EQ(t.before_sending(Time()), 0s);
  EXPECT_GT(t.before_sending(Time()), 0s);
  for (int i = 0; i < 100; ++i) t.served();
  EXPECT_EQ(t.before_sending(Time()), 0s);
  EXPECT_EQ(t.before_sending(Time()), 0s);
}

}  // namespace
}  // namespace harness::run::throttle_test
