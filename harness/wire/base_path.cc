#include "harness/wire/base_path.h"

#include <algorithm>

namespace harness::wire {

std::string under_base_path(std::string_view base_path, std::string_view target) {
  std::string out;
  if (target.starts_with('/')) out = base_path;
  return out.append(target);
}

std::string bytes_under_base_path(std::string_view base_path, std::string_view bytes) {
  std::string out(bytes);
  // Many servers skip empty lines before a request.
  const std::size_t begin = std::min(bytes.find_first_not_of("\r\n"), bytes.size());
  const std::size_t end = std::min(bytes.find('\n', begin), bytes.size());
  for (std::size_t i = begin; i + 1 < end; ++i) {
    if ((bytes[i] != ' ' && bytes[i] != '\t') || bytes[i + 1] != '/') continue;
    out.insert(i + 1, base_path);
    break;
  }
  return out;
}

}  // namespace harness::wire
