#include "fuzzers/live_mutator.h"

#include <fmt/format.h>

#include "fuzzers/http_mutator.h"
#include "harness/run/select.h"

namespace fuzzers {

void connect_mutator(Live& live) {
  harness::generate::MutatorOptions options;
  options.json = live.config().json;
  const auto& model = live.data().model;
  const auto* rules = live.data().pack().rules;
  const std::string& wanted = live.config().operations;
  for (const auto& operation : model.operations()) {
    const bool known = rules->find(operation.name) != nullptr;
    if (wanted.empty() ? known : harness::run::glob_match(wanted, operation.name))
      options.operations.push_back(operation.name);
  }
  set_mutator(harness::generate::Mutator(live.data().model, options));
  live.fixtures().on_token = [&live](const std::string& token) {
    for (const auto& [kind, of] : live.data().catalogue.kinds()) {
      for (const auto& [name, part] : of.parts) {
        if (!part.token.empty()) vocabulary().learn(part.token, token);
      }
    }
  };
  const auto look_up = [&live] {
    const auto& bindings = live.fixtures().situation().bindings;
    // Texts whose inside is worth changing: what the endpoint gave out, and ids that nobody made.
    using Form = harness::run::Fixture::Form;
    for (const auto& f : live.data().catalogue.fixtures()) {
      const bool made = f.form == Form::created || f.form == Form::announced;
      const bool absent_of_made =
          f.form == Form::absent && live.data().catalogue.kind(f.kind)->create.has_value();
      if (made || absent_of_made || f.form == Form::altered || f.form == Form::first_of ||
          !bindings.has(f.name))
        continue;
      vocabulary().stands_for[fmt::format("{{{{{}}}}}", f.name)] = bindings.value(f.name);
    }
  };
  look_up();
  live.fixtures().on_new_fixtures = look_up;
}

}  // namespace fuzzers
