#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/model.h"
#include "harness/oracle/knowledge.h"
#include "harness/oracle/operation_rules.h"
#include "harness/oracle/permitted_by_header.h"
#include "harness/oracle/rule.h"
#include "harness/wire/json.h"
#include "harness/wire/message.h"

/// What is wrong with a request: the first half of the oracle. A pure function of the request's bytes, the
/// model and what is known of the endpoint.
namespace harness::oracle {

struct Classification {
  const model::Operation* operation = nullptr;  ///< nullptr if the target names none of the model
  const OperationRules* rules = nullptr;        ///< nullptr if nothing is known of what it means
  std::string target;                           ///< the operation's name as sent, whether known or not
  std::vector<RequestViolation> violations;     ///< in check order; empty: a valid request
  wire::Json input;                             ///< the modelled members of the body, if it is a JSON object
  std::string_view media_type;                  ///< of the service's requests and answers; the model's own
  std::vector<std::string_view> token_errors;   ///< errors that say that the token is wrong, if it is
  std::vector<const HeaderPermission*> permissions;  ///< what the headers admit, whatever else is asked

  /// Whether it is known what the operation needs besides what its model says.
  bool needs_are_known() const { return rules != nullptr && rules->complete; }
  bool breaks(Rule rule) const;
  bool breaks_state(std::string_view name) const;
  /// The violations' kinds in one word for signatures: "range:MaxResults+required:Name", or "valid".
  std::string kind() const;
};

/// Classifies exactly what is sent `now`. Bytes that are no well-formed HTTP request have one violation that
/// says why. The model and the rules must outlive what is returned.
Classification classify(const model::Model& model, const ServiceRules& rules, std::string_view request_bytes,
                        const Knowledge& knowledge, std::chrono::system_clock::time_point now);

}  // namespace harness::oracle
