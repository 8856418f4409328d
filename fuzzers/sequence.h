#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "fuzzers/live.h"
#include "harness/generate/random.h"

/// Sequences of calls that depend on one another: what the target sequence_live sends and judges. A sequence
/// is text, a step a line. Steps are of languages: each keeps a model of what its steps have made, which says
/// what the answers must be. Lines that are no step of any language are passed over.
namespace fuzzers {

inline constexpr std::size_t kMaxSteps = 30;

/// What the steps of a sequence call, and where they say what is wrong.
class SequenceCalls {
 public:
  explicit SequenceCalls(Live& live, bool learn = false) : live_(live), learn_(learn) {}

  /// Sends a call and judges its answer. True if it was done (200); otherwise, if it must be, that is a
  /// defect.
  bool call(std::string_view operation, const harness::wire::Json& input, bool must_succeed);
  /// The answer to the last call; null unless it is JSON.
  harness::wire::Json answer() const;
  /// Says that the last call made something, to which the service gave this id, by a member of its answer:
  /// another one each time.
  void made(const std::string& id, std::string member);
  /// Says that the last call shows a defect of this rule.
  void fail(std::string rule, std::string message);
  /// Says that what is there is not known any more: nothing is judged from here on.
  void lose_track() { unsure_ = true; }
  /// Whether what steps have made may be otherwise than they know.
  bool is_unsure() const { return unsure_ || !defects_.empty(); }
  Live& live() { return live_; }
  harness::run::Situation& situation() { return live_.fixtures().situation(); }

 private:
  friend class SequenceRunner;
  struct Made {
    std::size_t request;  // of sent_
    std::string id, member;
  };
  std::string with_variables(std::size_t request, std::string line) const;

  Live& live_;
  std::vector<harness::wire::HttpText> sent_;
  std::vector<Made> made_;
  std::optional<JudgedExchange> last_;
  std::vector<Defect> defects_;
  std::set<std::string, std::less<>> verbs_;  // of the steps so far
  std::string before_;                        // the verb of the step before
  bool unsure_ = false;
  const bool learn_;  // libFuzzer is told the kinds of answers
};

/// One kind of steps. The first word of a step is its verb; a word of one letter, `a` to `d`, names one of
/// few things, so that steps meet.
class StepLanguage {
 public:
  virtual ~StepLanguage() = default;

  /// Whether the endpoint can do what the steps rest on. Error: why not; the language is not spoken then.
  virtual harness::Status possible() = 0;
  /// The step as it is printed; nothing if the line is none of this language.
  virtual std::optional<std::string> read(std::string_view line) const = 0;
  /// Any step, more often about what the steps `beside` it are about; or one like `like`, with other numbers.
  virtual std::string make(harness::generate::Random& random,
                           const std::vector<std::string>& beside) const = 0;
  virtual std::string make_like(harness::generate::Random& random, const std::string& like) const = 0;
  /// Steps that say less than this one, to be tried in its place.
  virtual std::vector<std::string> simpler(const std::string& step) const = 0;

  /// Before the first step: nothing is there.
  virtual void begin() = 0;
  virtual void take(const std::string& step, SequenceCalls& calls) = 0;
  /// Behind the last: removes what the steps have made.
  virtual void end(SequenceCalls& calls) = 0;
};

/// Words of a line, at most `most`.
std::vector<std::string_view> words_of(std::string_view line, std::size_t most);
/// A whole number from 1 to `most`; 0 if the word is none.
int number_in(std::string_view word, int most);
/// 'a' to 'd'; 0 if the word is none of them.
char letter_in(std::string_view word);
/// One of the letters, `a` more often than not.
char any_letter(harness::generate::Random& random);

/// Runs sequences, each on things of its own. Not thread-safe.
class SequenceRunner {
 public:
  using Languages = std::vector<std::unique_ptr<StepLanguage>>;
  SequenceRunner(Live& live, Languages languages);

  /// Whether any language is spoken. Error: why none is.
  harness::Status possible() const { return possible_; }
  /// The steps among the lines of a text, at most kMaxSteps.
  std::vector<std::string> steps(std::string_view text) const;
  /// A text with a step put in, left out, doubled, moved or changed; at most `max_size` bytes. The same seed
  /// gives the same text.
  std::string mutate(std::string_view text, std::uint64_t seed, std::size_t max_size) const;

  /// One input of the fuzzer: runs it, learns from the answers, reports what is wrong.
  void one(std::string_view text);
  /// Runs it up to the first defect; returns what is wrong there. `learn`: libFuzzer is told the kinds of
  /// answers.
  std::vector<Defect> run(std::string_view text, bool learn = false);

 private:
  StepLanguage* language_of(const std::string& step) const;
  std::string any_step(harness::generate::Random& random, const std::vector<std::string>& steps) const;
  std::string minimise(const std::string& text, const std::function<bool(const std::string&)>& still) const;
  harness::report::FoundDefect describe(const std::string& text);

  Live& live_;
  Languages languages_;  // that are spoken
  harness::Status possible_;
  std::optional<SequenceCalls> calls_;  // of the sequence that ran last
};

}  // namespace fuzzers
