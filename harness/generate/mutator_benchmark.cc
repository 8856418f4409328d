#include <benchmark/benchmark.h>

#include "harness/generate/mutator.h"
#include "harness/model/built_in_for_test.h"

namespace harness::generate {
namespace {

using model::testing_support::built_in_model;

Vocabulary vocabulary() {
  Vocabulary v;
  v.by_member = {{"Name", {"{{document}}", "{{shared-document}}"}}, {"NextToken", {"{{token}}"}}};
  return v;
}

const std::string kRequest =
    "POST / HTTP/1.1\nX-Amz-Target: AmazonSSM.DescribeDocumentPermission\n"
    "Content-Type: application/x-amz-json-1.1\n\n"
    R"({"Name":"{{document}}","PermissionType":"Share","MaxResults":20})"
    "\n";

// Of one small request, as it is for most inputs of a corpus.
void mutate(benchmark::State& state, bool json) {
  const Mutator mutator(built_in_model(), {.json = json});
  const Vocabulary known = vocabulary();
  std::uint64_t seed = 0;
  for (auto _ : state) benchmark::DoNotOptimize(mutator.mutate(kRequest, ++seed, 4096, known));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK_CAPTURE(mutate, by_model, true);
BENCHMARK_CAPTURE(mutate, bytes_only, false);

void crossover(benchmark::State& state) {
  const Mutator mutator(built_in_model());
  std::uint64_t seed = 0;
  for (auto _ : state) benchmark::DoNotOptimize(mutator.crossover(kRequest, kRequest, ++seed, 4096));
}
BENCHMARK(crossover);

void construct(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(Mutator(built_in_model()));
}
BENCHMARK(construct)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace harness::generate
