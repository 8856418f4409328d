#pragma once

#include "harness/generate/mutator.h"
#include "harness/generate/vocabulary.h"

/// How targets whose inputs are HTTP text tell libFuzzer to mutate them: http_mutator.cc defines
/// LLVMFuzzerCustomMutator and LLVMFuzzerCustomCrossOver. Link the library `http_mutator` into the fuzzer,
/// and nowhere else: corpus_test holds many targets.
namespace fuzzers {

/// What mutation knows of the endpoint. It begins with the corpus' placeholders; a live target adds what
/// answers hold (`learn`). Used between inputs only, on libFuzzer's thread.
harness::generate::Vocabulary& vocabulary();

/// What kind of mutations are made. Before the first input (LLVMFuzzerInitialize), for comparisons; the
/// default is all of them, by the built-in model, mostly for the two operations that are judged.
void set_mutator(harness::generate::Mutator mutator);

}  // namespace fuzzers
