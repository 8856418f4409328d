#include "conformance/ssm/finding_rules.h"

namespace conformance::ssm::protocol {

std::vector<FindingRule> finding_rules() {
  return {
      {"relation/crossed", "The answer belongs to another request that was sent at the same time."},
      {"relation/refused", "What the documentation rules out was done."},
      {"relation/refused-otherwise", "It was refused, but with another error than the one that says why."},
  };
}

}  // namespace conformance::ssm::protocol
