#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "harness/model/model.h"
#include "harness/reference/dialect.h"
#include "harness/wire/json.h"
#include "harness/wire/message.h"

/// How an outcome becomes a response: the JSON envelope of awsJson1_1 as a dialect writes it.
namespace harness::reference {

/// Why a request is refused, in the reference's own terms.
struct Failure {
  int status = 400;
  std::string code;
  std::string message;
};

/// What an operation gives: its output, or why not.
using Outcome = tl::expected<wire::Json, Failure>;

/// `return refuse(...)` from anything that returns an Outcome (or another expected with a Failure).
inline tl::unexpected<Failure> refuse(std::string code, std::string message, int status = 400) {
  return tl::unexpected<Failure>(Failure{status, std::move(code), std::move(message)});
}

/// Writes responses in one dialect. Thread-safe.
class Answers {
 public:
  Answers(const Dialect& dialect, model::ServiceIdentity service);

  wire::Response success(wire::Json output);
  wire::Response failure(const Failure& failure);
  wire::Response answer(Outcome outcome);

 private:
  wire::Response response(int status, const wire::Json& body);
  std::string name(std::string_view header) const;
  std::string next_request_id();

  const Dialect dialect_;
  const model::ServiceIdentity service_;
  const std::uint64_t seed_;
  std::atomic<std::uint64_t> count_{0};
};

/// The phrase of a status in a status line.
std::string_view reason_phrase(int status);

}  // namespace harness::reference
