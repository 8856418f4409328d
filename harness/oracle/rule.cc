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

std::optional<Rule> parse_rule(std::string_view name) {
  for (int i = 0; i < static_cast<int>(Rule::state); ++i) {
    if (to_string(static_cast<Rule>(i)) == name) return static_cast<Rule>(i);
  }
  return std::nullopt;
}

std::string_view described(Rule rule) {
  static constexpr std::array texts = {"a request without a proper request line",
                                       "a request that ends too early",
                                       "a request that is not well-formed HTTP",
                                       "a transfer-coded request",
                                       "another method than POST",
                                       "another path than the service's",
                                       "another content type",
                                       "a very large head",
                                       "a very large body",
                                       "a header that Connection names",
                                       "an empty body",
                                       "a body that is not JSON",
                                       "a body that is JSON, but no object",
                                       "JSON that readers understand differently",
                                       "a request without a target",
                                       "a target that does not exist",
                                       "a target in another form",
                                       "a target that is given twice",
                                       "an operation that the model does not describe",
                                       "a request that is not signed",
                                       "an incomplete signature",
                                       "a signature with an unknown key",
                                       "a signature for another scope",
                                       "a signature that has expired",
                                       "a wrong signature",
                                       "a foreign Authorization header",
                                       "a member of another type",
                                       "a number that does not fit its integer type",
                                       "a request without a required member",
                                       "a member of another length",
                                       "a member out of its range",
                                       "a member that does not match its pattern",
                                       "a member with none of the enumerated values",
                                       "a value that the specification leaves open",
                                       "unusual characters in a text",
                                       "a page token that was never issued",
                                       "a page token that was never issued",
                                       "a request that the endpoint's state forbids"};
  static_assert(texts.size() == static_cast<std::size_t>(Rule::state) + 1);
  return texts[static_cast<std::size_t>(rule)];
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
