#include "harness/oracle/judge.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/ascii.h"
#include "harness/oracle/judge_output.h"
#include "harness/oracle/transient.h"
#include "harness/wire/error_envelope.h"

namespace harness::oracle {
namespace {

using wire::Exchange;
using wire::Transport;

struct TransportRule {
  Transport transport;
  std::string_view rule;
  std::string_view what;
};

constexpr TransportRule kTransport[] = {
    {Transport::timed_out, "availability/hang", "no complete answer came in time"},
    {Transport::reset, "availability/reset", "the connection was reset instead of an answer"},
    {Transport::closed, "availability/closed", "the connection was closed without an answer"},
    {Transport::truncated, "availability/truncated", "the connection was closed in the middle of the answer"},
    {Transport::not_http, "availability/not-http", "the answer is not HTTP"},
    {Transport::too_large, "availability/too-large", "the answer is larger than any answer may be"},
    {Transport::connect_failed, "availability/connect", "the endpoint did not accept a connection"},
    {Transport::connect_timeout, "availability/connect", "the endpoint did not accept a connection in time"},
    {Transport::tls_failed, "availability/tls", "the TLS handshake failed"},
};

// Names of at most 60 letters: what stands in a kind must not be able to echo a request.
std::string safe_name(std::string_view name) {
  if (name.empty()) return "no-type";
  const bool plain = name.size() <= 60 && std::all_of(name.begin(), name.end(), [](unsigned char c) {
                       return std::isalpha(c) != 0 && c < 0x80;
                     });
  return plain ? std::string(name) : "odd-type";
}

// A message may quote the answer, an error's name or a long value, and that may be as long as the endpoint
// likes.
void shorten(std::string& message) {
  constexpr std::size_t kMost = 1000;
  if (message.size() <= kMost) return;
  std::size_t end = kMost;
  while (end > 0 && (static_cast<unsigned char>(message[end]) & 0xc0) == 0x80)
    --end;  // not inside a character
  message.resize(end);
  message += "...";
}

class Judge {
 public:
  Judge(const Classification& request, const Expectation& expectation, const Exchange& exchange,
        const Knowledge& knowledge)
      : request_(request), expected_(expectation), exchange_(exchange), known_(knowledge) {}

  std::vector<Finding> run() {
    judge();
    // An endpoint that asks for patience has not looked at the request.
    if (findings_.empty() || throttling(exchange_)) return {};
    Signature signature = signature_of(request_);
    for (Finding& f : findings_) {
      signature.rule = f.rule;
      signature.answer = answer_kind_for(f.rule, exchange_);
      f.signature = to_string(signature);
      shorten(f.message);
    }
    return std::move(findings_);
  }

 private:
  void defect(std::string rule, std::string message) {
    findings_.push_back({std::move(rule), Severity::defect, std::move(message), {}});
  }
  void advice(std::string rule, std::string message) {
    findings_.push_back({std::move(rule), Severity::advice, std::move(message), {}});
  }
  // A deviation from what is admissible: a defect, unless the table only advises here.
  void deviation(std::string rule, std::string message) {
    findings_.push_back({std::move(rule),
                         expected_.scope == Force::advises ? Severity::advice : Severity::defect,
                         std::move(message),
                         {}});
  }

  void judge() {
    if (exchange_.held_in_vain) {
      defect(
          "availability/no-continue",
          "the request says Expect: 100-continue, but neither 100 nor a final answer came while its body was "
          "held back: clients that wait for one get nothing");
    }
    if (exchange_.transport != Transport::answered) return transport();
    const wire::Response& r = exchange_.response;
    if (expected_.scope == Force::liveness) {
      // RFC 9110 has 501 and 505 for what a server does not do; other 5xx say that the server failed.
      if (r.status >= 500 && r.status != 501 && r.status != 505) server_error();
      return;
    }
    if (!exchange_.stray.empty())
      advice("connection/stray-bytes", "bytes followed the answer that belong to no answer");
    const auto unimplemented = known_.unimplemented.find(request_.target);
    const bool missing = unimplemented != known_.unimplemented.end();
    // That the operation is missing is said once, where it was found; not again with every request.
    if (missing && answer_kind(exchange_) == unimplemented->second) return;
    if (permitted_by_header()) return;
    if (r.status == 501 && may_be_unknown_to_http()) return;
    if (r.status == 501 && names_no_operation()) return not_implemented();
    if (r.status >= 500) return server_error();
    if (missing || expected_.scope == Force::availability) return;
    if (r.status >= 200 && r.status < 300) return success();
    if (r.status >= 300 && r.status < 400) {
      return deviation("outcome/redirect", fmt::format("answered with a redirect ({})", r.status));
    }
    error();
  }

  void transport() {
    if (exchange_.transport == Transport::cancelled) return;
    if (expected_.scope == Force::liveness) {
      // Broken HTTP may be answered by closing, and data that nobody read turns a close into a reset. Waiting
      // is right only for bytes that are still missing.
      const bool silent = exchange_.transport == Transport::timed_out && !request_.breaks(Rule::incomplete);
      if (!silent) return;
    }
    for (const auto& t : kTransport) {
      if (t.transport != exchange_.transport) continue;
      std::string message(t.what);
      if (!exchange_.detail.empty()) message += fmt::format(" ({})", exchange_.detail);
      if (request_.breaks(Rule::large_head)) return no_answer_to_a_large_head(t, std::move(message));
      return defect(std::string(t.rule), std::move(message));
    }
  }

  // A head beyond the server's limit is answered with a 4xx (RFC 9112 §3 and RFC 9110 §5.4 say MUST). A
  // server that sends it and closes before it has read everything resets the connection, and the answer may
  // be lost on the way (RFC 9112 §9.6).
  void no_answer_to_a_large_head(const TransportRule& t, std::string message) {
    if (t.transport == Transport::reset) {
      return advice(std::string(t.rule),
                    message +
                        ": the answer (414 or 431) may be lost where a server closes before it has read the "
                        "request (RFC 9112 §9.6)");
    }
    if (t.transport == Transport::closed) {
      message +=
          ": a request target that is too long is answered with 414 (RFC 9112 §3), headers that are too "
          "large with a 4xx (RFC 9110 §5.4; RFC 6585 §5: 431)";
    }
    defect(std::string(t.rule), std::move(message));
  }

  // Statuses that a header of the request admits. A part of an output is no success for a request that must
  // fail.
  bool permitted_by_header() const {
    const int status = exchange_.response.status;
    if (status < 300 && !expected_.success) return false;
    return std::any_of(
        expected_.permitted.begin(), expected_.permitted.end(), [&](const HeaderPermission* p) {
          return std::find(p->statuses.begin(), p->statuses.end(), status) != p->statuses.end();
        });
  }

  bool names_no_operation() const {
    return request_.breaks(Rule::unknown_target) || request_.breaks(Rule::no_target) ||
           request_.breaks(Rule::target_form) || request_.breaks(Rule::unmodelled_target);
  }

  // An endpoint that says so of what it does not know has not failed (RFC 9110 §15.6.2).
  void not_implemented() {
    if (request_.breaks(Rule::unmodelled_target) || expected_.scope == Force::availability) return;
    deviation("outcome/wrong-status",
              "an operation that does not exist is answered with 400 or 404, not with 501");
  }

  bool names_another_action() const {
    return std::any_of(request_.violations.begin(), request_.violations.end(),
                       [](const auto& v) { return v.rule == Rule::path && v.member == "Action"; });
  }

  // RFC 9110 §9.1 and RFC 9112 §6.1 ask for 501 where a server does not know the method or the transfer
  // coding.
  bool may_be_unknown_to_http() const {
    return request_.breaks(Rule::method) || request_.breaks(Rule::transfer_coding) || names_another_action();
  }

  void server_error() {
    const int status = exchange_.response.status;
    defect(
        "availability/server-error",
        fmt::format("answered with {}: whatever a client sends, it must not make the server fail", status));
  }

  void success() {
    const wire::Response& r = exchange_.response;
    if (expected_.success_is_advice) {
      return advice("outcome/accepted",
                    fmt::format("the request was accepted ({}) although {}", r.status, broken_rules()));
    }
    if (!expected_.success) {
      return defect("outcome/accepted",
                    fmt::format("the request was accepted ({}) although {}", r.status, broken_rules()));
    }
    if (r.status != 200) {
      defect("outcome/wrong-status", fmt::format("success is answered with 200, not with {}", r.status));
    }
    headers();
    const model::Operation* operation = request_.operation;
    if (operation != nullptr && operation->answers_in_events()) return;
    // Of what has no output, Smithy's tests of the protocol (NoInputAndNoOutput) expect an empty body and let
    // clients ignore another.
    if (operation != nullptr && operation->answers_nothing() && r.body.empty()) {
      if (!is_of_protocol()) content_type(Severity::advice);
      return;
    }
    media_type();
    if (exchange_.content == wire::Content::opaque) return;
    if (exchange_.content == wire::Content::broken)
      return defect("shape/not-json", "the answer cannot be read: " + exchange_.content_note);
    if (request_.operation == nullptr) return;
    judge_output(request_, r, known_, findings_);
  }

  void error() {
    const wire::Response& r = exchange_.response;
    // A body too large may be refused before anything reads it, by any server in front.
    if (r.status == 413 && admits(413, "")) return;
    if (exchange_.content == wire::Content::opaque) return;
    if (exchange_.content == wire::Content::broken) {
      return deviation("envelope/not-json", fmt::format("clients cannot read the error ({}): {}", r.status,
                                                        exchange_.content_note));
    }
    const auto read = wire::read_error_envelope(r);
    if (!read) {
      return deviation(
          "envelope/not-json",
          fmt::format("the error ({}) has no JSON object as its body: clients cannot read it", r.status));
    }
    const auto& envelope = *read;
    if (!envelope.body_type) {
      return deviation("envelope/no-type",
                       "the error's body has no member __type, the only one that every client reads");
    }
    if (!envelope.carriers_agree()) {
      deviation("envelope/carriers-disagree",
                fmt::format("the error is called {} in __type, but {} elsewhere", *envelope.body_type,
                            envelope.header_type && *envelope.header_type != *envelope.body_type
                                ? *envelope.header_type
                                : envelope.body_code.value_or("")));
    }
    headers();
    const std::string_view code = *envelope.body_type;
    if (expected_.any_rejection) return;
    if (admits(r.status, code)) return;
    if (std::any_of(expected_.advised.begin(), expected_.advised.end(),
                    [&](const Outcome& o) { return o.status == r.status && o.code == code; })) {
      return advice(
          "outcome/other-refusal",
          fmt::format("answered with {}, which the operation declares, but which does not say that {}", code,
                      broken_rules()));
    }
    if (expected_.success && request_.violations.empty() && !request_.needs_are_known()) {
      return advice("outcome/undeclared",
                    fmt::format("a request that the model takes for valid is answered with {} {}, which the "
                                "operation does not declare",
                                r.status, code));
    }
    if (expected_.success && expected_.errors.empty()) {
      return deviation("outcome/rejected",
                       fmt::format("a valid request was answered with {} {}", r.status, code));
    }
    const bool code_known = std::any_of(expected_.errors.begin(), expected_.errors.end(),
                                        [&](const Outcome& o) { return o.code == code; });
    if (code_known) {
      deviation("outcome/wrong-status", fmt::format("{} does not go with status {}", code, r.status));
    } else {
      deviation("outcome/wrong-code", fmt::format("answered with {} {}, which does not say that {}", r.status,
                                                  code, broken_rules()));
    }
  }

  bool admits(int status, std::string_view code) const {
    return std::any_of(expected_.errors.begin(), expected_.errors.end(),
                       [&](const Outcome& o) { return o.status == status && o.code == code; });
  }

  std::string broken_rules() const {
    std::vector<std::string_view> parts;
    for (const auto& v : request_.violations) {
      const Force force = row_for(request_, v).force;
      if (force == Force::rejects || force == Force::discourages) parts.push_back(v.detail);
    }
    if (parts.empty()) {
      for (const auto& v : request_.violations) parts.push_back(v.detail);
    }
    return fmt::format("{}", fmt::join(parts, "; "));
  }

  void headers() {
    const wire::Headers& h = exchange_.response.headers;
    if (!h.contains("x-amzn-requestid") && !h.contains("x-amz-request-id")) {
      advice("header/request-id", "no x-amzn-RequestId: AWS always sends one, and clients log it");
    }
    const auto type = h.find("content-type");
    const bool success = exchange_.response.status < 300;
    if (!success && (!type || !is_json(*type))) content_type(Severity::advice);
  }

  // Of a success: the protocol's own media type; another kind of JSON, or none that is named, is advice.
  void media_type() {
    if (is_of_protocol()) return;
    const auto type = exchange_.response.headers.find("content-type");
    content_type(type && !is_json(*type) ? Severity::defect : Severity::advice);
  }

  bool is_of_protocol() const {
    const auto type = exchange_.response.headers.find("content-type");
    return type && essence(*type) == request_.media_type;
  }

  void content_type(Severity severity) {
    const auto type = exchange_.response.headers.find("content-type");
    findings_.push_back({"header/content-type",
                         severity,
                         fmt::format("the content type is {}, not {}",
                                     type ? *type : std::string_view("absent"), request_.media_type),
                         {}});
  }

  /// A media type in lower case, without its parameters.
  static std::string essence(std::string_view type) {
    return base::lower(base::trimmed(type.substr(0, type.find(';'))));
  }
  static bool is_json(std::string_view type) { return essence(type).find("json") != std::string::npos; }

  const Classification& request_;
  const Expectation& expected_;
  const Exchange& exchange_;
  const Knowledge& known_;
  std::vector<Finding> findings_;
};

}  // namespace

std::string_view to_string(Severity severity) {
  return severity == Severity::defect ? "defect" : "advice";
}

std::string answer_kind_for(std::string_view rule, const Exchange& exchange) {
  const bool success = exchange.transport == Transport::answered && exchange.response.status < 300;
  return success && !rule.starts_with("shape/") ? std::to_string(exchange.response.status)
                                                : answer_kind(exchange);
}

std::string answer_kind(const Exchange& exchange) {
  if (exchange.transport != Transport::answered) return std::string(wire::to_string(exchange.transport));
  const wire::Response& r = exchange.response;
  if (exchange.content == wire::Content::opaque) return fmt::format("{} coded", r.status);
  if (exchange.content == wire::Content::broken) return fmt::format("{} not-json", r.status);
  const auto body = wire::parse_json(r.body);
  if (!body) return fmt::format("{} {}", r.status, r.body.empty() ? "empty" : "not-json");
  if (!body->value.is_object()) return fmt::format("{} {}", r.status, body->value.type_name());
  if (r.status < 300) return fmt::format("{} {}", r.status, output_kind(body->value));
  return fmt::format("{} {}", r.status, safe_name(wire::read_error_envelope(r, body->value).name()));
}

Signature signature_of(const Classification& request) {
  Signature out;
  if (request.operation != nullptr) out.operation = request.operation->name;
  out.request = request.kind();
  return out;
}

std::vector<Finding> judge(const Classification& request, const Expectation& expectation,
                           const Exchange& exchange, const Knowledge& knowledge) {
  return Judge(request, expectation, exchange, knowledge).run();
}

bool has_defect(const std::vector<Finding>& findings) {
  return std::any_of(findings.begin(), findings.end(),
                     [](const Finding& f) { return f.severity == Severity::defect; });
}

bool means_not_implemented(const Exchange& to_known, const Exchange& to_unknown) {
  if (to_known.transport != Transport::answered || to_known.response.status < 400) return false;
  const bool compares = to_unknown.transport == Transport::answered;
  if (compares && answer_kind(to_known) == answer_kind(to_unknown)) return true;
  // Some endpoints know the operation's name and say so.
  static constexpr std::string_view kCodes[] = {"UnknownOperationException", "InvalidAction",
                                                "UnsupportedOperation",      "NotImplemented",
                                                "NotImplementedException",   "UnsupportedOperationException"};
  if (to_known.response.status == 501) return true;
  const auto body = wire::parse_json(to_known.response.body);
  if (!body) return false;
  const auto envelope = wire::read_error_envelope(to_known.response, body->value);
  return std::find(std::begin(kCodes), std::end(kCodes), envelope.name()) != std::end(kCodes);
}

}  // namespace harness::oracle
