#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "fuzzers/sequence.h"

/// Steps about resources of every kind that the catalogue says enough of (model::ResourceKind::has_life()):
///
///     make thing a           with the same name, if there was one
///     show thing a
///     change thing a
///     add thing tags a 3     the third of few texts to a part
///     take thing tags a 3
///     read thing tags a      all of the part
///     list thing a           page by page to the end, of what thing a is a part of
///     list thing a 2         on pages of at most 2
///     remove thing a
///
/// What a thing is a part of is made with it, and has its letter. A step about one that was never made does
/// nothing; about one that was removed, it expects the refusal that the operation declares, if it does.
namespace fuzzers {

class KindSteps final : public StepLanguage {
 public:
  explicit KindSteps(Live& live);

  harness::Status possible() override;
  std::optional<std::string> read(std::string_view line) const override;
  std::string make(harness::generate::Random& random, const std::vector<std::string>& beside) const override;
  std::string make_like(harness::generate::Random& random, const std::string& like) const override;
  std::vector<std::string> simpler(const std::string& step) const override;
  void begin() override { things_.clear(); }
  void take(const std::string& step, SequenceCalls& calls) override;
  void end(SequenceCalls& calls) override;

 private:
  enum class Verb { make, show, change, add, take, read, list, remove };
  struct Step {
    Verb verb = Verb::make;
    std::string kind, part;
    char letter = 'a';
    int number = 0;  // of a text, or of the page's size; 0 for not said
  };
  struct Thing {
    std::string name, id, parent;
    bool exists = false;
    bool known = true;  // false behind a removal of what it was a part of
    harness::wire::Json written;
    std::map<std::string, std::set<int>> holds;
  };
  using Key = std::pair<std::string, char>;

  static std::optional<Step> parse(std::string_view line, const harness::run::Catalogue& catalogue);
  static std::string print(const Step& step);
  Step any(harness::generate::Random& random, const std::string& kind) const;

  const harness::run::ResourceKind& kind(const std::string& name) const;
  bool has(const std::string& operation) const;  // the endpoint
  bool declares(const std::string& operation, const std::string& error) const;
  Thing* make_thing(const std::string& kind, char letter, SequenceCalls& calls);
  void show(const std::string& kind, Thing& thing, SequenceCalls& calls);
  void change(const std::string& kind, Thing& thing, SequenceCalls& calls);
  void change_part(const Step& step, Thing& thing, SequenceCalls& calls);
  void read_part(const Step& step, const Thing& thing, SequenceCalls& calls);
  void list(const Step& step, const Thing& thing, SequenceCalls& calls);
  void remove(const std::string& kind, Thing& thing, SequenceCalls& calls);
  void forget_parts_of(const std::string& id);
  bool has_parts(const std::string& id) const;

  Live& live_;
  std::vector<std::string> kinds_;  // that the endpoint makes
  std::map<Key, Thing> things_;
};

}  // namespace fuzzers
