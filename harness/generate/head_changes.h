#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "harness/generate/member_plans.h"
#include "harness/generate/random.h"
#include "harness/wire/http_text.h"

/// Internal to the mutator: changes of the request line, headers and framing.
namespace harness::generate {

/// Changes never add header lines beyond these.
inline constexpr std::size_t kMaxHeaderLines = 60;

/// The operation that the request's X-Amz-Target names, or nullptr.
const OperationPlan* operation_of(const wire::Request& request, const Plans& plans);

/// A request as it should be, for this operation.
wire::HttpText request_for(const OperationPlan& operation, const Plans& plans, std::string body);

/// One change of a request that is no raw text. It may become one.
void change_head(wire::HttpText& text, const Plans& plans, Random& random);

/// One change of raw bytes: lines, line ends, lengths, a second request behind.
void change_raw(std::string& raw_bytes, const Plans& plans, Random& random, std::size_t most);

}  // namespace harness::generate
