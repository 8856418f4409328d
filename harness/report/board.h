#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/oracle/finding_rule.h"
#include "harness/report/figures.h"
#include "harness/report/requirement.h"
#include "harness/report/result_file.h"
#include "harness/run/result.h"

/// Several endpoints side by side: a column for each, a row for each family, operation and requirement.
///
///     BoardBuilder builder;
///     builder.add("moto", *read_result_file("moto.jsonl"));
///     builder.add("ministack", *read_result_file("ministack.jsonl"));
///     const Board board = builder.build();
///     std::string page = board_html(board, rules);
///
/// Coverage and divergence stay two figures, as in every report. What an endpoint does not have, and what was
/// FLAKY, an ERROR or lost, counts as neither kept nor broken. A failure that a baseline expects (XFAIL) is
/// broken here: the baseline is of one endpoint, the board is about all. All text in here is raw.
namespace harness::report {

/// One endpoint, as one run found it.
struct BoardColumn {
  std::string name;              ///< short: no two are the same
  run::RunInfo info;             ///< when it was judged, by which version, at which level
  std::string version;           ///< of the endpoint; "" if the run was not told
  std::string commit;            ///< of the endpoint, likewise
  std::string outcome;           ///< of the run, in one line
  std::size_t requirements = 0;  ///< that are broken
};

struct FamilyCell {
  FamilyFigure figure;           ///< no operations if the run has no figures
  std::size_t requirements = 0;  ///< of its operations, that are broken
};

struct OperationCell {
  run::OperationFigure figure;   ///< no constraints if the run has no figures; the state is always known
  std::size_t failing = 0;       ///< cases: FAIL and XFAIL
  std::size_t requirements = 0;  ///< that are broken
};

enum class RequirementState {
  broken,
  kept,        ///< of the cases that break it elsewhere, one passes here, and none is FLAKY
  not_judged,  ///< none of these cases came to a verdict about it here, or none was run
  not_there,   ///< the endpoint does not have the operation
};
/// "broken", "kept", "not judged", "not there".
std::string_view to_string(RequirementState state);

struct RequirementCell {
  RequirementState state = RequirementState::not_judged;
  run::Verdict verdict = run::Verdict::fail;  ///< of a broken one: FAIL, or XFAIL if each failure is expected
  std::size_t cases = 0;                      ///< that break it
};

/// A cell for each column; no cell where the run has nothing of it.
struct BoardFamily {
  run::FamilyName name;
  std::vector<std::optional<FamilyCell>> cells;
};
struct BoardOperation {
  std::string name;
  std::string family;  ///< its key; "" if no run says it
  std::vector<std::optional<OperationCell>> cells;
};
struct BoardRequirement {
  Requirement requirement;
  std::string family;                    ///< of its operation
  std::vector<std::string> constraints;  ///< of the member, that are broken by some endpoint
  std::vector<RequirementCell> cells;
};

struct Board {
  std::vector<BoardColumn> columns;
  /// In the order of the first column; then those that only others have, and cases of no operation.
  std::vector<BoardFamily> families;
  BoardFamily all;
  std::vector<BoardOperation> operations;      ///< sorted by name
  std::vector<BoardRequirement> requirements;  ///< that some endpoint breaks, sorted by operation and place
  /// What must be known to read it: runs that differ in more than their endpoints, or were not whole.
  std::vector<std::string> notes;
};

/// Collects runs one by one, and keeps no request and no answer.
class BoardBuilder {
 public:
  /// A column, on the right. `name` must be new: who calls it says so to people.
  void add(std::string name, ResultFile file);
  Board build() const;

 private:
  struct Broken {
    std::set<std::string> ids;
    std::set<std::string> constraints;
    bool expected = true;  // each of the cases is XFAIL
  };
  struct Run {
    BoardColumn column;
    run::RunSummary summary;
    std::map<std::string, run::VerdictCounts> cases;  // by id; some are run more than once
    std::map<Requirement, Broken> broken;
  };
  RequirementCell cell(const Run& run, const Requirement& requirement,
                       const std::set<std::string>& ids) const;
  void add_operations(Board& board) const;
  void add_requirements(Board& board) const;
  void add_families(Board& board) const;
  void add_notes(Board& board) const;

  std::vector<Run> runs_;
};

/// A form in which a board is written down.
struct BoardFormat {
  std::string_view option;       ///< of the command: "--markdown"
  std::string_view description;  ///< of the option, for people
  std::string (*render)(const Board& board, std::span<const oracle::FindingRule> rules);
};
/// Every form there is: the command's options, its help and the fuzzer of reports go by this table.
std::span<const BoardFormat> board_formats();

/// GitHub-flavoured Markdown: the endpoints, the families; operations and requirements folded, by family.
std::string board_markdown(const Board& board, std::span<const oracle::FindingRule> rules);
/// The same as one self-contained page, which loads nothing and runs no script.
std::string board_html(const Board& board, std::span<const oracle::FindingRule> rules);
/// One JSON object, in ASCII, described by conformance/schemas/board.schema.json. Members are only ever
/// added.
std::string board_json(const Board& board, std::span<const oracle::FindingRule> rules);

/// What a terminal shows: endpoints, families and totals; with `everything` operations and requirements too.
/// As many endpoints stand side by side as fit into `width` columns, at least one; the others follow below.
std::string board_text(const Board& board, std::span<const oracle::FindingRule> rules, std::size_t width,
                       bool everything);

}  // namespace harness::report
