#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/wire/hashes.h"
#include "harness/wire/message.h"
#include "harness/wire/sigv4.h"

/// Internal: what signing and verifying share.
namespace harness::wire {

inline constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
inline constexpr std::string_view kTerminator = "aws4_request";

/// Appends the canonical request. `names` are in lower case, sorted, each once.
void append_canonical_request(std::string& out, const Request& request,
                              const std::vector<std::string_view>& names, const Digest& body_hash);

/// Appends the string to sign. `amz_date` is like "20150830T123600Z".
void append_string_to_sign(std::string& out, const Digest& canonical_hash, std::string_view amz_date,
                           const SigningScope& scope);

/// Sets the key of `hashes` to the signing key of that day ("20150830"), region and service.
void set_signing_key(Hashes& hashes, std::string_view secret, std::string_view day,
                     const SigningScope& scope);

/// The names joined by semicolons.
void append_names(std::string& out, const std::vector<std::string_view>& names);

/// "20150830T123600Z".
std::string format_amz_date(std::chrono::sys_seconds time);

/// Reads "20150830T123600Z"; nothing if it is not a date of that form.
std::optional<std::chrono::sys_seconds> parse_amz_date(std::string_view text);

/// When the request says it was signed: its `X-Amz-Date`, else its `Date` (that form, or RFC 1123's). Nothing
/// if it has neither, or if the one that counts is malformed.
std::optional<std::chrono::sys_seconds> request_date(const Request& request);

}  // namespace harness::wire
