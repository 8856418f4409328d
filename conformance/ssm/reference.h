#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/reference/dialect.h"
#include "harness/reference/fault.h"
#include "harness/reference/operations.h"
#include "harness/reference/service.h"

/// The reference endpoint of SSM: the families of this pack for the engine in harness/reference, their
/// dialects and planted faults. It shares nothing with the referee's rules but the model.
namespace conformance::ssm {

/// For harness::reference::Service and Server.
const harness::reference::ServiceDefinition& reference_service();

/// For families' files, of the folder `queues` say: `reference.cc` defines
/// `ServiceDefinition conformance::ssm::queues::reference()`, and each `faults_x.cc` the planted faults
/// `std::vector<Fault> conformance::ssm::queues::faults_x()`. The build writes these functions from the files
/// that there are (scripts/cmake/Pack.cmake).
harness::reference::ServiceDefinition reference_of_families();
std::vector<harness::reference::Fault> faults_of_families();

/// The documents that exist from the start (not shared), to be filled in.
std::vector<std::string>& initial_documents(harness::reference::ServiceOptions& options);
/// Managed nodes that exist, and whether their agent is connected, to be filled in.
std::map<std::string, bool>& initial_nodes(harness::reference::ServiceOptions& options);
/// Names of the documents that exist now, sorted.
std::vector<std::string> documents_in(const harness::reference::Service& service);

/// Every dialect, in the order of documentation.
const std::vector<harness::reference::NamedDialect>& dialects();
const harness::reference::NamedDialect* find_dialect(std::string_view name);

/// Every planted fault, in the order of documentation. Names are unique.
const std::vector<harness::reference::Fault>& faults();
const harness::reference::Fault* find_fault(std::string_view name);

}  // namespace conformance::ssm
