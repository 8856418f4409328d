#include "harness/wire/sigv4.h"

#include <algorithm>
#include <array>

#include "harness/wire/dated_signature.h"
#include "harness/wire/sigv4_canonical.h"

namespace harness::wire {

namespace {

/// What the AWS CLI signs, in the order of the signature.
constexpr std::array<std::string_view, 5> kSigned = {"content-type", "host", "x-amz-date",
                                                     "x-amz-security-token", "x-amz-target"};

}  // namespace

struct Signer::Impl {
  Impl(Credentials credentials, SigningScope scope) : signature(std::move(credentials), std::move(scope)) {}

  std::string authorization(const Request& request) {
    names.clear();
    for (const std::string_view name : kSigned) {
      if (request.headers.contains(name)) names.push_back(name);
    }
    canonical.clear();
    append_canonical_request(canonical, request, names, signature.hashes().sha256(request.body));

    const SigningScope& scope = signature.scope();
    std::string out;
    out.reserve(256);
    out.append(kAlgorithm).append(" Credential=").append(signature.credentials().access_key_id).append("/");
    out.append(signature.day()).append("/").append(scope.region).append("/").append(scope.service);
    out.append("/").append(kTerminator).append(", SignedHeaders=");
    append_names(out, names);
    out.append(", Signature=");
    signature.append(out, canonical);
    return out;
  }

  DatedSignature signature;
  // Kept only for their memory.
  std::vector<std::string_view> names;
  std::string canonical;
};

Signer::Signer(Credentials credentials, SigningScope scope)
    : impl_(std::make_unique<Impl>(std::move(credentials), std::move(scope))) {}

Signer::~Signer() = default;

Signer::Signer(const Signer& other)
    : Signer(other.impl_->signature.credentials(), other.impl_->signature.scope()) {}

Signer& Signer::operator=(const Signer& other) {
  if (this != &other)
    impl_ = std::make_unique<Impl>(other.impl_->signature.credentials(), other.impl_->signature.scope());
  return *this;
}

void Signer::sign(Request& request, std::chrono::system_clock::time_point now,
                  const std::vector<std::string>& keep) const {
  const auto kept = [&keep](std::string_view name) {
    return std::any_of(keep.begin(), keep.end(), [name](const std::string& k) { return same_name(k, name); });
  };
  Impl& impl = *impl_;
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now);
  const std::string& token = impl.signature.credentials().session_token;
  if (!token.empty() && !kept("X-Amz-Security-Token")) request.headers.set("X-Amz-Security-Token", token);
  if (kept("X-Amz-Date")) {
    impl.signature.set_date(request_date(request).value_or(seconds));
  } else {
    impl.signature.set_date(seconds);
    request.headers.set("X-Amz-Date", impl.signature.date());
  }
  if (!kept("Authorization")) request.headers.set("Authorization", impl.authorization(request));
}

}  // namespace harness::wire
