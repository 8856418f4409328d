#pragma once

#include "harness/oracle/operation_rules.h"

/// What the referee knows of documents and of who they are shared with.
namespace conformance::ssm {

/// Adds the rules of this family's operations.
void add_document_rules(harness::oracle::ServiceRules::Map& rules);

}  // namespace conformance::ssm
