#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "harness/base/some_of.h"
#include "harness/oracle/judge.h"
#include "harness/run/fixtures.h"

namespace harness::run {
namespace {

using wire::Transport;

// To one operation, until it is taken for missing.
constexpr std::size_t kMaxRequests = 5;

// What to do about TLS, by the reason that OpenSSL gives.
std::string_view tls_hint(std::string_view why) {
  const auto says = [why](std::string_view part) { return why.find(part) != std::string_view::npos; };
  if (says("expired") || says("not yet valid"))
    return "the endpoint needs a new certificate, or give --no-verify-ssl";
  if (says("mismatch")) return "write the host as its certificate names it, or give --no-verify-ssl";
  if (says("certificate")) return "give its certificate authority with --ca-bundle, or --no-verify-ssl";
  return "is this the endpoint's port? If it does not speak TLS, write http://";
}

std::string unreachable(const Situation& situation, const wire::Exchange& e) {
  const std::string& url = situation.url;
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
      return fmt::format("{} answers with more than any answer may hold: {}; is this an endpoint of {}?", url,
                         why, situation.pack.model->identity().id);
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
  constexpr std::size_t kMaxShown = 200;
  const auto location = e.response.headers.find("location");
  return fmt::format(
      "{} redirects every request ({}{}); redirects are not followed: name the endpoint itself", url,
      e.response.status, location ? fmt::format(" to {}", location->substr(0, kMaxShown)) : std::string());
}

bool is_one_of(std::string_view code, std::initializer_list<std::string_view> codes) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

// True if the answer says that this run may not call the operation, whoever it is.
bool denies_access(const Reply& reply) {
  return is_one_of(reply.code, {"AccessDeniedException", "AccessDenied"});
}

// True if the answer says that the request's authentication was not accepted.
bool refuses_authentication(const Reply& reply) {
  return denies_access(reply) ||
         is_one_of(reply.code,
                   {"InvalidSignatureException", "SignatureDoesNotMatch", "UnrecognizedClientException",
                    "InvalidClientTokenId", "MissingAuthenticationTokenException",
                    "MissingAuthenticationToken", "IncompleteSignatureException", "IncompleteSignature",
                    "RequestExpired", "ExpiredTokenException", "ExpiredToken", "InvalidAccessKeyId"});
}

// True if the answer can be one of AWS JSON: an object, and an error by its name.
bool speaks_aws_json(const Reply& reply) {
  return reply.body.is_object() && (reply.exchange.response.status < 300 || !reply.code.empty());
}

// True if the endpoint has the operation that was answered so, and lets this run call it.
bool is_there(const Reply& reply, const Reply& to_unknown) {
  return !denies_access(reply) && !oracle::means_not_implemented(reply.exchange, to_unknown.exchange);
}

bool was_answered(const wire::Exchange& e) {
  return e.transport == Transport::answered;
}

// Nothing came of it, and nothing can: no connection was made.
bool cannot_connect(const wire::Exchange& e) {
  return e.transport == Transport::connect_failed || e.transport == Transport::connect_timeout ||
         e.transport == Transport::tls_failed;
}

Result<wire::HttpText> request_of(const Bindings& meaning, std::string_view http_text) {
  auto text = meaning.expand(http_text);
  if (!text) return tl::unexpected(text.error());
  return wire::parse_http_text(*text);
}

Result<wire::HttpText> example_request(const Situation& situation, const Bindings& meaning,
                                       const std::string& operation, const Example& example) {
  return request_of(meaning,
                    request_text(situation.pack.model->identity(), operation, to_body(example.input)));
}

std::string refusal(const Situation& situation, const Reply& reply) {
  if (!situation.composer.signing()) {
    return fmt::format("{} refuses requests that are not signed ({}); leave out --no-sign-request",
                       situation.url, reply.text());
  }
  return fmt::format(
      "{} refuses the credentials of this run ({}); set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (or "
      "--profile) to a key that it knows, and --region to its region",
      situation.url, reply.text());
}

std::string is_missing(const std::string& operation, const std::string& answer) {
  return fmt::format("{} is not implemented: it is answered with {}, as an operation that does not exist",
                     operation, answer);
}

struct AskedOperation {
  std::string operation;
  wire::HttpText request;
  Reply reply;
};

// True if an operation without an output was answered with success, and so with nothing.
bool is_done(const Situation& situation, const AskedOperation& asked, const Reply& to_unknown) {
  const auto* operation = situation.pack.model->find_operation(asked.operation);
  return operation != nullptr && operation->answers_nothing() &&
         asked.reply.exchange.response.status == 200 && asked.reply.exchange.response.body.empty() &&
         to_unknown.exchange.response.status != 200;
}

// Why an endpoint that was asked all of this cannot be judged at all, or "".
std::string problem_with(const Situation& situation, const Reply& unknown,
                         const std::vector<AskedOperation>& asked) {
  if (asked.empty())
    return was_answered(unknown.exchange) ? std::string() : unreachable(situation, unknown.exchange);
  const auto all = [&](const auto& holds) {
    return std::all_of(asked.begin(), asked.end(), [&](const AskedOperation& a) { return holds(a.reply); });
  };
  // A request that is answered badly is a defect of its own case; only where none is answered is nobody
  // there.
  if (!was_answered(unknown.exchange) && all([](const Reply& r) { return !was_answered(r.exchange); }))
    return unreachable(situation, unknown.exchange);
  if (is_redirect(unknown.exchange) && all([](const Reply& r) { return is_redirect(r.exchange); }))
    return redirects(situation.url, unknown.exchange);
  const bool done = std::any_of(asked.begin(), asked.end(),
                                [&](const AskedOperation& a) { return is_done(situation, a, unknown); });
  if (!speaks_aws_json(unknown) && !done && all([](const Reply& r) { return !speaks_aws_json(r); })) {
    const auto& shown = was_answered(unknown.exchange) ? unknown.exchange : asked.front().reply.exchange;
    std::set<std::string_view> names;
    for (const AskedOperation& a : asked) names.insert(a.operation);
    return fmt::format(
        "nothing at {} speaks AWS JSON: {} and an operation that does not exist are answered with {}; is "
        "this the {} endpoint's address?",
        situation.url,
        names.size() == 1
            ? std::string(*names.begin())
            : fmt::format("{} operations of {}", names.size(), situation.pack.model->identity().id),
        oracle::answer_kind(shown), situation.pack.model->identity().id);
  }
  std::size_t implemented = 0, refused = 0;
  const Reply* refusing = nullptr;
  for (const AskedOperation& a : asked) {
    const bool refuses = refuses_authentication(a.reply);
    // Whoever refuses everybody answers a missing operation likewise.
    if (!refuses && oracle::means_not_implemented(a.reply.exchange, unknown.exchange)) continue;
    ++implemented;
    if (!refuses) continue;
    ++refused;
    refusing = &a.reply;
  }
  return refused > 0 && refused == implemented ? refusal(situation, *refusing) : std::string();
}

// Sends what is known to be valid; or, where nothing is, what the model takes for valid, until one answer
// shows that its operation is there: such requests may make something.
std::vector<AskedOperation> ask_operations(Client& client, const Situation& situation,
                                           const Bindings& meaning, const RequestsByModel& by_model,
                                           const Reply& unknown) {
  std::vector<AskedOperation> asked;
  for (const auto& [operation, example] : *situation.pack.examples) {
    if (example.by_model) continue;
    if (auto request = example_request(situation, meaning, operation, example))
      asked.push_back({operation, *request, client.send(*request)});
  }
  if (!asked.empty()) return asked;
  for (const auto& [operation, texts] : by_model) {
    for (std::size_t i = 0; i < std::min(texts.size(), kMaxRequests); ++i) {
      auto request = request_of(meaning, texts[i]);
      if (!request) continue;
      asked.push_back({operation, *request, client.send(*request)});
      const Reply& reply = asked.back().reply;
      if (!was_answered(unknown.exchange) && !was_answered(reply.exchange)) return asked;
      if (is_there(reply, unknown) && (speaks_aws_json(reply) || is_done(situation, asked.back(), unknown)))
        return asked;
    }
  }
  return asked;
}

// Asks the endpoint whether it is there, which of the operations it has and whether it verifies signatures.
// `meaning` has a value for every placeholder of the examples.
Probe probe(endpoint::Endpoint& endpoint, Situation& situation, const Bindings& meaning,
            const std::string& unique, const RequestsByModel& by_model) {
  Probe out;
  Client client(endpoint, situation);
  const Reply unknown = client.call("NoSuchOperation" + unique, wire::Json::object());
  if (cannot_connect(unknown.exchange)) {
    out.problem = unreachable(situation, unknown.exchange);
    return out;
  }
  out.unknown = unknown.exchange;
  const auto asked = ask_operations(client, situation, meaning, by_model, unknown);
  out.problem = problem_with(situation, unknown, asked);
  if (!out.problem.empty()) return out;
  out.reachable = true;

  const AskedOperation* implemented = nullptr;
  for (const AskedOperation& a : asked) {
    if (is_there(a.reply, unknown)) {
      if (implemented == nullptr) implemented = &a;
      continue;
    }
    if (by_model.contains(a.operation)) continue;  // probe_operations() says it of all of these
    situation.knowledge.unimplemented[a.operation] = oracle::answer_kind(a.reply.exchange);
    if (oracle::means_not_implemented(a.reply.exchange, unknown.exchange)) {
      out.remarks.push_back(is_missing(a.operation, a.reply.text()));
      continue;
    }
    situation.denied.insert(a.operation);
    out.remarks.push_back(fmt::format("the credentials of this run may not call {}: it is answered with {}",
                                      a.operation, a.reply.text()));
  }
  // Protocol cases need a valid request for something.
  situation.bindings.set("protocol-operation", implemented == nullptr
                                                   ? situation.pack.examples->begin()->first
                                                   : implemented->operation);

  if (!situation.composer.signing() || implemented == nullptr) return out;
  auto forged = *situation.composer.signing();
  forged.credentials.secret_access_key += "-forged";
  Client forger(endpoint, situation,
                Composer(situation.composer.authority(), forged, situation.composer.base_path()));
  if (refuses_authentication(forger.send(implemented->request))) {
    situation.knowledge.authentication = {situation.composer.signing()->credentials,
                                          situation.composer.signing()->scope};
    out.remarks.emplace_back("the endpoint verifies signatures: authentication is judged");
  } else {
    out.ignores_signatures = true;
    out.remarks.emplace_back("the endpoint does not verify signatures: authentication is not judged");
  }
  return out;
}

}  // namespace

void choose_protocol_operation(endpoint::Endpoint& endpoint, Situation& situation, const Examples& examples) {
  Client client(endpoint, situation);
  for (const auto& [operation, example] : examples) {
    if (situation.knowledge.unimplemented.contains(operation)) continue;
    const auto request = example_request(situation, situation.bindings, operation, example);
    if (!request || !client.send(*request).ok()) continue;
    situation.bindings.set("protocol-operation", operation);
    return;
  }
}

namespace {

constexpr std::size_t kShown = 6;  // of names in a remark

// Operations by what they are answered with, all of them as one that does not exist.
using Missing = std::map<std::string, std::vector<std::string>>;

std::vector<std::string> remarks_on(const Missing& missing) {
  std::vector<std::string> out;
  for (const auto& [answer, operations] : missing) {
    if (operations.size() == 1) {
      out.push_back(is_missing(operations.front(), answer));
    } else {
      out.push_back(fmt::format("{} operations are not implemented, answered with {}: {}", operations.size(),
                                answer, base::some_of(operations, kShown)));
    }
  }
  return out;
}

// An answer that unknown operations have too is no failure of what was asked for, but says that there is
// none.
bool says_so(const Reply& reply) {
  const int status = reply.exchange.response.status;
  return status < 500 || status == 501;
}

// What makes resources of a kind is asked for one that is removed again: probe_resource_operations().
bool makes(const Situation& situation, std::string_view operation) {
  const auto* use = situation.pack.catalogue->use(operation);
  return use != nullptr && use->effect == Effect::creates;
}

struct LifeCall {
  const CallTemplate* call;
  wire::Json values;
};

// The calls that a kind of resources has, in the order of a life.
std::vector<LifeCall> calls_of_a_life(const ResourceKind& kind) {
  std::vector<LifeCall> out = {{&*kind.create, {}}};
  if (kind.has_life()) {
    if (!kind.read.operation.empty()) out.push_back({&kind.read, {}});
    if (kind.list) out.push_back({&kind.list->call, {}});
    if (kind.update) out.push_back({&*kind.update, {}});
  }
  for (const auto& [name, part] : kind.parts) {
    const std::vector<std::string> sample = {part.sample};
    out.push_back({&part.add, part.elements_of(sample)});
    if (kind.has_life()) out.push_back({&part.read, {}});
    out.push_back({&part.remove, sample});
  }
  out.push_back({&kind.remove, {}});
  return out;
}

}  // namespace

RequestsByModel requests_by_model(const std::vector<Case>& cases) {
  RequestsByModel out;
  for (const Case& c : cases) {
    if (!c.by_model) continue;
    auto& texts = out[c.operation];
    if (std::find(texts.begin(), texts.end(), c.control) == texts.end()) texts.emplace_back(c.control);
  }
  for (auto& [operation, texts] : out) {
    std::stable_sort(texts.begin(), texts.end(), [](auto a, auto b) { return a.size() < b.size(); });
  }
  return out;
}

ProbedLives probe_resource_operations(endpoint::Endpoint& endpoint, Situation& situation,
                                      ResourceRegistry& registry,
                                      const std::set<std::string, std::less<>>& wanted,
                                      const RequestsByModel& requests, const wire::Exchange& unknown) {
  std::map<std::string, Reply> missing;
  ProbedLives out;
  Client client(endpoint, situation);
  for (const auto& [kind_name, kind] : situation.pack.catalogue->kinds()) {
    if (!kind.create) continue;
    const auto calls = calls_of_a_life(kind);
    if (std::none_of(calls.begin(), calls.end(),
                     [&](const LifeCall& step) { return wanted.contains(step.call->operation); }))
      continue;
    std::string id = registry.new_name("probe");
    if (!kind.generated) id = made_up_id(kind, id);
    const std::string parent = kind.parent.empty() ? std::string() : registry.new_name("probe");
    for (const auto& [call, values] : calls) {
      if (situation.pack.model->find_operation(call->operation) == nullptr) continue;
      if (situation.knowledge.unimplemented.contains(call->operation)) continue;
      if (const auto known = missing.find(call->operation); known != missing.end() && says_so(known->second))
        continue;
      const bool creates = call == &*kind.create;
      if (creates) registry.created(kind_name, id);
      const Reply reply = client.call(call->operation, call->filled(id, values, parent));
      const bool deleted = call == &kind.remove && reply.ok();
      if (deleted || (creates && !reply.ok() && was_answered(reply.exchange)))
        registry.removed(kind_name, id);
      if (creates && reply.ok() && kind.generated) {
        registry.removed(kind_name, id);
        if (auto made = made_id(kind, id, reply.body); !made.empty()) {
          id = std::move(made);
          registry.created(kind_name, id);
        }
      }
      if (oracle::means_not_implemented(reply.exchange, unknown)) {
        missing.emplace(call->operation, reply);
      } else {
        out.there.insert(call->operation);
      }
    }
  }
  Missing by_answer;
  for (const auto& [operation, reply] : missing) {
    // What failed may have failed of what it was asked for: others may ask otherwise.
    const bool asked_again = !says_so(reply) && requests.contains(operation) && !makes(situation, operation);
    if (out.there.contains(operation) || asked_again) continue;
    situation.knowledge.unimplemented[operation] = oracle::answer_kind(reply.exchange);
    by_answer[reply.text()].push_back(operation);
  }
  out.remarks = remarks_on(by_answer);
  return out;
}

namespace {

// The probe's own requests need every placeholder of the examples; a name that does not exist will do.
Bindings meaning_while_probing(const Situation& s, const std::string& prefix) {
  Bindings meaning = s.bindings;
  for (const Fixture& f : s.pack.catalogue->fixtures()) {
    if (f.form == Fixture::Form::created || f.form == Fixture::Form::announced)
      meaning.set(f.name, made_up_id(*s.pack.catalogue->kind(f.kind), prefix + "probe"));
  }
  return meaning;
}

}  // namespace

Probe probe_and_bind(endpoint::Endpoint& endpoint, Situation& s, const std::string& prefix,
                     const RequestsByModel& by_model) {
  bind_without_endpoint(s, prefix);
  return probe(endpoint, s, meaning_while_probing(s, prefix), letters_for("operation " + prefix, 6),
               by_model);
}

std::vector<std::string> probe_operations(endpoint::Endpoint& endpoint, Situation& situation,
                                          const RequestsByModel& requests, const std::string& prefix,
                                          const wire::Exchange& unknown,
                                          const std::set<std::string, std::less<>>& there) {
  const Bindings meaning = meaning_while_probing(situation, prefix);
  Client client(endpoint, situation);
  Missing missing_by_answer;
  std::vector<std::string> denied;
  for (const auto& [operation, texts] : requests) {
    if (situation.knowledge.unimplemented.contains(operation) || there.contains(operation)) continue;
    if (makes(situation, operation)) continue;
    Reply reply;
    bool missing = false;
    for (std::size_t i = 0; i < std::min(texts.size(), kMaxRequests); ++i) {
      const auto text = request_of(meaning, texts[i]);
      if (!text) break;
      reply = client.send(*text);
      missing = oracle::means_not_implemented(reply.exchange, unknown);
      if (!missing || says_so(reply)) break;
    }
    if (!missing && !denies_access(reply)) continue;
    situation.knowledge.unimplemented[operation] = oracle::answer_kind(reply.exchange);
    if (!missing) situation.denied.insert(operation);
    (missing ? missing_by_answer[reply.text()] : denied).push_back(operation);
  }
  auto remarks = remarks_on(missing_by_answer);
  if (!denied.empty())
    remarks.push_back("the credentials of this run may not call " + base::some_of(denied, kShown));
  return remarks;
}

}  // namespace harness::run
