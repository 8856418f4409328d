#include "fuzzers/sequence.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "harness/wire/shell_command.h"

namespace fuzzers {
namespace {

using harness::generate::Random;
using harness::report::FoundDefect;
using harness::wire::HttpText;
using harness::wire::Json;
using harness::wire::Transport;
using Steps = std::vector<std::string>;
namespace run = harness::run;

constexpr std::size_t kMaxTries = 300;
constexpr std::size_t kMaxShown = 64;
constexpr std::size_t kMaxWords = 8;
constexpr char kLastLetter = 'd';

std::string text_of(const Steps& steps) {
  std::string out;
  for (const auto& step : steps) out += step + '\n';
  return out;
}

std::string verb_of(const std::string& step) {
  return step.substr(0, step.find(' '));
}

// A step about `a` where it is about `letter`.
std::string about_a(const std::string& step, char letter) {
  std::string out;
  for (const auto word : words_of(step, kMaxWords)) {
    if (!out.empty()) out += ' ';
    out += word == std::string_view(&letter, 1) ? std::string_view("a") : word;
  }
  return out;
}

}  // namespace

std::vector<std::string_view> words_of(std::string_view line, std::size_t most) {
  std::vector<std::string_view> out;
  while (out.size() < most) {
    const auto start = line.find_first_not_of(" \t\r");
    if (start == std::string_view::npos) break;
    line.remove_prefix(start);
    const auto end = std::min(line.find_first_of(" \t\r"), line.size());
    out.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
  return out;
}

int number_in(std::string_view word, int most) {
  int value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  return error == std::errc() && end == word.data() + word.size() && value >= 1 && value <= most ? value : 0;
}

char letter_in(std::string_view word) {
  return word.size() == 1 && word[0] >= 'a' && word[0] <= kLastLetter ? word[0] : '\0';
}

char any_letter(Random& random) {
  return static_cast<char>('a' + (random.below(4) == 0 ? random.below(kLastLetter - 'a' + 1) : 0));
}

// ---- one call ----

bool SequenceCalls::call(std::string_view operation, const Json& input, bool must_succeed) {
  HttpText text = run::call_text(live_.data().model.identity(), operation, input);
  sent_.push_back(text);
  std::string as_written = harness::wire::print_http_text(text);
  auto judged = live_.send(std::move(text), std::move(as_written));
  if (!judged) {
    unsure_ = true;
    return false;
  }
  last_ = std::move(judged);
  const auto& e = last_->exchange;
  if (learn_) live_.learn(e, before_);
  const bool answered = e.transport == Transport::answered;
  const bool done = answered && e.response.status == 200;
  for (Defect d : last_->defects) fail(std::move(d.rule), std::move(d.message));
  if (!answered || e.response.status >= 500) {
    unsure_ = true;
    if (answered && defects_.empty())
      fail("availability/server-error", "a valid request was answered with 5xx");
  } else if (must_succeed && !done) {
    fail("outcome/rejected",
         fmt::format("a valid {} was answered with {}", operation, harness::oracle::answer_kind(e)));
  }
  return done;
}

Json SequenceCalls::answer() const {
  if (!last_) return {};
  auto parsed = harness::wire::parse_json(last_->exchange.response.body);
  return parsed ? std::move(parsed->value) : Json();
}

void SequenceCalls::made(const std::string& id, std::string member) {
  made_.push_back({sent_.size() - 1, id, std::move(member)});
}

void SequenceCalls::fail(std::string rule, std::string message) {
  Defect d{harness::oracle::signature_of(last_->prepared.classification), std::move(message)};
  d.rule = std::move(rule);
  for (const auto& verb : verbs_) d.request += "+after-" + verb;
  d.answer = harness::oracle::answer_kind_for(d.rule, last_->exchange);
  defects_.push_back(std::move(d));
}

// The id that a service makes is another one each time.
std::string SequenceCalls::with_variables(std::size_t request, std::string line) const {
  for (std::size_t i = 0; i < made_.size(); ++i) {
    const std::string variable = fmt::format("ID_{}", i + 1);
    if (made_[i].request == request) line = harness::wire::keep_member(line, made_[i].member, variable);
    if (made_[i].request < request) line = harness::wire::with_variable(line, made_[i].id, variable);
  }
  return line;
}

// ---- the text ----

SequenceRunner::SequenceRunner(Live& live, Languages languages)
    : live_(live), possible_(harness::fail("there are no steps")) {
  std::string why_not;
  for (auto& language : languages) {
    if (const auto possible = language->possible()) {
      languages_.push_back(std::move(language));
    } else {
      why_not += (why_not.empty() ? "" : "; ") + possible.error().message;
    }
  }
  if (!languages_.empty()) {
    possible_ = {};
  } else if (!why_not.empty()) {
    possible_ = harness::fail(std::move(why_not));
  }
}

StepLanguage* SequenceRunner::language_of(const std::string& step) const {
  const auto found = std::find_if(languages_.begin(), languages_.end(),
                                  [&](const auto& language) { return language->read(step).has_value(); });
  return found == languages_.end() ? nullptr : found->get();
}

Steps SequenceRunner::steps(std::string_view text) const {
  Steps out;
  while (!text.empty() && out.size() < kMaxSteps) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    for (const auto& language : languages_) {
      auto step = language->read(text.substr(0, end));
      if (!step) continue;
      out.push_back(*std::move(step));
      break;
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

// In the language of another step more often than not: those of one meet.
std::string SequenceRunner::any_step(Random& random, const Steps& steps) const {
  const StepLanguage* language =
      steps.empty() || random.below(8) == 0 ? nullptr : language_of(random.pick(steps));
  if (language == nullptr) language = random.pick(languages_).get();
  return language->make(random, steps);
}

std::string SequenceRunner::mutate(std::string_view text, std::uint64_t seed, std::size_t max_size) const {
  Random random(seed);
  Steps all = steps(text);
  const std::size_t changes = 1 + random.below(3);
  for (std::size_t i = 0; i < changes; ++i) {
    const std::size_t at = random.below(all.size() + 1);
    const auto here = all.begin() + static_cast<std::ptrdiff_t>(at);
    const bool inside = here != all.end();
    switch (random.below(6)) {
      case 0:
        if (inside) all.erase(here);
        break;
      case 1:
        if (inside) all.insert(here, std::string(*here));
        break;
      case 2:
        if (inside) std::swap(*here, all[random.below(all.size())]);
        break;
      case 3:
        if (inside) *here = language_of(*here)->make_like(random, *here);
        break;
      default:
        all.insert(here, any_step(random, all));
    }
  }
  if (all.empty()) all.push_back(any_step(random, all));
  if (all.size() > kMaxSteps) all.resize(kMaxSteps);
  std::string out = text_of(all);
  while (out.size() > max_size && !all.empty()) {
    all.pop_back();
    out = text_of(all);
  }
  return out;
}

// Without one step after the other, then with simpler ones, then about fewer things.
std::string SequenceRunner::minimise(const std::string& text,
                                     const std::function<bool(const std::string&)>& still) const {
  Steps all = steps(text);
  std::size_t tries = 0;
  const auto try_it = [&](const Steps& candidate) {
    if (candidate == all || ++tries > kMaxTries || !still(text_of(candidate))) return false;
    all = candidate;
    return true;
  };
  for (bool changed = true; changed && tries < kMaxTries;) {
    changed = false;
    for (std::size_t i = all.size(); i-- > 0;) {
      Steps fewer = all;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
      changed = try_it(fewer) || changed;
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
      for (auto& simpler : language_of(all[i])->simpler(all[i])) {
        Steps smaller = all;
        smaller[i] = std::move(simpler);
        changed = try_it(smaller) || changed;
      }
    }
    for (char letter = 'b'; letter <= kLastLetter; ++letter) {
      Steps renamed = all;
      for (auto& step : renamed) step = about_a(step, letter);
      changed = try_it(renamed) || changed;
    }
  }
  return text_of(all);
}

// ---- a sequence ----

std::vector<Defect> SequenceRunner::run(std::string_view text, bool learn) {
  SequenceCalls& c = calls_.emplace(live_, learn);
  const std::size_t deaths = live_.deaths();
  for (const auto& language : languages_) language->begin();
  for (const auto& step : steps(text)) {
    if (c.is_unsure() || !live_.lost().empty()) break;
    language_of(step)->take(step, c);
    if (c.defects_.empty()) c.verbs_.insert(verb_of(step));
    c.before_ = verb_of(step);
  }
  SequenceCalls closing(live_);
  closing.unsure_ = c.is_unsure();
  for (auto language = languages_.rbegin(); language != languages_.rend(); ++language)
    (*language)->end(closing);
  // What the last answers of an endpoint that dies look like is no finding of its own.
  if ((live_.is_unanswered() && live_.recover_endpoint()) || live_.deaths() != deaths) c.defects_.clear();
  return c.defects_;
}

void SequenceRunner::one(std::string_view text) {
  const std::string input = text_of(steps(text));
  if (input.empty()) return;
  const auto defects = run(input, true);
  for (const Defect& d : defects) {
    Suspicion s;
    s.defect = d;
    s.input = input;
    s.defect.may_succeed = true;
    s.again = [this](const std::string& again, bool) -> std::vector<Defect> {
      if (!live_.still_there()) return {};
      return run(again);
    };
    s.minimise = [this](const std::string& whole, const std::function<bool(const std::string&)>& still) {
      return minimise(whole, still);
    };
    s.describe = [this](const std::string& shown) { return describe(shown); };
    live_.consider(s);
  }
}

FoundDefect SequenceRunner::describe(const std::string& text) {
  run(text);
  FoundDefect out;
  const SequenceCalls& c = *calls_;
  if (!c.last_) return out;
  const auto& situation = live_.fixtures().situation();
  run::CaseResult shown;
  run::describe(situation, c.last_->prepared, c.last_->exchange, shown);
  out.request = std::move(shown.request);
  out.response = std::move(shown.response);
  out.expected = std::move(shown.expected);
  out.because = "the steps before it:\n" + text;
  for (std::size_t i = 0; i < c.sent_.size() && i < kMaxShown; ++i) {
    // The last is the one that is described.
    const bool last = i + 1 == c.sent_.size();
    for (auto& line : last ? std::move(shown.reproduce) : run::reproduction(situation, c.sent_[i]))
      out.reproduce.push_back(c.with_variables(i, std::move(line)));
  }
  HttpText last = c.last_->prepared.text;
  for (const auto& step : steps(text)) last.comments.push_back("@step " + step);
  out.http_text = harness::wire::print_http_text(last);
  return out;
}

}  // namespace fuzzers
