#include "harness/wire/error_envelope.h"

#include "harness/wire/kept_parser.h"

namespace harness::wire {

namespace {

std::optional<std::string> string_member(const Json& body, const char* key) {
  if (!body.is_object()) return std::nullopt;
  const auto member = body.find(key);
  if (member == body.end()) return std::nullopt;
  const auto* text = member->get_ptr<const std::string*>();
  return text == nullptr ? std::nullopt : std::optional<std::string>(*text);
}

/// The carriers in an ordinary body. Nothing for what is no JSON object, and for whatever the two parsers
/// might read differently: escapes of surrogates, deep nesting, numbers that do not fit.
std::optional<ErrorEnvelope> read_ordinary(const std::string& body) {
  constexpr std::size_t kMost = 64 * 1024;
  constexpr std::size_t kDepth = 128;
  if (body.empty() || body.size() > kMost || body.find("\\u") != std::string::npos) return std::nullopt;
  KeptParser parser(body.size(), kDepth);
  simdjson::dom::object object;
  if (!parser || parser->parse(body).get(object) != simdjson::SUCCESS) return std::nullopt;
  ErrorEnvelope envelope;
  std::optional<std::string> other_message;
  for (const auto& [key, value] : object) {
    auto* const carrier = key == "__type"    ? &envelope.body_type
                          : key == "code"    ? &envelope.body_code
                          : key == "message" ? &envelope.message
                          : key == "Message" ? &other_message
                                             : nullptr;
    if (carrier == nullptr) continue;
    // Of a member that stands twice, the last counts, of whatever type it is.
    std::string_view text;
    if (value.get(text) == simdjson::SUCCESS) {
      *carrier = text;
    } else {
      carrier->reset();
    }
  }
  if (!envelope.message) envelope.message = std::move(other_message);
  return envelope;
}

void resolve(std::optional<std::string>& name) {
  if (name) *name = std::string(resolve_error_name(*name));
}

/// With resolved names, and the carrier outside the body.
ErrorEnvelope completed(ErrorEnvelope envelope, const Response& response) {
  resolve(envelope.body_type);
  resolve(envelope.body_code);
  if (const auto header = response.headers.find("X-Amzn-Errortype")) {
    envelope.header_type = std::string(resolve_error_name(*header));
  }
  return envelope;
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
  envelope.body_type = string_member(body, "__type");
  envelope.body_code = string_member(body, "code");
  envelope.message = string_member(body, "message");
  if (!envelope.message) envelope.message = string_member(body, "Message");
  return completed(std::move(envelope), response);
}

std::optional<ErrorEnvelope> read_error_envelope(const Response& response) {
  if (auto envelope = read_ordinary(response.body)) return completed(std::move(*envelope), response);
  const auto body = parse_json(response.body);
  if (!body || !body->value.is_object()) return std::nullopt;
  return read_error_envelope(response, body->value);
}

}  // namespace harness::wire
