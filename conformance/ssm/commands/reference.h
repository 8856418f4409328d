#pragma once

#include "harness/reference/operations.h"

/// Run Command on the reference endpoint, where no node ever runs anything: SendCommand, ListCommands,
/// ListCommandInvocations, GetCommandInvocation and CancelCommand, as the API reference documents them.
namespace conformance::ssm::commands {

void add_operations(const harness::reference::Setup& setup);

}  // namespace conformance::ssm::commands
