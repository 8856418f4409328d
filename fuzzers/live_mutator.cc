#include "fuzzers/live_mutator.h"

#include <cstdint>
#include <cstring>
#include <optional>

#include "fuzzers/check.h"
#include "harness/generate/mutator.h"

namespace {

using harness::generate::Mutator;
using harness::generate::Vocabulary;

// libFuzzer calls functions without context: this is theirs. Processes that fuzz nothing have no mutator.
struct Context {
  std::optional<Mutator> mutator;
  Vocabulary vocabulary;
};

Context& context() {
  static auto* const the = new Context();
  return *the;
}

std::size_t copy(const std::string& text, std::uint8_t* out, std::size_t max_size) {
  const std::size_t size = std::min(text.size(), max_size);
  std::memcpy(out, text.data(), size);
  return size;
}

}  // namespace

namespace fuzzers {

void connect_mutator(Live& live) {
  harness::generate::MutatorOptions options;
  options.json = live.config().json;
  context().mutator.emplace(live.data().model, options);
  Vocabulary& vocabulary = context().vocabulary;
  vocabulary.by_member["Name"] = {"{{document}}", "{{other-document}}", "{{shared-document}}",
                                  "{{absent-document}}"};
  vocabulary.by_member["NextToken"] = {"{{token}}", "{{other-token}}", "{{changed-token}}"};
  vocabulary.by_member["Target"] = {"{{node}}", "{{connected-node}}"};
  live.world().on_token = [&vocabulary](const std::string& token) { vocabulary.learn("NextToken", token); };
}

}  // namespace fuzzers

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned int seed) {
  if (!context().mutator) return LLVMFuzzerMutate(data, size, max_size);
  return copy(context().mutator->mutate(fuzzers::as_text(data, size), seed, max_size, context().vocabulary),
              data, max_size);
}

extern "C" std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* data1, std::size_t size1,
                                                 const std::uint8_t* data2, std::size_t size2,
                                                 std::uint8_t* out, std::size_t max_size, unsigned int seed) {
  if (!context().mutator) return 0;
  return copy(context().mutator->crossover(fuzzers::as_text(data1, size1), fuzzers::as_text(data2, size2),
                                           seed, max_size),
              out, max_size);
}
