#include "harness/oracle/transient.h"

#include <algorithm>
#include <charconv>

#include "harness/base/ascii.h"
#include "harness/wire/error_envelope.h"

namespace harness::oracle {
namespace {

using wire::Transport;

constexpr std::string_view kThrottlingCodes[] = {"ThrottlingException",
                                                 "Throttling",
                                                 "ThrottledException",
                                                 "RequestThrottled",
                                                 "RequestThrottledException",
                                                 "TooManyRequestsException",
                                                 "RequestLimitExceeded",
                                                 "SlowDown",
                                                 "ProvisionedThroughputExceeded",
                                                 "ProvisionedThroughputExceededException"};

template <std::size_t N>
bool is_one_of(std::string_view name, const std::string_view (&names)[N]) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

// The error's name; "" if the answer is no error with a readable envelope.
std::string error_name(const wire::Exchange& exchange) {
  if (exchange.transport != Transport::answered || exchange.response.status < 400) return {};
  const auto envelope = wire::read_error_envelope(exchange.response);
  return envelope ? std::string(envelope->name()) : std::string();
}

std::optional<std::chrono::seconds> retry_after(const wire::Response& response) {
  const auto header = response.headers.find("retry-after");
  if (!header) return std::nullopt;
  const std::string_view text = base::trimmed(*header);
  unsigned seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return std::chrono::seconds(seconds);
}

}  // namespace

std::optional<Throttling> throttling(const wire::Exchange& exchange) {
  if (exchange.transport != Transport::answered) return std::nullopt;
  const wire::Response& r = exchange.response;
  if (r.status < 400) return std::nullopt;
  const Throttling throttled{retry_after(r)};
  if (r.status == 429) return throttled;
  if (r.status == 503 && r.headers.contains("retry-after")) return throttled;
  const std::string name = error_name(exchange);
  if (is_one_of(name, kThrottlingCodes)) return throttled;
  if (r.status == 503 && (name == "ServiceUnavailable" || name == "ServiceUnavailableException"))
    return throttled;
  return std::nullopt;
}

bool says_expired(const wire::Exchange& exchange) {
  const std::string name = error_name(exchange);
  return name == "ExpiredTokenException" || name == "ExpiredToken";
}

}  // namespace harness::oracle
