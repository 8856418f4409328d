#pragma once

#include <map>
#include <string>

#include "harness/reference/operations.h"

/// Managed nodes of the reference endpoint: GetConnectionStatus, as the API reference documents it.
namespace conformance::ssm::nodes {

/// ServiceOptions::initial: managed nodes that exist, and whether their agent is connected. Any other Target
/// is `notconnected`.
struct Initial {
  std::map<std::string, bool> connected;
};

/// Dialect::of_family.
struct Variation {
  bool unknown_connected = false;  ///< a Target that is none of its nodes is connected
  bool only_node_ids = false;      ///< refuses a Target that does not look like a node's id (i-…, mi-…)
  bool knows_its_nodes = false;    ///< refuses a Target that is none of its nodes
  bool refuses_controls = false;   ///< refuses a Target that holds control characters
};

void add_operations(const harness::reference::Setup& setup);

}  // namespace conformance::ssm::nodes
