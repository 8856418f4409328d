#include "conformance/ssm/finding_rules.h"

namespace conformance::ssm::protocol {

std::vector<FindingRule> finding_rules() {
  return {
      {"relation/crossed", "The answer belongs to another request that was sent at the same time."},
  };
}

}  // namespace conformance::ssm::protocol
