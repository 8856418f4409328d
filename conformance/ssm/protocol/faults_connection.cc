#include <algorithm>
#include <map>
#include <memory>

#include "conformance/ssm/fault_support.h"

// Connections: how answers go out, what happens to the connection and to the endpoint; and what one request
// does to the next.
namespace conformance::ssm::protocol {
namespace {

using enum FaultClass;
using enum Difficulty;
using wire::Json;
using Kind = Delivery::Kind;
using WhenAnswered = std::function<bool(const wire::Request&, const wire::Response&)>;

Delivery kind(Kind k) {
  Delivery d;
  d.kind = k;
  return d;
}

Delivery deaf() {
  Delivery d;
  d.deaf = true;
  return d;
}

Delivery length_error(int n) {
  Delivery d;
  d.length_error = n;
  return d;
}

Delivery dies() {
  Delivery d;
  d.end_of_service = true;
  return d;
}

Delivery stops_accepting() {
  Delivery d;
  d.stops_accepting = true;
  return d;
}

bool is_error(const wire::Request& request, const wire::Response& response) {
  return request.method == "POST" && response.status >= 400;
}

bool is_status(const wire::Request& request, const wire::Response& response) {
  return response.status == 200 && operation_of(request) == kStatus;
}

bool is_unknown_operation(const wire::Request& request, const wire::Response& response) {
  return is_error(request, response) && response.body.find("UnknownOperationException") != std::string::npos;
}

bool is_no_request(const wire::Request& request, const wire::Response&) {
  return request.method.empty();
}

bool is_serialization_error(const wire::Request& request, const wire::Response& response) {
  return is_error(request, response) && response.body.find("SerializationException") != std::string::npos;
}

WhenAnswered body(bool (*when)(const std::string&)) {
  return [=](const wire::Request& request, const wire::Response&) {
    return request.method == "POST" && when(request.body);
  };
}

std::size_t brackets(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return c == '[' || c == '{'; }));
}

Fault sends(std::string name, FaultClass fault_class, std::string clause, Difficulty difficulty,
            std::string description, WhenAnswered when, Delivery delivery) {
  return delivers({std::move(name), fault_class, std::move(clause), difficulty, std::move(description)},
                  std::move(when), delivery);
}

// Every so many requests, one on a connection that has served others goes without an answer.
Fault loses_every(std::size_t n, std::string name, std::string description) {
  About about{std::move(name), framing, "protocol/http/dropped-requests", hard, std::move(description)};
  Fault fault = delivers(about, [](const wire::Request&, const wire::Response&) { return false; }, {});
  fault.make = [n] {
    FaultHooks hooks;
    hooks.delivery = [n, count = std::make_shared<std::size_t>(0)](const wire::Request&,
                                                                   const wire::Response&) {
      return kind(++*count % n == 0 ? Kind::closed : Kind::whole);
    };
    return hooks;
  };
  return fault;
}

std::vector<Fault> deliveries() {
  const char* const persistence = "protocol/http/persistence";
  const char* const malformed = "protocol/errors/malformed-request";
  const char* const limits = "protocol/json/limits";
  return {
      sends("errors-close-without-answer", framing, persistence, easy,
            "Closes the connection instead of sending an error.", is_error, kind(Kind::closed)),
      sends("errors-reset", framing, persistence, easy, "Resets the connection instead of sending an error.",
            is_error, kind(Kind::reset)),
      sends("errors-cut-in-half", framing, persistence, easy,
            "Closes the connection in the middle of an error.", is_error, kind(Kind::half)),
      sends("errors-length-too-long", framing, "protocol/errors/envelope", medium,
            "Counts two bytes too many in Content-Length of unreadable bodies.", is_serialization_error,
            length_error(2)),
      sends("errors-length-too-short", framing, "protocol/errors/envelope", easy,
            "Counts two bytes too few in Content-Length of errors.", is_error, length_error(-2)),
      sends("unknown-operation-reset", framing, "protocol/errors/unknown-operation", easy,
            "Resets the connection instead of refusing an operation that does not exist.",
            is_unknown_operation, kind(Kind::reset)),
      sends("empty-object-reset", framing, "protocol/request/body", easy,
            "Resets the connection when the body is an empty object.",
            body([](const std::string& text) { return text == "{}"; }), kind(Kind::reset)),
      loses_every(1001, "every-1001st-request-lost",
                  "Closes the connection instead of answering every 1,001st request."),
      sends("success-length-too-short", framing, "get-connection-status/response/status-code", easy,
            "Counts a byte too few in Content-Length of GetConnectionStatus.", is_status, length_error(-1)),
      sends("success-cut-in-half", framing, "get-connection-status/response/status-code", easy,
            "Closes the connection in the middle of an answer.", is_status, kind(Kind::half)),
      sends("success-reset", framing, "get-connection-status/response/status-code", easy,
            "Resets the connection instead of answering GetConnectionStatus.", is_status, kind(Kind::reset)),
      sends("deaf-after-unreadable-body", framing, persistence, hard,
            "Keeps the connection open after a body that it could not read, and answers nothing more on it.",
            is_serialization_error, deaf()),
      sends("unreadable-body-hangs", resource, "protocol/errors/serialization", medium,
            "Never answers an empty body.", body([](const std::string& text) { return text.empty(); }),
            kind(Kind::nothing)),
      sends("deep-json-hangs", resource, limits, hard, "Never answers JSON nested deeper than 400.",
            body([](const std::string& text) { return brackets(text) > 400; }), kind(Kind::nothing)),
      sends("deep-json-kills", resource, limits, hard, "Dies of JSON nested deeper than 90.",
            body([](const std::string& text) { return brackets(text) > 90; }), dies()),
      sends("nul-kills", resource, "protocol/json/strings", hard, "Dies of an escaped NUL.",
            body([](const std::string& text) { return text.find("\\u0000") != std::string::npos; }), dies()),
      sends("not-utf-8-kills", resource, "protocol/json/encoding", hard, "Dies of a body that is not UTF-8.",
            body([](const std::string& text) {
              const auto json = wire::parse_json(text);
              return json && json->has(wire::JsonNote::Kind::invalid_utf8);
            }),
            dies()),
      sends("large-body-resets", resource, "protocol/errors/too-large", hard,
            "Resets the connection after a body over 40 KiB.",
            body([](const std::string& text) { return text.size() > 40 * 1024; }), kind(Kind::reset)),
      sends("quote-in-token-hangs", resource, "describe-document-permission/errors/invalid-next-token", hard,
            "Never answers a token with a quote.", body([](const std::string& text) {
              const auto token = text.find("\"NextToken\"");
              return token != std::string::npos && text.find('\'', token) != std::string::npos;
            }),
            kind(Kind::nothing)),
      sends(
          "get-hangs", resource, "protocol/http/methods", hard, "Never answers GET.",
          [](const wire::Request& r, const wire::Response&) { return r.method == "GET"; },
          kind(Kind::nothing)),
      sends(
          "head-closes", framing, "protocol/http/methods", hard, "Closes the connection on HEAD.",
          [](const wire::Request& r, const wire::Response&) { return r.method == "HEAD"; },
          kind(Kind::closed)),
      sends("malformed-hangs", framing, malformed, easy,
            "Never answers what is no HTTP request, and keeps the connection.", is_no_request,
            kind(Kind::nothing)),
      sends("malformed-kills", resource, malformed, easy, "Dies of what is no HTTP request.", is_no_request,
            dies()),
      sends("malformed-stops-accepting", resource, malformed, medium,
            "Accepts no connection any more after what was no HTTP request.", is_no_request,
            stops_accepting()),
      replies(
          {"malformed-fails", framing, "protocol/http/headers", easy,
           "Fails (500) on what is no HTTP request."},
          [](const wire::Request& r) { return r.method.empty(); }, 500, "<!doctype html><title>500</title>"),
      sends(
          "two-lengths-hang", framing, "protocol/http/content-length", hard,
          "Never answers a request with two Content-Length headers.",
          [](const wire::Request& r, const wire::Response&) {
            return r.headers.all("Content-Length").size() > 1;
          },
          kind(Kind::nothing)),
      sends(
          "chunked-closes", framing, "protocol/http/transfer-encoding", hard,
          "Closes the connection on a chunked request.",
          [](const wire::Request& r, const wire::Response&) {
            return r.headers.contains("Transfer-Encoding");
          },
          kind(Kind::closed)),
  };
}

// ---- what one request does to the next ----

About about(std::string name, FaultClass fault_class, std::string clause, Difficulty difficulty,
            std::string description) {
  return {std::move(name), fault_class, std::move(clause), difficulty, std::move(description)};
}

void fail_with_500(wire::Response& response) {
  response.status = 500;
  response.reason = reason_phrase(500);
  response.headers.remove("X-Amzn-Errortype");
  response.body = R"({"__type":"InternalServerError"})";
}

bool judged(const wire::Request& request) {
  const auto operation = operation_of(request);
  return operation == kStatus || operation == kDescribe;
}

using Respond = std::function<void(const wire::Request&, std::uint64_t connection, wire::Response&)>;

/// `make` gives a hook with state of its own.
Fault remembers(About about, Respond (*make)(), bool by_chance = false) {
  Fault f = fault(std::move(about), [make] {
    FaultHooks hooks;
    hooks.response = make();
    return hooks;
  });
  f.by_chance = by_chance;
  return f;
}

template <int kEvery>
Respond every() {
  const auto count = std::make_shared<int>(0);
  return [count](const wire::Request& request, std::uint64_t, wire::Response& response) {
    if (judged(request) && ++*count % kEvery == 0) fail_with_500(response);
  };
}

/// After an error, the next answer on the same connection is the error once more.
Respond repeats_errors() {
  const auto last = std::make_shared<std::map<std::uint64_t, wire::Response>>();
  return [last](const wire::Request& request, std::uint64_t connection, wire::Response& response) {
    const auto before = last->find(connection);
    const wire::Response own = response;
    if (before != last->end() && own.status == 200 && judged(request)) response = before->second;
    last->erase(connection);
    if (last->size() > 1000) last->clear();
    if (own.status >= 400 && request.method == "POST") (*last)[connection] = own;
  };
}

/// After a body that it could not read, the next valid request, on whatever connection, is answered 500.
Respond poisoned() {
  const auto armed = std::make_shared<bool>(false);
  return [armed](const wire::Request& request, std::uint64_t, wire::Response& response) {
    if (*armed && response.status == 200 && judged(request)) {
      fail_with_500(response);
      *armed = false;
    } else if (response.body.find("SerializationException") != std::string::npos) {
      *armed = true;
    }
  };
}

/// After 40 errors, nothing works any more.
Respond wears_out() {
  const auto errors = std::make_shared<int>(0);
  return [errors](const wire::Request& request, std::uint64_t, wire::Response& response) {
    if (!judged(request)) return;
    if (response.status >= 400 && response.status < 500) ++*errors;
    if (*errors > 40) fail_with_500(response);
  };
}

/// WhenAnswered the connection changes, the answer is now and then the one before, of the other connection.
Respond crosses() {
  struct Last {
    std::uint64_t connection = 0;
    std::string operation;
    wire::Response response;
    int changes = 0;
  };
  const auto last = std::make_shared<Last>();
  return [last](const wire::Request& request, std::uint64_t connection, wire::Response& response) {
    if (!judged(request) || response.status != 200) return;
    const wire::Response own = response;
    const bool other = last->connection != 0 && last->connection != connection;
    if (other && last->operation == operation_of(request) && ++last->changes % 3 == 0)
      response = last->response;
    last->connection = connection;
    last->operation = operation_of(request);
    last->response = own;
  };
}

/// While answers of one operation go to several connections, each gets what was computed for the one before.
Respond lags() {
  struct State {
    std::map<std::string, std::pair<std::uint64_t, wire::Response>> by_operation;
  };
  const auto state = std::make_shared<State>();
  return [state](const wire::Request& request, std::uint64_t connection, wire::Response& response) {
    if (!judged(request)) return;
    auto& [before, answer] = state->by_operation[std::string(operation_of(request))];
    const wire::Response own = response;
    if (before != 0 && before != connection && answer.status != 0 && answer.status != own.status)
      response = answer;
    before = connection;
    answer = own;
  };
}

std::vector<Fault> connection_faults() {
  std::vector<Fault> all = deliveries();
  all.push_back(fault(about("expect-waits", framing, "protocol/http/expect", hard,
                            "Waits for the body after Expect: 100-continue, and does not ask for it."),
                      [] {
                        FaultHooks hooks;
                        hooks.no_continue = true;
                        return hooks;
                      }));
  for (Fault& f : all) f.on_large_bodies = f.name == "large-body-resets" || f.name == "malformed-fails";
  return all;
}

std::vector<Fault> state_faults() {
  const char* const persistence = "protocol/http/persistence";
  const char* const concurrent = "protocol/http/concurrency";
  std::vector<Fault> all = {
      remembers(
          about("errors-repeated", state, persistence, hard,
                "Answers the request that follows an error on the same connection with the error again."),
          repeats_errors),
      remembers(about("unreadable-body-poisons", state, persistence, hard,
                      "Fails (500) on the valid request that follows a body which it could not read."),
                poisoned),
      remembers(about("wears-out", state, "protocol/errors/validation", hard,
                      "Fails (500) for ever after 40 errors."),
                wears_out),
      remembers(about("every-25th-fails", state, "protocol/errors/internal-failure", medium,
                      "Fails (500) every 25th time."),
                every<25>, true),
      remembers(about("every-101st-fails", state, "protocol/errors/internal-failure", hard,
                      "Fails (500) every 101st time."),
                every<101>, true),
      remembers(about("answers-crossed", concurrency, concurrent, hard,
                      "Now and then sends an answer to the connection that asked next."),
                crosses, true),
      remembers(about("answers-lag", concurrency, concurrent, hard,
                      "Under concurrency, answers with the status of the request of another connection."),
                lags, true),
  };
  all.push_back(fault(about("body-buffer-not-cleared", state, persistence, easy,
                            "Reads the rest of a longer body behind the next, shorter one."),
                      [] {
                        const auto last = std::make_shared<std::string>();
                        FaultHooks hooks;
                        hooks.request = [last](wire::Request& request) {
                          if (!judged(request) || request.body.size() > 4096) return;
                          std::string body = request.body;
                          if (body.size() < last->size()) body += last->substr(body.size());
                          *last = request.body;
                          request.body = std::move(body);
                        };
                        return hooks;
                      }));
  all.push_back(fault(
      about("shares-of-earlier-answers", state, "describe-document-permission/response/account-ids/meaning",
            easy, "Adds the accounts of its last answer to the next."),
      [] {
        const auto last = std::make_shared<Json>(Json::array());
        FaultHooks hooks;
        hooks.outcome = [last](std::string_view operation, const Json&, Outcome& outcome) {
          if (operation != kDescribe || !outcome) return;
          const Json own = (*outcome)["AccountSharingInfoList"];
          for (const Json& info : *last) {
            (*outcome)["AccountIds"].push_back(Json(info["AccountId"]));
            (*outcome)["AccountSharingInfoList"].push_back(Json(info));
          }
          *last = own;
        };
        return hooks;
      }));
  return all;
}

}  // namespace

std::vector<Fault> faults_connection() {
  return joined({connection_faults(), state_faults()});
}

}  // namespace conformance::ssm::protocol
