#include "harness/oracle/knowledge.h"

namespace harness::oracle {

const std::set<std::string>* Resource::known(std::string_view what) const {
  const auto it = holds.find(what);
  return it == holds.end() ? nullptr : &it->second;
}

void Knowledge::issued(std::string_view token, std::string_view owner) {
  const auto [it, is_new] = tokens.emplace(token, owner);
  if (!is_new && it->second != owner) it->second.clear();
}

Knowledge::ById& Knowledge::of(std::string_view kind) {
  const auto it = resources.find(kind);
  return it != resources.end() ? it->second : resources[std::string(kind)];
}

const Resource* Knowledge::find(std::string_view kind, std::string_view id) const {
  static const Resource absent{.exists = false, .ours = false, .holds = {}};
  const auto of_kind = resources.find(kind);
  if (of_kind != resources.end()) {
    const auto it = of_kind->second.find(id);
    if (it != of_kind->second.end()) return &it->second;
  }
  return !absent_prefix.empty() && id.starts_with(absent_prefix) ? &absent : nullptr;
}

}  // namespace harness::oracle
