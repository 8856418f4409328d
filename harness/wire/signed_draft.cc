#include "harness/wire/signed_draft.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "harness/wire/dated_signature.h"
#include "harness/wire/sigv4_canonical.h"

namespace harness::wire {

namespace {

constexpr std::size_t kDateSize = 16;
constexpr std::size_t kDaySize = 8;
constexpr std::size_t kSignatureSize = 64;

/// What stands between `before` and `after` (or the end), or nothing.
std::optional<std::string_view> between(std::string_view text, std::string_view before,
                                        std::string_view after) {
  const std::size_t start = text.find(before);
  if (start == std::string_view::npos) return std::nullopt;
  const std::string_view rest = text.substr(start + before.size());
  return rest.substr(0, after.empty() ? std::string_view::npos : rest.find(after));
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

}  // namespace

std::optional<SignedDraft> draft_of(const Request& request) {
  if (request.headers.all("X-Amz-Date").size() != 1 || request.headers.all("Authorization").size() != 1)
    return std::nullopt;
  const std::string_view date = *request.headers.find("X-Amz-Date");
  const std::string_view authorization = *request.headers.find("Authorization");
  const auto credential = between(authorization, " Credential=", ",");
  const auto names = between(authorization, " SignedHeaders=", ",");
  const auto signature = between(authorization, " Signature=", "");
  if (!parse_amz_date(date) || !authorization.starts_with(kAlgorithm) || !credential || !names ||
      !signature || signature->size() != kSignatureSize)
    return std::nullopt;
  // An access key id may hold a slash; a scope does not.
  const auto parts = split(*credential, '/');
  if (parts.size() < 5 || parts[parts.size() - 4] != date.substr(0, kDaySize)) return std::nullopt;
  std::size_t scope_size = 0;
  for (std::size_t i = parts.size() - 3; i < parts.size(); ++i) scope_size += parts[i].size() + 1;

  SignedDraft draft;
  const std::string start_line = request.method + " " + request.target + " " + request.version + "\r\n";
  std::size_t at = start_line.size();
  for (const Header& line : request.headers.lines()) {
    const std::size_t value = at + line.name.size() + 2;
    if (same_name(line.name, "X-Amz-Date")) draft.date = value;
    if (same_name(line.name, "Authorization")) {
      const auto offset = [&](std::string_view part) {
        return value + static_cast<std::size_t>(part.data() - authorization.data());
      };
      draft.day = offset(*credential) + credential->size() - scope_size - kDaySize;
      draft.signature = offset(*signature);
    }
    at = value + line.value.size() + 2;
  }
  draft.bytes = to_bytes(request);
  draft.canonical = canonical_request(request, split(*names, ';'));
  constexpr std::string_view kDateLine = "\nx-amz-date:";
  const std::size_t line = draft.canonical.find(kDateLine);
  if (line == std::string::npos) return std::nullopt;
  draft.canonical_date = line + kDateLine.size();
  return draft;
}

struct DraftSigner::Impl {
  Impl(Credentials credentials, SigningScope scope) : signature(std::move(credentials), std::move(scope)) {}
  DatedSignature signature;
  // Kept only for their memory.
  std::string canonical;
  std::string hex;
};

DraftSigner::DraftSigner(Credentials credentials, SigningScope scope)
    : impl_(std::make_unique<Impl>(std::move(credentials), std::move(scope))) {}

DraftSigner::~DraftSigner() = default;

std::string DraftSigner::sign(const SignedDraft& draft, std::chrono::system_clock::time_point now) {
  Impl& my = *impl_;
  my.signature.set_date(std::chrono::floor<std::chrono::seconds>(now));
  my.canonical = draft.canonical;
  my.canonical.replace(draft.canonical_date, kDateSize, my.signature.date());
  my.hex.clear();
  my.signature.append(my.hex, my.canonical);

  std::string bytes = draft.bytes;
  bytes.replace(draft.date, kDateSize, my.signature.date());
  bytes.replace(draft.day, kDaySize, my.signature.day());
  bytes.replace(draft.signature, kSignatureSize, my.hex);
  return bytes;
}

}  // namespace harness::wire
