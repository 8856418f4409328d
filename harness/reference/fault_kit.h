#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "harness/reference/fault.h"

/// What faults are made of: the ways in which endpoints usually go wrong, as hooks.
namespace harness::reference {

/// What every fault says of itself.
struct About {
  std::string name;
  FaultClass fault_class;
  std::string clause;
  Difficulty difficulty;
  std::string description;
};

/// A fault whose hooks have no state of their own, or make it in `make`.
Fault fault(About about, std::function<FaultHooks()> make);

/// The text of a string member; nothing if it is absent or no string.
std::optional<std::string> text_of(const wire::Json& input, std::string_view member);
/// True if the member is absent or null.
bool absent(const wire::Json& input, std::string_view member);
/// True if the member is there, and null.
bool is_null(const wire::Json& input, std::string_view member);
/// True if the outcome is a refusal (with this code, if one is given).
bool refused(const Outcome& outcome, std::string_view code = {});

using Edit = std::function<void(wire::Json& value)>;
/// Before they are checked, inputs of the operation are read as what `edit` makes of them.
Fault reads(About about, std::string_view operation, Edit edit);
/// Before it is checked, the member of this operation's input (if it is there, null included) is changed by
/// `edit`: how endpoints accept what they should not.
Fault reads_as(About about, std::string_view operation, std::string_view member, Edit edit);

using Predicate = std::function<bool(const wire::Json& input)>;
/// Fulfilled by inputs whose member is a text in which the pattern (of RE2) matches somewhere.
Predicate matches(std::string member, const std::string& pattern);
/// Inputs of the operation that fulfil `when` are refused, whatever is right.
Fault refuses(About about, std::string_view operation, Predicate when,
              Failure with = {400, "ValidationException", "1 validation error detected"});
/// Inputs of the operation that were refused and fulfil `when` get `answer` instead.
Fault answers(About about, std::string_view operation, Predicate when,
              std::function<wire::Json(const wire::Json& input)> answer);
/// Refusals of the operation with this code become `answer`.
Fault accepts(About about, std::string_view operation, std::string_view code,
              wire::Json answer = wire::Json::object());
/// Refusals with the code `from` (of any operation, or of none) become `to`; its message stays.
Fault recodes(About about, std::string_view from, int status, std::string_view code);
/// Outputs of the operation are changed by `edit`.
Fault alters(About about, std::string_view operation,
             std::function<void(const wire::Json& input, wire::Json& output)> edit);
/// The same with the whole of successful responses.
Fault alters_response(About about, std::string_view operation, std::function<void(wire::Response&)> edit);
/// Request bodies that fulfil `when` are read as what `edit` makes of them.
Fault repairs(About about, std::function<void(std::string& body)> edit);
/// Requests that fulfil `when` are answered with this status and body.
Fault replies(About about, std::function<bool(const wire::Request&)> when, int status, std::string body,
              std::string content_type = "text/html");
/// Responses to requests that fulfil `when` go out like this.
Fault delivers(About about, std::function<bool(const wire::Request&, const wire::Response&)> when,
               Delivery delivery);
/// The bodies of errors (JSON objects with a status of 400 or more) are changed by `edit`.
Fault writes_errors(About about, std::function<void(wire::Json& body, wire::Response&)> edit);

/// Inputs of the operation that fulfil `when` make the endpoint fail with InternalServerError.
Fault breaks(About about, std::string_view operation, Predicate when);
/// Requests that fulfil `when` do, whatever they ask for.
Fault breaks_on_request(About about, std::function<bool(const wire::Request&)> when);

/// The operation that a request names, or "".
std::string_view operation_of(const wire::Request& request);
/// The names of the output's members, each with a small first letter.
void lower_members(wire::Json& output);
void set_status(wire::Response& response, int status);

}  // namespace harness::reference
