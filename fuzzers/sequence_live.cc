// Sequences of calls that depend on one another, as lines of text (conformance/sequences.h). A model of what
// is there says what each answer must be.
#include <cstring>
#include <string>

#include "conformance/sequences.h"
#include "fuzzers/check.h"
#include "fuzzers/live_main.h"
#include "fuzzers/novelty_counters.h"

namespace {

std::unique_ptr<conformance::pack::Sequences>& sequences() {
  static auto* const the = new std::unique_ptr<conformance::pack::Sequences>();
  return *the;
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  auto live = fuzzers::start_live(*argc, *argv, "sequence_live");
  if (!live) return 0;
  sequences() = conformance::pack::sequences(*live);
  // To do nothing for a night would look like a pass.
  if (const auto possible = sequences()->possible(); !possible) {
    const std::string why = possible.error().message;
    live.reset();  // which ends what was spawned
    fuzzers::give_up({"live: not run: " + why, 5});
  }
  fuzzers::add_live_session(std::move(live));
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned int seed) {
  const std::string out = conformance::pack::mutate_sequence(fuzzers::as_text(data, size), seed, max_size);
  std::memcpy(data, out.data(), out.size());
  return out.size();
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzzers::hit_always();
  sequences()->one(fuzzers::as_text(data, size));
  fuzzers::end_if_over();
  return 0;
}
