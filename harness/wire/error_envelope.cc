#include "harness/wire/error_envelope.h"

namespace harness::wire {

namespace {

std::optional<std::string> string_member(const Json& body, const char* key) {
  if (!body.is_object()) return std::nullopt;
  const auto member = body.find(key);
  if (member == body.end()) return std::nullopt;
  const auto* text = member->get_ptr<const std::string*>();
  return text == nullptr ? std::nullopt : std::optional<std::string>(*text);
}

std::optional<std::string> resolved(const std::optional<std::string>& raw) {
  if (!raw) return std::nullopt;
  return std::string(resolve_error_name(*raw));
}

}  // namespace

std::string_view resolve_error_name(std::string_view raw) {
  // The colon goes first: what follows it is a URI, which may hold a '#' of its own.
  raw = raw.substr(0, raw.find(':'));
  const std::size_t hash = raw.find('#');
  return hash == std::string_view::npos ? raw : raw.substr(hash + 1);
}

std::string_view ErrorEnvelope::name() const {
  if (body_type) return *body_type;
  if (header_type) return *header_type;
  if (body_code) return *body_code;
  return {};
}

bool ErrorEnvelope::carriers_agree() const {
  const std::string_view expected = name();
  for (const auto* carrier : {&body_type, &body_code, &header_type}) {
    if (carrier->has_value() && **carrier != expected) return false;
  }
  return true;
}

ErrorEnvelope read_error_envelope(const Response& response, const Json& body) {
  ErrorEnvelope envelope;
  envelope.body_type = resolved(string_member(body, "__type"));
  envelope.body_code = resolved(string_member(body, "code"));
  if (const auto header = response.headers.find("X-Amzn-Errortype")) {
    envelope.header_type = std::string(resolve_error_name(*header));
  }
  envelope.message = string_member(body, "message");
  if (!envelope.message) envelope.message = string_member(body, "Message");
  return envelope;
}

}  // namespace harness::wire
