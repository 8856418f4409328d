// The oracle against the reference: whatever is sent, the reference endpoint, which knows nothing of the
// oracle, answers such that the oracle finds no defect. One of the two is wrong if it does.
//
// The input is HTTP text, as everything in corpus/ is. `# @dialect NAME` on top sends it to an endpoint that
// differs in a legitimate way (`ssm-conformance serve --help` lists them).
#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "fuzzers/check.h"
#include "fuzzers/in_process.h"
#include "fuzzers/reportable.h"
#include "harness/oracle/admissible.h"
#include "harness/oracle/classify.h"
#include "harness/oracle/judge.h"
#include "harness/wire/http_text.h"

namespace {

using fuzzers::check;
namespace oracle = harness::oracle;
namespace run = harness::run;
namespace wire = harness::wire;

// Enough for every limit of the model and of the reference's head; bodies grow by placeholders.
constexpr std::size_t kMaxInput = 96 * 1024;
// Beyond the reference's largest body, so that this limit is reached too.
constexpr std::size_t kMaxRepeated = 1536 * 1024;

// One line a finding, with everything that is needed to see why.
std::string described(const std::vector<oracle::Finding>& findings, const oracle::Expectation& expectation,
                      std::string_view bytes, const wire::Exchange& exchange) {
  std::string out;
  for (const auto& f : findings) {
    out += fmt::format("{} {}: {}\n  {}\n", oracle::to_string(f.severity), f.rule, f.message, f.signature);
  }
  return out + fmt::format("admissible: {}\n--- sent\n{}\n--- answered: {}\n{}", expectation.text(),
                           bytes.substr(0, 4096), wire::to_string(exchange.transport),
                           wire::to_bytes(exchange.response).substr(0, 4096));
}

bool same(const std::vector<oracle::Finding>& a, const std::vector<oracle::Finding>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
    return x.rule == y.rule && x.signature == y.signature && x.severity == y.severity;
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > kMaxInput) return 0;
  const auto input = fuzzers::as_text(data, size);
  if (fuzzers::asks_to_repeat(input) > kMaxRepeated) return 0;

  static fuzzers::Endpoints endpoints;
  // The directive decides what the placeholders mean, so it is looked for before they are replaced.
  constexpr std::string_view kDirective = "# @dialect ";
  std::string dialect;
  if (input.starts_with(kDirective))
    dialect = input.substr(kDirective.size(), input.find('\n') - kDirective.size());
  auto& endpoint = endpoints.in(dialect);

  auto asked = run::prepare(endpoint.situation(), input);
  if (!asked) return 0;
  const auto& examples = fuzzers::built_in().examples;
  const auto& request = asked->classification;
  const auto bytes = endpoint.composer().compose(asked->text, endpoint.situation().now()).bytes;
  const auto exchange = endpoint.exchange(bytes);
  for (const auto level : {oracle::Level::rejects, oracle::Level::documented}) {
    asked->expectation = oracle::admissible(request, level);
    const auto findings = run::judge(endpoint.situation(), *asked, exchange);
    const bool defect = std::any_of(findings.begin(), findings.end(), [&](const auto& f) {
      return fuzzers::is_reportable(request, f, examples);
    });
    check(!defect, "the oracle finds no defect in the reference",
          described(findings, asked->expectation, bytes, exchange));
    check(same(findings, run::judge(endpoint.situation(), *asked, exchange)), "judging twice finds the same",
          described(findings, asked->expectation, bytes, exchange));
  }
  if (exchange.response.status == 200 && !fuzzers::under_test(request, examples)) endpoints.renew(dialect);
  return 0;
}
