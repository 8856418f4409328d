#include "fuzzers/live_mutator.h"

#include <fmt/format.h>

#include "fuzzers/http_mutator.h"

namespace fuzzers {

void connect_mutator(Live& live) {
  harness::generate::MutatorOptions options;
  options.json = live.config().json;
  set_mutator(harness::generate::Mutator(live.data().model, options));
  live.world().on_token = [](const std::string& token) { vocabulary().learn("NextToken", token); };
  const auto look_up = [&live] {
    const auto& bindings = live.world().situation().bindings;
    for (const char* name : {"token", "other-token", "connected-node", "node"}) {
      if (bindings.has(name)) vocabulary().stands_for[fmt::format("{{{{{}}}}}", name)] = bindings.value(name);
    }
  };
  look_up();
  live.world().on_new_fixtures = look_up;
}

}  // namespace fuzzers
