#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "harness/endpoint/endpoint.h"
#include "harness/result.h"
#include "harness/wire/http_text.h"
#include "harness/wire/sigv4.h"

/// From a case's HTTP text to the bytes that go to an endpoint: placeholders, the headers that are filled in,
/// the signature.
namespace harness::run {

/// The values of placeholders, by name.
class Bindings {
 public:
  void set(std::string name, std::string value) { values_[std::move(name)] = std::move(value); }
  /// Says why a placeholder has no value on this endpoint, instead of "unknown placeholder".
  void cannot(std::string name, std::string why) { reasons_[std::move(name)] = std::move(why); }
  bool has(std::string_view name) const { return values_.contains(name); }
  std::string value(std::string_view name) const;

  /// Replaces every placeholder. Error: the first that has no value, and why.
  Result<std::string> expand(std::string_view text) const;

 private:
  std::map<std::string, std::string, std::less<>> values_;
  std::map<std::string, std::string, std::less<>> reasons_;
};

/// How requests are signed; without it (`--no-sign-request`) they are not.
struct Signing {
  wire::Credentials credentials;
  wire::SigningScope scope;
};

/// Makes messages for one endpoint. Copy one per thread.
class Composer {
 public:
  /// `base_path` as of endpoint::Endpoint.
  Composer(std::string authority, std::optional<Signing> signing, std::string_view base_path = {});

  /// Fills in Host, Content-Length, X-Amz-Date, X-Amz-Security-Token and Authorization as http_text.h says,
  /// and puts the base path before the target.
  wire::Request fill_in(const wire::HttpText& text, std::chrono::system_clock::time_point now) const;
  /// The message to send. Raw text is sent as it is, but for the base path.
  endpoint::Message compose(const wire::HttpText& text, std::chrono::system_clock::time_point now) const;

  const std::optional<Signing>& signing() const { return signing_; }
  const std::string& authority() const { return authority_; }
  const std::string& base_path() const { return base_path_; }
  /// True if this composer would sign the text itself (it neither writes nor forbids an Authorization
  /// header).
  bool signs(const wire::HttpText& text) const;
  /// The scope that such a text is signed for: its own (`# @scope`), or else this composer's.
  wire::SigningScope scope_of(const wire::HttpText& text) const;

 private:
  std::string authority_;
  std::string base_path_;
  std::optional<Signing> signing_;
  std::optional<wire::Signer> signer_;
};

/// "20260131T235959Z"
std::string amz_date(std::chrono::system_clock::time_point time);

}  // namespace harness::run
