#include "conformance/ssm/documents/sequence_step.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "fuzzers/sequence.h"

namespace conformance::ssm::documents {
namespace {

using fuzzers::number_in;
using harness::generate::Random;

constexpr std::array<std::string_view, 7> kVerbs = {"create", "share",  "unshare", "describe",
                                                    "page",   "delete", "status"};
constexpr int kMaxPage = 200;
constexpr int kMaxAccounts = 60;
constexpr int kMaxACall = 20;

bool accounts(std::string_view word, Step& step) {
  const auto dash = word.find('-');
  step.first = number_in(word.substr(0, dash), kMaxAccounts);
  step.last = dash == std::string_view::npos ? step.first : number_in(word.substr(dash + 1), kMaxAccounts);
  return step.first > 0 && step.last >= step.first && step.last - step.first < kMaxACall;
}

}  // namespace

std::optional<Step> parse_step(std::string_view line) {
  const auto words = fuzzers::words_of(line, 4);
  if (words.empty()) return std::nullopt;
  const auto verb = std::find(kVerbs.begin(), kVerbs.end(), words[0]);
  if (verb == kVerbs.end()) return std::nullopt;
  Step step;
  step.verb = static_cast<Step::Verb>(verb - kVerbs.begin());
  using V = Step::Verb;
  if (step.verb == V::status) return words.size() == 1 ? std::optional(step) : std::nullopt;
  step.document = words.size() < 2 ? '\0' : fuzzers::letter_in(words[1]);
  if (step.document == '\0') return std::nullopt;
  switch (step.verb) {
    case V::share:
    case V::unshare:
      return words.size() == 3 && accounts(words[2], step) ? std::optional(step) : std::nullopt;
    case V::describe:
      if (words.size() == 2) return step;
      step.first = words.size() == 3 ? number_in(words[2], kMaxPage) : 0;
      return step.first > 0 ? std::optional(step) : std::nullopt;
    case V::page:
      step.first = words.size() == 3 ? number_in(words[2], kMaxPage) : 0;
      return step.first > 0 ? std::optional(step) : std::nullopt;
    default:
      return words.size() == 2 ? std::optional(step) : std::nullopt;
  }
}

std::string print_step(const Step& step) {
  std::string out(kVerbs[static_cast<std::size_t>(step.verb)]);
  using V = Step::Verb;
  if (step.verb == V::status) return out;
  out += std::string(" ") + step.document;
  if (step.verb == V::share || step.verb == V::unshare) {
    out += fmt::format(" {}", step.first);
    if (step.last > step.first) out += fmt::format("-{}", step.last);
  } else if (step.first > 0) {
    out += fmt::format(" {}", step.first);
  }
  return out;
}

void renumber(Step& s, Random& random) {
  using V = Step::Verb;
  s.first = s.last = 0;
  if (s.verb == V::share || s.verb == V::unshare) {
    s.first = static_cast<int>(1 + random.below(kMaxAccounts));
    s.last = std::min<int>(kMaxAccounts,
                           s.first + static_cast<int>(random.below(2) == 0 ? 0 : random.below(kMaxACall)));
  } else if (s.verb == V::page || (s.verb == V::describe && random.below(2) == 0)) {
    constexpr std::array<int, 8> kPages = {1, 2, 3, 10, 20, 50, 199, 200};
    s.first = random.below(2) == 0 ? random.pick(kPages) : static_cast<int>(1 + random.below(kMaxPage));
  }
}

Step any_step(Random& random) {
  Step s;
  s.verb = static_cast<Step::Verb>(random.below(kVerbs.size()));
  s.document = fuzzers::any_letter(random);
  renumber(s, random);
  return s;
}

}  // namespace conformance::ssm::documents
