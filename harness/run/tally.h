#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "harness/model/model.h"
#include "harness/run/families.h"
#include "harness/run/result.h"

namespace harness::run {

/// Counts results as they come: verdicts, and what was told of the constraints on inputs.
///
///     Tally tally;
///     for (const CaseResult& result : results) tally.add(result);
///     tally.count(summary);
///     tally.figure(summary, model, families);   // if every case of these operations was run
class Tally {
 public:
  void add(const CaseResult& result);

  /// Sets the verdicts of the summary.
  void count(RunSummary& summary) const;

  /// Sets the figures of the operations of the model that have results, and the families that these are of.
  ///
  /// A constraint is broken if a case that tells of it failed, kept if all passed, and neither if one of them
  /// is FLAKY and none failed. An operation is a stub if
  /// at least kMinBrokenOfStub constraints are broken and none is kept, and each of the broken was broken by
  /// a request that was accepted: it looks at nothing, whatever else it does.
  void figure(RunSummary& summary, const model::Model& model, const Families& families) const;

  static constexpr std::size_t kMinBrokenOfStub = 5;

 private:
  struct Told {
    bool broken = false;
    bool flaky = false;
    bool accepted = false;  // what breaks it
  };
  struct OfOperation {
    VerdictCounts verdicts;
    std::map<std::string, Told> sites;
    std::map<std::string, std::size_t> reasons_blocked, reasons_unproved;
  };
  static OperationFigure figure_of(const OfOperation& found);

  std::map<std::string, OfOperation> operations_;
};

}  // namespace harness::run
