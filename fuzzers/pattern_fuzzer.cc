// Strings made for patterns: what is made to match does, what is made not to match doesn't, by RE2. The
// generator reads patterns by itself, so one of the two is wrong where they disagree.
//
// The input's first line is a pattern; of one that is not supported, another is made from the input's bytes.
// All bytes together choose the strings.
#include <fmt/format.h>

#include <array>
#include <set>
#include <string>
#include <vector>

#include "fuzzers/check.h"
#include "fuzzers/in_process.h"
#include "harness/base/hash.h"
#include "harness/generate/pattern_strings.h"
#include "harness/generate/random.h"
#include "harness/generate/string_values.h"
#include "harness/model/pattern.h"
#include "harness/wire/json.h"

namespace {

using fuzzers::check;
using harness::generate::PatternStrings;
using harness::generate::Random;
using harness::model::Pattern;
namespace generate = harness::generate;
namespace model = harness::model;
namespace wire = harness::wire;

// Patterns of models are shorter; RE2 unrolls repetitions, and compiling is most of the time already.
constexpr std::size_t kMaxInput = 1024;
constexpr std::size_t kLongestPattern = 256;
constexpr int kStrings = 12;
constexpr std::size_t kLongestString = 300;

// Fills with what is supported, so that inputs which are no patterns are not wasted.
class PatternMaker {
 public:
  explicit PatternMaker(Random& random) : random_(random) {}

  std::string make() {
    const bool whole = random_.percent(60);
    std::string out = alternatives(0);
    if (random_.percent(15)) out = "(?i)" + out;
    return whole ? "^(" + out + ")$" : out;
  }

 private:
  std::string alternatives(int depth) {
    std::string out = sequence(depth);
    while (random_.percent(25)) out += "|" + sequence(depth);
    return out;
  }

  std::string sequence(int depth) {
    std::string out;
    for (std::size_t n = random_.between(1, 4); n > 0; --n) {
      out += atom(depth);
      out += quantifier(depth);
    }
    return out;
  }

  std::string atom(int depth) {
    static constexpr std::array<std::string_view, 30> kAtoms = {"a",
                                                                "Z",
                                                                "7",
                                                                "-",
                                                                "/",
                                                                "\\.",
                                                                "\\-",
                                                                "\\d",
                                                                "\\w",
                                                                "\\s",
                                                                "\\S",
                                                                "\\W",
                                                                ".",
                                                                "[a-z]",
                                                                "[0-9a-f]",
                                                                "[^/]",
                                                                "[^a-z0-9]",
                                                                "[\\w+=,.@-]",
                                                                "[$]",
                                                                "k",
                                                                "s",
                                                                "\\p{L}",
                                                                "\\p{N}",
                                                                "[\\p{Z}_]",
                                                                "[]a]",
                                                                "[^]]",
                                                                "[a-z\\d-]",
                                                                "\u00e9",
                                                                "[\u4e00-\u4eff]",
                                                                "[a\\-z]"};
    if (depth < 3 && random_.percent(20))
      return (random_.percent(50) ? "(" : "(?:") + alternatives(depth + 1) + ")";
    return std::string(random_.pick(kAtoms));
  }

  // Repetitions of repetitions stay small: RE2 writes them all out.
  std::string quantifier(int depth) {
    const std::size_t most = depth == 0 ? 16 : 4;
    switch (random_.below(10)) {
      case 0:
        return "*";
      case 1:
        return "+";
      case 2:
        return "?";
      case 3:
        return fmt::format("{{{}}}", random_.below(most));
      case 4:
        return fmt::format("{{{},}}", random_.below(most));
      case 5: {
        const std::size_t least = random_.below(most);
        return fmt::format("{{{},{}}}", least, random_.between(least, most));
      }
      case 6:
        return "*?";
      default:
        return {};
    }
  }

  Random& random_;
};

std::string described(std::string_view pattern, std::string_view text) {
  return fmt::format("pattern {}\nstring {}", pattern, wire::to_text(wire::Json(std::string(text))));
}

// What was found is only written down when there is something: that costs more than the check.
void check_string(bool kept, std::string_view promise, std::string_view pattern, std::string_view text) {
  if (!kept) check(false, promise, described(pattern, text));
}

void strings_are_right(const std::string& text, Random& random) {
  const auto strings = PatternStrings::of(text);
  if (!strings) return;
  const Pattern pattern(text);
  if (!pattern.why_unsupported().empty()) return;
  for (int i = 0; i < kStrings; ++i) {
    const std::string in = strings->member(random, kLongestString);
    check_string(pattern.match(in) == Pattern::Match::matches, "a member of a pattern matches it", text, in);
    const std::size_t length = wire::scalar_count(in);
    check_string(length >= strings->shortest() && length <= strings->longest(),
                 "a member is as long as the pattern says", text, in);
    if (const auto out = strings->non_member(random, kLongestString)) {
      // Without anchors a part of it may match: then the answer is that nobody knows.
      const auto match = pattern.match(*out);
      check_string(match == Pattern::Match::differs || match == Pattern::Match::ambiguous,
                   "what is made not to match does not", text, *out);
    }
  }
}

// The values that cases are derived from. They try some thousand strings, so not for every input.
void values_are_right(const std::string& text) {
  model::Constraints constraints;
  constraints.pattern = std::make_shared<const Pattern>(text);
  if (!constraints.pattern->why_unsupported().empty()) return;
  std::set<std::string> labels;
  for (const auto& value : generate::string_values(constraints, "\"x\"")) {
    check(labels.insert(value.label).second, "labels are unique", value.label);
    const auto json = wire::parse_json(value.json);
    check(json && json->value.is_string(), "a string's value is a JSON string", value.json);
    const bool taken = value.title.find("that the pattern takes") != std::string::npos;
    check_string(!taken || constraints.pattern->match(json->value.get_ref<const std::string&>()) ==
                               Pattern::Match::matches,
                 "what the pattern is said to take, it takes", text, value.json);
  }
}

void collect(const model::Shape* shape, std::set<const model::Shape*>& seen,
             std::set<std::string>& patterns) {
  if (shape == nullptr || !seen.insert(shape).second) return;
  for (const auto& member : shape->members) {
    if (member.constraints.pattern) patterns.insert(member.constraints.pattern->text());
    collect(member.target, seen, patterns);
  }
}

const std::vector<std::string>& patterns_of_the_model() {
  static const std::vector<std::string> all = [] {
    std::set<std::string> patterns;
    std::set<const model::Shape*> seen;
    for (const auto& operation : fuzzers::built_in().model.operations()) {
      collect(operation.input, seen, patterns);
      collect(operation.output, seen, patterns);
    }
    std::vector<std::string> usable;
    for (const auto& pattern : patterns) {
      const bool looks_around = pattern.find("(?!") != std::string::npos;
      const bool refers_back = pattern.find("\\1") != std::string::npos;
      const bool possible = PatternStrings::of(pattern).has_value();
      check(possible || looks_around || refers_back,
            "strings can be made for every other pattern of the model", pattern);
      if (possible) usable.push_back(pattern);
    }
    return usable;
  }();
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > kMaxInput) return 0;
  const auto input = fuzzers::as_text(data, size);
  Random random(harness::base::fnv1a(input));

  const auto line = input.substr(0, input.find('\n'));
  std::string pattern(line.substr(0, kLongestPattern));
  if (!PatternStrings::of(pattern)) pattern = PatternMaker(random).make();
  strings_are_right(pattern, random);
  if (random.below(256) == 0) values_are_right(pattern);
  if (random.below(4) == 0) strings_are_right(random.pick(patterns_of_the_model()), random);
  return 0;
}
