#include "conformance/ssm/rules.h"

namespace conformance::ssm {

const harness::oracle::ServiceRules& rules() {
  static const harness::oracle::ServiceRules all = [] {
    auto by_family = rules_of_families();
    return harness::oracle::ServiceRules({by_family.begin(), by_family.end()});
  }();
  return all;
}

}  // namespace conformance::ssm
