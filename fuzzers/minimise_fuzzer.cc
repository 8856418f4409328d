// The minimiser: what it makes of a request still shows the same defect, is no larger, and is as small as it
// gets.
//
// The input is HTTP text, as everything in corpus/ is. It goes to the reference endpoint with a planted
// fault:
// `# @fault NAME` on top (`ssm-conformance serve --list-faults` lists them) or, without, one that the input's
// bytes choose. What no fault shows anything on is minimised by a property of its text instead, so that
// inputs that mutation made unreadable are minimised too.
#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "conformance/pack.h"
#include "fuzzers/check.h"
#include "fuzzers/in_process.h"
#include "harness/run/minimise.h"
#include "harness/run/plan.h"

namespace {

using fuzzers::check;
namespace reference = harness::reference;
namespace run = harness::run;

using Still = std::function<bool(const std::string&)>;

// Minimising costs the square of the text, hundreds of times.
constexpr std::size_t kMaxInput = 4 * 1024;
constexpr std::size_t kMaxRepeated = 64 * 1024;
// An endpoint is made for each.
constexpr std::size_t kTries = 60;
constexpr std::size_t kCheapTries = 400;
// Tries decide, not the clock.
constexpr std::chrono::hours kLong{1};

std::uint64_t hash(std::string_view text) {
  std::uint64_t h = 1469598103934665603U;  // FNV-1a
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 1099511628211U;
  return h;
}

const reference::Fault& chosen_fault(std::string_view input) {
  constexpr std::string_view kDirective = "# @fault ";
  if (input.starts_with(kDirective)) {
    const auto name = input.substr(kDirective.size(), input.find('\n') - kDirective.size());
    if (const auto* fault = conformance::pack::find_fault(name)) return *fault;
  }
  return conformance::pack::faults()[hash(input) % conformance::pack::faults().size()];
}

std::string minimised(const std::string& text, const Still& still, std::size_t tries) {
  // What is asked once may not be asked again, and never the text itself.
  std::set<std::string> asked{text};
  const auto once = [&](const std::string& candidate) {
    check(asked.insert(candidate).second, "no text is tried twice", candidate);
    return still(candidate);
  };
  return run::minimise(text, once, {tries, kLong}, fuzzers::built_in().examples);
}

void check_promises(const std::string& text, const Still& still, std::size_t most) {
  std::size_t tries = 0;
  const Still counted = [&](const std::string& candidate) {
    ++tries;
    return still(candidate);
  };
  const std::string smaller = minimised(text, counted, most);
  check(tries <= most, "no more tries than allowed");
  check(smaller == text || still(smaller), "what is minimised shows the same", smaller);
  check(smaller.size() <= text.size(), "what is minimised is no larger", smaller);
  check(minimised(text, still, most) == smaller, "minimising is the same every time", smaller);
  const std::string again = minimised(smaller, still, most);
  check(again.size() <= smaller.size(), "minimising twice makes nothing larger", again);
  check(tries == most || again == smaller, "what could be minimised to its end stays as it is",
        smaller + "\n--- again\n" + again);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > kMaxInput) return 0;
  const std::string input(fuzzers::as_text(data, size));
  if (fuzzers::asks_to_repeat(input) > kMaxRepeated) return 0;

  const reference::Fault& fault = chosen_fault(input);
  const auto& fixtures = fuzzers::built_in().catalogue.fixtures();
  const bool with_holders = std::any_of(fixtures.begin(), fixtures.end(), [&](const auto& f) {
    return (!f.holds.empty() || !f.of.empty()) && run::uses(input, f.name);
  });
  const auto signatures = [&](const std::string& text) {
    // Anew each time: a request may change what the next is answered.
    fuzzers::InProcessEndpoint endpoint({}, fault.make(), with_holders);
    return fuzzers::signatures_of(endpoint, text);
  };
  const auto found = signatures(input);
  if (!found.empty()) {
    const std::string signature = *found.begin();
    std::map<std::string, bool> known;
    const auto still = [&](const std::string& text) {
      const auto [it, is_new] = known.try_emplace(text, false);
      if (is_new) it->second = signatures(text).contains(signature);
      return it->second;
    };
    check_promises(input, still, kTries);
    return 0;
  }
  if (input.empty()) return 0;
  const char kept = input[hash(input) % input.size()];
  check_promises(
      input, [&](const std::string& text) { return text.find(kept) != std::string::npos; }, kCheapTries);
  return 0;
}
