#pragma once

#include <vector>

#include "harness/reference/fault.h"

/// The parts of the fault catalogue, by family and by what they break. faults.cc puts them in order.
namespace conformance::ssm::documents {

using Faults = std::vector<harness::reference::Fault>;

Faults name_faults();         ///< DescribeDocumentPermission: Name
Faults max_results_faults();  ///< DescribeDocumentPermission: MaxResults
Faults member_faults();       ///< PermissionType, NextToken
Faults token_faults();        ///< which tokens are accepted
Faults paging_faults();       ///< what stands on which page
Faults output_faults();       ///< members, types and spelling of outputs
Faults relation_faults();     ///< between calls: sharing, documents
Faults change_faults();       ///< how changes are made, and names kept
Faults operation_faults();    ///< CreateDocument, ModifyDocumentPermission, DeleteDocument
Faults rare_faults();         ///< meant for the fuzzers

}  // namespace conformance::ssm::documents

namespace conformance::ssm::nodes {

using Faults = std::vector<harness::reference::Fault>;

Faults target_faults();    ///< Target
Faults output_faults();    ///< members, types and spelling of outputs
Faults relation_faults();  ///< between a Target and its answer
Faults echo_faults();      ///< Targets that are compared or given back in part
Faults rare_faults();      ///< meant for the fuzzers

}  // namespace conformance::ssm::nodes

namespace conformance::ssm::protocol {

using Faults = std::vector<harness::reference::Fault>;

Faults error_code_faults();      ///< which error, and with which status
Faults envelope_faults();        ///< how an error is written
Faults json_faults();            ///< how bodies are read
Faults protocol_faults();        ///< targets, methods, content types, headers
Faults authentication_faults();  ///< signatures
Faults connection_faults();      ///< framing, keep-alive, hangs, deaths
Faults state_faults();           ///< what one request does to the next, and concurrency
Faults rare_faults();            ///< meant for the fuzzers

}  // namespace conformance::ssm::protocol
