#pragma once

#include "fuzzers/live.h"

/// Between a live target and the mutator of HTTP text (fuzzers/http_mutator.h).
namespace fuzzers {

/// Makes the mutator as the configuration says, and tells it tokens as the endpoint issues them. `live` must
/// outlive every mutation.
void connect_mutator(Live& live);

}  // namespace fuzzers
