#include "conformance/sequences.h"

#include "conformance/ssm/documents/sequence.h"

namespace conformance::pack {

fuzzers::SequenceRunner::Languages step_languages(fuzzers::Live& live) {
  fuzzers::SequenceRunner::Languages out;
  out.push_back(std::make_unique<ssm::documents::DocumentSteps>(live));
  return out;
}

}  // namespace conformance::pack
