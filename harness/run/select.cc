#include "harness/run/select.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <numeric>

namespace harness::run {
namespace {

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

// Stable over runs and machines (std::hash is not).
std::uint64_t fnv1a(std::string_view text) {
  std::uint64_t h = 14695981039346656037ULL;
  for (unsigned char c : text) h = (h ^ c) * 1099511628211ULL;
  return h;
}

bool matches_any(const std::vector<std::string>& globs, std::string_view id) {
  return std::any_of(globs.begin(), globs.end(), [&](const auto& g) { return glob_match(g, id); });
}

}  // namespace

bool glob_match(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0, star = std::string_view::npos, mark = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      mark = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++mark;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

std::string nearest(std::string_view name, const std::vector<std::string>& candidates) {
  // Beyond the longest id there is nothing to compare, and a name from a file may be of any length.
  constexpr std::size_t kCompared = 300;
  name = name.substr(0, kCompared);
  std::string best;
  std::size_t least = std::numeric_limits<std::size_t>::max();
  for (const auto& c : candidates) {
    if (const std::size_t d = distance(name, c); d < least) {
      least = d;
      best = c;
    }
  }
  return best;
}

Result<std::vector<Case>> select(const std::vector<Case>& all, const Selection& s) {
  std::vector<std::string> ids, operations;
  for (const Case& c : all) {
    ids.push_back(c.id);
    if (std::find(operations.begin(), operations.end(), c.operation) == operations.end())
      operations.push_back(c.operation);
  }
  for (const auto& op : s.operations) {
    if (std::find(operations.begin(), operations.end(), op) == operations.end()) {
      return fail(fmt::format("--operation {}: there are no cases for it; the nearest is {}", op,
                              nearest(op, operations)));
    }
  }
  for (const auto& [option, globs] :
       {std::pair{"--filter", &s.filters}, std::pair{"--exclude", &s.excludes}}) {
    for (const auto& g : *globs) {
      const bool hit = std::any_of(ids.begin(), ids.end(),
                                   [&, &glob = g](const auto& id) { return glob_match(glob, id); });
      if (!hit)
        return fail(fmt::format("{} {}: matches no case; the nearest is {}", option, g, nearest(g, ids)));
    }
  }
  std::vector<Case> out;
  for (const Case& c : all) {
    if (!s.operations.empty() &&
        std::find(s.operations.begin(), s.operations.end(), c.operation) == s.operations.end())
      continue;
    if (!s.filters.empty() && !matches_any(s.filters, c.id)) continue;
    if (matches_any(s.excludes, c.id)) continue;
    if (fnv1a(c.id) % s.shards + 1 != s.shard) continue;
    out.push_back(c);
  }
  if (out.empty()) {
    return fail(s.shards > 1
                    ? fmt::format("no case is left in shard {} of {}: use fewer shards", s.shard, s.shards)
                    : std::string("no case is left after --operation, --filter and --exclude"));
  }
  return out;
}

}  // namespace harness::run
