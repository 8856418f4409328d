#include "harness/run/compose.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

#include "harness/wire/base_path.h"

namespace harness::run {
namespace {

// RFC 9110 §10.1.1 asks for an immediate answer to `Expect: 100-continue`; this is more than any network
// adds.
constexpr std::chrono::seconds kHold{1};

/// `# @hold-body`, where there is a body, and the head says that it comes when it is asked for.
bool asks_before_it_sends(const wire::HttpText& text) {
  if (!text.directive("hold-body") || text.request.body.empty()) return false;
  const auto expectations = text.request.headers.all("Expect");
  return expectations.size() == 1 && wire::same_name(expectations.front(), "100-continue");
}

bool left_out(const wire::HttpText& text, std::string_view name) {
  return std::any_of(text.without.begin(), text.without.end(),
                     [&](const std::string& n) { return wire::same_name(n, name); });
}

bool fillable(const wire::HttpText& text, std::string_view name) {
  return !text.request.headers.contains(name) && !left_out(text, name);
}

/// `# @scope REGION/SERVICE`: the scope that the text wants to be signed for.
std::optional<wire::SigningScope> other_scope(const wire::HttpText& text) {
  const auto value = text.directive("scope");
  if (!value) return std::nullopt;
  const auto slash = value->find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  return wire::SigningScope{std::string(value->substr(0, slash)), std::string(value->substr(slash + 1))};
}

}  // namespace

std::string amz_date(std::chrono::system_clock::time_point time) {
  return fmt::format("{:%Y%m%dT%H%M%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(time)));
}

std::string Bindings::value(std::string_view name) const {
  const auto it = values_.find(name);
  return it == values_.end() ? std::string() : it->second;
}

Result<std::string> Bindings::expand(std::string_view text) const {
  return wire::expand(text, [&](std::string_view name, std::string_view) -> Result<std::string> {
    if (const auto it = values_.find(name); it != values_.end()) return it->second;
    if (const auto it = reasons_.find(name); it != reasons_.end()) return fail(it->second);
    if (name == "amz-date") return amz_date(std::chrono::system_clock::now());
    if (name == "date") return amz_date(std::chrono::system_clock::now()).substr(0, 8);
    return fail("there is no placeholder of this name");
  });
}

Composer::Composer(std::string authority, std::optional<Signing> signing, std::string_view base_path)
    : authority_(std::move(authority)), base_path_(base_path), signing_(std::move(signing)) {
  if (signing_) signer_.emplace(signing_->credentials, signing_->scope);
}

bool Composer::signs(const wire::HttpText& text) const {
  return !text.raw && signer_.has_value() && fillable(text, "Authorization");
}

wire::SigningScope Composer::scope_of(const wire::HttpText& text) const {
  return other_scope(text).value_or(signing_ ? signing_->scope : wire::SigningScope{});
}

wire::Request Composer::fill_in(const wire::HttpText& text, std::chrono::system_clock::time_point now) const {
  wire::Request r;
  r.method = text.request.method;
  r.target = wire::under_base_path(base_path_, text.request.target);
  r.version = text.request.version;
  r.body = text.request.body;
  if (fillable(text, "Host")) r.headers.add("Host", authority_);
  for (const auto& line : text.request.headers.lines()) r.headers.add(line.name, line.value);
  const bool framed_otherwise = r.headers.contains("Transfer-Encoding");
  if (!framed_otherwise && fillable(text, "Content-Length")) {
    r.headers.add("Content-Length", std::to_string(r.body.size()));
  }
  if (signs(text)) {
    // What the text writes or leaves out stays so, and is signed as it is.
    std::vector<std::string> keep;
    for (const char* name : {"X-Amz-Date", "X-Amz-Security-Token"}) {
      if (!fillable(text, name)) keep.emplace_back(name);
    }
    if (const auto scope = other_scope(text)) {
      wire::Signer(signing_->credentials, *scope).sign(r, now, keep);
    } else {
      signer_->sign(r, now, keep);
    }
  } else if (signer_) {
    if (fillable(text, "X-Amz-Date")) r.headers.add("X-Amz-Date", amz_date(now));
    // Without its token, temporary credentials are as good as unknown, whatever else Authorization says.
    const std::string& token = signing_->credentials.session_token;
    const bool written = text.request.headers.contains("Authorization");
    if (written && !token.empty() && fillable(text, "X-Amz-Security-Token"))
      r.headers.add("X-Amz-Security-Token", token);
  }
  return r;
}

endpoint::Message Composer::compose(const wire::HttpText& text,
                                    std::chrono::system_clock::time_point now) const {
  endpoint::Message m;
  if (text.raw) {
    m.bytes = wire::bytes_under_base_path(base_path_, text.raw_bytes);
    m.head = wire::begins_with_head(m.bytes);
    m.hostile = true;
    m.fresh_connection = true;
    return m;
  }
  m.bytes = wire::to_bytes(fill_in(text, now));
  m.head = text.request.method == "HEAD";
  // Framing that the text itself writes may leave bytes that the next request on the connection would be read
  // into.
  m.hostile = text.request.headers.contains("Content-Length") ||
              text.request.headers.contains("Transfer-Encoding") || left_out(text, "Content-Length") ||
              text.request.version != "HTTP/1.1";
  if (!m.hostile && asks_before_it_sends(text)) {
    m.hold_from = m.bytes.size() - text.request.body.size();
    m.hold = kHold;
  }
  return m;
}

}  // namespace harness::run
