#pragma once

#include <string_view>

/// Parameter Store on the reference endpoint: names and hierarchies, versions with their labels, tags, paths
/// and filters.
///
/// Sources: the API reference of the operations, and of Parameter Store in the user guide
/// (https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html).
namespace conformance::ssm::parameters {

/// The kind under which the store has them.
inline constexpr std::string_view kKind = "parameter";

}  // namespace conformance::ssm::parameters
