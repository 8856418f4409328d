#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/model.h"
#include "harness/oracle/admissible.h"
#include "harness/oracle/classify.h"
#include "harness/oracle/judge.h"
#include "harness/wire/message.h"

/// What the tests of the oracle share: requests as bytes, answers, and a small world that is known.
namespace harness::oracle::testing_support {

const model::Model& built_in_model();

/// A POST with the usual headers and this body.
wire::Request request_for(std::string_view operation, std::string body);
std::string post(std::string_view operation, std::string body);
/// `text` that many times.
std::string times(std::size_t n, std::string_view text);

/// When requests are sent.
inline constexpr std::chrono::system_clock::time_point kNow =
    std::chrono::sys_days{std::chrono::year{2026} / 1 / 2} + std::chrono::hours{3};

/// The world of the tests:
/// documents `ours` (made by us, shared with nobody), `shared` (made by us, shared with 111122223333 and
/// 444455556666), `public` (made by us, shared with all), `other` (exists, nothing else known) and `gone`
/// (does not exist); nothing else begins with "run-"; nodes `i-up` (connected) and `i-down`; the token
/// `T-shared`, issued for `shared`.
Knowledge world();
/// The same, with an endpoint that checks signatures.
Knowledge signed_world();
wire::Credentials credentials();
/// Signs as of the signed world's time, or `later` seconds after it.
std::string signed_bytes(wire::Request request, const wire::Credentials& credentials,
                         std::string region = "us-east-1", int later = 0, std::string service = "ssm");

Classification classified(std::string_view bytes, const Knowledge& knowledge);

/// An answer with AWS's headers.
wire::Exchange answer(int status, std::string body);
/// An error as AWS writes it.
wire::Exchange error(int status, std::string_view code);
/// The valid answer to a request for this operation.
wire::Exchange success(const Classification& request);
wire::Exchange unanswered(wire::Transport transport);

/// classify, admissible and judge in one.
std::vector<Finding> judged(std::string_view bytes, const wire::Exchange& exchange,
                            const Knowledge& knowledge, Level level = Level::documented);
/// "defect outcome/accepted", in order.
std::vector<std::string> rules(const std::vector<Finding>& findings);

}  // namespace harness::oracle::testing_support
