#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/wire/message.h"

/// What dialects make of a request's headers, as HTTP lets them.
namespace harness::reference {

/// The refusal of a request whose headers ask for what HTTP lets a server refuse: an expectation (417), a
/// range (416), a condition (412), media types, charsets or languages (406) and the like. Its body is not
/// JSON: an HTTP layer in front of a service knows nothing of its errors.
std::optional<wire::Response> refusal_by_headers(const wire::Request& request);

/// Removes Connection and the headers that it names, as an intermediary does (RFC 9110 §7.6.1).
void remove_connection_headers(wire::Request& request);

/// Cuts a successful answer to the range that was asked for (206), or leaves its body out where the request
/// is conditional (304).
void heed_headers(const wire::Request& request, wire::Response& response);

/// Compresses the body of an answer if the request asks for gzip or deflate.
void code_as_asked(const wire::Request& request, wire::Response& response);

/// The target with `prefix` as it is, where that stands in it in any case, with a namespace or `version`:
/// "com.amazonaws.sqs#amazonsqs_20121105.X" as "AmazonSQS.X". Other targets stay.
std::string with_plain_prefix(std::string_view target, std::string_view prefix, std::string_view version);

}  // namespace harness::reference
