#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <random>

#include "conformance/ssm/documents/sequence.h"

namespace conformance::ssm::documents {
namespace {

constexpr std::array<std::string_view, 7> kVerbs = {"create", "share",  "unshare", "describe",
                                                    "page",   "delete", "status"};
constexpr int kMaxPage = 200;
constexpr int kMaxACall = 20;

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> out;
  while (out.size() < 4) {
    const auto start = line.find_first_not_of(" \t\r");
    if (start == std::string_view::npos) break;
    line.remove_prefix(start);
    const auto end = std::min(line.find_first_of(" \t\r"), line.size());
    out.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
  return out;
}

// A number from 1 to `most`; 0 if it is none.
int number(std::string_view word, int most) {
  int value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  return error == std::errc() && end == word.data() + word.size() && value >= 1 && value <= most ? value : 0;
}

bool accounts(std::string_view word, Step& step) {
  const auto dash = word.find('-');
  step.first = number(word.substr(0, dash), kMaxAccounts);
  step.last = dash == std::string_view::npos ? step.first : number(word.substr(dash + 1), kMaxAccounts);
  return step.first > 0 && step.last >= step.first && step.last - step.first < kMaxACall;
}

std::optional<Step> parse_step(std::string_view line) {
  const auto words = words_of(line);
  if (words.empty()) return std::nullopt;
  const auto verb = std::find(kVerbs.begin(), kVerbs.end(), words[0]);
  if (verb == kVerbs.end()) return std::nullopt;
  Step step;
  step.verb = static_cast<Step::Verb>(verb - kVerbs.begin());
  using V = Step::Verb;
  if (step.verb == V::status) return words.size() == 1 ? std::optional(step) : std::nullopt;
  if (words.size() < 2 || words[1].size() != 1 || words[1][0] < 'a' || words[1][0] > 'd') return std::nullopt;
  step.document = words[1][0];
  switch (step.verb) {
    case V::share:
    case V::unshare:
      return words.size() == 3 && accounts(words[2], step) ? std::optional(step) : std::nullopt;
    case V::describe:
      if (words.size() == 2) return step;
      step.first = words.size() == 3 ? number(words[2], kMaxPage) : 0;
      return step.first > 0 ? std::optional(step) : std::nullopt;
    case V::page:
      step.first = words.size() == 3 ? number(words[2], kMaxPage) : 0;
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

class StepMaker {
 public:
  explicit StepMaker(std::uint64_t seed) : random_(seed) {}

  std::size_t below(std::size_t n) { return n == 0 ? 0 : random_() % n; }
  Step step() {
    Step s;
    s.verb = static_cast<Step::Verb>(below(kVerbs.size()));
    // Few documents, so that steps meet.
    s.document = static_cast<char>('a' + (below(4) == 0 ? below(4) : 0));
    number(s);
    return s;
  }
  void number(Step& s) {
    using V = Step::Verb;
    s.first = s.last = 0;
    if (s.verb == V::share || s.verb == V::unshare) {
      s.first = static_cast<int>(1 + below(kMaxAccounts));
      s.last = std::min<int>(kMaxAccounts, s.first + static_cast<int>(below(2) == 0 ? 0 : below(kMaxACall)));
    } else if (s.verb == V::page || (s.verb == V::describe && below(2) == 0)) {
      constexpr std::array<int, 8> kPages = {1, 2, 3, 10, 20, 50, 199, 200};
      s.first = below(2) == 0 ? kPages[below(kPages.size())] : static_cast<int>(1 + below(kMaxPage));
    }
  }

 private:
  std::mt19937_64 random_;
};

}  // namespace

std::vector<Step> parse_steps(std::string_view text) {
  std::vector<Step> out;
  while (!text.empty() && out.size() < kMaxSteps) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (const auto step = parse_step(text.substr(0, end))) out.push_back(*step);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::string print_steps(const std::vector<Step>& steps) {
  std::string out;
  for (const Step& s : steps) out += print_step(s) + "\n";
  return out;
}

std::string mutate_steps(std::string_view text, std::uint64_t seed, std::size_t max_size) {
  StepMaker maker(seed);
  auto steps = parse_steps(text);
  const std::size_t changes = 1 + maker.below(3);
  for (std::size_t i = 0; i < changes; ++i) {
    const auto at = static_cast<std::ptrdiff_t>(maker.below(steps.size() + 1));
    const bool inside = at < static_cast<std::ptrdiff_t>(steps.size());
    switch (maker.below(6)) {
      case 0:
        if (inside) steps.erase(steps.begin() + at);
        break;
      case 1:
        if (inside) steps.insert(steps.begin() + at, Step(steps[static_cast<std::size_t>(at)]));
        break;
      case 2:
        if (inside) std::swap(steps[static_cast<std::size_t>(at)], steps[maker.below(steps.size())]);
        break;
      case 3:
        if (inside) maker.number(steps[static_cast<std::size_t>(at)]);
        break;
      default:
        steps.insert(steps.begin() + at, maker.step());
    }
  }
  if (steps.empty()) steps.push_back({Step::Verb::create, 'a', 0, 0});
  if (steps.size() > kMaxSteps) steps.resize(kMaxSteps);
  std::string out = print_steps(steps);
  while (out.size() > max_size && !steps.empty()) {
    steps.pop_back();
    out = print_steps(steps);
  }
  return out;
}

}  // namespace conformance::ssm::documents
