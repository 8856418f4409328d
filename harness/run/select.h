#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "harness/result.h"
#include "harness/run/case.h"

namespace harness::run {

/// Which cases a run, a list or an explanation is about.
struct Selection {
  std::vector<std::string> operations;  ///< exact names; empty: all
  std::vector<std::string> filters;     ///< globs on ids; empty: all
  std::vector<std::string> excludes;    ///< globs on ids
  std::size_t shard = 1, shards = 1;    ///< 1-based
};

/// `*` matches any text (slashes too), `?` one character; everything else is itself. Linear in practice,
/// never exponential.
bool glob_match(std::string_view pattern, std::string_view text);

/// The selected cases, in their order. Errors: an operation, a filter or an exclude that matches nothing,
/// with the nearest name; a selection that leaves nothing.
Result<std::vector<Case>> select(const std::vector<Case>& all, const Selection& selection);

/// The id nearest to `name` by edit distance.
std::string nearest(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace harness::run
