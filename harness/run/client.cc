#include "harness/run/client.h"

#include <fmt/format.h>

#include "harness/oracle/transient.h"
#include "harness/run/example.h"
#include "harness/wire/error_envelope.h"

namespace harness::run {

Trouble trouble_of(const wire::Exchange& exchange) {
  const auto said = oracle::transient(exchange);
  if (said.throttling) return Trouble::throttled;
  return said.expired ? Trouble::expired : Trouble::none;
}

std::string_view to_string(Trouble trouble) {
  switch (trouble) {
    case Trouble::none:
      return "";
    case Trouble::throttled:
      return "the endpoint throttled a request until it was given up";
    case Trouble::expired:
      return "the credentials expired";
  }
  return "?";
}

std::string Reply::text() const {
  if (exchange.transport != wire::Transport::answered) {
    return exchange.detail.empty() ? std::string(wire::to_string(exchange.transport)) : exchange.detail;
  }
  return code.empty() ? std::to_string(exchange.response.status)
                      : fmt::format("{} {}", exchange.response.status, code);
}

Reply read_reply(wire::Exchange exchange) {
  Reply r;
  r.exchange = std::move(exchange);
  if (r.exchange.transport != wire::Transport::answered) return r;
  if (r.exchange.content == wire::Content::opaque || r.exchange.content == wire::Content::broken) return r;
  if (auto body = wire::parse_json(r.exchange.response.body)) {
    r.body = std::move(body->value);
    if (r.exchange.response.status >= 300)
      r.code = wire::read_error_envelope(r.exchange.response, r.body).name();
    // It stands in remarks and reasons, and may be as long as the endpoint likes.
    constexpr std::size_t kLongestCode = 100;
    if (r.code.size() > kLongestCode)
      r.code = "(an error name of " + std::to_string(r.code.size()) + " bytes)";
  }
  return r;
}

wire::HttpText call_text(const model::ServiceIdentity& service, std::string_view operation,
                         const wire::Json& input) {
  wire::HttpText text;
  text.request.headers.add("X-Amz-Target", fmt::format("{}.{}", service.target_prefix, operation));
  text.request.headers.add("Content-Type", service.content_type);
  text.request.body = wire::to_text(input);
  return text;
}

wire::HttpText Client::request(std::string_view operation, const wire::Json& input) const {
  return call_text(situation_.pack.model->identity(), operation, input);
}

Reply Client::send(const wire::HttpText& text) {
  ++exchanges_;
  auto exchange = connection_->exchange(composer_.compose(text, situation_.now()));
  if (trouble_ == Trouble::none) trouble_ = trouble_of(exchange);
  return read_reply(std::move(exchange));
}

}  // namespace harness::run
