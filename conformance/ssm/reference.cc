#include "conformance/ssm/reference.h"

#include "conformance/ssm/documents/reference.h"
#include "conformance/ssm/nodes/reference.h"

namespace conformance::ssm {

const harness::reference::ServiceDefinition& reference_service() {
  static const harness::reference::ServiceDefinition definition = {documents::add_operations,
                                                                   nodes::add_operations};
  return definition;
}

std::vector<std::string>& initial_documents(harness::reference::ServiceOptions& options) {
  return options.initial.of<documents::Initial>().names;
}

std::map<std::string, bool>& initial_nodes(harness::reference::ServiceOptions& options) {
  return options.initial.of<nodes::Initial>().connected;
}

std::vector<std::string> documents_in(const harness::reference::Service& service) {
  return service.resources(documents::kKind);
}

}  // namespace conformance::ssm
