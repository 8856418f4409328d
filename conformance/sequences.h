#pragma once

#include "fuzzers/sequence.h"

namespace conformance::pack {

/// The steps that the pack knows more about than the catalogue says: what sequence_live fuzzes with, beside
/// those about any kind of resource. `live` must outlive them.
fuzzers::SequenceRunner::Languages step_languages(fuzzers::Live& live);

}  // namespace conformance::pack
