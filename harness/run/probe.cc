#include <fmt/format.h>

#include <algorithm>
#include <random>

#include "harness/run/fixtures.h"

namespace harness::run {
namespace {

using wire::Transport;

// What to do about TLS, by the reason that OpenSSL gives.
std::string_view tls_hint(std::string_view why) {
  const auto says = [why](std::string_view part) { return why.find(part) != std::string_view::npos; };
  if (says("expired") || says("not yet valid"))
    return "the endpoint needs a new certificate, or give --no-verify-ssl";
  if (says("mismatch")) return "write the host as its certificate names it, or give --no-verify-ssl";
  if (says("certificate")) return "give its certificate authority with --ca-bundle, or --no-verify-ssl";
  return "is this the endpoint's port? If it does not speak TLS, write http://";
}

std::string unreachable(const std::string& url, const wire::Exchange& e) {
  const std::string why = e.detail.empty() ? std::string(wire::to_string(e.transport)) : e.detail;
  const std::string_view try_tls = url.starts_with("https:") ? "" : " If it speaks TLS, write https://";
  switch (e.transport) {
    case Transport::connect_failed:
    case Transport::connect_timeout:
      return fmt::format("nothing answers at {}: {}; is the endpoint running, and is this its port?", url,
                         why);
    case Transport::tls_failed:
      return fmt::format("TLS with {} failed: {}; {}", url, why, tls_hint(why));
    case Transport::not_http:
      // With a status line, it is HTTP, but not as RFC 9112 has it.
      if (e.response.status != 0)
        return fmt::format(
            "{} answers in broken HTTP: {}; nothing can be judged until the endpoint (or a proxy in between) "
            "keeps RFC 9112",
            url, why);
      return fmt::format("{} does not speak HTTP/1.1: {}; is this the endpoint's port?{}", url, why, try_tls);
    case Transport::too_large:
      return fmt::format("{} answers with more than any answer may hold: {}; is this an SSM endpoint?", url,
                         why);
    case Transport::timed_out:
      return fmt::format("{} accepts connections but does not answer: {}; raise --timeout if it is only slow",
                         url, why);
    default:
      return fmt::format(
          "{} breaks off instead of answering: {}; look for the reason in the endpoint's log.{}", url, why,
          try_tls);
  }
}

bool is_redirect(const wire::Exchange& e) {
  return e.transport == Transport::answered && e.response.status >= 300 && e.response.status < 400;
}

std::string redirects(const std::string& url, const wire::Exchange& e) {
  constexpr std::size_t kMostShown = 200;
  const auto location = e.response.headers.find("location");
  return fmt::format(
      "{} redirects every request ({}{}); redirects are not followed: name the endpoint itself", url,
      e.response.status, location ? fmt::format(" to {}", location->substr(0, kMostShown)) : std::string());
}

bool is_one_of(std::string_view code, std::initializer_list<std::string_view> codes) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

// True if the answer says that the request's authentication was not accepted.
bool refuses_authentication(const Reply& reply) {
  return is_one_of(
      reply.code,
      {"InvalidSignatureException", "SignatureDoesNotMatch", "UnrecognizedClientException",
       "InvalidClientTokenId", "MissingAuthenticationTokenException", "MissingAuthenticationToken",
       "IncompleteSignatureException", "IncompleteSignature", "RequestExpired", "ExpiredTokenException",
       "ExpiredToken", "InvalidAccessKeyId", "AccessDeniedException"});
}

}  // namespace

Probe probe(endpoint::Endpoint& endpoint, Situation& situation,
            const std::map<std::string, Example, std::less<>>& examples, const std::string& unique) {
  Probe out;
  Client client(endpoint, situation);
  const Reply unknown = client.call("NoSuchOperation" + unique, wire::Json::object());
  if (unknown.exchange.transport != Transport::answered) {
    out.problem = unreachable(situation.url, unknown.exchange);
    return out;
  }
  out.reachable = true;
  out.unknown = unknown.exchange;

  std::string implemented;
  for (const auto& [operation, example] : examples) {
    auto text = situation.bindings.expand(
        request_text(situation.model->target_prefix(), operation, to_body(example.input)));
    if (!text) continue;
    const auto request = wire::parse_http_text(*text);
    if (!request) continue;
    const Reply reply = client.send(*request);
    if (is_redirect(unknown.exchange) && is_redirect(reply.exchange)) {
      out.reachable = false;
      out.problem = redirects(situation.url, reply.exchange);
      return out;
    }
    const bool refused = reply.exchange.transport == Transport::answered && refuses_authentication(reply);
    if (refused && !situation.composer.signing()) {
      out.reachable = false;
      out.problem = fmt::format("{} refuses requests that are not signed ({}); leave out --no-sign-request",
                                situation.url, reply.text());
      return out;
    }
    if (refused) {
      out.reachable = false;
      out.problem = fmt::format(
          "{} refuses the credentials of this run ({}); set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (or "
          "--profile) to a "
          "key that it knows, and --region to its region",
          situation.url, reply.text());
      return out;
    }
    if (oracle::means_not_implemented(reply.exchange, unknown.exchange)) {
      situation.knowledge.unimplemented[operation] = oracle::answer_kind(reply.exchange);
      out.remarks.push_back(
          fmt::format("{} is not implemented: it is answered with {}, as an operation that does not exist",
                      operation, reply.text()));
      out.not_implemented[operation] = reply.exchange;
    } else if (implemented.empty()) {
      implemented = operation;
    }
  }
  // Protocol cases need a valid request for something.
  const std::string stand_in = implemented.empty() ? examples.begin()->first : implemented;
  situation.bindings.set("protocol-operation", stand_in);

  if (!situation.composer.signing() || implemented.empty()) return out;
  auto forged = *situation.composer.signing();
  forged.credentials.secret_access_key += "-forged";
  Situation with_forged = situation;
  with_forged.composer = Composer(situation.composer.authority(), forged);
  Client forger(endpoint, with_forged);
  const auto& example = examples.find(implemented)->second;
  const auto text = situation.bindings.expand(
      request_text(situation.model->target_prefix(), implemented, to_body(example.input)));
  const auto request = text ? wire::parse_http_text(*text) : tl::unexpected(text.error());
  if (request && refuses_authentication(forger.send(*request))) {
    situation.knowledge.authentication = {situation.composer.signing()->credentials,
                                          situation.composer.signing()->scope};
    out.remarks.emplace_back("the endpoint verifies signatures: authentication is judged");
  } else {
    out.remarks.emplace_back("the endpoint does not verify signatures: authentication is not judged");
  }
  return out;
}

Probe acquaint(endpoint::Endpoint& endpoint, Situation& s,
               const std::map<std::string, Example, std::less<>>& examples, const std::string& prefix) {
  s.knowledge.absent_prefix = prefix;
  s.bindings.set("prefix", prefix);
  s.bindings.set("absent-document", prefix + "absent");
  const std::string node = "i-0" + fmt::format("{:016x}", std::random_device{}() * 0x9e3779b97f4a7c15ULL);
  s.bindings.set("node", node);
  s.bindings.set("example-node", node);
  s.knowledge.nodes[node] = false;
  const auto& signing = s.composer.signing();
  s.knowledge.signs = signing.has_value();
  s.bindings.set("region", signing ? signing->scope.region : "us-east-1");
  s.bindings.set("access-key", signing ? signing->credentials.access_key_id : "test");

  // The probe's own requests need every placeholder of the examples; a name that does not exist will do.
  Situation early = s;
  early.bindings.set("document", prefix + "probe");
  Probe found = probe(endpoint, early, examples, unique_text(6));
  if (!found.reachable) return found;
  s.knowledge.unimplemented = early.knowledge.unimplemented;
  s.knowledge.authentication = early.knowledge.authentication;
  s.bindings.set("protocol-operation", early.bindings.value("protocol-operation"));
  return found;
}

}  // namespace harness::run
