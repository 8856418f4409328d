#include "harness/model/sites.h"

#include <algorithm>

namespace harness::model {
namespace {

class PlaceFinder {
 public:
  std::vector<Place> of(const Operation& operation) {
    if (operation.input != nullptr) below("", *operation.input);
    return std::move(places_);
  }

 private:
  void below(const std::string& path, const Shape& shape) {
    open_.push_back(&shape);
    for (const Member& m : shape.members) {
      steps_.push_back(&m);
      at(place_of(path, shape, m), m);
      steps_.pop_back();
    }
    open_.pop_back();
  }

  static std::string place_of(const std::string& path, const Shape& shape, const Member& m) {
    if (shape.type == ShapeType::list) return path + "[]";
    if (shape.type == ShapeType::map) return path + (m.name == "key" ? "{key}" : "{}");
    return path.empty() ? m.name : path + "." + m.name;
  }

  void at(const std::string& path, const Member& m) {
    const bool recurs = std::find(open_.begin(), open_.end(), m.target) != open_.end();
    places_.push_back({path, steps_, recurs});
    if (!recurs) below(path, *m.target);
  }

  std::vector<Place> places_;
  std::vector<const Member*> steps_;
  std::vector<const Shape*> open_;  // the shapes that are being followed
};

}  // namespace

std::string_view to_string(Site::Kind kind) {
  switch (kind) {
    case Site::Kind::required:
      return "required";
    case Site::Kind::length:
      return "length";
    case Site::Kind::range:
      return "range";
    case Site::Kind::pattern:
      return "pattern";
    case Site::Kind::enumeration:
      return "enum";
  }
  return "?";
}

bool Place::is_key() const {
  return steps.size() > 1 && steps[steps.size() - 2]->target->type == ShapeType::map &&
         member().name == "key";
}

std::string_view Place::name() const {
  std::string_view in_structure = steps.front()->name;
  for (std::size_t i = 1; i < steps.size(); ++i) {
    const ShapeType owner = steps[i - 1]->target->type;
    if (owner == ShapeType::structure || owner == ShapeType::union_) in_structure = steps[i]->name;
  }
  return in_structure;
}

std::vector<Place> places(const Operation& operation) {
  return PlaceFinder().of(operation);
}

std::vector<Site> constraint_sites(const Operation& operation) {
  std::vector<Site> sites;
  for (const Place& place : places(operation)) {
    const Constraints& c = place.member().constraints;
    const auto add = [&](bool there, Site::Kind kind) {
      if (there) sites.push_back({place.path, kind, &place.member()});
    };
    add(c.required, Site::Kind::required);
    if (place.recurs) continue;
    add(c.min_length.has_value() || c.max_length.has_value(), Site::Kind::length);
    add(c.min_value.has_value() || c.max_value.has_value(), Site::Kind::range);
    add(c.pattern != nullptr, Site::Kind::pattern);
    add(!c.enum_values.empty(), Site::Kind::enumeration);
  }
  return sites;
}

}  // namespace harness::model
