#include <openssl/crypto.h>

#include <algorithm>
#include <array>

#include "harness/base/ascii.h"
#include "harness/wire/sigv4.h"
#include "harness/wire/sigv4_canonical.h"

namespace harness::wire {

namespace {

/// The parts of an Authorization header; views into the request.
struct Authorization {
  std::array<std::string_view, 5> credential;  ///< key id, day, region, service, terminator
  std::string_view signed_headers;
  std::string_view signature;
};

/// Calls `use(part)` for each part of `text` between separators, until it returns false.
template <class Use>
bool each_part(std::string_view text, char separator, Use use) {
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find(separator, start), text.size());
    if (!use(text.substr(start, end - start))) return false;
    start = end + 1;
  }
  return true;
}

bool parse_credential(std::string_view text, Authorization& out) {
  std::size_t count = 0;
  const bool fits = each_part(text, '/', [&](std::string_view part) {
    if (count == out.credential.size()) return false;
    out.credential[count++] = part;
    return true;
  });
  return fits && count == out.credential.size() && !out.credential[0].empty();
}

/// Reads the header as leniently as AWS: commas with or without blanks, the parts in any order, unknown parts
/// ignored.
std::optional<Authorization> parse_authorization(std::string_view header) {
  header = base::trimmed(header);
  if (!header.starts_with(kAlgorithm)) return std::nullopt;
  header.remove_prefix(kAlgorithm.size());
  if (header.empty() || (header.front() != ' ' && header.front() != '\t')) return std::nullopt;

  Authorization out;
  std::string_view credential;
  const bool readable = each_part(header, ',', [&](std::string_view part) {
    part = base::trimmed(part);
    if (part.empty()) return true;
    const std::size_t equals = part.find('=');
    if (equals == std::string_view::npos) return false;
    const std::string_view name = part.substr(0, equals);
    const std::string_view value = part.substr(equals + 1);
    if (name == "Credential") credential = value;
    if (name == "SignedHeaders") out.signed_headers = value;
    if (name == "Signature") out.signature = value;
    return true;
  });
  if (!readable || out.signed_headers.empty() || out.signature.empty()) return std::nullopt;
  if (!parse_credential(credential, out)) return std::nullopt;
  return out;
}

bool token_matches(const Request& request, const Credentials& credentials) {
  const auto token = request.headers.find("X-Amz-Security-Token");
  return credentials.session_token.empty() ? !token : token == credentials.session_token;
}

/// The signed headers' names, sorted, each once. Nothing if one of them is absent, or if one that must be
/// signed is not among them.
std::optional<std::vector<std::string_view>> signed_names(const Request& request, std::string_view list,
                                                          std::string& storage) {
  storage = base::lower(list);
  std::vector<std::string_view> names;
  each_part(storage, ';', [&](std::string_view name) {
    names.push_back(name);
    return true;
  });
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  for (const std::string_view name : names) {
    if (!request.headers.contains(name)) return std::nullopt;
  }
  const auto is_signed = [&](std::string_view wanted) {
    return std::any_of(names.begin(), names.end(),
                       [&](std::string_view name) { return same_name(name, wanted); });
  };
  if (!is_signed("host")) return std::nullopt;
  constexpr std::string_view kAmz = "x-amz-";
  for (const Header& line : request.headers.lines()) {
    const std::string_view name = line.name;
    if (same_name(name.substr(0, kAmz.size()), kAmz) && !is_signed(name)) return std::nullopt;
  }
  return names;
}

bool same_secret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

std::string_view to_string(SignatureProblem problem) {
  switch (problem) {
    case SignatureProblem::none:
      return "none";
    case SignatureProblem::missing:
      return "missing";
    case SignatureProblem::incomplete:
      return "incomplete";
    case SignatureProblem::unknown_key:
      return "unknown_key";
    case SignatureProblem::wrong_scope:
      return "wrong_scope";
    case SignatureProblem::expired:
      return "expired";
    case SignatureProblem::wrong_signature:
      return "wrong_signature";
  }
  return "unknown";
}

SignatureProblem verify(const Request& request, const VerifierContext& context) {
  const auto header = request.headers.find("Authorization");
  if (!header) return SignatureProblem::missing;
  const auto authorization = parse_authorization(*header);
  const auto time = request_date(request);
  if (!authorization || !time) return SignatureProblem::incomplete;

  const auto& [key_id, day, region, service, terminator] = authorization->credential;
  const auto credentials = context.lookup ? context.lookup(key_id) : std::nullopt;
  if (!credentials || !token_matches(request, *credentials)) return SignatureProblem::unknown_key;

  const std::string amz_date = format_amz_date(*time);
  if (day != std::string_view(amz_date).substr(0, 8) || terminator != kTerminator ||
      (!context.scope.region.empty() && region != context.scope.region) ||
      (!context.scope.service.empty() && service != context.scope.service)) {
    return SignatureProblem::wrong_scope;
  }
  // In seconds: a date of the year 9999 does not fit into the clock's nanoseconds.
  const auto now = std::chrono::floor<std::chrono::seconds>(context.now);
  const auto distance = now < *time ? *time - now : now - *time;
  if (distance > context.tolerance) return SignatureProblem::expired;

  std::string storage;
  const auto names = signed_names(request, authorization->signed_headers, storage);
  if (!names) return SignatureProblem::wrong_signature;
  const SigningScope scope{std::string(region), std::string(service)};
  Hashes hashes;
  std::string text;
  append_canonical_request(text, request, *names, hashes.sha256(request.body));
  const Digest canonical_hash = hashes.sha256(text);
  text.clear();
  append_string_to_sign(text, canonical_hash, amz_date, scope);
  set_signing_key(hashes, credentials->secret_access_key, day, scope);
  std::string signature;
  append_hex(signature, hashes.hmac(text));
  return same_secret(signature, authorization->signature) ? SignatureProblem::none
                                                          : SignatureProblem::wrong_signature;
}

}  // namespace harness::wire
