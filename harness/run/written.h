#pragma once

#include <string>
#include <vector>

#include "harness/model/model.h"
#include "harness/run/catalogue.h"

/// Whether a resource is shown as it was written.
namespace harness::run {

/// The object in the answer of the kind's `read` that shows one; null if there is none.
wire::Json shown_in(const ResourceKind& kind, const wire::Json& answer);

/// Members of `written`, an input that made or changed one, that `shown` lacks or shows otherwise, of those
/// that both shapes have. Other members may stand beside them, at any depth.
std::vector<std::string> not_as_written(const model::Model& model, const ResourceKind& kind,
                                        const wire::Json& shown, const wire::Json& written);

/// "Size 3", or "Size not at all", for people.
std::string member_as_shown(const wire::Json& shown, const std::string& member);

}  // namespace harness::run
