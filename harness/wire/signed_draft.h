#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "harness/wire/message.h"
#include "harness/wire/sigv4.h"

/// Signing one request again and again, which changes nothing but its date and its signature: less than half
/// the cost of composing and signing it anew.
namespace harness::wire {

/// A signed request as bytes, and where in them stands what each signing changes.
struct SignedDraft {
  std::string bytes;
  std::size_t date = 0;            ///< of the 16 characters of X-Amz-Date's value
  std::size_t day = 0;             ///< of the 8 characters of the credential's date
  std::size_t signature = 0;       ///< of its 64 hexadecimal digits
  std::string canonical;           ///< the canonical request
  std::size_t canonical_date = 0;  ///< of the same date in it
};

/// From a request as Signer::sign() leaves it with nothing kept. Nothing for any other: one that is not
/// signed, or whose date is not X-Amz-Date's.
std::optional<SignedDraft> draft_of(const Request& signed_request);

/// Signs drafts. Not copyable; one per thread.
class DraftSigner {
 public:
  DraftSigner(Credentials credentials, SigningScope scope);
  ~DraftSigner();

  /// What to_bytes() gives for the request, signed by Signer::sign() at `now` with the same credentials and
  /// scope.
  std::string sign(const SignedDraft& draft, std::chrono::system_clock::time_point now);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace harness::wire
