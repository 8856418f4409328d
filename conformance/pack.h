#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/model/model.h"
#include "harness/oracle/operation_rules.h"
#include "harness/reference/dialect.h"
#include "harness/reference/fault.h"
#include "harness/reference/operations.h"
#include "harness/reference/service.h"
#include "harness/run/fixtures.h"

/// The service pack that this program is built with, by names that say nothing of the service: what the
/// fuzzers and whatever else serves any service know of it. conformance/ssm implements it.
namespace conformance::pack {

/// The service that it is of, as the SDKs call it.
std::string_view service();
/// Whether a model describes that service, in whatever version and form.
bool is_of(const harness::model::ServiceIdentity& service);
/// What its operations mean.
const harness::oracle::ServiceRules& rules();
/// How the reference endpoint plays it.
const harness::reference::ServiceDefinition& reference();
/// Puts what no run can make into a reference endpoint, its dialect considered. Returns what a user would
/// name of it.
harness::run::Given populate(harness::reference::ServiceOptions& options);
/// Whether a run can make what its cases need on an endpoint of this dialect.
bool can_make_resources(const harness::reference::Dialect& dialect);
/// True for derived cases that no faithful endpoint lets be judged: their controls break what the model does
/// not say.
bool stays_unchecked(std::string_view case_id);
/// Legitimate ways to differ, in the order of documentation.
const std::vector<harness::reference::NamedDialect>& dialects();
/// nullptr if there is none of this name.
const harness::reference::NamedDialect* find_dialect(std::string_view name);
/// Planted faults, in the order of documentation. Names are unique.
const std::vector<harness::reference::Fault>& faults();
const harness::reference::Fault* find_fault(std::string_view name);

}  // namespace conformance::pack
