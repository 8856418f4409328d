#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/base/ascii.h"
#include "harness/reference/fault_kit.h"

/// What the faults of SSM share: names of the engine's kit, and of the operations.
namespace conformance::ssm {

namespace base = harness::base;
namespace wire = harness::wire;

using harness::reference::About;
using harness::reference::Delivery;
using harness::reference::Difficulty;
using harness::reference::Edit;
using harness::reference::Failure;
using harness::reference::Fault;
using harness::reference::FaultClass;
using harness::reference::FaultHooks;
using harness::reference::Outcome;
using harness::reference::Predicate;

using harness::reference::absent;
using harness::reference::accepts;
using harness::reference::alters;
using harness::reference::alters_response;
using harness::reference::answers;
using harness::reference::breaks;
using harness::reference::breaks_on_request;
using harness::reference::delivers;
using harness::reference::fault;
using harness::reference::is_null;
using harness::reference::lower_members;
using harness::reference::matches;
using harness::reference::operation_of;
using harness::reference::reads;
using harness::reference::reads_as;
using harness::reference::reason_phrase;
using harness::reference::recodes;
using harness::reference::refuse;
using harness::reference::refused;
using harness::reference::refuses;
using harness::reference::repairs;
using harness::reference::replies;
using harness::reference::set_status;
using harness::reference::text_of;
using harness::reference::writes_errors;

inline constexpr std::string_view kDescribe = "DescribeDocumentPermission";
inline constexpr std::string_view kStatus = "GetConnectionStatus";
inline constexpr std::string_view kModify = "ModifyDocumentPermission";
inline constexpr std::string_view kCreate = "CreateDocument";
inline constexpr std::string_view kDelete = "DeleteDocument";

/// What a fault of medium difficulty says of itself.
About about_medium(std::string name, FaultClass fault_class, std::string clause, std::string description);

/// The faults of all lists, in order.
std::vector<Fault> joined(std::initializer_list<std::vector<Fault>> lists);

/// `clause` itself if it is a whole id ("protocol/…"), else what follows `root`.
std::string clause_id(std::string_view root, std::string_view clause);

/// DescribeDocumentPermission's answer for a document that is not shared.
wire::Json no_accounts();

}  // namespace conformance::ssm
