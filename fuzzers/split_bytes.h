#pragma once

#include <string_view>
#include <vector>

namespace fuzzers {

/// The complete requests that bytes begin with, strictly well-formed, so that every server sees the same
/// ones; and what is left.
struct SplitBytes {
  std::vector<std::string_view> requests;
  std::string_view rest;
  bool chunked = false;  ///< some of them are
};
SplitBytes split_requests(std::string_view bytes);

}  // namespace fuzzers
