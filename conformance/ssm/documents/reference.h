#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/reference/operations.h"

/// Documents of the reference endpoint, with their versions, tags and sharing, as the API reference documents
/// them.
namespace conformance::ssm::documents {

/// The kind of the resources in the store.
inline constexpr std::string_view kKind = "document";

/// ServiceOptions::initial: documents that exist from the start. They are not shared.
struct Initial {
  std::vector<std::string> names;
};

/// Dialect::of_family.
struct Variation {
  bool refuses_repeats = false;  ///< refuses to add an account that is there, or to remove one that is not
  bool impossible_name_is_unknown = false;  ///< a Name that no document can have is answered InvalidDocument
};

void add_operations(const harness::reference::Setup& setup);

}  // namespace conformance::ssm::documents
