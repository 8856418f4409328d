#include "harness/generate/vocabulary.h"

#include <algorithm>

namespace harness::generate {

void Vocabulary::learn(std::string_view member, std::string value) {
  constexpr std::size_t kLongest = 4096;
  if (value.size() > kLongest) return;
  auto& values = by_member[std::string(member)];
  const std::size_t given = given_.try_emplace(std::string(member), values.size()).first->second;
  if (std::find(values.begin(), values.end(), value) != values.end()) return;
  if (values.size() >= given + kMaxLearned) values.erase(values.begin() + static_cast<std::ptrdiff_t>(given));
  values.push_back(std::move(value));
}

}  // namespace harness::generate
