#include "conformance/ssm/rules.h"

#include "conformance/ssm/documents/rules.h"
#include "conformance/ssm/nodes/rules.h"

namespace conformance::ssm {

const harness::oracle::ServiceRules& rules() {
  static const harness::oracle::ServiceRules all = [] {
    harness::oracle::ServiceRules::Map by_operation;
    add_document_rules(by_operation);
    add_node_rules(by_operation);
    return harness::oracle::ServiceRules(std::move(by_operation));
  }();
  return all;
}

}  // namespace conformance::ssm
