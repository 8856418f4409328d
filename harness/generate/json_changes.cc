#include "harness/generate/json_changes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "harness/base/ascii.h"
#include "harness/generate/json_strings.h"

namespace harness::generate {
namespace {

using Kind = JsonNode::Kind;
using model::ShapeType;

constexpr std::size_t kMaxSites = 200;
constexpr std::size_t kDeepestSite = 20;
constexpr std::size_t kMaxElements = 300;

constexpr std::array<std::string_view, 18> kLiterals = {"null",
                                                        "true",
                                                        "false",
                                                        "0",
                                                        "1",
                                                        "-1",
                                                        "7",
                                                        "1.5",
                                                        "5.0",
                                                        "1e1",
                                                        "-0",
                                                        "0.0",
                                                        "2147483648",
                                                        "9223372036854775808",
                                                        "18446744073709551616",
                                                        "1e308",
                                                        "1e999",
                                                        "{}"};

}  // namespace

void JsonChanges::collect(JsonNode& node, const MemberPlan* member, const ShapePlan* shape, std::size_t depth,
                          std::vector<Site>& out) {
  if (depth > kDeepestSite || out.size() >= kMaxSites) return;
  if (depth > 0) out.push_back({&node, member});
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const MemberPlan* below = nullptr;
    if (shape != nullptr && node.kind == Kind::object) below = shape->find(node.names[i]);
    if (shape != nullptr && below == nullptr && !shape->members.empty() && member != nullptr &&
        (member->type == ShapeType::list || member->type == ShapeType::map)) {
      below = &shape->members.back();  // a list's element, a map's value
    }
    collect(node.items[i], below, below != nullptr ? below->nested : nullptr, depth + 1, out);
  }
}

std::vector<JsonChanges::Site> JsonChanges::sites(JsonNode& input, const OperationPlan* operation) {
  std::vector<Site> out;
  collect(input, nullptr, operation != nullptr ? operation->input : nullptr, 0, out);
  return out;
}

void JsonChanges::change(JsonNode& input, const OperationPlan* operation) {
  const ShapePlan* shape = operation != nullptr ? operation->input : nullptr;
  if (input.kind != Kind::object) {
    if (shape != nullptr && random_.percent(80)) {
      input = valid_object(*shape, random_, vocabulary_);
    } else {
      change_value({&input, nullptr});
    }
    return;
  }
  const std::size_t kind = random_.below(100);
  if (shape != nullptr && kind < 10) {
    input = valid_object(*shape, random_, vocabulary_);
  } else if (shape != nullptr && kind < 24) {
    resample(input, *shape);
  } else if (kind < 80) {
    const auto all = sites(input, operation);
    if (all.empty()) return change_members(input, shape);
    // Two at once now and then: some mistakes show only where two things meet. A site inside another may be
    // gone after the first change, so only those of the first level are taken.
    if (kind >= 66 && input.items.size() >= 2) {
      for (int i = 0; i < 2; ++i) {
        const std::size_t n = random_.below(input.items.size());
        change_value({&input.items[n], shape != nullptr ? shape->find(input.names[n]) : nullptr});
      }
    } else {
      change_value(random_.pick(all));
    }
  } else if (kind < 98) {
    change_members(input, shape);
  } else if (random_.percent(50)) {
    JsonNode list{Kind::array, {}, {}, {}};
    list.items.push_back(std::move(input));
    input = std::move(list);
  } else {
    input = any_value();
  }
}

// Valid values for most of the members, the others as they are: any two exact values may meet.
void JsonChanges::resample(JsonNode& object, const ShapePlan& shape) {
  const std::size_t chance = random_.percent(50) ? 100 : 50;
  for (std::size_t i = 0; i < object.items.size(); ++i) {
    const MemberPlan* member = shape.find(object.names[i]);
    if (member != nullptr && random_.percent(chance))
      object.items[i] = valid_value(*member, random_, vocabulary_);
  }
  for (const MemberPlan& member : shape.members) {
    const bool there = std::find(object.names.begin(), object.names.end(), member.name) != object.names.end();
    const std::size_t wanted = member.constraints.required                   ? 90
                               : vocabulary_.by_member.contains(member.name) ? 40
                                                                             : 15;
    if (!there && object.items.size() < 50 && random_.percent(wanted))
      object.add(json_escaped(member.name), valid_value(member, random_, vocabulary_));
  }
}

void JsonChanges::change_value(const Site& site) {
  JsonNode& node = *site.node;
  if (site.member == nullptr || random_.percent(6)) {
    if (node.kind == Kind::string && random_.percent(50)) {
      change_content(node.text, nullptr, random_, most_);
    } else if (node.kind == Kind::literal && random_.percent(50)) {
      node.text = telling_integer(nullptr, node.text);
    } else if (random_.percent(40)) {
      JsonNode list{Kind::array, {}, {}, {}};
      list.items.push_back(std::move(node));
      node = std::move(list);
    } else {
      node = any_value();
    }
    return;
  }
  const MemberPlan& member = *site.member;
  if (member.is_text()) return change_text(node, member);
  if (member.is_integer()) return change_integer(node, member);
  if (member.nested != nullptr && (node.kind == Kind::array || node.kind == Kind::object) &&
      random_.percent(60))
    return change_container(node, member);
  node = random_.percent(50) ? boundary(member) : valid_value(member, random_, vocabulary_);
}

const std::string* JsonChanges::known_value(const std::string& member) {
  auto known = vocabulary_.by_member.find(member);
  // Another member's now and then: a token where a name belongs.
  if (known == vocabulary_.by_member.end() || known->second.empty() || random_.percent(15)) {
    if (vocabulary_.by_member.empty()) return nullptr;
    known = std::next(vocabulary_.by_member.begin(),
                      static_cast<std::ptrdiff_t>(random_.below(vocabulary_.by_member.size())));
  }
  return known->second.empty() ? nullptr : &random_.pick(known->second);
}

JsonNode JsonChanges::boundary(const MemberPlan& member) {
  if (member.type == ShapeType::list && random_.percent(40)) {
    JsonNode list{Kind::array, {}, {}, {}};
    resize_to_limit(list, member);
    return list;
  }
  if (member.boundaries->empty()) return any_value();
  const std::string& text = random_.pick(*member.boundaries);
  auto node = read_json_tree(text);
  return node ? *std::move(node) : JsonNode::literal(text);
}

// What a placeholder stands for in its place: itself it has no inside that could be changed.
void JsonChanges::look_inside(JsonNode& node) {
  const auto text = vocabulary_.stands_for.find(node.text);
  if (text != vocabulary_.stands_for.end()) node.text = json_escaped(text->second);
}

void JsonChanges::change_inside(JsonNode& node, const MemberPlan& member) {
  look_inside(node);
  change_content(node.text, &member, random_, most_);
}

void JsonChanges::change_text(JsonNode& node, const MemberPlan& member) {
  const std::size_t kind = random_.below(100);
  if (member.is_opaque() && node.kind == Kind::string && random_.percent(50)) {
    change_inside(node, member);  // there is nothing to know of it but itself
  } else if (kind < 16) {
    node = boundary(member);
  } else if (kind < 26) {
    if (const auto* value = known_value(member.name)) node = JsonNode::string(json_escaped(*value));
    if (node.kind == Kind::string && random_.percent(40)) change_inside(node, member);
  } else if (kind < 38) {
    node = valid_value(member, random_, vocabulary_);
  } else if (kind < 46 && member.strings) {
    if (auto outside = member.strings->non_member(random_)) node = JsonNode::string(json_escaped(*outside));
  } else if (kind < 58) {
    node = JsonNode::string(content_of_length(&member, telling_length(&member, random_, most_), random_));
  } else if (kind < 66) {
    node = JsonNode::string(content_counted_differently(&member, random_, most_));
  } else if (kind < 96 && node.kind == Kind::string) {
    if (random_.percent(70)) look_inside(node);
    change_content(node.text, &member, random_, most_);
    if (random_.percent(20)) change_content(node.text, &member, random_, most_);
  } else {
    node = any_value();
  }
}

std::string JsonChanges::telling_integer(const MemberPlan* member, const std::string& current) {
  const std::size_t kind = random_.below(100);
  std::int64_t n = 0;
  const auto [end, error] = std::from_chars(current.data(), current.data() + current.size(), n);
  const bool number = error == std::errc() && end == current.data() + current.size();
  if (kind < 30) return std::to_string(random_.between(1, 200));
  if (kind < 50 && member != nullptr && (member->constraints.min_value || member->constraints.max_value)) {
    const auto& c = member->constraints;
    const std::int64_t limit =
        c.max_value && (random_.percent(60) || !c.min_value) ? *c.max_value : *c.min_value;
    return std::to_string(
        static_cast<std::int64_t>(static_cast<std::uint64_t>(limit) + random_.below(7) - 3));
  }
  if (kind < 60 && number) {
    return std::to_string(static_cast<std::int64_t>(static_cast<std::uint64_t>(n) + random_.below(17) - 8));
  }
  if (kind < 75) {
    const std::uint64_t power = std::uint64_t{1} << random_.below(64);
    const auto value = static_cast<std::int64_t>(power + random_.below(3) - 1);
    return random_.percent(70) ? std::to_string(static_cast<std::uint64_t>(value)) : std::to_string(value);
  }
  if (kind < 83 && number) {  // the same number, written differently
    switch (random_.below(6)) {
      case 0:
        return fmt::format("{}.0", n);
      case 1:
        return fmt::format("{}e0", n);
      case 2:
        return fmt::format("{}E+00", n);
      case 3:
        return fmt::format("{}0e-1", n);
      case 4:
        return fmt::format("0{}", n);
      default:
        return fmt::format("{}.{:0>{}}", n, 1, random_.between(1, 30));
    }
  }
  if (kind < 93) return std::to_string(static_cast<std::int64_t>(random_.between(0, 4000)) - 1000);
  return std::string(random_.pick(kLiterals));
}

void JsonChanges::change_integer(JsonNode& node, const MemberPlan& member) {
  const std::size_t kind = random_.below(100);
  if (kind < 15) {
    node = boundary(member);
  } else if (kind < 25) {
    node = valid_value(member, random_, vocabulary_);
  } else if (kind < 92) {
    const std::string now = node.kind == Kind::literal ? node.text : std::string();
    node = JsonNode::literal(telling_integer(&member, now));
  } else if (kind < 96 && node.kind == Kind::literal) {
    node = JsonNode::string(node.text);
  } else {
    node = any_value();
  }
}

JsonNode JsonChanges::element_of(const MemberPlan& member) {
  return member.type == ShapeType::list && !member.nested->members.empty() && random_.percent(90)
             ? valid_value(member.nested->members.front(), random_, vocabulary_, 1)
             : any_value();
}

// As many elements as the limit, one fewer, or one more.
void JsonChanges::resize_to_limit(JsonNode& list, const MemberPlan& member) {
  auto& items = list.items;
  const std::size_t limit = member.longest == SIZE_MAX ? random_.between(1, 60) : member.longest;
  constexpr std::array<std::size_t, 6> kFromOneBelow = {0, 1, 1, 2, 2, 3};
  const std::size_t wanted =
      std::min(limit + random_.pick(kFromOneBelow) - (limit > 0 ? 1 : 0), kMaxElements);
  const bool alike = random_.percent(30);
  while (items.size() > wanted) items.pop_back();
  while (items.size() < wanted)
    items.push_back(alike && !items.empty() ? JsonNode(items.front()) : element_of(member));
}

void JsonChanges::change_container(JsonNode& node, const MemberPlan& member) {
  if (node.kind == Kind::object) {
    return change_members(node, member.type == ShapeType::structure ? member.nested : nullptr);
  }
  auto& items = node.items;
  const std::size_t kind = random_.below(10);
  if (items.empty() || kind < 3) {
    if (items.size() < kMaxElements) {
      const std::size_t at = random_.below(items.size() + 1);
      items.insert(items.begin() + static_cast<std::ptrdiff_t>(at), element_of(member));
    }
  } else if (kind < 5) {
    node.remove(random_.below(items.size()));
  } else if (kind < 7) {
    if (items.size() < kMaxElements) items.push_back(JsonNode(random_.pick(items)));
  } else if (kind < 9) {
    resize_to_limit(node, member);
  } else {
    const std::size_t one = random_.below(items.size());
    std::swap(items[one], items[random_.below(items.size())]);
  }
}

void JsonChanges::change_name(std::string& name) {
  switch (random_.below(6)) {
    case 0:
      if (!name.empty()) name[0] = static_cast<char>(name[0] ^ 0x20);
      return;
    case 1:
      name = base::lower(name);
      return;
    case 2:
      name = random_.percent(50) ? name + " " : " " + name;
      return;
    case 3:
      if (!name.empty() && name[0] > 0x20 && name[0] < 0x7f && name[0] != '\\' && name[0] != '{')
        name = fmt::format("\\u{:04x}", static_cast<unsigned>(name[0])) + name.substr(1);
      return;
    case 4:
      // A model may have no member at all.
      if (!plans_.member_names().empty()) name = json_escaped(random_.pick(plans_.member_names()));
      return;
    default:
      change_content(name, nullptr, random_, 64);
  }
}

void JsonChanges::change_members(JsonNode& object, const ShapePlan* shape) {
  const std::size_t n = object.items.size();
  const std::size_t kind = random_.below(100);
  const bool room = n < kMaxSites;
  if (kind < 40 || n == 0) {
    if (!room) return;
    if (shape != nullptr && !shape->members.empty() && random_.percent(85)) {
      const MemberPlan& member = random_.pick(shape->members);
      // One that is there already becomes a duplicate only now and then.
      const auto at = std::find(object.names.begin(), object.names.end(), member.name);
      JsonNode value = random_.percent(60) ? valid_value(member, random_, vocabulary_) : boundary(member);
      if (at != object.names.end() && random_.percent(85)) {
        object.items[static_cast<std::size_t>(at - object.names.begin())] = std::move(value);
      } else {
        object.add(json_escaped(member.name), std::move(value));
      }
    } else if (!plans_.member_names().empty() && random_.percent(60)) {
      std::string name = json_escaped(random_.pick(plans_.member_names()));
      object.add(std::move(name), any_value());
    } else {
      std::string name =
          random_.percent(20) ? std::string() : content_of_length(nullptr, random_.between(1, 12), random_);
      object.add(std::move(name), any_value());
    }
    return;
  }
  const std::size_t at = random_.below(n);
  if (kind < 55) {
    object.remove(at);
  } else if (kind < 65 && room) {  // a duplicate, the same or another, before or behind
    JsonNode copy = object.items[at];
    std::string name = object.names[at];
    if (random_.percent(60)) {
      const MemberPlan* member = shape != nullptr ? shape->find(name) : nullptr;
      change_value({&copy, member});
    }
    object.add(std::move(name), std::move(copy));
    if (random_.percent(50)) std::swap(object.items[at], object.items.back());
  } else if (kind < 75) {
    change_name(object.names[at]);
  } else if (kind < 85 && n >= 2) {  // another member's value
    object.items[at] = JsonNode(random_.pick(object.items));
  } else if (kind < 93 && n >= 2) {
    const std::size_t other = random_.below(n);
    std::swap(object.items[at], object.items[other]);
    std::swap(object.names[at], object.names[other]);
  } else {
    object.items[at] = JsonNode::literal("null");
  }
}

JsonNode JsonChanges::any_value() {
  switch (random_.below(8)) {
    case 0:
      return JsonNode::string("");
    case 1:
      return JsonNode::string(content_of_length(nullptr, telling_length(nullptr, random_, most_), random_));
    case 2:
      return {Kind::array, {}, {}, {}};
    case 3:
      return {Kind::object, {}, {}, {}};
    case 4:
      if (const auto* value = known_value({})) return JsonNode::string(json_escaped(*value));
      return JsonNode::literal("null");
    default:
      return JsonNode::literal(std::string(random_.pick(kLiterals)));
  }
}

}  // namespace harness::generate
