// One request to two endpoints, the configured one and SSM_FUZZ_OTHER_URL: where the kinds of their answers
// differ, and exactly one of them is wrong, that is a finding.
#include "fuzzers/check.h"
#include "fuzzers/difference.h"
#include "fuzzers/live_main.h"
#include "fuzzers/live_mutator.h"
#include "fuzzers/novelty_counters.h"

namespace {

fuzzers::Differences*& differences() {
  static fuzzers::Differences* the = nullptr;
  return the;
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  auto one = fuzzers::start_live(*argc, *argv, "differential_live", fuzzers::Endpoint::other_is_needed);
  if (!one) return 0;
  auto other = fuzzers::start_live(*argc, *argv, "differential_live", fuzzers::Endpoint::the_other);
  fuzzers::connect_mutator(*one);
  differences() = new fuzzers::Differences(*one, *other);
  fuzzers::add_live_session(std::move(one));
  fuzzers::add_live_session(std::move(other));
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzzers::hit_always();
  differences()->compare(fuzzers::as_text(data, size));
  fuzzers::end_if_over();
  return 0;
}
