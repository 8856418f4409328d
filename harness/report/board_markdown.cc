#include <fmt/format.h>

#include "harness/report/board.h"
#include "harness/report/internal/board_matrix.h"
#include "harness/report/markdown_text.h"
#include "harness/report/text.h"

namespace harness::report {
namespace {

std::string row_text(const std::vector<std::string>& markdown_cells) {
  return fmt::format("| {} |\n", fmt::join(markdown_cells, " | "));
}

std::vector<std::string> escaped(const std::vector<std::string>& raw) {
  std::vector<std::string> out;
  for (const std::string& text : raw) out.push_back(markdown_text(text));
  return out;
}

std::string header_text(const std::vector<std::string>& raw, std::string_view line_of_numbers) {
  std::string out = row_text(escaped(raw));
  for (std::size_t i = 0; i < raw.size(); ++i)
    out += fmt::format("| {} ", i == 0 ? std::string_view("---") : line_of_numbers);
  return out + "|\n";
}

// A column for each endpoint; its figures stand in one cell.
std::string matrix_text(const Matrix& matrix) {
  if (matrix.rows.empty()) return {};
  std::vector<std::string> header{matrix.corner};
  header.insert(header.end(), matrix.endpoints.begin(), matrix.endpoints.end());
  std::string out = header_text(header, "---:");
  for (const MatrixRow& row : matrix.rows) {
    std::vector<std::string> cells{markdown_text(row.name)};
    for (const MatrixCell& cell : row.cells) {
      std::string text = fmt::format("{}", fmt::join(escaped(cell.texts), ", "));
      if (cell.kind == "quiet") text = markdown_text(cell.texts[0]);
      cells.push_back(cell.kind == "broken" ? fmt::format("**{}**", text) : text);
    }
    out += row_text(cells);
  }
  return out + "\n";
}

void add_families(std::string& out, std::string_view title, std::string_view legend,
                  const std::vector<FamilyMatrix>& families) {
  if (families.empty()) return;
  out += fmt::format("## {}\n\n{}\n\n", title, legend);
  for (const FamilyMatrix& family : families) {
    out += fmt::format("<details><summary>{}: {}</summary>\n\n{}</details>\n\n", markdown_text(family.title),
                       family.count, matrix_text(family.matrix));
  }
}

}  // namespace

std::string board_markdown(const Board& board, std::span<const oracle::FindingRule> rules) {
  std::string out = fmt::format("# ssm-conformance: {} side by side\n\n",
                                counted(board.columns.size(), "endpoint", "endpoints"));
  const EndpointTable endpoints = endpoint_table(board);
  out += header_text(endpoints.header, "---");
  for (const auto& row : endpoints.rows) out += row_text(escaped(row));
  out += "\n";
  for (const std::string& note : board.notes) out += fmt::format("- {}\n", markdown_text(note));
  out += board.notes.empty() ? "" : "\n";
  out += fmt::format("## Families\n\n{}\n\n", kFamilyLegend);
  out += matrix_text(family_matrix(board));
  out += matrix_text(state_matrix(board));
  out += matrix_text(requirement_state_matrix(board));
  add_families(out, "Operations", kOperationLegend, operation_matrices(board));
  add_families(out, "Requirements", kRequirementLegend, requirement_matrices(board, rules));
  return out;
}

}  // namespace harness::report
