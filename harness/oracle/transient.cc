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

// The error's name; "" if the answer has no readable envelope.
std::string error_name(const wire::Response& response) {
  const auto envelope = wire::read_error_envelope(response);
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

Transient transient(const wire::Exchange& exchange) {
  Transient out;
  if (exchange.transport != Transport::answered) return out;
  const wire::Response& r = exchange.response;
  if (r.status < 400) return out;
  const std::string name = error_name(r);
  out.expired = name == "ExpiredTokenException" || name == "ExpiredToken";
  const bool unavailable =
      r.status == 503 && (r.headers.contains("retry-after") || name == "ServiceUnavailable" ||
                          name == "ServiceUnavailableException");
  if (r.status == 429 || unavailable || is_one_of(name, kThrottlingCodes)) out.throttling = {retry_after(r)};
  return out;
}

std::optional<Throttling> throttling(const wire::Exchange& exchange) {
  return transient(exchange).throttling;
}

bool says_expired(const wire::Exchange& exchange) {
  return transient(exchange).expired;
}

}  // namespace harness::oracle
