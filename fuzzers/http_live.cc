// Bytes on a connection to an endpoint: framing, chunks, requests one behind the other in one write, shapes
// of smuggling, requests cut short. The endpoint must answer what is well-formed, and go on answering
// whatever came before. Inputs are HTTP text, best with `# @raw`, as in corpus/http.
#include "fuzzers/check.h"
#include "fuzzers/http_exchange.h"
#include "fuzzers/live_main.h"
#include "fuzzers/live_mutator.h"
#include "fuzzers/novelty_counters.h"

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  auto live = fuzzers::start_live(*argc, *argv, "http_live");
  if (!live) return 0;
  fuzzers::connect_mutator(*live);
  fuzzers::add_live_session(std::move(live));
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzzers::hit_always();
  fuzzers::HttpExchange(fuzzers::live_session()).one(fuzzers::as_text(data, size));
  fuzzers::end_if_over();
  return 0;
}
