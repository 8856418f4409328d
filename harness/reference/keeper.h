#pragma once

#include "harness/model/kinds.h"
#include "harness/reference/operations.h"

namespace harness::reference {

/// A family that makes, shows, lists, changes and removes resources of every kind of which the data says
/// enough (model::ResourceKind::has_life()), as each kind's calls are described: what was written is shown by
/// members of the same names. Nothing else is known of them. A family that is added behind it has its
/// operations instead. The kinds must outlive the service.
Family keeping(const model::ResourceKinds& kinds);

}  // namespace harness::reference
