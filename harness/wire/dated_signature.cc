#include "harness/wire/dated_signature.h"

#include <utility>

#include "harness/wire/sigv4_canonical.h"

namespace harness::wire {

DatedSignature::DatedSignature(Credentials credentials, SigningScope scope)
    : credentials_(std::move(credentials)), scope_(std::move(scope)) {}

void DatedSignature::set_date(std::chrono::sys_seconds time) {
  if (time == date_of_ && !date_.empty()) return;
  date_of_ = time;
  date_ = format_amz_date(time);
}

void DatedSignature::append(std::string& out, std::string_view canonical) {
  to_sign_.clear();
  append_string_to_sign(to_sign_, hashes_.sha256(canonical), date_, scope_);
  if (key_day_ != day()) {
    set_signing_key(hashes_, credentials_.secret_access_key, day(), scope_);
    key_day_ = day();
  }
  append_hex(out, hashes_.hmac(to_sign_));
}

}  // namespace harness::wire
