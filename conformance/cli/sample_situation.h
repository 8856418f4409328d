#pragma once

#include "conformance/cli/case_data.h"
#include "harness/run/situation.h"

namespace conformance {

/// A situation in which everything is known: every fixture exists and signatures are verified. Nothing is
/// sent. For explaining a case, and for checking that each case breaks the rules that it says it breaks.
harness::run::Situation sample_situation(const CaseData& data);

}  // namespace conformance
