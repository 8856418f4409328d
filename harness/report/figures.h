#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "harness/report/digest.h"
#include "harness/run/result.h"

/// Coverage and divergence of the constraints on inputs, as every report shows them: of each family, and in
/// all. All text in here is raw; who shows it makes it safe.
namespace harness::report {

/// "71.4 %"; "-" of nothing.
std::string percent(std::size_t part, std::size_t whole);
/// "71 %", where there is little room; 0 and 100 are exact, and only these: "99 %" of 999 in 1,000.
std::string whole_percent(std::size_t part, std::size_t whole);

/// What a run found of a family of operations, or of all. Coverage is the share of `sites` that is told,
/// divergence the share of `told` that is broken; the two are never added.
struct FamilyFigure {
  run::FamilyName name;
  std::size_t operations = 0;  ///< that were run
  std::size_t there = 0;       ///< that the endpoint has
  std::size_t judged = 0;      ///< stubs too
  std::size_t sites = 0;       ///< of the operations that are there
  std::size_t kept = 0;
  std::size_t broken = 0;

  std::size_t told() const { return kept + broken; }
  std::string coverage() const { return percent(told(), sites); }
  std::string divergence() const { return percent(broken, told()); }
};

/// Of each family that has operations in the summary: first those that it names, in its order.
std::vector<FamilyFigure> family_figures(const run::RunSummary& summary);
/// All of them as one, without a name.
FamilyFigure sum(const std::vector<FamilyFigure>& families);

/// A row for each family, and in `total` the sum; of one family no row, for the sum is all of it. No header
/// if the summary has no figures.
Table family_table(const run::RunSummary& summary);

/// What a report that is a file shows first, and what it shows of each operation.
struct Overview {
  Table cases;       ///< by verdict; of many families without rows, for `operations` has them
  Table families;    ///< family_table()
  Table operations;  ///< with_figures(); no header if `cases` has the rows
};
Overview overview(const run::RunSummary& summary);

/// The table with what was told of each operation: its constraints, how many are kept and broken, its state
/// and, where it was not judged, why. As it is, if the summary has no figures.
Table with_figures(Table operations, const run::RunSummary& summary);

/// "36 judged, 4 stubs, 112 not implemented"; states without operations are left out.
std::string state_counts(const run::RunSummary& summary);
/// The operations in this state, sorted.
std::vector<std::string> operations_in(const run::RunSummary& summary, run::OperationState state);

}  // namespace harness::report
