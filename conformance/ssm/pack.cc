#include "conformance/pack.h"

#include <algorithm>

#include "conformance/ssm/reference.h"
#include "conformance/ssm/resources.h"
#include "conformance/ssm/rules.h"

namespace conformance::pack {
namespace {

// Between versions of a model its id may change: what clients address does not.
constexpr std::string_view kTargetPrefix = "AmazonSSM";
constexpr const char* kExampleDocument = "Example";
constexpr const char* kExampleNode = "i-02573cafcfEXAMPLE";

}  // namespace

std::string_view service() {
  return "SSM";
}

bool is_of(const harness::model::ServiceIdentity& service) {
  return service.target_prefix == kTargetPrefix;
}

const harness::oracle::ServiceRules& rules() {
  return ssm::rules();
}

const harness::reference::ServiceDefinition& reference() {
  return ssm::reference_service();
}

bool can_make_resources(const harness::reference::Dialect& dialect) {
  const auto& only = dialect.only_operations;
  return only.empty() || std::find(only.begin(), only.end(), "CreateDocument") != only.end();
}

// Derived requests overwrite, so that they can be repeated, and tags are given to new parameters only; and no
// text that follows from the model is a data type.
bool stays_unchecked(std::string_view case_id) {
  return case_id.starts_with("PutParameter/Tags") || case_id.starts_with("PutParameter/DataType/");
}

harness::run::Given populate(harness::reference::ServiceOptions& options) {
  harness::run::Given given;
  ssm::initial_nodes(options)[kExampleNode] = true;
  given[ssm::kNode] = kExampleNode;
  if (!can_make_resources(options.dialect)) {
    ssm::initial_documents(options) = {kExampleDocument};
    given[ssm::kDocument] = kExampleDocument;
  }
  return given;
}

const std::vector<harness::reference::NamedDialect>& dialects() {
  return ssm::dialects();
}

const harness::reference::NamedDialect* find_dialect(std::string_view name) {
  return ssm::find_dialect(name);
}

const std::vector<harness::reference::Fault>& faults() {
  return ssm::faults();
}

const harness::reference::Fault* find_fault(std::string_view name) {
  return ssm::find_fault(name);
}

}  // namespace conformance::pack
