#include "harness/run/throttle.h"

#include <fmt/format.h>

#include <algorithm>

namespace harness::run {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMaxSendings = 10;
constexpr std::size_t kMaxGivenUpInARow = 5;
constexpr std::chrono::seconds kMaxRetryAfter{30};
constexpr Throttle::Duration kFirstBackoff = 50ms;
constexpr Throttle::Duration kMaxBackoff = 5s;
// The interval stays where a share of log(1/0.9) / log(1.3/0.9), 29 %, is throttled.
constexpr Throttle::Duration kMaxInterval = 1s;
constexpr Throttle::Duration kFirstInterval = 1ms;

}  // namespace

Throttle::Duration Throttle::before_sending(Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  if (interval_ == Duration::zero()) return Duration::zero();
  const auto at = std::max(now, next_);
  next_ = at + interval_;
  return at - now;
}

void Throttle::served() {
  const std::lock_guard lock(mutex_);
  given_up_in_a_row_ = 0;
  interval_ = interval_ * 9 / 10;
  if (interval_ < kFirstInterval / 2) interval_ = Duration::zero();
}

std::optional<Throttle::Duration> Throttle::throttled(const oracle::Throttling& how, std::size_t attempts) {
  const std::lock_guard lock(mutex_);
  ++throttled_;
  interval_ = std::min(kMaxInterval, interval_ * 13 / 10 + kFirstInterval);
  const bool asks_too_much = how.retry_after && *how.retry_after > kMaxRetryAfter;
  if (asks_too_much || attempts >= kMaxSendings || given_up_in_a_row_ >= kMaxGivenUpInARow) {
    ++given_up_;
    ++given_up_in_a_row_;
    return std::nullopt;
  }
  const auto most =
      std::min(kMaxBackoff, kFirstBackoff * (std::int64_t{1} << std::min<std::size_t>(attempts - 1, 10)));
  const Duration jitter(std::uniform_int_distribution<Duration::rep>(0, most.count())(random_));
  return Duration(how.retry_after.value_or(std::chrono::seconds(0))) + jitter;
}

std::string Throttle::remark() const {
  const std::lock_guard lock(mutex_);
  if (throttled_ == 0) return {};
  return fmt::format("the endpoint throttled {} of the requests{}: they were sent again, and more slowly",
                     throttled_,
                     given_up_ == 0 ? std::string() : fmt::format(" ({} were given up)", given_up_));
}

}  // namespace harness::run
