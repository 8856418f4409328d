#include "conformance/ssm/reference.h"

#include <algorithm>

#include "conformance/ssm/documents/reference.h"
#include "conformance/ssm/nodes/reference.h"
#include "conformance/ssm/parameters/reference.h"
#include "embedded_resources.h"
#include "harness/model/kinds.h"
#include "harness/reference/keeper.h"
#include "harness/wire/json.h"

namespace conformance::ssm {
namespace {

// Those of which nothing else is known.
harness::model::ResourceKinds built_in_kinds() {
  const auto data = harness::wire::parse_json(embedded_resources::resources_json());
  auto kinds = harness::model::load_kinds(data->value.at("kinds"));
  auto out = kinds ? *std::move(kinds) : harness::model::ResourceKinds();
  std::erase_if(out, [](const auto& kind) {
    return kind.first == parameters::kKind;
  });  // which are more than what was written
  return out;
}

}  // namespace

const harness::reference::ServiceDefinition& reference_service() {
  static const harness::model::ResourceKinds kinds = built_in_kinds();
  static const harness::reference::ServiceDefinition definition = [] {
    auto out = reference_of_families();
    // Families come behind it, and have their operations instead.
    out.insert(out.begin(), harness::reference::keeping(kinds));
    return out;
  }();
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

const std::vector<harness::reference::Fault>& faults() {
  static const std::vector<harness::reference::Fault> all = faults_of_families();
  return all;
}

const harness::reference::Fault* find_fault(std::string_view name) {
  const auto& all = faults();
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& f) { return f.name == name; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace conformance::ssm
