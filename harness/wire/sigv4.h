#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/result.h"
#include "harness/wire/message.h"

/// AWS Signature Version 4 in the Authorization header: signing and verification.
/// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
namespace harness::wire {

struct Credentials {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;  ///< empty for long-term keys
  bool operator==(const Credentials&) const = default;
};

/// Region and service of the credential scope `<date>/<region>/<service>/aws4_request`.
struct SigningScope {
  std::string region;
  std::string service;
};

/// Signs requests. Keeps the derived key of the day, so a request costs two SHA-256 passes and one HMAC.
/// Copyable; one per thread (not thread-safe).
class Signer {
 public:
  Signer(Credentials credentials, SigningScope scope);
  ~Signer();
  Signer(const Signer&);
  Signer& operator=(const Signer&);

  /// Sets `X-Amz-Date`, `X-Amz-Security-Token` (if there is a token) and `Authorization`, replacing what was
  /// there. A header named in `keep` is left as it is, or left out if the request has none; a date that is
  /// kept is the one that is signed, if it is well-formed. Signs `content-type`, `host`, `x-amz-date`,
  /// `x-amz-target` and `x-amz-security-token`, those that are present, as the AWS CLI does; a header that
  /// stands twice is signed with its values joined by commas.
  void sign(Request& request, std::chrono::system_clock::time_point now,
            const std::vector<std::string>& keep = {}) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Why a request's authentication is not accepted, in the order in which AWS checks.
enum class SignatureProblem {
  none,
  missing,  ///< no Authorization header
  /// Not `AWS4-HMAC-SHA256 Credential=…/…, SignedHeaders=…, Signature=…`, or no well-formed `X-Amz-Date` (or,
  /// in its absence, `Date`).
  incomplete,
  unknown_key,      ///< the access key id (or the session token that belongs to it) is not known
  wrong_scope,      ///< the scope's date, region, service or terminator is not the expected one
  expired,          ///< the date is further from `now` than the tolerance
  wrong_signature,  ///< also: a header that must be signed is not, or a signed header is absent
};
std::string_view to_string(SignatureProblem problem);

/// What a verifier knows.
struct VerifierContext {
  /// The credentials of an access key id, or nothing if it is unknown.
  std::function<std::optional<Credentials>(std::string_view access_key_id)> lookup;
  SigningScope scope;  ///< an empty region or service accepts any
  std::chrono::system_clock::time_point now;
  std::chrono::seconds tolerance = std::chrono::minutes(15);
};

/// Checks a request's signature. `host` must be among the signed headers, and every `x-amz-*` header present
/// must be. Constant-time comparison of the signature.
SignatureProblem verify(const Request& request, const VerifierContext& context);

/// The canonical request and the string to sign, for tests against published vectors and for diagnostics. The
/// path is normalised and encoded once more than it was sent, as every service but S3 wants it; the query is
/// sorted and its encoding made uniform. A name that the request has no header of stands with an empty value.
std::string canonical_request(const Request& request, const std::vector<std::string>& signed_headers);
std::string string_to_sign(std::string_view canonical, std::string_view amz_date, const SigningScope& scope);

}  // namespace harness::wire
