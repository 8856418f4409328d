#pragma once

#include "fuzzers/live.h"

/// The custom mutator and crossover of the targets whose inputs are HTTP text (harness/generate/mutator.h).
/// Targets that link live_mutator.cc have them.
namespace fuzzers {

/// Gives the mutator what this endpoint is known to have: the placeholders of fixtures, and tokens as they
/// are issued. `live` must outlive every mutation.
void connect_mutator(Live& live);

}  // namespace fuzzers
