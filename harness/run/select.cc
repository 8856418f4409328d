#include "harness/run/select.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <numeric>

#include "harness/base/ascii.h"
#include "harness/base/hash.h"

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

struct GlobEdit {
  std::size_t cost = 0;
  std::size_t kept = 0;  // characters of the glob, but for wildcards, that stay
  std::string glob;      // what it becomes
};

// The cheapest way to make the glob match the text: as an edit distance, but a star takes any text for
// nothing, and another case of a letter costs less than another letter.
GlobEdit edit_to_match(std::string_view glob, std::string_view text) {
  constexpr std::size_t kOtherCase = 1;
  constexpr std::size_t kOther = 4;
  const std::size_t width = text.size() + 1;
  std::vector<std::size_t> cost((glob.size() + 1) * width);
  const auto at = [&](std::size_t g, std::size_t t) -> std::size_t& { return cost[g * width + t]; };
  const auto replaced = [&](std::size_t g, std::size_t t) -> std::size_t {
    if (glob[g] == '?' || glob[g] == text[t]) return 0;
    return (glob[g] | 0x20) == (text[t] | 0x20) ? kOtherCase : kOther;
  };
  for (std::size_t g = 0; g <= glob.size(); ++g) {
    for (std::size_t t = 0; t <= text.size(); ++t) {
      if (g == 0) {
        at(g, t) = t * kOther;
      } else if (glob[g - 1] == '*') {
        at(g, t) = t == 0 ? at(g - 1, t) : std::min(at(g - 1, t), at(g, t - 1));
      } else {
        at(g, t) = at(g - 1, t) + kOther;
        if (t == 0) continue;
        at(g, t) = std::min({at(g, t), at(g, t - 1) + kOther, at(g - 1, t - 1) + replaced(g - 1, t - 1)});
      }
    }
  }
  GlobEdit out;
  out.cost = at(glob.size(), text.size());
  std::size_t g = glob.size();
  std::size_t t = text.size();
  while (g > 0 || t > 0) {
    if (g > 0 && glob[g - 1] == '*') {
      if (t > 0 && at(g, t) == at(g, t - 1)) {
        --t;
        continue;
      }
      out.glob += '*';
      --g;
    } else if (g > 0 && t > 0 && at(g, t) == at(g - 1, t - 1) + replaced(g - 1, t - 1)) {
      --g;
      --t;
      out.glob += glob[g] == '?' ? '?' : text[t];
      out.kept += glob[g] != '?' && replaced(g, t) < kOther ? 1 : 0;
    } else if (t > 0 && at(g, t) == at(g, t - 1) + kOther) {
      out.glob += text[--t];
    } else {
      --g;
    }
  }
  std::reverse(out.glob.begin(), out.glob.end());
  return out;
}

bool matches_any(const std::vector<std::string>& globs, std::string_view id) {
  return std::any_of(globs.begin(), globs.end(), [&](const auto& g) { return glob_match(g, id); });
}

// True if the word of --operation may name it: a key may be an operation's name too, which comes first.
bool names(std::string_view word, std::string_view operation, const Families& families) {
  return glob_match(word, operation) || families.of(operation).key == word;
}

// The operations that the key of a family names.
std::set<std::string> in_family(std::string_view key, const std::set<std::string>& operations,
                                const Families& families) {
  std::set<std::string> out;
  for (const std::string& operation : operations) {
    if (operation != kProtocol && families.of(operation).key == key) out.insert(operation);
  }
  return out;
}

// What is wrong with a word of --operation, in one line.
std::string names_none(const std::string& word, const std::set<std::string>& operations,
                       const Families& families) {
  std::vector<std::string> known(operations.begin(), operations.end());
  if (word.find_first_of("*?") != std::string::npos) {
    return fmt::format("--operation {}: matches no operation; the nearest is {}", word,
                       nearest_glob(word, known));
  }
  std::vector<std::string> keys;
  for (const Family& family : families.all()) {
    if (!in_family(family.key, operations, families).empty()) keys.push_back(family.key);
  }
  known.insert(known.end(), keys.begin(), keys.end());
  std::string out = fmt::format("--operation {}: names no operation and no family; the nearest is {}", word,
                                nearest(word, known));
  // Keys are in small letters, names of operations are not.
  if (!word.empty() && word[0] >= 'a' && word[0] <= 'z')
    out += fmt::format("; families are {}", fmt::join(keys, ", "));
  return out;
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

bool may_select(const Selection& s, std::string_view operation, const Families& families) {
  const auto named = [&](const std::string& word) { return names(word, operation, families); };
  if (!s.operations.empty() && std::none_of(s.operations.begin(), s.operations.end(), named)) return false;
  const std::string ids = std::string(operation) + "/";
  const auto may_match = [&](std::string_view glob) {
    const std::string_view literal = glob.substr(0, std::min(glob.find_first_of("*?"), ids.size()));
    return ids.starts_with(literal);
  };
  return s.filters.empty() || std::any_of(s.filters.begin(), s.filters.end(), may_match);
}

std::string nearest(std::string_view name, const std::vector<std::string>& candidates) {
  // Beyond the longest id there is nothing to compare, and a name from a file may be of any length.
  constexpr std::size_t kCompared = 300;
  name = name.substr(0, kCompared);
  const std::string lower = base::lower(name);
  std::string best;
  constexpr std::size_t kFar = std::numeric_limits<std::size_t>::max();
  std::pair<std::size_t, std::size_t> least{kFar, kFar};
  for (const auto& c : candidates) {
    const std::size_t in_any_case = distance(lower, base::lower(c));
    if (in_any_case > least.first) continue;
    if (const std::pair d{in_any_case, distance(name, c)}; d < least) {
      least = d;
      best = c;
    }
  }
  return best;
}

std::string nearest_glob(std::string_view glob, const std::vector<std::string>& candidates) {
  constexpr std::size_t kCompared = 300;
  glob = glob.substr(0, kCompared);
  const GlobEdit* best = nullptr;
  std::vector<GlobEdit> edits;
  edits.reserve(candidates.size());
  for (const auto& c : candidates) {
    edits.push_back(edit_to_match(glob, c));
    if (best == nullptr || edits.back().cost < best->cost) best = &edits.back();
  }
  if (best == nullptr) return {};
  const auto literals = static_cast<std::size_t>(
      std::count_if(glob.begin(), glob.end(), [](char c) { return c != '*' && c != '?'; }));
  // What is mostly made up is no hint.
  return best->kept * 2 > literals ? best->glob : nearest(glob, candidates);
}

Result<std::set<std::string>> operations_named(const std::vector<std::string>& words,
                                               const std::set<std::string>& operations,
                                               const Families& families) {
  std::set<std::string> out;
  for (const std::string& word : words) {
    std::set<std::string> named;
    for (const std::string& operation : operations) {
      if (glob_match(word, operation)) named.insert(operation);
    }
    if (named.empty()) named = in_family(word, operations, families);
    if (named.empty()) return fail(names_none(word, operations, families));
    out.merge(named);
  }
  return out;
}

Result<std::vector<Case>> select(const std::vector<Case>& all, const Selection& s, const Families& families) {
  std::vector<std::string> ids;
  std::set<std::string> operations;
  for (const Case& c : all) {
    ids.push_back(c.id);
    operations.insert(c.operation);
  }
  const auto wanted = operations_named(s.operations, operations, families);
  if (!wanted) return tl::unexpected(wanted.error());
  for (const auto& [option, globs] :
       {std::pair{"--filter", &s.filters}, std::pair{"--exclude", &s.excludes}}) {
    for (const auto& g : *globs) {
      const bool hit = std::any_of(ids.begin(), ids.end(),
                                   [&, &glob = g](const auto& id) { return glob_match(glob, id); });
      if (!hit)
        return fail(
            fmt::format("{} {}: matches no case; the nearest is {}", option, g, nearest_glob(g, ids)));
    }
  }
  std::vector<Case> out;
  bool any = false;
  for (const Case& c : all) {
    if (!s.operations.empty() && !wanted->contains(c.operation)) continue;
    if (!s.filters.empty() && !matches_any(s.filters, c.id)) continue;
    if (matches_any(s.excludes, c.id)) continue;
    any = true;
    if (base::fnv1a(c.id) % s.shards + 1 != s.shard) continue;
    out.push_back(c);
  }
  // A shard may be empty; what all shards share may not.
  const bool none = s.shards > 1 ? !any : out.empty();
  if (none) return fail("no case is left after --operation, --filter and --exclude");
  return out;
}

}  // namespace harness::run
