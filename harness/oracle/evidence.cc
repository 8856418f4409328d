#include "harness/oracle/evidence.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "harness/oracle/judge.h"
#include "harness/wire/error_envelope.h"

namespace harness::oracle {
namespace {

using Kind = ControlAnswer::Kind;

// The common errors, and what services call the same:
// https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
constexpr std::array<std::string_view, 7> kValidationErrors = {
    "ValidationException",          "ValidationError",
    "SerializationException",       "MissingParameter",
    "InvalidParameterValue",        "InvalidParameterCombination",
    "MalformedHttpRequestException"};

std::string code_of(const wire::Exchange& exchange) {
  const auto envelope = wire::read_error_envelope(exchange.response);
  return envelope && envelope->body_type ? *envelope->body_type : std::string();
}

// What is wrong whatever was asked: not that a request was accepted, or refused for this reason or that.
bool shown_by_itself(const Finding& f) {
  return f.severity == Severity::defect && f.rule != "outcome/accepted" && f.rule != "outcome/rejected" &&
         f.rule != "outcome/wrong-code";
}

bool is_validation_error(std::string_view code) {
  return std::find(kValidationErrors.begin(), kValidationErrors.end(), code) != kValidationErrors.end();
}

}  // namespace

ControlAnswer control_answer(const wire::Exchange& exchange) {
  if (exchange.transport != wire::Transport::answered) return {};
  const int status = exchange.response.status;
  if (status == 200) return {Kind::accepted, {}};
  if (status < 400 || status >= 500) return {};
  std::string code = code_of(exchange);
  if (code.empty()) return {};
  return {is_validation_error(code) ? Kind::invalid : Kind::refused, std::move(code)};
}

std::string proves_nothing(const Classification& request, const wire::Exchange& answer,
                           const ControlAnswer& control, const std::vector<Finding>& findings) {
  if (std::any_of(findings.begin(), findings.end(), shown_by_itself)) return {};
  const ControlAnswer it = control_answer(answer);
  if (control.kind == Kind::invalid) {
    return fmt::format(
        "the endpoint refuses the input that the model takes for valid ({}): the model alone does not say "
        "what "
        "it lacks",
        control.code);
  }
  // What the state of a resource asks for, the control asks for too.
  const bool breaks_a_rule = std::any_of(request.violations.begin(), request.violations.end(),
                                         [](const auto& v) { return v.rule != Rule::state; });
  if (!breaks_a_rule) {
    if (it.kind == Kind::accepted) return {};
    // A refusal that no rule admits says the same of both: that the service asks for more than its model.
    if (it.kind == control.kind && it.code == control.code && !has_defect(findings)) return {};
    return fmt::format(
        "refused with {}, though the model allows it: the service may know more than its model", it.code);
  }
  const bool refused = it.kind == Kind::refused;
  if (!refused || control.kind != Kind::refused) return {};
  if (it.code == control.code)
    return fmt::format("refused with {}, as without what is wrong: what the request names must exist to tell",
                       it.code);
  const auto& of_token = request.token_errors;
  if (std::find(of_token.begin(), of_token.end(), it.code) != of_token.end()) return {};
  if (request.operation != nullptr && request.operation->declares(it.code)) {
    return fmt::format("refused with {}, which may be for something else, as the control is ({})", it.code,
                       control.code);
  }
  return {};
}

}  // namespace harness::oracle
