#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/result.h"
#include "harness/run/case.h"
#include "harness/run/families.h"

namespace harness::run {

/// Which cases a run, a list or an explanation is about.
struct Selection {
  std::vector<std::string> operations;  ///< names, globs on names, or keys of families; empty: all
  std::vector<std::string> filters;     ///< globs on ids; empty: all
  std::vector<std::string> excludes;    ///< globs on ids
  std::size_t shard = 1, shards = 1;    ///< 1-based
};

/// `*` matches any text (slashes too), `?` one character; everything else is itself. Linear in practice,
/// never exponential.
bool glob_match(std::string_view pattern, std::string_view text);

/// Those of the operations that the words of `--operation` name: each a name, a glob on names, or the key of
/// a family. A name comes before a key that is the same. Error: a word that names none, with the nearest that
/// does.
Result<std::set<std::string>> operations_named(const std::vector<std::string>& words,
                                               const std::set<std::string>& operations,
                                               const Families& families);

/// The selected cases, in their order. Errors: an operation, a filter or an exclude that matches nothing,
/// with the nearest that does; a selection that leaves nothing. Only a shard may be empty.
Result<std::vector<Case>> select(const std::vector<Case>& all, const Selection& selection,
                                 const Families& families = {});

/// False if it leaves out each case of an operation, whatever their ids are behind its name.
bool may_select(const Selection& selection, std::string_view operation, const Families& families = {});

/// The glob that matches one of the candidates and differs from `glob` in as few characters as can be, the
/// case of letters least of all: "*MaxResults/range*" for "*MaxResult/range*". Where little of the glob would
/// be left, the candidate itself.
std::string nearest_glob(std::string_view glob, const std::vector<std::string>& candidates);

/// The id nearest to `name` by edit distance; the case of letters counts only between equals.
std::string nearest(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace harness::run
