#include "fuzzers/live_mutator.h"

#include "fuzzers/http_mutator.h"

namespace fuzzers {

void connect_mutator(Live& live) {
  harness::generate::MutatorOptions options;
  options.json = live.config().json;
  set_mutator(harness::generate::Mutator(live.data().model, options));
  live.world().on_token = [](const std::string& token) { vocabulary().learn("NextToken", token); };
  live.world().tell_tokens();
}

}  // namespace fuzzers
