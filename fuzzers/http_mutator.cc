#include "fuzzers/http_mutator.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>

#include "fuzzers/check.h"
#include "fuzzers/in_process.h"

// Declared by libFuzzer for targets that want them.
extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned int seed);
extern "C" std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* data1, std::size_t size1,
                                                 const std::uint8_t* data2, std::size_t size2,
                                                 std::uint8_t* out, std::size_t max_out_size,
                                                 unsigned int seed);

namespace fuzzers {
namespace {

using harness::generate::Mutator;
using harness::generate::Vocabulary;

std::unique_ptr<const Mutator>& current() {
  static std::unique_ptr<const Mutator> mutator;
  return mutator;
}

const Mutator& mutator() {
  if (!current()) {
    // Those that are judged most, by the members that they have; the others make what they need.
    harness::generate::MutatorOptions options;
    for (const auto& operation : built_in().model.operations()) {
      const bool judged = built_in().examples.contains(operation.name);
      const std::size_t times = judged ? std::max<std::size_t>(2, operation.input->members.size()) : 1;
      options.operations.insert(options.operations.end(), times, operation.name);
    }
    current() = std::make_unique<const Mutator>(built_in().model, std::move(options));
  }
  return *current();
}

std::size_t copied(const std::string& text, std::uint8_t* out, std::size_t room) {
  check(text.size() <= room, "a mutation keeps to its room");
  std::memcpy(out, text.data(), text.size());
  return text.size();
}

}  // namespace

Vocabulary& vocabulary() {
  static Vocabulary value = [] {
    using Form = harness::run::Fixture::Form;
    Vocabulary v;
    const auto& catalogue = built_in().catalogue;
    for (const auto& f : catalogue.fixtures()) {
      const std::string placeholder = "{{" + f.name + "}}";
      const auto* kind = catalogue.kind(f.kind);
      if (kind != nullptr && f.form != Form::announced)
        v.by_member[kind->read.id_member()].push_back(placeholder);
      if (f.form == Form::token) v.by_member[f.member].push_back(placeholder);
      if (f.form == Form::altered) v.by_member[catalogue.fixture(f.of)->member].push_back(placeholder);
      // Members that belong together: a token, and what it was issued for.
      if (f.form == Form::given || !f.holds.empty())
        v.examples[kind->read.operation].push_back(kind->read.filled(placeholder).dump());
      if (f.form == Form::token) {
        auto input = catalogue.kind(catalogue.fixture(f.of)->kind)->read.filled("{{" + f.of + "}}");
        input[f.member] = placeholder;
        v.examples[f.call.operation].push_back(input.dump());
      }
    }
    return v;
  }();
  return value;
}

void set_mutator(Mutator mutator) {
  current() = std::make_unique<const Mutator>(std::move(mutator));
}

}  // namespace fuzzers

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned int seed) {
  // libFuzzer's own now and then: it knows the dictionary, and what the code compared bytes with.
  if (seed % 16 == 0) {
    const std::string input(fuzzers::as_text(data, size));
    const std::size_t n = LLVMFuzzerMutate(data, size, max_size);
    // What no mutation may promise, this one could.
    const std::string guarded = harness::generate::Mutator::guarded(fuzzers::as_text(data, n), input,
                                                                    max_size, fuzzers::vocabulary());
    return fuzzers::copied(guarded, data, max_size);
  }
  return fuzzers::copied(
      fuzzers::mutator().mutate(fuzzers::as_text(data, size), seed, max_size, fuzzers::vocabulary()), data,
      max_size);
}

extern "C" std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* data1, std::size_t size1,
                                                 const std::uint8_t* data2, std::size_t size2,
                                                 std::uint8_t* out, std::size_t max_out_size,
                                                 unsigned int seed) {
  const auto first = fuzzers::as_text(data1, size1);
  const auto second = fuzzers::as_text(data2, size2);
  std::string both = fuzzers::mutator().crossover(first, second, seed, max_out_size);
  // libFuzzer crosses over as often as it mutates, and parts of what is known alone find little.
  if (seed % 4 != 0) both = fuzzers::mutator().mutate(both, seed, max_out_size, fuzzers::vocabulary());
  return fuzzers::copied(both, out, max_out_size);
}
