#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/oracle/classify.h"
#include "harness/oracle/finding.h"
#include "harness/wire/message.h"

/// What an answer proves of an operation that is known by its model alone. Whether a service takes an input
/// that the model takes is not known: it may ask for a resource that exists, or for members that go together.
/// How it answers the control, the same input without what is tried, says what the answer can tell:
///
///     the control is       a request that breaks a rule, answered with …   proves
///     accepted             a validation error                              that the rule is kept
///                          success                                         that it is broken
///     refused, because     a validation error, or, of a token, one that    that it is kept
///     of something else    says that the token is wrong
///                          success                                         that it is broken
///                          the same refusal, or another declared one       nothing
///     refused as invalid   anything but a failing server                   nothing
///
/// A valid request proves something where it is answered as the control is, and nothing where it is refused
/// otherwise. That it is refused is never a defect, whatever is known of the operation: only the model says
/// that it is valid.
namespace harness::oracle {

/// How a control was answered.
struct ControlAnswer {
  enum class Kind {
    none,      ///< not at all, with a server error, or in no form that can be read
    accepted,  ///< 200
    refused,   ///< by an error that says nothing of the input's form
    invalid,   ///< by an error that says that its form is wrong
  };
  Kind kind = Kind::none;
  std::string code;  ///< of a refusal
};
ControlAnswer control_answer(const wire::Exchange& exchange);

/// Why the answer proves nothing, for people; "" if it does. `findings` are what judge() says of it: a
/// failing server and an answer of the wrong shape are proved by themselves.
std::string proves_nothing(const Classification& request, const wire::Exchange& answer,
                           const ControlAnswer& control, const std::vector<Finding>& findings);

}  // namespace harness::oracle
