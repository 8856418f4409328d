#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/model/validate.h"
#include "harness/wire/sigv4.h"

/// The rules that a request can break, and their names.
namespace harness::oracle {

/// A rule that a request can break, in the order in which AWS checks them (FACTS: method, body parses,
/// target, authentication, types, constraints; then the operation itself).
enum class Rule {
  // HTTP
  request_line,      ///< the first line is not a request line
  incomplete,        ///< the bytes end before the message does: waiting for more is right
  framing,           ///< any other breach of HTTP/1.1 message syntax (RFC 9112)
  transfer_coding,   ///< a transfer-coded request: awsJson1_1 does not speak of it
  method,            ///< not POST
  path,              ///< not "/" (under the base path)
  content_type,      ///< not the protocol's: application/x-amz-json-1.1 or -1.0, as the model says
  large_head,        ///< headers of more than 8 KiB in all: servers limit them, and differ
  large_body,        ///< a body over 128 KiB: services limit it, and differ
  removable_header,  ///< Connection names a header of the request: an intermediary removes it
  // body
  empty_body,
  not_json,
  not_an_object,
  uncertain_json,  ///< JSON that readers understand differently (duplicate members, a byte order mark, very
                   ///< deep)
  // target
  no_target,
  unknown_target,
  target_form,  ///< an operation of the service, but its prefix in another case or form
  repeated_target,
  unmodelled_target,  ///< an operation of the service that the model does not describe
  // authentication (only where the endpoint verifies it)
  not_signed,
  incomplete_signature,
  unknown_key,
  wrong_scope,
  expired,
  wrong_signature,
  foreign_authorization,  ///< not signed as this run signs, where the endpoint verifies no signatures
  // members
  type,
  integer_size,
  required,
  length,
  range,
  pattern,
  enumeration,
  uncertain_value,  ///< a value that the specification leaves open
  unusual_text,     ///< NUL and unusual Unicode in free text
  page_token,       ///< a token that no answer of the operation issued, which declares an error for that
  page_token_undeclared,  ///< the same, where it declares none
  // the operation
  state,  ///< what the operation asks of the endpoint's state; OperationRules says what, by name
};

/// "not-json"
std::string_view to_string(Rule rule);

/// The rule of this name, as signatures hold it; nothing for the name of a state.
std::optional<Rule> parse_rule(std::string_view name);

/// A request that breaks the rule, for people, as the beginning of a sentence: "a body that is not JSON".
std::string_view described(Rule rule);

/// True for what the model says of a member's value: its type, whether it is there, its constraints, and
/// whether they can be told.
constexpr bool is_of_member(Rule rule) {
  return rule >= Rule::type && rule <= Rule::unusual_text;
}

/// A rule that one request breaks.
struct RequestViolation {
  Rule rule;
  std::string member;      ///< the member concerned ("Name"), or ""
  std::string detail;      ///< for people: "Member must have value less than or equal to 200, and is '201'"
  std::string_view state;  ///< Rule::state: the name of what is broken, as in its row

  /// The rule's name; of Rule::state, the state's.
  std::string_view name() const;
};

/// The rule of a breach that the model finds.
Rule rule_of(model::Violation::Rule rule);

/// The rule of what is wrong with a signature; nothing if the signature is good.
std::optional<Rule> rule_of(wire::SignatureProblem problem);

}  // namespace harness::oracle
