#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/wire/http_text.h"
#include "harness/wire/message.h"

/// A request as one line that a person pastes into bash: how a report says "see for yourself".
///
///     curl -q -sSi --http1.1 --noproxy '*' --aws-sigv4 aws:amz:us-east-1:dynamodb --user test:test
///     -A '' -H 'X-Amz-Target: DynamoDB_20120810.ListTables' -H 'Content-Type: application/x-amz-json-1.0'
///     --data-binary '{"Limit":1}' http://127.0.0.1:4566/
///
/// (in fact on one line).
///
/// The line sends the same method, target, headers (repeated and empty ones too, and none that curl would
/// add), and body. It may differ from the bytes that the harness sends in the order of headers, and where it
/// is signed:
/// - The date and the signature are those of the moment when the line is run. curl signs every header, where
///   the AWS CLI signs five; both are right.
/// - curl's own `Accept` (and for a large body `Expect`) stays: curl 7.88 would sign what it leaves out.
/// - curl adds a date to what it signs. A request that must have none gets a signature that is made up, and a
///   comment that says so.
/// - Some requests curl cannot sign at all: a header that stands twice or is empty, no Content-Type, a query.
///   The line then ends in a comment that says so, and still reproduces where nobody verifies signatures.
///
/// Where curl cannot send a request (its framing is the matter, or a character that curl refuses), the bytes
/// go through `nc`, or `openssl s_client` for https; what would be signed then has a signature that is made
/// up.
///
/// The same input gives the same line. The line itself is printable UTF-8 without line ends.
namespace harness::wire {

struct CurlOptions {
  enum class Signing {
    none,         ///< as it is written: with the Authorization header that it has, or without
    literal,      ///< by curl, with `test:test`: where nobody checks
    environment,  ///< by curl, with $AWS_ACCESS_KEY_ID and $AWS_SECRET_ACCESS_KEY, which must be set: no
                  ///< secret is in the line
  };
  std::string url;                       ///< of the endpoint; its path comes before those of HTTP text
  std::optional<std::string> ca_bundle;  ///< for https
  bool insecure = false;                 ///< https without a check of the certificate
  Signing signing = Signing::none;
  std::string region = "us-east-1";
  std::string service;         ///< the signing name; unless `signing` is `none`
  bool session_token = false;  ///< `environment` only: send $AWS_SESSION_TOKEN
  bool date = false;           ///< `none` only: fill in X-Amz-Date with the time when the line is run
};

/// A request as it was sent, to the whole of its target. If curl is to sign it, its own signature, date and
/// token are left out.
std::string curl_command(const Request& request, const CurlOptions& options);

/// HTTP text: `Host` and `Content-Length` are filled in where http_text.h says so; `@raw` goes through nc or
/// openssl. A text that writes an Authorization header, or forbids one, is not signed.
std::string curl_command(const HttpText& text, const CurlOptions& options);

/// A request whose answer is JSON, with the text of a member of it kept in a shell variable:
/// `ID=$(curl … | sed …)`.
std::string keep_member(const std::string& command, std::string_view member, std::string_view variable);
/// A line of shell with the variable's value in place of each occurrence of a text, however that is quoted.
/// The text must be letters, digits and `-_.:/`, which no quoting changes.
std::string with_variable(std::string_view command, std::string_view text, std::string_view variable);

/// Exactly these bytes, whatever they are.
std::string raw_command(std::string_view bytes, const CurlOptions& options);

}  // namespace harness::wire
