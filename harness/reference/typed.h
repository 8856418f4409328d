#pragma once

#include <any>
#include <map>
#include <typeindex>

namespace harness::reference {

/// At most one value of each type: what one room keeps for others whose types it does not know. Each family
/// of operations has types of its own, so families never meet. Copies are deep.
///
///     struct Paper { bool recycled = false; };
///     values.of<Paper>().recycled = true;
///     values.get<Paper>().recycled;  // true; false where nothing was set
class Typed {
 public:
  /// The value, made by T's default constructor if there is none yet.
  template <class T>
  T& of() {
    std::any& value = values_[typeid(T)];
    if (!value.has_value()) value = T();
    return *std::any_cast<T>(&value);
  }

  /// A copy of the value, or T's default.
  template <class T>
  T get() const {
    const auto found = values_.find(typeid(T));
    return found == values_.end() ? T() : *std::any_cast<T>(&found->second);
  }

 private:
  std::map<std::type_index, std::any> values_;
};

}  // namespace harness::reference
