#include "fuzzers/kind_steps.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "harness/run/fixtures.h"
#include "harness/run/resources.h"
#include "harness/run/written.h"

namespace fuzzers {
namespace {

using harness::generate::Random;
using harness::model::CallTemplate;
using harness::model::ResourceList;
using harness::model::ResourcePart;
using harness::run::ResourceKind;
using harness::wire::Json;
namespace run = harness::run;

constexpr std::array<std::string_view, 8> kVerbs = {"make", "show", "change", "add",
                                                    "take", "read", "list",   "remove"};
constexpr int kMaxTexts = 6;
constexpr int kMaxPageSize = 50;
// Others may have so many resources that their list has no end for us.
constexpr int kMaxPages = 40;

std::string text_of(const ResourcePart& part, int number) {
  return fmt::format("{}-{}", part.sample, number);
}

}  // namespace

KindSteps::KindSteps(Live& live) : live_(live) {}

const ResourceKind& KindSteps::kind(const std::string& name) const {
  return *live_.data().catalogue.kind(name);
}

bool KindSteps::declares(const std::string& operation, const std::string& error) const {
  const auto* of = live_.data().model.find_operation(operation);
  return of != nullptr && of->declares(error);
}

bool KindSteps::has(const std::string& operation) const {
  return !operation.empty() && !live_.fixtures().situation().knowledge.unimplemented.contains(operation);
}

// A kind whose first resource is refused is none of which the endpoint's lives can be judged.
harness::Status KindSteps::possible() {
  std::string why_not = "no kind of resource has a life";
  for (const auto& [name, of] : live_.data().catalogue.kinds()) {
    if (!of.has_life() || !has(of.create->operation)) continue;
    SequenceCalls trial(live_);
    if (make_thing(name, 'a', trial) != nullptr) {
      kinds_.push_back(name);
    } else {
      why_not = fmt::format("{} makes none", of.create->operation);
    }
    end(trial);
  }
  return kinds_.empty() ? harness::Status(harness::fail(std::move(why_not))) : harness::Status();
}

// ---- the text ----

std::optional<KindSteps::Step> KindSteps::parse(std::string_view line, const run::Catalogue& catalogue) {
  const auto words = words_of(line, 6);
  if (words.size() < 3) return std::nullopt;
  const auto verb = std::find(kVerbs.begin(), kVerbs.end(), words[0]);
  const auto* of = catalogue.kind(words[1]);
  if (verb == kVerbs.end() || of == nullptr || !of->has_life()) return std::nullopt;
  Step step;
  step.verb = static_cast<Verb>(verb - kVerbs.begin());
  step.kind = words[1];
  std::size_t at = 2;
  const bool of_part = step.verb == Verb::add || step.verb == Verb::take || step.verb == Verb::read;
  if (of_part) {
    step.part = words[at++];
    if (of->parts.find(step.part) == of->parts.end() || at == words.size()) return std::nullopt;
  }
  step.letter = letter_in(words[at++]);
  if (step.letter == '\0') return std::nullopt;
  if (at < words.size()) {
    step.number = number_in(words[at++], step.verb == Verb::list ? kMaxPageSize : kMaxTexts);
    if (step.number == 0) return std::nullopt;
  }
  const bool numbered = step.verb == Verb::add || step.verb == Verb::take;
  const bool may_be_numbered = numbered || step.verb == Verb::list;
  if (at != words.size() || (numbered && step.number == 0) || (!may_be_numbered && step.number != 0))
    return std::nullopt;
  return step;
}

std::string KindSteps::print(const Step& step) {
  std::string out = fmt::format("{} {}", kVerbs[static_cast<std::size_t>(step.verb)], step.kind);
  if (!step.part.empty()) out += ' ' + step.part;
  out += fmt::format(" {}", step.letter);
  if (step.number > 0) out += fmt::format(" {}", step.number);
  return out;
}

std::optional<std::string> KindSteps::read(std::string_view line) const {
  const auto step = parse(line, live_.data().catalogue);
  return step ? std::optional(print(*step)) : std::nullopt;
}

KindSteps::Step KindSteps::any(Random& random, const std::string& kind_name) const {
  const ResourceKind& of = kind(kind_name);
  Step step;
  step.kind = kind_name;
  step.letter = any_letter(random);
  step.verb = static_cast<Verb>(random.below(kVerbs.size()));
  if (of.parts.empty() && (step.verb == Verb::add || step.verb == Verb::take || step.verb == Verb::read))
    step.verb = Verb::show;
  switch (step.verb) {
    case Verb::add:
    case Verb::take:
      step.number = 1 + static_cast<int>(random.below(kMaxTexts));
      [[fallthrough]];
    case Verb::read:
      step.part =
          std::next(of.parts.begin(), static_cast<std::ptrdiff_t>(random.below(of.parts.size())))->first;
      break;
    case Verb::list:
      if (random.below(2) == 0) step.number = 1 + static_cast<int>(random.below(kMaxPageSize));
      break;
    default:
      break;
  }
  return step;
}

std::string KindSteps::make(Random& random, const std::vector<std::string>& beside) const {
  if (!beside.empty() && random.below(8) != 0) {
    if (const auto other = parse(random.pick(beside), live_.data().catalogue))
      return print(any(random, other->kind));
  }
  return print(any(random, random.pick(kinds_)));
}

std::string KindSteps::make_like(Random& random, const std::string& like) const {
  Step step = *parse(like, live_.data().catalogue);
  if (step.verb == Verb::add || step.verb == Verb::take) {
    step.number = 1 + static_cast<int>(random.below(kMaxTexts));
  } else if (step.verb == Verb::list) {
    step.number = random.below(2) == 0 ? 0 : 1 + static_cast<int>(random.below(kMaxPageSize));
  } else {
    step.letter = any_letter(random);
  }
  return print(step);
}

std::vector<std::string> KindSteps::simpler(const std::string& step_text) const {
  Step step = *parse(step_text, live_.data().catalogue);
  std::vector<std::string> out;
  const int least = step.verb == Verb::list ? 0 : 1;
  if (step.number > least) {
    step.number = least;
    out.push_back(print(step));
  }
  return out;
}

// ---- one step ----

// nullptr if the endpoint has no such kind, or it could not be made.
KindSteps::Thing* KindSteps::make_thing(const std::string& name, char letter, SequenceCalls& calls) {
  const ResourceKind& of = kind(name);
  if (!of.create || !has(of.create->operation)) return nullptr;
  Thing& thing = things_[{name, letter}];
  if (thing.exists) return &thing;
  std::string parent;
  if (!of.parent.empty()) {
    const Thing* made = make_thing(of.parent, letter, calls);
    if (made == nullptr) return nullptr;
    parent = made->id;
  }
  auto& fixtures = live_.fixtures();
  fixtures.leave(thing.id);
  // What went with something else may still have its name.
  if (!thing.known) thing.name.clear();
  thing.known = true;
  if (thing.name.empty()) thing.name = fixtures.registry().new_name(fmt::format("seq-{}", letter));
  const std::string asked = of.generated ? thing.name : run::made_up_id(of, thing.name);
  fixtures.keep(asked);
  const Json input = of.create->filled(asked, Json::array(), parent);
  if (of.is_removed_alone()) fixtures.registry().created(name, asked);
  if (!calls.call(of.create->operation, input,
                  std::find(kinds_.begin(), kinds_.end(), name) != kinds_.end())) {
    if (!calls.is_unsure()) fixtures.registry().removed(name, asked);
    return nullptr;
  }
  if (of.generated) {
    fixtures.registry().removed(name, asked);
    thing.id = run::made_id(of, asked, calls.answer());
    if (thing.id.empty()) {
      calls.lose_track();
      return nullptr;
    }
    fixtures.keep(thing.id);
    if (of.is_removed_alone()) fixtures.registry().created(name, thing.id);
    calls.made(thing.id, of.made_in());
  } else {
    thing.id = asked;
  }
  calls.situation().knowledge.of(name)[thing.id] = run::new_resource(of);
  thing.parent = parent;
  thing.written = input;
  thing.holds.clear();
  thing.exists = true;
  return &thing;
}

void KindSteps::show(const std::string& name, Thing& thing, SequenceCalls& calls) {
  const ResourceKind& of = kind(name);
  if (!has(of.read.operation)) return;
  const bool judged = thing.exists || declares(of.read.operation, of.does_not_exist);
  if (!judged) return;
  const bool done =
      calls.call(of.read.operation, of.read.filled(thing.id, Json::array(), thing.parent), thing.exists);
  if (!done || calls.is_unsure()) return;
  if (!thing.exists)
    return calls.fail("lifecycle/removed",
                      fmt::format("{} shows {}, which was removed", of.read.operation, thing.id));
  const Json shown = run::shown_in(of, calls.answer());
  for (const auto& member : run::not_as_written(live_.data().model, of, shown, thing.written)) {
    calls.fail("lifecycle/shown", fmt::format("{} shows {}, which was written as {}", of.read.operation,
                                              run::member_as_shown(shown, member),
                                              harness::wire::to_text(thing.written[member])));
  }
}

void KindSteps::change(const std::string& name, Thing& thing, SequenceCalls& calls) {
  const ResourceKind& of = kind(name);
  if (!of.update || !has(of.update->operation)) return;
  if (!thing.exists && !declares(of.update->operation, of.does_not_exist)) return;
  const Json input = of.update->filled(thing.id, Json::array(), thing.parent);
  const bool done = calls.call(of.update->operation, input, thing.exists);
  if (!done || calls.is_unsure()) return;
  if (!thing.exists)
    return calls.fail("lifecycle/removed",
                      fmt::format("{} changes {}, which was removed", of.update->operation, thing.id));
  if (!of.update_keeps) thing.written = Json::object();
  for (const auto& [member, value] : input.items()) {
    const auto into = of.update_into.find(member);
    if (into == of.update_into.end()) {
      thing.written[member] = value;
    } else {
      thing.written[into->second].merge_patch(value);
    }
  }
}

// Who takes away what is not there may be told so, or not.
void KindSteps::change_part(const Step& step, Thing& thing, SequenceCalls& calls) {
  const ResourcePart& part = kind(step.kind).parts.find(step.part)->second;
  const bool adds = step.verb == Verb::add;
  const CallTemplate& call = adds ? part.add : part.remove;
  if (!thing.exists || !has(call.operation)) return;
  auto& held = thing.holds[step.part];
  const std::vector<std::string> texts = {text_of(part, step.number)};
  const Json values = adds ? part.elements_of(texts) : Json(texts);
  const bool must = adds || held.contains(step.number);
  if (!calls.call(call.operation, call.filled(thing.id, values, thing.parent), must)) return;
  if (adds) {
    held.insert(step.number);
  } else {
    held.erase(step.number);
  }
}

void KindSteps::read_part(const Step& step, const Thing& thing, SequenceCalls& calls) {
  const ResourcePart& part = kind(step.kind).parts.find(step.part)->second;
  if (!thing.exists || !has(part.read.operation)) return;
  if (!calls.call(part.read.operation, part.read.filled(thing.id, Json::array(), thing.parent), true)) return;
  const Json answer = calls.answer();
  // Behind a first page, there is more than this says.
  if (!part.token.empty() && !harness::wire::text_member(answer, part.token).empty()) return;
  const auto texts = part.texts_of(answer);
  const auto held = thing.holds.find(step.part);
  for (int number = 1; number <= kMaxTexts; ++number) {
    const std::string text = text_of(part, number);
    const bool there = std::find(texts.begin(), texts.end(), text) != texts.end();
    const bool expected = held != thing.holds.end() && held->second.contains(number);
    if (there == expected) continue;
    return calls.fail(
        "lifecycle/part",
        fmt::format("{} {} {} among the {} of {}, {}", part.read.operation, there ? "names" : "does not name",
                    text, step.part, thing.id, expected ? "which were given it" : "which do not have it"));
  }
}

void KindSteps::list(const Step& step, const Thing& thing, SequenceCalls& calls) {
  const ResourceKind& of = kind(step.kind);
  if (!of.list || !has(of.list->call.operation)) return;
  if (!of.parent.empty() && !thing.exists) return;
  const ResourceList& list = *of.list;
  Json input = list.call.filled(thing.id, Json::array(), thing.parent);
  int size = list.page_size.empty() ? 0 : step.number;
  if (size > 0) {
    const auto* member =
        live_.data().model.find_operation(list.call.operation)->input->find_member(list.page_size);
    if (member == nullptr) return;
    const auto& bounds = member->constraints;
    size = static_cast<int>(
        std::clamp<std::int64_t>(size, static_cast<std::int64_t>(bounds.min_value.value_or(1)),
                                 static_cast<std::int64_t>(bounds.max_value.value_or(kMaxPageSize))));
    input[list.page_size] = size;
  }
  std::map<std::string, int> met;
  std::set<std::string> tokens;
  for (int page = 0; page < kMaxPages; ++page) {
    if (!calls.call(list.call.operation, input, true) || calls.is_unsure()) return;
    const Json answer = calls.answer();
    const Json* items = harness::wire::member(answer, list.items);
    const std::size_t count = items != nullptr && items->is_array() ? items->size() : 0;
    if (size > 0 && count > static_cast<std::size_t>(size))
      return calls.fail("lifecycle/page-size", fmt::format("{} answers {} {} at {} {}", list.call.operation,
                                                           count, list.items, list.page_size, size));
    for (std::size_t i = 0; i < count; ++i) ++met[harness::wire::text_member((*items)[i], list.id)];
    const std::string token = list.token.empty() ? "" : harness::wire::text_member(answer, list.token);
    if (!token.empty()) {
      if (!tokens.insert(token).second)
        return calls.fail("lifecycle/pages-end", fmt::format("{} gives one {} twice: its pages never end",
                                                             list.call.operation, list.token));
      input[list.token] = token;
      continue;
    }
    for (const auto& [key, other] : things_) {
      if (key.first != step.kind || other.parent != thing.parent || other.id.empty() || !other.known)
        continue;
      const int times = met[other.id];
      if (times != (other.exists ? 1 : 0))
        return calls.fail("lifecycle/listed",
                          fmt::format("{} names {} {} times, {}", list.call.operation, other.id, times,
                                      other.exists ? "which is there" : "which was removed"));
    }
    return;
  }
}

bool KindSteps::has_parts(const std::string& id) const {
  return std::any_of(things_.begin(), things_.end(),
                     [&](const auto& other) { return other.second.exists && other.second.parent == id; });
}

void KindSteps::forget_parts_of(const std::string& id) {
  for (auto& [key, other] : things_) {
    if (other.parent != id) continue;
    live_.fixtures().situation().knowledge.of(key.first).erase(other.id);
    live_.fixtures().leave(other.id);
    other.exists = other.known = false;
    other.id.clear();
  }
}

// What has parts may be kept for them.
void KindSteps::remove(const std::string& name, Thing& thing, SequenceCalls& calls) {
  const ResourceKind& of = kind(name);
  if (!has(of.remove.operation)) return;
  if (!thing.exists && !declares(of.remove.operation, of.does_not_exist)) return;
  const bool must = thing.exists && !has_parts(thing.id);
  const bool done =
      calls.call(of.remove.operation, of.remove.filled(thing.id, Json::array(), thing.parent), must);
  if (!done || calls.is_unsure()) return;
  if (!thing.exists)
    return calls.fail("lifecycle/removed",
                      fmt::format("{} removes {}, which was removed before", of.remove.operation, thing.id));
  thing.exists = false;
  calls.situation().knowledge.of(name).erase(thing.id);
  live_.fixtures().registry().removed(name, thing.id);
  forget_parts_of(thing.id);
}

void KindSteps::take(const std::string& text, SequenceCalls& calls) {
  const Step step = *parse(text, live_.data().catalogue);
  if (std::find(kinds_.begin(), kinds_.end(), step.kind) == kinds_.end()) return;
  if (step.verb == Verb::make) {
    make_thing(step.kind, step.letter, calls);
    return;
  }
  const auto found = things_.find({step.kind, step.letter});
  if (found == things_.end() || found->second.id.empty() || !found->second.known) return;
  Thing& thing = found->second;
  switch (step.verb) {
    case Verb::make:
      return;
    case Verb::show:
      return show(step.kind, thing, calls);
    case Verb::change:
      return change(step.kind, thing, calls);
    case Verb::add:
    case Verb::take:
      return change_part(step, thing, calls);
    case Verb::read:
      return read_part(step, thing, calls);
    case Verb::list:
      return list(step, thing, calls);
    case Verb::remove:
      return remove(step.kind, thing, calls);
  }
}

// Parts first. What was seen to be removed may be there all the same, if something is wrong.
void KindSteps::end(SequenceCalls& calls) {
  auto& fixtures = live_.fixtures();
  for (const bool parts : {true, false}) {
    for (auto& [key, thing] : things_) {
      const ResourceKind& of = kind(key.first);
      if (thing.name.empty() || of.parent.empty() == parts) continue;
      if (thing.exists && of.is_removed_alone()) {
        fixtures.discard(key.first, thing.id);
      } else if (!thing.id.empty() && (thing.exists || calls.is_unsure())) {
        calls.call(of.remove.operation, of.remove.filled(thing.id, Json::array(), thing.parent), false);
      }
      calls.situation().knowledge.of(key.first).erase(thing.id);
      fixtures.leave(thing.id);
      fixtures.leave(thing.name);
      fixtures.leave(run::made_up_id(of, thing.name));
    }
  }
  things_.clear();
}

}  // namespace fuzzers
