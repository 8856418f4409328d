#include "harness/report/internal/board_matrix.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "harness/report/digest.h"
#include "harness/report/text.h"

namespace harness::report {
namespace {

using State = run::OperationState;

Matrix empty_matrix(const Board& board, std::string corner, std::vector<std::string> parts) {
  Matrix out;
  out.corner = std::move(corner);
  for (const BoardColumn& column : board.columns) out.endpoints.push_back(column.name);
  out.parts = std::move(parts);
  return out;
}

MatrixRow family_row(const BoardFamily& family) {
  MatrixRow row{family.name.title, {}};
  for (const std::optional<FamilyCell>& cell : family.cells) {
    if (!cell) {
      row.cells.push_back({{"-", "-", "-", "-"}, "quiet"});
      continue;
    }
    const FamilyFigure& f = cell->figure;
    const bool nothing = f.there == 0 && cell->requirements == 0;
    row.cells.push_back({{f.operations == 0 ? "-" : fmt::format("{}/{}", grouped(f.there), grouped(f.judged)),
                          f.coverage(), f.divergence(), nothing ? "-" : grouped(cell->requirements)},
                         nothing ? "quiet" : ""});
  }
  return row;
}

std::string_view kind_of(State state) {
  switch (state) {
    case State::judged:
      return "";
    case State::stub:
      return "broken";
    case State::not_implemented:
      return "quiet";
    case State::blocked:
    case State::unproved:
      return "other";
  }
  return "";
}

std::string_view kind_of(RequirementState state) {
  switch (state) {
    case RequirementState::broken:
      return "broken";
    case RequirementState::kept:
      return "kept";
    case RequirementState::not_judged:
      return "other";
    case RequirementState::not_there:
      return "quiet";
  }
  return "";
}

MatrixCell operation_cell(const std::optional<OperationCell>& cell) {
  if (!cell) return {{"not run", "-", "-", "-"}, "quiet"};
  const run::OperationFigure& f = cell->figure;
  const std::string state(run::to_string(f.state));
  if (f.state == State::not_implemented) return {{state, "-", "-", "-"}, kind_of(f.state)};
  return {{state, percent(f.kept + f.broken, f.all), percent(f.broken, f.kept + f.broken),
           cell->failing == 0 ? "-" : grouped(cell->failing)},
          kind_of(f.state)};
}

MatrixCell requirement_cell(const RequirementCell& cell) {
  std::string text(to_string(cell.state));
  if (cell.state == RequirementState::broken)
    text += fmt::format(" ({} {})", run::to_string(cell.verdict), grouped(cell.cases));
  return {{std::move(text)}, kind_of(cell.state)};
}

template <class States, class Count>
Matrix counts_of(const Board& board, std::string corner, const States& states, Count count) {
  Matrix out = empty_matrix(board, std::move(corner), {""});
  for (const auto state : states) {
    MatrixRow row{std::string(to_string(state)), {}};
    bool any = false;
    for (std::size_t i = 0; i < board.columns.size(); ++i) {
      const std::size_t n = count(state, i);
      any |= n > 0;
      row.cells.push_back({{n == 0 ? "-" : grouped(n)}, n == 0 ? "quiet" : ""});
    }
    if (any) out.rows.push_back(std::move(row));
  }
  return out;
}

Matrix operation_matrix(const Board& board, const std::string& family) {
  Matrix out = empty_matrix(board, "operation", {"state", "coverage", "divergence", "failing"});
  for (const BoardOperation& operation : board.operations) {
    if (operation.family != family) continue;
    MatrixRow row{operation.name, {}};
    for (const auto& cell : operation.cells) row.cells.push_back(operation_cell(cell));
    out.rows.push_back(std::move(row));
  }
  return out;
}

Matrix requirement_matrix(const Board& board, const std::string& family,
                          std::span<const oracle::FindingRule> rules) {
  Matrix out = empty_matrix(board, "requirement", {""});
  for (const BoardRequirement& requirement : board.requirements) {
    if (requirement.family != family) continue;
    const CauseKey& cause = requirement.requirement.cause;
    std::string named = name(requirement.requirement, requirement.constraints);
    named += rules.empty() ? fmt::format(" [{}]", cause.rule) : ": " + sentence(cause, rules);
    MatrixRow row{std::move(named), {}};
    for (const RequirementCell& cell : requirement.cells) row.cells.push_back(requirement_cell(cell));
    out.rows.push_back(std::move(row));
  }
  return out;
}

template <class MatrixOf>
std::vector<FamilyMatrix> of_families(const Board& board, std::string_view one, std::string_view many,
                                      MatrixOf matrix_of) {
  std::vector<FamilyMatrix> out;
  for (const BoardFamily& family : board.families) {
    Matrix matrix = matrix_of(family.name.key);
    if (matrix.rows.empty()) continue;
    std::string count = counted(matrix.rows.size(), one, many);
    out.push_back({family.name.title, std::move(count), std::move(matrix)});
  }
  return out;
}

}  // namespace

EndpointTable endpoint_table(const Board& board) {
  EndpointTable out;
  out.header = {"endpoint", "version", "commit", "judged", "by version", "level", "at", "outcome"};
  for (const BoardColumn& c : board.columns) {
    out.rows.push_back({c.name, c.version, c.commit, c.info.started, c.info.tool_version, c.info.level,
                        c.info.endpoint, c.outcome});
  }
  for (std::size_t i = out.header.size(); i-- > 0;) {
    if (std::any_of(out.rows.begin(), out.rows.end(), [i](const auto& row) { return !row[i].empty(); }))
      continue;
    const auto at = static_cast<std::ptrdiff_t>(i);
    out.header.erase(out.header.begin() + at);
    for (auto& row : out.rows) row.erase(row.begin() + at);
  }
  return out;
}

Matrix family_matrix(const Board& board) {
  Matrix out = empty_matrix(board, "family", {"there/judged", "coverage", "divergence", "broken"});
  for (const BoardFamily& family : board.families) out.rows.push_back(family_row(family));
  out.rows.push_back(family_row(board.all));
  out.rows.back().is_total = true;
  return out;
}

Matrix state_matrix(const Board& board) {
  return counts_of(board, "operations", run::kOperationStates, [&](State state, std::size_t column) {
    return static_cast<std::size_t>(
        std::count_if(board.operations.begin(), board.operations.end(), [&](const BoardOperation& operation) {
          const auto& cell = operation.cells[column];
          return operation.name != run::kProtocol && cell && cell->figure.state == state;
        }));
  });
}

Matrix requirement_state_matrix(const Board& board) {
  static constexpr RequirementState kStates[] = {RequirementState::broken, RequirementState::kept,
                                                 RequirementState::not_judged, RequirementState::not_there};
  return counts_of(board, "requirements", kStates, [&](RequirementState state, std::size_t column) {
    return static_cast<std::size_t>(
        std::count_if(board.requirements.begin(), board.requirements.end(),
                      [&](const BoardRequirement& row) { return row.cells[column].state == state; }));
  });
}

std::vector<FamilyMatrix> operation_matrices(const Board& board) {
  return of_families(board, "operation", "operations",
                     [&](const std::string& family) { return operation_matrix(board, family); });
}

std::vector<FamilyMatrix> requirement_matrices(const Board& board,
                                               std::span<const oracle::FindingRule> rules) {
  return of_families(board, "requirement", "requirements",
                     [&](const std::string& family) { return requirement_matrix(board, family, rules); });
}

}  // namespace harness::report
