#include "harness/wire/sigv4.h"

#include <algorithm>
#include <array>

#include "harness/wire/sigv4_canonical.h"

namespace harness::wire {

namespace {

/// What the AWS CLI signs, in the order of the signature.
constexpr std::array<std::string_view, 5> kSigned = {"content-type", "host", "x-amz-date",
                                                     "x-amz-security-token", "x-amz-target"};

}  // namespace

struct Signer::Impl {
  Impl(Credentials credentials_to_use, SigningScope scope_to_use)
      : credentials(std::move(credentials_to_use)), scope(std::move(scope_to_use)) {}

  void set_date(std::chrono::sys_seconds time) {
    if (time == date_of && !date.empty()) return;
    date_of = time;
    date = format_amz_date(time);
  }

  void set_key() {
    const std::string_view today = std::string_view(date).substr(0, 8);
    if (key_day == today) return;
    set_signing_key(hashes, credentials.secret_access_key, today, scope);
    key_day = today;
  }

  std::string authorization(const Request& request) {
    names.clear();
    for (const std::string_view name : kSigned) {
      if (request.headers.contains(name)) names.push_back(name);
    }
    canonical.clear();
    append_canonical_request(canonical, request, names, hashes.sha256(request.body));
    to_sign.clear();
    append_string_to_sign(to_sign, hashes.sha256(canonical), date, scope);
    set_key();

    std::string out;
    out.reserve(256);
    out.append(kAlgorithm).append(" Credential=").append(credentials.access_key_id).append("/");
    out.append(key_day).append("/").append(scope.region).append("/").append(scope.service);
    out.append("/").append(kTerminator).append(", SignedHeaders=");
    append_names(out, names);
    out.append(", Signature=");
    append_hex(out, hashes.hmac(to_sign));
    return out;
  }

  Credentials credentials;
  SigningScope scope;
  Hashes hashes;        // its HMAC key is that of key_day
  std::string key_day;  // "20150830"; empty before the first request
  std::chrono::sys_seconds date_of{};
  std::string date;
  // Kept only for their memory.
  std::vector<std::string_view> names;
  std::string canonical;
  std::string to_sign;
};

Signer::Signer(Credentials credentials, SigningScope scope)
    : impl_(std::make_unique<Impl>(std::move(credentials), std::move(scope))) {}

Signer::~Signer() = default;

Signer::Signer(const Signer& other) : Signer(other.impl_->credentials, other.impl_->scope) {}

Signer& Signer::operator=(const Signer& other) {
  if (this != &other) impl_ = std::make_unique<Impl>(other.impl_->credentials, other.impl_->scope);
  return *this;
}

void Signer::sign(Request& request, std::chrono::system_clock::time_point now,
                  const std::vector<std::string>& keep) const {
  const auto kept = [&keep](std::string_view name) {
    return std::any_of(keep.begin(), keep.end(), [name](const std::string& k) { return same_name(k, name); });
  };
  Impl& impl = *impl_;
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now);
  const std::string& token = impl.credentials.session_token;
  if (!token.empty() && !kept("X-Amz-Security-Token")) request.headers.set("X-Amz-Security-Token", token);
  if (kept("X-Amz-Date")) {
    impl.set_date(request_date(request).value_or(seconds));
  } else {
    impl.set_date(seconds);
    request.headers.set("X-Amz-Date", impl.date);
  }
  if (!kept("Authorization")) request.headers.set("Authorization", impl.authorization(request));
}

}  // namespace harness::wire
