#include "harness/oracle/rule.h"

#include <array>

namespace harness::oracle {

std::string_view to_string(Rule rule) {
  static constexpr std::array names = {"request-line",
                                       "incomplete",
                                       "framing",
                                       "transfer-coding",
                                       "method",
                                       "path",
                                       "content-type",
                                       "large-head",
                                       "large-body",
                                       "removable-header",
                                       "empty-body",
                                       "not-json",
                                       "not-an-object",
                                       "uncertain-json",
                                       "no-target",
                                       "unknown-target",
                                       "target-form",
                                       "repeated-target",
                                       "unmodelled-target",
                                       "not-signed",
                                       "incomplete-signature",
                                       "unknown-key",
                                       "wrong-scope",
                                       "expired",
                                       "wrong-signature",
                                       "foreign-authorization",
                                       "type",
                                       "integer-size",
                                       "required",
                                       "length",
                                       "range",
                                       "pattern",
                                       "enum",
                                       "uncertain-value",
                                       "unusual-text",
                                       "page-token",
                                       "page-token-undeclared",
                                       "state"};
  static_assert(names.size() == static_cast<std::size_t>(Rule::state) + 1);
  return names[static_cast<std::size_t>(rule)];
}

std::string_view RequestViolation::name() const {
  return rule == Rule::state ? state : to_string(rule);
}

Rule rule_of(model::Violation::Rule rule) {
  using M = model::Violation::Rule;
  switch (rule) {
    case M::type:
      return Rule::type;
    case M::integer_size:
      return Rule::integer_size;
    case M::required:
      return Rule::required;
    case M::length:
      return Rule::length;
    case M::range:
      return Rule::range;
    case M::pattern:
      return Rule::pattern;
    case M::enumeration:
      return Rule::enumeration;
  }
  return Rule::uncertain_value;
}

std::optional<Rule> rule_of(wire::SignatureProblem problem) {
  using P = wire::SignatureProblem;
  switch (problem) {
    case P::none:
      return std::nullopt;
    case P::missing:
      return Rule::not_signed;
    case P::incomplete:
      return Rule::incomplete_signature;
    case P::unknown_key:
      return Rule::unknown_key;
    case P::wrong_scope:
      return Rule::wrong_scope;
    case P::expired:
      return Rule::expired;
    case P::wrong_signature:
      return Rule::wrong_signature;
  }
  return std::nullopt;
}

}  // namespace harness::oracle
