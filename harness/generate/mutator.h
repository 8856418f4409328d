#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/generate/vocabulary.h"
#include "harness/model/model.h"

/// Mutation of requests for fuzzing. Inputs and outputs are HTTP text (harness/wire/http_text.h), the form of
/// corpus/.
namespace harness::generate {

/// What a mutator does besides changing bytes. For measurements; a fuzzer wants all of it.
struct MutatorOptions {
  /// Knows HTTP text, JSON and the model. Without it only bytes are changed, as libFuzzer itself does, and
  /// the other switches mean nothing.
  bool json = true;
  bool json_text = true;  ///< damages the syntax of JSON: cut short, commas, quotes, escapes, depth
  bool http = true;       ///< changes request line, headers and framing
  bool bytes = true;      ///< changes bytes of the body
  /// Operations that new requests are made for: one that stands here twice is made twice as often. Empty: all
  /// of the model.
  std::vector<std::string> operations;
};

/// Makes inputs from inputs. Everything that it needs of the model is prepared once: a mutation costs a few
/// microseconds. Const and without state, so that threads may share one.
///
/// What it promises, of any bytes as input:
/// - The same input, seed and vocabulary (and options) give the same output. It always ends.
/// - The output has at most `max_size` bytes.
/// - A placeholder of the output stands in the input, the vocabulary or among those that every corpus has.
/// - No Content-Length and no chunk size of the output is more than 1 MiB beyond the input's body: endpoints
///   have been seen to allocate what a header promises. `{{repeat}}` fills at most 256 KiB.
/// - What can be read as HTTP text mostly comes back as something that can be.
class Mutator {
 public:
  explicit Mutator(const model::Model& model, MutatorOptions options = {});
  ~Mutator();
  Mutator(Mutator&&) noexcept;
  Mutator& operator=(Mutator&&) noexcept;

  std::string mutate(std::string_view http_text, std::uint64_t seed, std::size_t max_size,
                     const Vocabulary& vocabulary) const;
  /// One input of two: members, headers, and pieces of strings of both.
  std::string crossover(std::string_view a, std::string_view b, std::uint64_t seed,
                        std::size_t max_size) const;
  /// A new request for one of the operations, mostly valid: what a fuzzer starts from without a corpus.
  std::string fresh(std::uint64_t seed, std::size_t max_size, const Vocabulary& vocabulary) const;
  /// What another mutator made of the input, such that it keeps the promises too.
  static std::string guarded(std::string_view mutated, std::string_view input, std::size_t max_size,
                             const Vocabulary& vocabulary);

 private:
  class Impl;
  std::unique_ptr<const Impl> impl_;
};

}  // namespace harness::generate
