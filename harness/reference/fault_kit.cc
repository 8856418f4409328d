#include "harness/reference/fault_kit.h"

#include <re2/re2.h>

namespace harness::reference {

using wire::Json;

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

bool is_null(const Json& input, std::string_view member) {
  const auto found = input.find(member);
  return found != input.end() && found->is_null();
}

bool refused(const Outcome& outcome, std::string_view code) {
  return !outcome && (code.empty() || outcome.error().code == code);
}

Fault reads(About about, std::string_view operation, Edit edit) {
  return fault(std::move(about), [=] {
    FaultHooks hooks;
    hooks.input = [=](std::string_view called, Json& input) {
      if (called == operation && input.is_object()) edit(input);
    };
    return hooks;
  });
}

Fault reads_as(About about, std::string_view operation, std::string_view member, Edit edit) {
  return reads(std::move(about), operation, [=](Json& input) {
    const auto found = input.find(member);
    if (found != input.end()) edit(*found);
  });
}

Predicate matches(std::string member, const std::string& pattern) {
  const auto compiled = std::make_shared<const RE2>(pattern);
  return [=, member = std::move(member)](const Json& input) {
    const auto text = text_of(input, member);
    return text && RE2::PartialMatch(*text, *compiled);
  };
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

Fault accepts(About about, std::string_view operation, std::string_view code, Json answer) {
  return fault(std::move(about), [=] {
    FaultHooks hooks;
    hooks.outcome = [=](std::string_view called, const Json&, Outcome& outcome) {
      if (called == operation && refused(outcome, code)) outcome = answer;
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

Fault alters_response(About about, std::string_view operation, std::function<void(wire::Response&)> edit) {
  return fault(std::move(about), [=] {
    FaultHooks hooks;
    hooks.response = [=](const wire::Request& request, std::uint64_t, wire::Response& response) {
      if (response.status == 200 && operation_of(request) == operation) edit(response);
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
      set_status(response, status);
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

Fault breaks(About about, std::string_view operation, Predicate when) {
  return refuses(std::move(about), operation, std::move(when),
                 {500, "InternalServerError", "The service failed."});
}

Fault breaks_on_request(About about, std::function<bool(const wire::Request&)> when) {
  return replies(
      std::move(about),
      [=](const wire::Request& request) { return request.method == "POST" && when(request); }, 500,
      R"({"__type":"InternalServerError"})", "application/x-amz-json-1.1");
}

std::string_view operation_of(const wire::Request& request) {
  const auto target = request.headers.find("X-Amz-Target");
  if (!target) return {};
  const auto dot = target->rfind('.');
  return dot == std::string_view::npos ? std::string_view() : target->substr(dot + 1);
}

void lower_members(Json& output) {
  Json other = Json::object();
  for (const auto& [name, value] : output.items()) {
    const char first = static_cast<char>(name[0] | 0x20);
    other[first + name.substr(1)] = value;
  }
  output = std::move(other);
}

void set_status(wire::Response& response, int status) {
  response.status = status;
  response.reason = reason_phrase(status);
}

}  // namespace harness::reference
