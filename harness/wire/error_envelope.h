#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/wire/json.h"
#include "harness/wire/message.h"

/// How awsJson1_1 says that a request failed.
/// Source: Smithy 2.0, "AWS JSON 1.1 protocol", Operation error serialization
/// (https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html#operation-error-serialization).
namespace harness::wire {

/// The type of an error from its raw form: cut at the first `:`, then keep what follows the first `#`.
/// "com.amazonaws.dynamodb#ValidationException:http://internal/" -> "ValidationException".
std::string_view resolve_error_name(std::string_view raw);

/// The three places where an error's type may stand, resolved, and the text for people.
struct ErrorEnvelope {
  std::optional<std::string> body_type;    ///< body member `__type`: the only one that botocore reads
  std::optional<std::string> body_code;    ///< body member `code`
  std::optional<std::string> header_type;  ///< header `X-Amzn-Errortype`
  std::optional<std::string> message;      ///< `message`, or else `Message`

  /// The error's name: `__type`, else the header, else `code`; "" if there is none.
  std::string_view name() const;
  /// True if every carrier that is present resolves to the same name.
  bool carriers_agree() const;
  bool operator==(const ErrorEnvelope&) const = default;
};

/// Reads the envelope of a response whose body is `body` (any JSON value; a carrier that is not a string is
/// absent).
ErrorEnvelope read_error_envelope(const Response& response, const Json& body);

/// The same from the response alone, or nothing if its body is not a JSON object: read_error_envelope() of
/// what parse_json() reads, at a fifth of the cost for ordinary bodies. Every refused request is judged by
/// it.
std::optional<ErrorEnvelope> read_error_envelope(const Response& response);

}  // namespace harness::wire
