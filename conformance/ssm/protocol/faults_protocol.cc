#include <algorithm>

#include "conformance/ssm/fault_support.h"
#include "harness/base/ascii.h"
#include "harness/wire/content_coding.h"

// Targets, methods, content types, headers; and who may ask.
namespace conformance::ssm::protocol {
namespace {

using enum FaultClass;
using enum Difficulty;

/// Targets are read as what `edit` makes of them.
Fault target(std::string name, Difficulty difficulty, std::string description,
             std::function<std::string(std::string_view)> edit) {
  return fault({std::move(name), protocol, "protocol/request/target", difficulty, std::move(description)},
               [=] {
                 FaultHooks hooks;
                 hooks.request = [=](wire::Request& request) {
                   const auto value = request.headers.find("X-Amz-Target");
                   if (!value) return;
                   const std::string other = edit(*value);
                   request.headers.set("X-Amz-Target", other);
                 };
                 return hooks;
               });
}

/// A target of one of the judged operations in a spelling that `form` makes equal to the right one.
Fault target_like(std::string name, Difficulty difficulty, std::string description,
                  std::function<std::string(std::string)> form) {
  return target(std::move(name), difficulty, std::move(description), [=](std::string_view value) {
    for (const std::string_view operation : {kDescribe, kStatus}) {
      const std::string right = "AmazonSSM." + std::string(operation);
      if (form(std::string(value)) == form(right)) return right;
    }
    return std::string(value);
  });
}

using When = std::function<bool(const wire::Request&)>;

Fault fails(std::string name, std::string clause, Difficulty difficulty, std::string description, When when) {
  return replies({std::move(name), protocol, std::move(clause), difficulty, std::move(description)},
                 std::move(when), 500, "<!doctype html><title>Internal Server Error</title>");
}

std::string header(const wire::Request& request, std::string_view name) {
  return std::string(request.headers.find(name).value_or(""));
}

/// Answers to requests that fulfil `when` say that they are in gzip; are they `really`?
Fault codes(std::string name, Difficulty difficulty, std::string description, bool really, When when) {
  return fault(
      {std::move(name), protocol, "protocol/http/content-coding", difficulty, std::move(description)}, [=] {
        FaultHooks hooks;
        hooks.response = [=](const wire::Request& request, std::uint64_t, wire::Response& response) {
          if (response.body.empty() || !when(request)) return;
          if (really) response.body = wire::encode("gzip", response.body);
          response.headers.set("Content-Encoding", "gzip");
        };
        return hooks;
      });
}

std::vector<Fault> protocol_faults() {
  const std::string requests = "protocol/request/";
  const std::string http = "protocol/http/";
  std::vector<Fault> all = {
      target("target-prefix-ignored", easy, "Looks only at what stands behind the last dot of X-Amz-Target.",
             [](std::string_view value) {
               return "AmazonSSM." + std::string(value.substr(value.rfind('.') + 1));
             }),
      target_like("target-case-ignored", medium, "Ignores the case of X-Amz-Target.",
                  [](std::string text) { return base::lower(text); }),
      target_like("target-without-prefix-accepted", hard, "Accepts an operation without its prefix.",
                  [](std::string text) { return text.starts_with("AmazonSSM.") ? text.substr(10) : text; }),
      target_like("target-trimmed", hard, "Ignores spaces and quotes in X-Amz-Target.",
                  [](std::string text) {
                    std::erase_if(text, [](char c) { return c == ' ' || c == '"' || c == '\''; });
                    return text;
                  }),
      target("target-suffix-ignored", medium, "Ignores what stands behind a known operation in X-Amz-Target.",
             [](std::string_view value) {
               for (const std::string_view operation : {kDescribe, kStatus}) {
                 const std::string right = "AmazonSSM." + std::string(operation);
                 if (value.starts_with(right)) return right;
               }
               return std::string(value);
             }),
      fault({"target-guessed", protocol, "protocol/request/target", hard,
             "Guesses the operation from the body if there is no X-Amz-Target."},
            [] {
              FaultHooks hooks;
              hooks.request = [](wire::Request& request) {
                if (!header(request, "X-Amz-Target").empty()) return;
                const auto operation =
                    request.body.find("\"Target\"") != std::string::npos ? kStatus : kDescribe;
                request.headers.set("X-Amz-Target", "AmazonSSM." + std::string(operation));
              };
              return hooks;
            }),
      replies(
          {"unknown-operation-accepted", protocol, "protocol/errors/unknown-operation", medium,
           "Answers operations that it does not have with {}."},
          [](const wire::Request& request) {
            const auto operation = operation_of(request);
            return request.method == "POST" && !operation.empty() && operation != kDescribe &&
                   operation != kStatus && operation != kCreate && operation != kModify &&
                   operation != kDelete;
          },
          200, "{}", "application/x-amz-json-1.1"),
      fault({"header-names-by-case", protocol, requests + "header-names", hard,
             "Minds the case of header names."},
            [] {
              FaultHooks hooks;
              hooks.request = [](wire::Request& request) {
                wire::Headers kept;
                for (const auto& [name, value] : request.headers.lines()) {
                  if (!wire::same_name(name, "X-Amz-Target") || name == "X-Amz-Target") kept.add(name, value);
                }
                request.headers = std::move(kept);
              };
              return hooks;
            }),
      fault({"content-type-parameters-refused", protocol, requests + "content-type", hard,
             "Refuses a Content-Type with parameters."},
            [] {
              FaultHooks hooks;
              hooks.request = [](wire::Request& request) {
                if (header(request, "Content-Type").find(';') != std::string::npos)
                  request.headers.set("Content-Type", "text/plain");
              };
              return hooks;
            }),
      fails("content-type-absent-fails", requests + "content-type", hard,
            "Fails (500) without a Content-Type.",
            [](const wire::Request& r) { return r.method == "POST" && !r.headers.contains("Content-Type"); }),
      fails("content-type-other-fails", requests + "content-type", medium,
            "Fails (500) on another Content-Type.",
            [](const wire::Request& r) {
              const auto types = r.headers.all("Content-Type");
              return types.size() > 1 || std::any_of(types.begin(), types.end(), [](std::string_view type) {
                       return !type.starts_with("application/x-amz-json");
                     });
            }),
      fails("method-get-fails", requests + "method", hard, "Fails (500) on GET.",
            [](const wire::Request& r) { return r.method == "GET"; }),
      fails("method-other-fails", http + "methods", medium, "Fails (500) on methods other than GET and POST.",
            [](const wire::Request& r) {
              return !r.method.empty() && r.method != "GET" && r.method != "POST";
            }),
      fails("path-other-fails", requests + "path", medium, "Fails (500) on paths other than /.",
            [](const wire::Request& r) { return !r.method.empty() && r.target != "/"; }),
      fails("query-action-fails", requests + "path", hard,
            "Fails (500) on an Action in the query that is not the operation of X-Amz-Target.",
            [](const wire::Request& r) {
              const auto action = r.target.find("Action=");
              return action != std::string::npos &&
                     !std::string_view(r.target).substr(action + 7).starts_with(operation_of(r));
            }),
      fails("authorization-unreadable-fails", "protocol/authentication/parameters", medium,
            "Fails (500) on an Authorization without a Credential of five parts, though it verifies none.",
            [](const wire::Request& r) {
              const std::string value = header(r, "Authorization");
              const auto credential = value.find("Credential=");
              const auto end = value.find(',', credential);
              return r.method == "POST" &&
                     (credential == std::string::npos ||
                      std::count(value.begin() + static_cast<std::ptrdiff_t>(credential),
                                 end == std::string::npos ? value.end()
                                                          : value.begin() + static_cast<std::ptrdiff_t>(end),
                                 '/') != 4);
            }),
      fails("other-region-fails", "protocol/authentication/scope", hard,
            "Fails (500) on a signature for another region or service, though it verifies none.",
            [](const wire::Request& r) {
              const std::string value = header(r, "Authorization");
              return value.find("aws4_request") != std::string::npos &&
                     value.find("/us-east-1/ssm/aws4_request") == std::string::npos;
            }),
      fails("signed-headers-unread-fails", "protocol/authentication/signature", hard,
            "Fails (500) on a signature that leaves out a header, or is of zeros, though it verifies none.",
            [](const wire::Request& r) {
              const std::string value = header(r, "Authorization");
              return r.method == "POST" && value.find("host;x-amz-date;") == std::string::npos;
            }),
      fails("foreign-host-fails", http + "unknown-headers", hard,
            "Fails (500) on a Host of AWS that is not that of this region's SSM.",
            [](const wire::Request& r) {
              return header(r, "Host").find(".amazonaws.com") != std::string::npos;
            }),
      fails("compressed-body-fails", http + "content-coding", hard,
            "Fails (500) on bodies that are compressed.",
            [](const wire::Request& r) {
              return r.body.starts_with("\x1f\x8b") || r.body.starts_with("\x78\x9c");
            }),
      fails("head-over-8-kib-fails", http + "header-limits", hard,
            "Fails (500) on a line of the head over 8 KiB.",
            [](const wire::Request& r) {
              const auto& lines = r.headers.lines();
              constexpr std::size_t kMost = 8192;
              return r.target.size() > kMost ||
                     std::any_of(lines.begin(), lines.end(), [](const wire::Header& h) {
                       return h.name.size() + h.value.size() > kMost;
                     });
            }),
      fails("headers-many-fail", http + "header-limits", hard, "Fails (500) on more than 90 header lines.",
            [](const wire::Request& r) { return r.headers.lines().size() > 90; }),
      fails("header-unknown-fails", http + "unknown-headers", hard,
            "Fails (500) on a header line without a value.",
            [](const wire::Request& r) {
              return r.method == "POST" && std::any_of(r.headers.lines().begin(), r.headers.lines().end(),
                                                       [](const wire::Header& h) {
                                                         return h.value.empty() &&
                                                                !wire::same_name(h.name, "X-Amz-Target");
                                                       });
            }),
      fails("target-twice-fails", requests + "target", hard, "Fails (500) on two X-Amz-Target headers.",
            [](const wire::Request& r) { return r.headers.all("X-Amz-Target").size() > 1; }),
      fails("content-encoding-fails", http + "content-coding", hard, "Fails (500) on a Content-Encoding.",
            [](const wire::Request& r) { return r.headers.contains("Content-Encoding"); }),
      fails("chunked-fails", http + "transfer-encoding", medium, "Fails (500) on chunked requests.",
            [](const wire::Request& r) { return r.headers.contains("Transfer-Encoding"); }),
      fails("expect-fails", http + "expect", hard, "Fails (500) on Expect.",
            [](const wire::Request& r) { return r.headers.contains("Expect"); }),
      fails("accept-encoding-fails", "get-connection-status/example/request", hard,
            "Fails (500) on Accept-Encoding: identity.",
            [](const wire::Request& r) { return header(r, "Accept-Encoding") == "identity"; }),
      codes("gzip-unasked", easy, "Compresses answers with gzip, whether the request asks for it or not.",
            true, [](const wire::Request&) { return true; }),
      codes("gzip-although-excluded", hard,
            "Compresses with gzip wherever Accept-Encoding names it, q=0 or not.", true,
            [](const wire::Request& r) {
              return header(r, "Accept-Encoding").find("gzip") != std::string::npos;
            }),
      codes("gzip-in-name-only", medium,
            "Says Content-Encoding: gzip where that is asked for, and sends plain text.", false,
            [](const wire::Request& r) { return wire::AcceptedCodings(r.headers).admits("gzip"); }),
      fails("range-fails", http + "unknown-headers", hard, "Fails (500) on Range.",
            [](const wire::Request& r) { return r.headers.contains("Range"); }),
      fails("condition-fails", http + "unknown-headers", hard, "Fails (500) on If-None-Match.",
            [](const wire::Request& r) { return r.headers.contains("If-None-Match"); }),
      fault({"answers-as-html", protocol, "protocol/response/content-type", easy,
             "Sends text/html as the content type of every success."},
            [] {
              FaultHooks hooks;
              hooks.response = [](const wire::Request&, std::uint64_t, wire::Response& response) {
                if (response.status == 200) response.headers.set("Content-Type", "text/html; charset=utf-8");
              };
              return hooks;
            }),
      recodes({"unknown-operation-501", protocol, "protocol/errors/unknown-operation", easy,
               "Answers operations that it does not have with 501."},
              "UnknownOperationException", 501, "NotImplemented"),
      fails("http-1-0-fails", http + "request-line", hard, "Fails (500) on HTTP/1.0.",
            [](const wire::Request& r) { return r.version == "HTTP/1.0"; }),
  };
  for (Fault& f : all) f.on_large_bodies = f.name == "compressed-body-fails";
  return all;
}

namespace {

Fault tolerates(std::string name, const char* clause, std::string description,
                wire::SignatureProblem problem) {
  return fault({std::move(name), authentication, std::string("protocol/authentication/") + clause, medium,
                std::move(description)},
               [=] {
                 FaultHooks hooks;
                 hooks.tolerates = [=](wire::SignatureProblem found, const wire::Request&) {
                   return found == problem;
                 };
                 return hooks;
               });
}

Fault recodes_problem(std::string name, const char* clause, std::string description, std::string_view from,
                      int status, std::string_view code) {
  return recodes({std::move(name), authentication, std::string("protocol/authentication/") + clause, medium,
                  std::move(description)},
                 from, status, code);
}

}  // namespace

std::vector<Fault> authentication_faults() {
  using enum wire::SignatureProblem;
  return {
      fault({"signature-of-zeros-accepted", authentication, "protocol/authentication/signature", hard,
             "Accepts a signature of nothing but zeros."},
            [] {
              FaultHooks hooks;
              hooks.tolerates = [](wire::SignatureProblem found, const wire::Request& request) {
                return found == wrong_signature &&
                       header(request, "Authorization").find("Signature=" + std::string(64, '0')) !=
                           std::string::npos;
              };
              return hooks;
            }),
      tolerates("unsigned-accepted", "missing", "Accepts requests that are not signed.", missing),
      tolerates("incomplete-signature-accepted", "incomplete",
                "Accepts an Authorization that it cannot read.", incomplete),
      tolerates("unknown-key-accepted", "key", "Accepts every access key.", unknown_key),
      tolerates("scope-ignored", "scope", "Accepts signatures for other regions and services.", wrong_scope),
      tolerates("expired-accepted", "date", "Accepts signatures of any age.", expired),
      recodes_problem("unsigned-is-401", "missing", "Answers 401 if a request is not signed.",
                      "MissingAuthenticationTokenException", 401, "MissingAuthenticationTokenException"),
      recodes_problem("unsigned-is-validation", "missing",
                      "Answers ValidationException if a request is not signed.",
                      "MissingAuthenticationTokenException", 400, "ValidationException"),
      recodes_problem("incomplete-signature-fails", "parameters",
                      "Fails (500) on an Authorization that it cannot read.", "IncompleteSignatureException",
                      500, "InternalFailure"),
      recodes_problem("unknown-key-is-auth-failure", "key", "Answers AuthFailure to an unknown access key.",
                      "UnrecognizedClientException", 400, "AuthFailure"),
  };
}

}  // namespace

std::vector<Fault> faults_protocol() {
  return joined({protocol_faults(), authentication_faults()});
}

}  // namespace conformance::ssm::protocol
