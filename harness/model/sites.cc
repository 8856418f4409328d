#include "harness/model/sites.h"

#include <algorithm>

namespace harness::model {
namespace {

class SiteFinder {
 public:
  std::vector<Site> of(const Operation& operation) {
    if (operation.input != nullptr) below("", *operation.input);
    return std::move(sites_);
  }

 private:
  void below(const std::string& path, const Shape& shape) {
    open_.push_back(&shape);
    for (const Member& m : shape.members) at(place_of(path, shape, m), m);
    open_.pop_back();
  }

  static std::string place_of(const std::string& path, const Shape& shape, const Member& m) {
    if (shape.type == ShapeType::list) return path + "[]";
    if (shape.type == ShapeType::map) return path + (m.name == "key" ? "{key}" : "{}");
    return path.empty() ? m.name : path + "." + m.name;
  }

  void at(const std::string& path, const Member& m) {
    const Constraints& c = m.constraints;
    const auto add = [&](bool there, Site::Kind kind) {
      if (there) sites_.push_back({path, kind, &m});
    };
    add(c.required, Site::Kind::required);
    if (std::find(open_.begin(), open_.end(), m.target) != open_.end()) return;
    add(c.min_length.has_value() || c.max_length.has_value(), Site::Kind::length);
    add(c.min_value.has_value() || c.max_value.has_value(), Site::Kind::range);
    add(c.pattern != nullptr, Site::Kind::pattern);
    add(!c.enum_values.empty(), Site::Kind::enumeration);
    below(path, *m.target);
  }

  std::vector<Site> sites_;
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

std::vector<Site> constraint_sites(const Operation& operation) {
  return SiteFinder().of(operation);
}

}  // namespace harness::model
