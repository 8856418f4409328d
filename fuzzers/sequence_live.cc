// Sequences of calls that depend on one another, as lines of text (sequence.h). Models of what is there say
// what each answer must be.
#include <cstring>
#include <string>

#include "conformance/sequences.h"
#include "fuzzers/check.h"
#include "fuzzers/kind_steps.h"
#include "fuzzers/live_main.h"
#include "fuzzers/novelty_counters.h"

namespace {

std::unique_ptr<fuzzers::SequenceRunner>& runner() {
  static auto* const the = new std::unique_ptr<fuzzers::SequenceRunner>();
  return *the;
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  auto live = fuzzers::start_live(*argc, *argv, "sequence_live");
  if (!live) return 0;
  auto languages = conformance::pack::step_languages(*live);
  languages.push_back(std::make_unique<fuzzers::KindSteps>(*live));
  runner() = std::make_unique<fuzzers::SequenceRunner>(*live, std::move(languages));
  // To do nothing for a night would look like a pass.
  if (const auto possible = runner()->possible(); !possible) {
    const std::string why = possible.error().message;
    live.reset();  // which ends what was spawned
    fuzzers::give_up({"live: not run: " + why, 5});
  }
  fuzzers::add_live_session(std::move(live));
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned int seed) {
  const std::string out = runner()->mutate(fuzzers::as_text(data, size), seed, max_size);
  std::memcpy(data, out.data(), out.size());
  return out.size();
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzzers::hit_always();
  runner()->one(fuzzers::as_text(data, size));
  fuzzers::end_if_over();
  return 0;
}
