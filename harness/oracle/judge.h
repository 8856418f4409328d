#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/oracle/admissible.h"
#include "harness/oracle/classify.h"
#include "harness/oracle/finding.h"
#include "harness/oracle/signature.h"
#include "harness/wire/message.h"

/// The second half of the oracle: an answer against what is admissible. Pure.
namespace harness::oracle {

/// The kind of an answer without anything that could be an echo of the request: "400 ValidationException",
/// "200 {Items:[],NextToken:string}", "500 not-json", "timed_out".
std::string answer_kind(const wire::Exchange& exchange);

/// The last part of a signature: the kind of answer, but of a success its status alone, unless the rule is
/// about its shape. A request that should have been refused is the same finding whatever it was given.
std::string answer_kind_for(std::string_view rule, const wire::Exchange& exchange);

/// The parts of a signature that the request decides.
Signature signature_of(const Classification& request);

/// Judges one answer. No findings: kept, unless the answer is throttling(), which says nothing: ask before.
std::vector<Finding> judge(const Classification& request, const Expectation& expectation,
                           const wire::Exchange& exchange, const Knowledge& knowledge);

/// The findings of severity `defect` are what makes a case fail.
bool has_defect(const std::vector<Finding>& findings);

/// True if an answer says that the endpoint does not have the operation (501, UnknownOperationException and
/// the like), or is of the kind that it gives to an operation that surely does not exist, if it gave any.
/// `to_known` answers a valid request, `to_unknown` one for such an operation.
bool means_not_implemented(const wire::Exchange& to_known, const wire::Exchange& to_unknown);

}  // namespace harness::oracle
