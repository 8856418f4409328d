#include "harness/generate/place.h"

#include <iterator>
#include <utility>

#include "harness/generate/valid_input.h"

namespace harness::generate {
namespace {

using model::Member;
using model::Place;
using model::ShapeType;
using wire::Json;

// The value that the step leads to inside `owner`, made if it is not there.
Result<Json*> descend(Json& owner, ShapeType type, const Member& step, std::string_view prefix) {
  const auto made = [&](Json& where) -> Result<Json*> {
    auto value = valid_value(step, step.name, prefix);
    if (!value) return tl::unexpected(value.error());
    where = *std::move(value);
    return &where;
  };
  if (type == ShapeType::list) {
    if (!owner.is_array() || owner.empty()) {
      owner = Json::array({nullptr});
      return made(owner.front());
    }
    return &owner.front();
  }
  if (type == ShapeType::map) {
    if (!owner.is_object() || owner.empty()) return fail("a map without an entry");
    return &*owner.begin();
  }
  if (!owner.is_object()) owner = Json::object();
  if (type == ShapeType::union_) {
    for (auto it = owner.begin(); it != owner.end();)
      it = it.key() == step.name ? std::next(it) : owner.erase(it);
  }
  const auto there = owner.find(step.name);
  if (there != owner.end() && !there->is_null()) return &*there;
  return made(owner[step.name]);
}

// A map needs an entry before a step leads into it.
Status give_entry(Json& value, const Member& map, const std::string& path, std::string_view prefix) {
  if (value.is_object() && !value.empty()) return {};
  auto entries = valid_entries(map, 1, path, prefix);
  if (!entries) return tl::unexpected(entries.error());
  value = *std::move(entries);
  return {};
}

struct Found {
  std::string path;              // as far as the input has it, with the names of its keys
  const Json* value = nullptr;   // nullptr: there is nothing
  std::optional<Json> key = {};  // what is there instead, where the place is a key
};

Found found_at(const Json& input, const Place& place) {
  Found out{{}, &input, {}};
  ShapeType owner = ShapeType::structure;
  for (const Member* step : place.steps) {
    const Json* const in = std::exchange(out.value, nullptr);
    if (owner == ShapeType::list) {
      out.path += "[0]";
      if (in != nullptr && in->is_array() && !in->empty()) out.value = &in->front();
    } else if (owner == ShapeType::map) {
      if (in != nullptr && in->is_object() && !in->empty()) {
        const auto entry = in->begin();
        out.path += "." + entry.key();
        out.value = &*entry;
        if (step->name == "key") out.key = entry.key();
      }
    } else {
      out.path += out.path.empty() ? step->name : "." + step->name;
      if (in != nullptr && in->is_object()) {
        if (const auto there = in->find(step->name); there != in->end()) out.value = &*there;
      }
    }
    owner = step->target->type;
  }
  return out;
}

}  // namespace

Result<Json> with_value_at(Json input, const Place& place, std::optional<Json> value,
                           std::string_view prefix) {
  Json* at = &input;
  ShapeType owner = ShapeType::structure;
  for (std::size_t i = 0; i + 1 < place.steps.size(); ++i) {
    const Member& step = *place.steps[i];
    auto next = descend(*at, owner, step, prefix);
    if (!next) return tl::unexpected(next.error());
    at = *next;
    owner = step.target->type;
    if (owner != ShapeType::map) continue;
    if (auto given = give_entry(*at, step, place.path, prefix); !given) return tl::unexpected(given.error());
  }
  const Member& last = place.member();
  if (owner == ShapeType::list) {
    if (!value) return fail(place.path + ": an element cannot be left out");
    if (!at->is_array() || at->empty()) *at = Json::array({nullptr});
    at->front() = *std::move(value);
  } else if (owner == ShapeType::map && place.is_key()) {
    if (!value || !value->is_string()) return fail(place.path + ": a key is a string");
    Json entry = *at->begin();
    at->erase(at->begin());
    (*at)[value->get<std::string>()] = std::move(entry);
  } else if (owner == ShapeType::map) {
    if (!value) return fail(place.path + ": an entry cannot be left out");
    *at->begin() = *std::move(value);
  } else {
    if (!at->is_object() || owner == ShapeType::union_) *at = Json::object();
    if (value) {
      (*at)[last.name] = *std::move(value);
    } else {
      at->erase(last.name);
    }
  }
  return input;
}

std::string concrete_path(const Json& input, const Place& place) {
  return found_at(input, place).path;
}

std::optional<Json> value_at(const Json& input, const Place& place) {
  const Found found = found_at(input, place);
  if (found.key) return *found.key;
  return found.value == nullptr ? std::nullopt : std::optional(*found.value);
}

}  // namespace harness::generate
