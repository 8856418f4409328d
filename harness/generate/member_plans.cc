#include "harness/generate/member_plans.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "harness/generate/values.h"

namespace harness::generate {
namespace {

using model::ShapeType;

// Longer values are made when they are wanted; a list of them all would be megabytes.
constexpr std::size_t kLongestBoundary = 2048;

bool is_container(ShapeType type) {
  return type == ShapeType::structure || type == ShapeType::union_ || type == ShapeType::list ||
         type == ShapeType::map;
}

// A valid value's JSON text: what boundary values are built around.
std::string example_of(const MemberPlan& member) {
  Random random(1);
  Vocabulary none;
  return to_text(valid_value(member, random, none));
}

// Members with the same key have the same boundaries, but for an object that names the member.
std::string key_of(const model::Member& member) {
  const auto& c = member.constraints;
  const auto limit = [](const std::optional<std::int64_t>& n) { return n ? std::to_string(*n) : "-"; };
  return fmt::format("{} {} {} {} {} {} {}", member.target->id, c.required, limit(c.min_length),
                     limit(c.max_length), limit(c.min_value), limit(c.max_value),
                     c.pattern ? c.pattern->text() : std::string());
}

}  // namespace

bool MemberPlan::is_text() const {
  return model::is_text(type);
}

bool MemberPlan::is_opaque() const {
  return is_text() && !constraints.pattern && !constraints.max_length && constraints.enum_values.empty();
}

bool MemberPlan::is_integer() const {
  return model::is_integer(type);
}

const MemberPlan* ShapePlan::find(std::string_view name) const {
  for (const MemberPlan& m : members) {
    if (m.name == name) return &m;
  }
  return nullptr;
}

Plans::Plans(const model::Model& model) : model_(model), head_values_(model) {
  std::set<std::string> names;
  for (const auto& operation : model_.operations()) {
    operations_.push_back({operation.name, operation.input != nullptr ? plan_of(*operation.input) : nullptr});
  }
  for (const auto& [shape, plan] : shapes_) {
    if (shape->type != ShapeType::structure) continue;
    for (const MemberPlan& m : plan->members) names.insert(m.name);
  }
  names_.assign(names.begin(), names.end());
}

const OperationPlan* Plans::find(std::string_view operation) const {
  for (const OperationPlan& o : operations_) {
    if (o.name == operation) return &o;
  }
  return nullptr;
}

const ShapePlan* Plans::plan_of(const model::Shape& shape) {
  auto& plan = shapes_[&shape];
  if (plan) return plan.get();
  plan = std::make_unique<ShapePlan>();
  ShapePlan* const out = plan.get();
  for (const model::Member& member : shape.members) out->members.push_back(member_plan(member));
  return out;
}

MemberPlan Plans::member_plan(const model::Member& member) {
  MemberPlan out;
  const auto& c = member.constraints;
  out.name = member.name;
  out.type = member.target->type;
  out.constraints = c;
  if (is_container(out.type)) out.nested = plan_of(*member.target);
  if (c.min_length && *c.min_length > 0) out.shortest = static_cast<std::size_t>(*c.min_length);
  if (c.max_length && *c.max_length >= 0) out.longest = static_cast<std::size_t>(*c.max_length);
  if (c.pattern && c.pattern->why_unsupported().empty()) {
    const auto [known, added] = patterns_.try_emplace(c.pattern->text());
    if (added) {
      if (auto strings = PatternStrings::of(c.pattern->text()))
        known->second = std::make_shared<const PatternStrings>(*std::move(strings));
    }
    out.strings = known->second;
  }
  if (out.strings) {
    out.shortest = std::max(out.shortest, out.strings->shortest());
    out.longest = std::min(out.longest, out.strings->longest());
  }
  auto& boundaries = boundaries_[key_of(member)];
  if (!boundaries) {
    auto texts = std::make_shared<std::vector<std::string>>();
    for (Value& value : boundary_values(member, example_of(out), kLongestBoundary)) {
      if (!value.json.empty() && value.json.size() <= kLongestBoundary)
        texts->push_back(std::move(value.json));
    }
    boundaries = std::move(texts);
  }
  out.boundaries = boundaries;
  return out;
}

namespace {

constexpr std::size_t kDeepestValue = 4;

// Numbers that people choose when a number has to be exact: powers, round ones, repeated digits, primes.
constexpr std::array<std::size_t, 44> kChosen = {
    1,  2,  3,  4,  5,  7,  8,  10, 11, 12, 13, 16, 17, 19, 20, 21, 22,  23,  24,  25,  31,  32,
    33, 37, 42, 44, 50, 55, 60, 63, 64, 65, 66, 69, 73, 77, 88, 99, 100, 111, 123, 127, 128, 137};

// Usual lengths mostly, so that an exact one comes up; all that is allowed now and then.
std::size_t valid_length(const MemberPlan& member, Random& random) {
  constexpr std::size_t kUsual = 130, kMost = 4096;
  const std::size_t shortest = std::min(member.shortest, kMost);
  const std::size_t longest = std::max(shortest, std::min(member.longest, kMost));
  const std::size_t usual = std::max(shortest, std::min(longest, std::max(kUsual, shortest + 16)));
  if (random.percent(30)) {
    const std::size_t n = random.pick(kChosen);
    if (n >= shortest && n <= longest) return n;
  }
  if (random.percent(75)) return random.between(shortest, usual);
  if (random.percent(40)) return longest - std::min(longest - shortest, random.below(3));
  return random.between(shortest, random.percent(80) ? std::min(longest, std::size_t{600}) : longest);
}

JsonNode valid_string(const MemberPlan& member, Random& random, const Vocabulary& vocabulary) {
  const auto known = vocabulary.by_member.find(member.name);
  // Nothing but an endpoint says what a value without constraints should be.
  const auto& c = member.constraints;
  const bool free = member.is_opaque();
  if (known != vocabulary.by_member.end() && !known->second.empty() && random.percent(free ? 80 : 50))
    return JsonNode::string(json_escaped(random.pick(known->second)));
  if (!c.enum_values.empty()) return JsonNode::string(json_escaped(random.pick(c.enum_values)));
  if (member.strings && member.strings->is_plain())
    return JsonNode::string(
        json_escaped(member.strings->member_of_length(random, valid_length(member, random))));
  if (member.strings) {
    return JsonNode::string(
        json_escaped(member.strings->member(random, std::min<std::size_t>(member.longest, 1024))));
  }
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:/ ";
  std::string text(valid_length(member, random), 'a');
  if (random.percent(60)) {
    for (char& character : text) character = random.pick(kPlain);
  }
  return JsonNode::string(std::move(text));
}

JsonNode valid_number(const MemberPlan& member, Random& random) {
  const std::int64_t least = member.constraints.min_value.value_or(0);
  const std::int64_t most = std::max(least, member.constraints.max_value.value_or(1'000'000));
  const auto span = static_cast<std::uint64_t>(most) - static_cast<std::uint64_t>(least);
  if (random.percent(30)) {
    const auto n = static_cast<std::int64_t>(random.pick(kChosen));
    if (n >= least && n <= most) return JsonNode::literal(std::to_string(n));
  }
  const std::uint64_t usual = random.percent(90) ? std::min<std::uint64_t>(span, 200) : span;
  const std::uint64_t step = usual == UINT64_MAX ? random.next() : random.next() % (usual + 1);
  return JsonNode::literal(
      std::to_string(static_cast<std::int64_t>(static_cast<std::uint64_t>(least) + step)));
}

JsonNode valid_list(const MemberPlan& member, Random& random, const Vocabulary& vocabulary,
                    std::size_t depth) {
  JsonNode node;
  node.kind = JsonNode::Kind::array;
  if (member.nested->members.empty()) return node;
  std::size_t n = random.between(member.shortest, std::min(member.longest, member.shortest + 3));
  if (depth == 0 && member.longest <= 100 && random.percent(20))
    n = random.between(member.shortest, member.longest);
  // What is known of a list is known of its elements.
  const auto known = vocabulary.by_member.find(member.name);
  const bool any = known != vocabulary.by_member.end() && !known->second.empty();
  for (std::size_t i = 0; i < std::min<std::size_t>(n, 100); ++i) {
    node.items.push_back(any && random.percent(50)
                             ? JsonNode::string(json_escaped(random.pick(known->second)))
                             : valid_value(member.nested->members.front(), random, vocabulary, depth + 1));
  }
  return node;
}

}  // namespace

JsonNode valid_value(const MemberPlan& member, Random& random, const Vocabulary& vocabulary,
                     std::size_t depth) {
  switch (member.type) {
    case ShapeType::boolean:
      return JsonNode::literal(random.percent(50) ? "true" : "false");
    case ShapeType::byte_:
    case ShapeType::short_:
    case ShapeType::integer:
    case ShapeType::long_:
    case ShapeType::big_integer:
      return valid_number(member, random);
    case ShapeType::float_:
    case ShapeType::double_:
    case ShapeType::big_decimal:
      return JsonNode::literal(fmt::format("{}.5", random.below(1000)));
    case ShapeType::timestamp:
      return JsonNode::literal(std::to_string(1'700'000'000 + random.below(100'000'000)));
    case ShapeType::blob:
      return JsonNode::string("AAAA");
    case ShapeType::string:
    case ShapeType::enumeration:
      return valid_string(member, random, vocabulary);
    case ShapeType::list:
      if (depth < kDeepestValue) return valid_list(member, random, vocabulary, depth);
      return {JsonNode::Kind::array, {}, {}, {}};
    case ShapeType::map: {
      JsonNode node;
      node.kind = JsonNode::Kind::object;
      if (depth >= kDeepestValue || member.nested->members.size() < 2) return node;
      const auto& parts = member.nested->members;
      for (std::size_t i = random.between(1, 3); i > 0; --i) {
        std::string key = valid_value(parts[0], random, vocabulary, depth + 1).text;
        node.add(std::move(key), valid_value(parts[1], random, vocabulary, depth + 1));
      }
      return node;
    }
    case ShapeType::structure:
      return valid_object(*member.nested, random, vocabulary, depth + 1);
    case ShapeType::union_: {
      JsonNode node;
      node.kind = JsonNode::Kind::object;
      if (depth >= kDeepestValue || member.nested->members.empty()) return node;
      const auto& chosen = random.pick(member.nested->members);
      node.add(json_escaped(chosen.name), valid_value(chosen, random, vocabulary, depth + 1));
      return node;
    }
    case ShapeType::document:
      break;
  }
  return {JsonNode::Kind::object, {}, {}, {}};
}

JsonNode valid_object(const ShapePlan& shape, Random& random, const Vocabulary& vocabulary,
                      std::size_t depth) {
  JsonNode node;
  node.kind = JsonNode::Kind::object;
  // Of many optional members few are sent at once: most requests name two or three.
  const std::size_t few = shape.members.size() <= 6 ? 100 : 600 / shape.members.size();
  for (const MemberPlan& member : shape.members) {
    const auto& c = member.constraints;
    // Those that the model says something of, or another call did; without that, tokens and the like mean
    // little.
    const bool limited = c.pattern || c.max_length || c.max_value || !c.enum_values.empty();
    const bool known = vocabulary.by_member.contains(member.name);
    const std::size_t chance = (limited || known ? 75 : 20) * few / 100;
    const bool wanted = c.required || (depth < kDeepestValue && random.percent(chance));
    if (wanted && (depth < 2 * kDeepestValue))
      node.add(json_escaped(member.name), valid_value(member, random, vocabulary, depth));
  }
  return node;
}

}  // namespace harness::generate
