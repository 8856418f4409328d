#pragma once

#include <string>
#include <string_view>

namespace harness::base {

/// Puts `by` in every place where `what`, which is not empty, stands. What is put in is not looked at again.
inline void replace_all(std::string& text, std::string_view what, std::string_view by) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size())
    text.replace(at, what.size(), by);
}

}  // namespace harness::base
