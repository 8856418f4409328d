#include "harness/reference/faults/kit.h"

namespace harness::reference {

using wire::Json;

std::string clause_id(std::string_view root, std::string_view clause) {
  for (const std::string_view whole :
       {"protocol/", "describe-document-permission/", "get-connection-status/", "create-document/",
        "modify-document-permission/", "delete-document/"}) {
    if (clause.starts_with(whole)) return std::string(clause);
  }
  return std::string(root).append(clause);
}

Fault fault(About about, std::function<FaultHooks()> make) {
  Fault f;
  f.name = std::move(about.name);
  f.fault_class = about.fault_class;
  f.clause = std::move(about.clause);
  f.difficulty = about.difficulty;
  f.description = std::move(about.description);
  f.make = std::move(make);
  return f;
}

std::optional<std::string> text_of(const Json& input, std::string_view member) {
  if (!input.is_object()) return std::nullopt;
  const auto found = input.find(member);
  if (found == input.end() || !found->is_string()) return std::nullopt;
  return found->get<std::string>();
}

bool absent(const Json& input, std::string_view member) {
  if (!input.is_object()) return true;
  const auto found = input.find(member);
  return found == input.end() || found->is_null();
}

Json no_accounts() {
  Json output = Json::object();
  output["AccountIds"] = Json::array();
  output["AccountSharingInfoList"] = Json::array();
  return output;
}

bool refused(const Outcome& outcome, std::string_view code) {
  return !outcome && (code.empty() || outcome.error().code == code);
}

Fault reads_as(About about, std::string_view operation, std::string_view member, Edit edit) {
  return fault(std::move(about), [=] {
    FaultHooks hooks;
    hooks.input = [=](std::string_view called, Json& input) {
      if (called != operation || !input.is_object()) return;
      const auto found = input.find(member);
      if (found != input.end()) edit(*found);
    };
    return hooks;
  });
}

Fault refuses(About about, std::string_view operation, Predicate when, Failure with) {
  return fault(std::move(about), [=] {
    FaultHooks hooks;
    hooks.outcome = [=](std::string_view called, const Json& input, Outcome& outcome) {
      if (called == operation && input.is_object() && when(input)) outcome = tl::unexpected(with);
    };
    return hooks;
  });
}

Fault answers(About about, std::string_view operation, Predicate when,
              std::function<Json(const Json& input)> answer) {
  return fault(std::move(about), [=] {
    FaultHooks hooks;
    hooks.outcome = [=](std::string_view called, const Json& input, Outcome& outcome) {
      if (called == operation && !outcome && input.is_object() && when(input)) outcome = answer(input);
    };
    return hooks;
  });
}

Fault recodes(About about, std::string_view from, int status, std::string_view code) {
  return fault(std::move(about), [=] {
    FaultHooks hooks;
    hooks.outcome = [=](std::string_view, const Json&, Outcome& outcome) {
      if (refused(outcome, from)) outcome = refuse(std::string(code), outcome.error().message, status);
    };
    return hooks;
  });
}

Fault alters(About about, std::string_view operation,
             std::function<void(const Json& input, Json& output)> edit) {
  return fault(std::move(about), [=] {
    FaultHooks hooks;
    hooks.outcome = [=](std::string_view called, const Json& input, Outcome& outcome) {
      if (called == operation && outcome) edit(input, *outcome);
    };
    return hooks;
  });
}

Fault repairs(About about, std::function<void(std::string& body)> edit) {
  return fault(std::move(about), [=] {
    FaultHooks hooks;
    hooks.request = [=](wire::Request& request) { edit(request.body); };
    return hooks;
  });
}

Fault replies(About about, std::function<bool(const wire::Request&)> when, int status, std::string body,
              std::string content_type) {
  return fault(std::move(about), [=] {
    FaultHooks hooks;
    hooks.response = [=](const wire::Request& request, std::uint64_t, wire::Response& response) {
      if (!when(request)) return;
      response.status = status;
      response.reason = reason_phrase(status);
      response.headers.remove("X-Amzn-Errortype");
      response.headers.set("Content-Type", content_type);
      response.body = body;
    };
    return hooks;
  });
}

Fault delivers(About about, std::function<bool(const wire::Request&, const wire::Response&)> when,
               Delivery delivery) {
  return fault(std::move(about), [=] {
    FaultHooks hooks;
    hooks.delivery = [=](const wire::Request& request, const wire::Response& response) {
      return when(request, response) ? delivery : Delivery{};
    };
    return hooks;
  });
}

Fault writes_errors(About about, std::function<void(Json& body, wire::Response&)> edit) {
  return fault(std::move(about), [=] {
    FaultHooks hooks;
    hooks.response = [=](const wire::Request& request, std::uint64_t, wire::Response& response) {
      if (response.status < 400 || request.method != "POST") return;
      auto body = wire::parse_json(response.body);
      if (!body || !body->value.is_object()) return;
      edit(body->value, response);
      // An edit that wrote the body itself leaves null.
      if (!body->value.is_null())
        response.body = body->value.dump(-1, ' ', true, Json::error_handler_t::replace);
    };
    return hooks;
  });
}

std::string_view operation_of(const wire::Request& request) {
  const auto target = request.headers.find("X-Amz-Target");
  if (!target) return {};
  const auto dot = target->rfind('.');
  return dot == std::string_view::npos ? std::string_view() : target->substr(dot + 1);
}

}  // namespace harness::reference
