#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/report/board.h"

/// A board as tables of text, the same for every form that people read. All text in here is raw.
namespace harness::report {

/// What one endpoint has in one row.
struct MatrixCell {
  std::vector<std::string> texts;  ///< one for each of Matrix::parts
  std::string_view kind;           ///< "kept", "broken", "other", "quiet" or "": how it may be coloured
};

struct MatrixRow {
  std::string name;
  std::vector<MatrixCell> cells;  ///< one for each endpoint
  bool is_total = false;          ///< of the rows above
};

struct Matrix {
  std::string corner;                  ///< heads the names of the rows: "family"
  std::vector<std::string> endpoints;  ///< names of the columns
  std::vector<std::string> parts;      ///< of each column: {"coverage", "divergence"}; one of one part is ""
  std::vector<MatrixRow> rows;
};

/// A header and a row for each endpoint: what was judged, when, by what, and the outcome. Columns that no
/// endpoint has anything in are left out.
struct EndpointTable {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;
};
EndpointTable endpoint_table(const Board& board);

/// Families, the last row all of them.
Matrix family_matrix(const Board& board);
/// How many operations are in each state.
Matrix state_matrix(const Board& board);
/// How many requirements each endpoint breaks, keeps, …, of those that some endpoint breaks.
Matrix requirement_state_matrix(const Board& board);
/// The rows of one family.
struct FamilyMatrix {
  std::string title;
  std::string count;  ///< "12 operations"
  Matrix matrix;      ///< has rows
};
/// The operations of each family that has some.
std::vector<FamilyMatrix> operation_matrices(const Board& board);
/// The requirements of each family that has some. With `rules` the rows say what is wrong: "GetThing: Limit
/// (range): A member that …"; without, they name the rule.
std::vector<FamilyMatrix> requirement_matrices(const Board& board,
                                               std::span<const oracle::FindingRule> rules);

/// What the figures of a family, and of an operation, are.
inline constexpr std::string_view kFamilyLegend =
    "Of each family: operations that are there and, of these, judged; coverage is the share of their "
    "constraints that could be told, divergence the share of those that are broken; then how many "
    "requirements "
    "are broken. What is not there counts as neither kept nor broken.";
inline constexpr std::string_view kOperationLegend =
    "Of each operation: what became of it, coverage, divergence, and failing cases.";
inline constexpr std::string_view kRequirementLegend =
    "Each requirement that at least one endpoint breaks. It is kept where a case passes that breaks it "
    "elsewhere, "
    "and not judged where none of these came to a verdict about it.";

}  // namespace harness::report
