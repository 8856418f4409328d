// Requests to an endpoint: HTTP text as in corpus/request, sent on one keep-alive connection, each answer
// judged by the oracle. New kinds of answers are what libFuzzer learns from; defects go to the findings'
// folder.
#include "fuzzers/check.h"
#include "fuzzers/live_main.h"
#include "fuzzers/live_mutator.h"
#include "fuzzers/novelty_counters.h"

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  auto live = fuzzers::start_live(*argc, *argv, "request_live");
  if (!live) return 0;
  fuzzers::connect_mutator(*live);
  fuzzers::add_live_session(std::move(live));
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzzers::hit_always();
  auto& live = fuzzers::live_session();
  const auto judged = live.send(fuzzers::as_text(data, size));
  if (judged) {
    live.learn(judged->exchange);
    live.follow_up(*judged);
  }
  fuzzers::end_if_over();
  return 0;
}
