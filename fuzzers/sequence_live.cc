// Sequences of calls on documents, as lines of text (fuzzers/sequence.h): create, share, describe, page,
// unshare, delete, status. A model of the documents' state says what each answer must be.
#include <algorithm>
#include <cstring>
#include <string>

#include "fuzzers/check.h"
#include "fuzzers/live_main.h"
#include "fuzzers/novelty_counters.h"
#include "fuzzers/sequence.h"

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  auto live = fuzzers::start_live(*argc, *argv, "sequence_live");
  if (!live) return 0;
  // Without documents there is nothing to do, and to do nothing for a night would look like a pass.
  if (const auto can = live->world().creates_documents(); !can) {
    const std::string why = can.error().message;
    live.reset();  // which ends what was spawned
    fuzzers::give_up({"live: not run: sequence_live needs documents, and none can be created: " + why, 5});
  }
  fuzzers::add_live_session(std::move(live));
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned int seed) {
  const std::string out = fuzzers::mutate_steps(fuzzers::as_text(data, size), seed, max_size);
  std::memcpy(data, out.data(), out.size());
  return out.size();
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzzers::hit_always();
  fuzzers::SequenceRunner(fuzzers::live_session()).one(fuzzers::as_text(data, size));
  fuzzers::end_if_over();
  return 0;
}
