#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <random>
#include <string>

#include "harness/oracle/transient.h"

/// How long to wait, and how often, where an endpoint throttles: one policy for every driver.
namespace harness::run {

/// Shared by all connections to one endpoint; thread-safe. Time is an argument, so tests need no clock.
///
/// A throttled request is sent again after what Retry-After asks for (or at once) and a random part of
/// 50 ms * 2^attempt, 5 s at most: without that "full jitter", connections in step would be throttled in turn
/// for ever. It is given up after 10 sendings, or at once where the endpoint asks for more than 30 s; after 5
/// requests in a row that were given up, none is repeated until one is served. Besides, all requests are
/// paced: each throttled answer makes the interval between two sendings longer, each other answer shorter,
/// until about a quarter of them are throttled.
class Throttle {
 public:
  using Clock = std::chrono::steady_clock;
  using Duration = Clock::duration;

  explicit Throttle(std::uint64_t seed) : random_(seed) {}

  /// How long to wait before the next request goes out; 0 while nothing is throttled. Takes the place that it
  /// gives, so every call is one sending.
  Duration before_sending(Clock::time_point now);
  /// A request was answered otherwise than by throttling.
  void served();
  /// A request was throttled, having been sent `attempts` times. How long to wait before it is sent again;
  /// nothing to give it up.
  std::optional<Duration> throttled(const oracle::Throttling& how, std::size_t attempts);

  /// "312 requests were throttled (2 given up), and requests were sent more slowly", or "" if none was.
  std::string remark() const;

 private:
  mutable std::mutex mutex_;
  std::mt19937_64 random_;
  Duration interval_{0};
  Clock::time_point next_{};
  std::size_t throttled_ = 0;
  std::size_t given_up_ = 0;
  std::size_t given_up_in_a_row_ = 0;
};

}  // namespace harness::run
