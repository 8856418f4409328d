#include "conformance/ssm/rules.h"

// What the referee knows of Parameter Store beyond its model: so far, where the documentation says two
// things.
namespace conformance::ssm::parameters {
namespace {

using harness::oracle::Force;
using harness::oracle::OperationRules;
using harness::oracle::Provenance;
using harness::oracle::Rule;

OperationRules label_parameter_version() {
  OperationRules rules;
  rules.complete = false;
  rules.rows = {{Rule::length,
                 "Labels",
                 Force::discourages,
                 {{400, "ValidationException", Provenance::disputed}},
                 {},
                 "API_LabelParameterVersion says twice what becomes of a label that is too long: the request "
                 "is refused "
                 "by its constraint, or the label is not attached and stands in InvalidLabels"}};
  return rules;
}

}  // namespace

std::vector<NamedRules> rules() {
  return {{"LabelParameterVersion", label_parameter_version()}};
}

}  // namespace conformance::ssm::parameters
