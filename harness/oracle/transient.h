#pragma once

#include <chrono>
#include <optional>

#include "harness/wire/message.h"

/// Answers that say nothing about the request: the endpoint asks for patience, or for other credentials. They
/// are never judged. Pure.
namespace harness::oracle {

/// The endpoint takes no more requests for the moment.
struct Throttling {
  /// How long to wait, if the answer says so (Retry-After in seconds, RFC 9110 §10.2.3). A date counts as
  /// absent.
  std::optional<std::chrono::seconds> retry_after;
};

/// Recognises throttling: any 429; an error of one of the names by which AWS services throttle (the retry
/// specification of the AWS SDKs,
/// https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html); a 503 that has Retry-After
/// or is called ServiceUnavailable. A bare 503 is a failing server.
std::optional<Throttling> throttling(const wire::Exchange& exchange);

/// What an answer says that is transient.
struct Transient {
  std::optional<Throttling> throttling;
  bool expired = false;
};
/// throttling() and says_expired() at once, at the cost of one.
Transient transient(const wire::Exchange& exchange);

/// True if the endpoint says that temporary credentials have ended (ExpiredTokenException, ExpiredToken).
bool says_expired(const wire::Exchange& exchange);

}  // namespace harness::oracle
