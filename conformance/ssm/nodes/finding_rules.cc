#include "conformance/ssm/finding_rules.h"

namespace conformance::ssm::nodes {

std::vector<FindingRule> finding_rules() {
  return {
      {"relation/echo", "The answer gives back another value than the one that was sent."},
      {"relation/status", "The status of a node is not the one that it has."},
  };
}

}  // namespace conformance::ssm::nodes
