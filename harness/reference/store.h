#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The state of a reference endpoint: tables of resources, one for each kind.
namespace harness::reference {

/// A resource with its number in its table, which is never given again: it distinguishes a resource from an
/// earlier one of the same name that was removed.
template <class T>
struct Stored {
  std::uint64_t serial = 0;
  T value;
};

/// The resources of one kind, by name. Not thread-safe: see Store::lock().
template <class T>
class Table {
 public:
  /// False if there is a resource of this name already; then nothing changes.
  bool create(std::string name, T value) {
    const bool inserted =
        resources_.try_emplace(std::move(name), Stored<T>{next_serial_, std::move(value)}).second;
    if (inserted) ++next_serial_;
    return inserted;
  }
  /// False if there is none.
  bool remove(std::string_view name) {
    const auto found = resources_.find(name);
    if (found == resources_.end()) return false;
    resources_.erase(found);
    return true;
  }
  /// nullptr if there is none. Valid until the resource is removed.
  Stored<T>* find(std::string_view name) {
    const auto found = resources_.find(name);
    return found == resources_.end() ? nullptr : &found->second;
  }
  std::size_t size() const { return resources_.size(); }
  /// Sorted.
  std::vector<std::string> names() const {
    std::vector<std::string> result;
    result.reserve(resources_.size());
    for (const auto& [name, resource] : resources_) result.push_back(name);
    return result;
  }

 private:
  std::map<std::string, Stored<T>, std::less<>> resources_;
  std::uint64_t next_serial_ = 1;
};

/// The tables of one service. Families add theirs while the service is made; afterwards only their contents
/// change, and only while the lock is held.
class Store {
 public:
  /// A new, empty table for this kind of resource ("queue"), which lives as long as the store. Each kind is
  /// added once.
  template <class T>
  Table<T>& add(std::string kind) {
    auto table = std::make_shared<Table<T>>();
    names_[std::move(kind)] = [table] { return table->names(); };
    return *table;
  }

  /// Held by a handler for as long as it uses a table.
  [[nodiscard]] std::unique_lock<std::mutex> lock() const { return std::unique_lock(mutex_); }

  /// The names of the resources of this kind, sorted; none for a kind that was not added. Locks.
  std::vector<std::string> names(std::string_view kind) const {
    const auto held = lock();
    const auto found = names_.find(kind);
    return found == names_.end() ? std::vector<std::string>() : found->second();
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::function<std::vector<std::string>()>, std::less<>> names_;  // hold the tables
};

}  // namespace harness::reference
