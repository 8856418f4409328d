#pragma once

#include <vector>

#include "harness/model/model.h"
#include "harness/run/case.h"
#include "harness/run/catalogue.h"

/// What must hold of a resource from the call that makes it to the one that removes it, for every kind of
/// which the catalogue says enough (model::ResourceKind::has_life()):
///
///     <read>/lifecycle/<kind>/shown         what was written is shown
///     <list>/lifecycle/<kind>/listed        each is named once, on pages that end and are as asked
///     <list>/lifecycle/<kind>/altered-token, foreign-token
///                                           what no answer of it issued is no token of it
///     <update>/lifecycle/<kind>/changed     what is sent is changed, and what is not sent is kept
///     <update>/lifecycle/<kind>/absent      what was removed cannot be changed
///     <create>/lifecycle/<kind>/taken       a name that is taken is refused
///     <part's add>/lifecycle/<kind>/<part>  what was added is there, and what was taken away is not
///     <remove>/lifecycle/<kind>/removed     what was removed is not there any more
///     <remove>/lifecycle/<kind>/twice       what was removed cannot be removed again
///
/// Where an operation declares no error for what does not exist, an unknown id may as well be answered with
/// success: the cases about that are left out. A call that the endpoint lacks leaves its case unchecked.
namespace harness::run {

std::vector<Case> lifecycle_cases(const model::Model& model, const Catalogue& catalogue);

}  // namespace harness::run
