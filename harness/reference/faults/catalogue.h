#pragma once

#include <vector>

#include "harness/reference/fault.h"

/// The parts of the fault catalogue, by what they break.
namespace harness::reference {

std::vector<Fault> name_faults();               ///< DescribeDocumentPermission: Name
std::vector<Fault> max_results_faults();        ///< DescribeDocumentPermission: MaxResults
std::vector<Fault> member_faults();             ///< PermissionType, NextToken, Target
std::vector<Fault> error_code_faults();         ///< which error, and with which status
std::vector<Fault> envelope_faults();           ///< how an error is written
std::vector<Fault> token_faults();              ///< which tokens are accepted
std::vector<Fault> paging_faults();             ///< what stands on which page
std::vector<Fault> output_faults();             ///< members, types and spelling of outputs
std::vector<Fault> relation_faults();           ///< between calls: sharing, status, documents
std::vector<Fault> change_faults();             ///< how changes are made, and names kept
std::vector<Fault> json_faults();               ///< how bodies are read
std::vector<Fault> protocol_faults();           ///< targets, methods, content types, headers
std::vector<Fault> authentication_faults();     ///< signatures
std::vector<Fault> connection_faults();         ///< framing, keep-alive, hangs, deaths
std::vector<Fault> fixture_operation_faults();  ///< CreateDocument, ModifyDocumentPermission, DeleteDocument
std::vector<Fault> state_faults();              ///< what one request does to the next, and concurrency
std::vector<Fault> rare_faults();               ///< meant for the fuzzers

}  // namespace harness::reference
