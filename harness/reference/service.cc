#include "harness/reference/service.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <utility>

#include "harness/reference/answer.h"
#include "harness/reference/input_check.h"
#include "harness/reference/operations.h"
#include "harness/reference/request_headers.h"
#include "harness/wire/json.h"

namespace harness::reference {
namespace {

using wire::Json;

/// A media type without its parameters and the blanks around it.
std::string_view media_type(std::string_view value) {
  value = value.substr(0, value.find(';'));
  const auto first = value.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return value.substr(first, value.find_last_not_of(" \t") - first + 1);
}

/// The path of a request target in origin form or absolute form (RFC 9112 §3.2); "" for the others.
std::string_view path_of(std::string_view target) {
  if (!target.starts_with('/')) {
    const auto scheme = target.find("://");
    if (scheme == std::string_view::npos) return {};
    target.remove_prefix(scheme + 3);
    const auto authority_end = target.find_first_of("/?#");
    target.remove_prefix(std::min(authority_end, target.size()));
    if (!target.starts_with('/')) return "/";
  }
  return target.substr(0, target.find_first_of("?#"));
}

/// The target that a service at `/` would see: what follows the base path. Nothing outside of it.
std::optional<std::string> below(std::string_view base_path, std::string_view target) {
  const std::string_view path = path_of(target);
  if (!path.starts_with(base_path)) return std::nullopt;
  const std::string_view rest = path.substr(base_path.size());
  if (!rest.empty() && !rest.starts_with('/')) return std::nullopt;
  const std::size_t query = target.find_first_of("?#");
  std::string out(rest.empty() ? "/" : rest);
  if (query != std::string_view::npos) out += target.substr(query);
  return out;
}

Failure unknown_operation(std::string_view target) {
  return {400, "UnknownOperationException",
          target.empty() ? std::string("One X-Amz-Target header must name an operation.")
                         : "There is no operation " + std::string(target.substr(0, 200)) + "."};
}

std::optional<Failure> authentication_failure(wire::SignatureProblem problem) {
  using enum wire::SignatureProblem;
  switch (problem) {
    case none:
      return std::nullopt;
    case missing:
      return Failure{400, "MissingAuthenticationTokenException", "The request has no Authorization header."};
    case incomplete:
      return Failure{
          400, "IncompleteSignatureException",
          "Authorization must hold Credential, SignedHeaders and Signature, and the request a date."};
    case unknown_key:
      return Failure{400, "UnrecognizedClientException", "The access key or its token is not known."};
    case wrong_scope:
      return Failure{400, "InvalidSignatureException",
                     "The credential scope is not that of this region and service."};
    case expired:
      return Failure{400, "InvalidSignatureException", "The request's date is too far from the present."};
    case wrong_signature:
      return Failure{400, "InvalidSignatureException", "The signature is not that of this request and key."};
  }
  return Failure{400, "InvalidSignatureException", "The signature cannot be accepted."};
}

}  // namespace

struct Service::Impl {
  Impl(const model::Model& model, const ServiceDefinition& definition, ServiceOptions service_options)
      : options(std::move(service_options)),
        service(model.identity()),
        answers(options.dialect, service),
        operations(model, options.dialect) {
    for (const Family& add : definition) add({model, options, store, operations});
    operations.add_others();
    verifier.scope = {options.dialect.any_region ? "" : options.region, service.signing_name};
    verifier.lookup = [this](std::string_view key) -> std::optional<wire::Credentials> {
      for (const auto& credentials : options.credentials) {
        if (credentials.access_key_id == key) return credentials;
      }
      return std::nullopt;
    };
  }

  // The verifier refers to this object.
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  /// What is known of a request when its outcome is: for the hooks of a planted fault.
  struct Seen {
    std::string_view operation;
    Json input;
  };

  /// By the dialect: the answer that this request gets instead of being looked at.
  std::optional<wire::Response> throttle();
  /// The request as one to a service at `/`; `copy` holds it where that is another. nullptr: to none of us.
  const wire::Request* at_root(const wire::Request& sent, std::optional<wire::Request>& copy) const;
  Outcome run(const wire::Request& sent, Seen& seen);
  Outcome run_faulty(const wire::Request& sent);
  std::optional<Failure> check_head(const wire::Request& request) const;
  std::optional<Failure> check_signature(const wire::Request& request) const;

  const ServiceOptions options;
  const bool faulty =
      options.fault.request || options.fault.input || options.fault.outcome || options.fault.overlooks;
  const model::ServiceIdentity service;
  Answers answers;
  Store store;  // handlers refer to it
  Operations operations;
  wire::VerifierContext verifier;  // all but the time
  mutable std::mutex fault_mutex;  // hooks are called one at a time
  std::atomic<std::size_t> asked{0};
};

std::optional<wire::Response> Service::Impl::throttle() {
  const Dialect& d = options.dialect;
  if (d.throttle_every == 0 || ++asked % d.throttle_every != 0) return std::nullopt;
  if (!d.throttle_by_gateway) return answers.failure({400, "ThrottlingException", "Rate exceeded"});
  wire::Response r;
  r.status = 429;
  r.reason = "Too Many Requests";
  r.headers = {{"Content-Type", "text/html"}, {"Retry-After", std::to_string(*d.throttle_by_gateway)}};
  r.body = "<html><body><h1>Too Many Requests</h1></body></html>";
  return r;
}

const wire::Request* Service::Impl::at_root(const wire::Request& sent,
                                            std::optional<wire::Request>& copy) const {
  if (options.base_path.empty()) return &sent;
  auto target = below(options.base_path, sent.target);
  if (!target) return nullptr;
  copy = sent;
  copy->target = *std::move(target);
  return &*copy;
}

/// What can be said before the body is read.
std::optional<Failure> Service::Impl::check_head(const wire::Request& request) const {
  if (request.method != "POST") {
    return Failure{405, "MethodNotAllowedException", "Operations are called with POST."};
  }
  if (path_of(request.target) != "/") {
    return Failure{404, "UnknownOperationException", "Operations are called at the path /."};
  }
  const auto types = request.headers.all("Content-Type");
  const bool known = std::all_of(types.begin(), types.end(), [](std::string_view type) {
    return wire::same_name(media_type(type), "application/x-amz-json-1.1");
  });
  if (types.empty() || !known) {
    return Failure{415, "UnsupportedMediaTypeException", "Content-Type must be application/x-amz-json-1.1."};
  }
  if (request.body.size() > options.max_body_bytes) {
    return Failure{413, "RequestEntityTooLargeException", "The request's body is too large."};
  }
  return std::nullopt;
}

std::optional<Failure> Service::Impl::check_signature(const wire::Request& request) const {
  if (options.credentials.empty()) return std::nullopt;
  wire::VerifierContext context = verifier;
  context.now = options.now();
  const wire::SignatureProblem problem = wire::verify(request, context);
  if (!options.fault.tolerates || !options.fault.tolerates(problem, request))
    return authentication_failure(problem);
  // Overlooked, but the rest of the signature still counts.
  context.scope = {};
  context.tolerance = std::chrono::hours(24 * 36500);
  const wire::SignatureProblem rest = wire::verify(request, context);
  return rest == problem ? std::nullopt : authentication_failure(rest);
}

/// The same with a planted fault: its hooks before, in between and after.
Outcome Service::Impl::run_faulty(const wire::Request& sent) {
  const std::lock_guard lock(fault_mutex);
  Seen seen;
  Outcome outcome = run(sent, seen);
  if (options.fault.outcome) options.fault.outcome(seen.operation, seen.input, outcome);
  return outcome;
}

Outcome Service::Impl::run(const wire::Request& sent, Seen& seen) {
  std::optional<wire::Request> changed;
  const wire::Request* at = at_root(sent, changed);
  if (at == nullptr) {
    return tl::unexpected(Failure{404, "UnknownOperationException", "There is no service at this path."});
  }
  if (options.dialect.refuses_by_headers && sent.headers.contains("Connection")) {
    if (!changed) changed = sent;
    remove_connection_headers(*changed);
    at = &*changed;
  }
  if (options.fault.request) {
    if (!changed) changed = sent;
    options.fault.request(*changed);
    at = &*changed;
  }
  const wire::Request& request = *at;
  if (auto failure = check_head(request)) return tl::unexpected(*std::move(failure));

  auto input = wire::parse_json(request.body);
  if (!input)
    return reference::refuse("SerializationException", "The body is not JSON: " + input.error().reason);
  if (input->has(wire::JsonNote::Kind::invalid_utf8)) {
    return reference::refuse("SerializationException", "The body is not UTF-8.");
  }
  if (!input->value.is_object())
    return reference::refuse("SerializationException", "The body is not an object.");

  const auto targets = request.headers.all("X-Amz-Target");
  std::string target(targets.size() == 1 ? targets.front() : std::string_view());
  if (options.dialect.any_target_form)
    target = with_plain_prefix(target, service.target_prefix, service.compact_version());
  const auto* operation = operations.find(target);
  if (operation == nullptr) {
    return tl::unexpected(unknown_operation(targets.size() == 1 ? targets.front() : std::string_view()));
  }
  if (auto failure = check_signature(sent)) return tl::unexpected(*std::move(failure));

  if (options.fault.input || options.fault.outcome) {
    seen.operation = operation->name;
    if (options.fault.input) options.fault.input(seen.operation, input->value);
    seen.input = input->value;
  }

  std::function<bool(const model::Violation&)> overlooks;
  if (options.fault.overlooks) {
    overlooks = [&](const model::Violation& v) { return options.fault.overlooks(operation->name, v); };
  }
  if (auto failure = check_input(*operation->input, *input, operation->errors, overlooks))
    return tl::unexpected(*std::move(failure));
  return operation->run(input->value);
}

Service::Service(const model::Model& model, const ServiceDefinition& definition, ServiceOptions options)
    : impl_(std::make_unique<Impl>(model, definition, std::move(options))) {}

Service::~Service() = default;

wire::Response Service::handle(const wire::Request& request, std::uint64_t connection) {
  if (auto throttled = impl_->throttle()) {
    if (request.method == "HEAD") throttled->body.clear();
    return *std::move(throttled);
  }
  wire::Response response;
  try {
    Impl::Seen unused;
    const Dialect& dialect = impl_->options.dialect;
    const auto refused = dialect.refuses_by_headers ? refusal_by_headers(request) : std::nullopt;
    response = refused ? *refused
                       : impl_->answers.answer(impl_->faulty ? impl_->run_faulty(request)
                                                             : impl_->run(request, unused));
    if (dialect.heeds_headers) heed_headers(request, response);
    if (dialect.codes_when_asked) code_as_asked(request, response);
  } catch (const std::exception&) {
    // Nothing above throws but for want of memory; an endpoint answers even then.
    response = impl_->answers.failure({500, "InternalServerError", "The service failed."});
  }
  if (impl_->options.fault.response) {
    std::optional<wire::Request> copy;
    const wire::Request* at = impl_->at_root(request, copy);
    const std::lock_guard lock(impl_->fault_mutex);
    impl_->options.fault.response(at != nullptr ? *at : request, connection, response);
  }
  if (request.method == "HEAD") response.body.clear();
  return response;
}

Delivery Service::delivery(const wire::Request& request, const wire::Response& response) const {
  if (!impl_->options.fault.delivery) return {};
  std::optional<wire::Request> copy;
  const wire::Request* at = impl_->at_root(request, copy);
  const std::lock_guard lock(impl_->fault_mutex);
  return impl_->options.fault.delivery(at != nullptr ? *at : request, response);
}

bool Service::asks_for_bodies() const {
  return !impl_->options.fault.no_continue;
}

wire::Response Service::refuse(int status, std::string_view code, std::string_view message) {
  wire::Response response = impl_->answers.failure({status, std::string(code), std::string(message)});
  if (impl_->options.fault.response) {
    wire::Request none;
    none.method.clear();
    const std::lock_guard lock(impl_->fault_mutex);
    impl_->options.fault.response(none, 0, response);
  }
  return response;
}

std::vector<std::string> Service::resources(std::string_view kind) const {
  return impl_->store.names(kind);
}

}  // namespace harness::reference
