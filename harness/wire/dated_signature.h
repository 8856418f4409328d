#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "harness/wire/hashes.h"
#include "harness/wire/sigv4.h"

/// Internal to SigV4: signatures of one key pair and scope, as of a date that moves on. The date's text and
/// the day's signing key are made when they change, not for each signature.
namespace harness::wire {

/// Not copyable; one per thread.
class DatedSignature {
 public:
  DatedSignature(Credentials credentials, SigningScope scope);

  const Credentials& credentials() const { return credentials_; }
  const SigningScope& scope() const { return scope_; }
  Hashes& hashes() { return hashes_; }

  /// Of all that follows.
  void set_date(std::chrono::sys_seconds time);
  const std::string& date() const { return date_; }  ///< "20150830T123600Z"
  std::string_view day() const { return std::string_view(date_).substr(0, kDaySize); }  ///< "20150830"

  /// Appends the signature of a canonical request, in hexadecimal. After set_date().
  void append(std::string& out, std::string_view canonical);

 private:
  static constexpr std::size_t kDaySize = 8;

  Credentials credentials_;
  SigningScope scope_;
  Hashes hashes_;        // its HMAC key is that of key_day_
  std::string key_day_;  // empty before the first signature
  std::chrono::sys_seconds date_of_{};
  std::string date_;
  std::string to_sign_;  // kept only for its memory
};

}  // namespace harness::wire
