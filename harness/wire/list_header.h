#pragma once

#include <string_view>

#include "harness/base/ascii.h"
#include "harness/wire/message.h"

namespace harness::wire {

/// Calls `visit` with each element of a list header (RFC 9110 §5.6.1), trimmed, in order; lines of one name
/// are one list, and empty elements are skipped.
template <class Visit>
void each_list_element(const Headers& headers, std::string_view name, Visit visit) {
  for (std::string_view value : headers.all(name)) {
    while (true) {
      const auto comma = value.find(',');
      if (const auto element = base::trimmed(value.substr(0, comma)); !element.empty()) visit(element);
      if (comma == std::string_view::npos) break;
      value.remove_prefix(comma + 1);
    }
  }
}

}  // namespace harness::wire
