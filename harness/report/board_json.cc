#include "harness/report/board.h"
#include "harness/report/run_differences.h"
#include "harness/wire/json.h"

namespace harness::report {
namespace {

using wire::Json;

// A share from 0 to 1; null of nothing.
Json share(std::size_t part, std::size_t whole) {
  if (whole == 0) return nullptr;
  return static_cast<double>(part) / static_cast<double>(whole);
}

Json column_json(const BoardColumn& column) {
  const run::RunInfo& info = column.info;
  return Json{{"name", column.name},           {"version", column.version},
              {"commit", column.commit},       {"endpoint", info.endpoint},
              {"started", info.started},       {"tool_version", info.tool_version},
              {"level", info.level},           {"seed", info.seed},
              {"model_hash", info.model_hash}, {"selection", selection_text(info)},
              {"outcome", column.outcome},     {"requirements_broken", column.requirements}};
}

Json cell_json(const FamilyCell& cell) {
  const FamilyFigure& f = cell.figure;
  return Json{{"operations", f.operations},
              {"implemented", f.there},
              {"judged", f.judged},
              {"all", f.sites},
              {"kept", f.kept},
              {"broken", f.broken},
              {"coverage", share(f.told(), f.sites)},
              {"divergence", share(f.broken, f.told())},
              {"requirements_broken", cell.requirements}};
}

Json cell_json(const OperationCell& cell) {
  const run::OperationFigure& f = cell.figure;
  const bool there = f.state != run::OperationState::not_implemented;
  return Json{{"state", std::string(run::to_string(f.state))},
              {"why", f.why},
              {"all", f.all},
              {"kept", f.kept},
              {"broken", f.broken},
              {"coverage", there ? share(f.kept + f.broken, f.all) : Json(nullptr)},
              {"divergence", share(f.broken, f.kept + f.broken)},
              {"failing", cell.failing},
              {"requirements_broken", cell.requirements}};
}

Json cell_json(const RequirementCell& cell) {
  Json out{{"state", std::string(to_string(cell.state))}};
  if (cell.state == RequirementState::broken) {
    out["verdict"] = std::string(run::to_string(cell.verdict));
    out["cases"] = cell.cases;
  }
  return out;
}

template <class Cell>
Json cell_json(const std::optional<Cell>& cell) {
  return cell ? cell_json(*cell) : Json(nullptr);
}

template <class Cells>
Json cells_json(const Cells& cells) {
  Json out = Json::array();
  for (const auto& cell : cells) out.push_back(cell_json(cell));
  return out;
}

}  // namespace

std::string board_json(const Board& board, std::span<const oracle::FindingRule> rules) {
  Json out{{"kind", "board"}, {"format", 1}, {"tool", "ssm-conformance"}};
  for (const char* list : {"endpoints", "notes", "families", "operations", "requirements"})
    out[list] = Json::array();
  for (const BoardColumn& column : board.columns) out["endpoints"].push_back(column_json(column));
  for (const std::string& note : board.notes) out["notes"].push_back(note);
  out["all"] = cells_json(board.all.cells);
  for (const BoardFamily& family : board.families) {
    out["families"].push_back(
        Json{{"key", family.name.key}, {"title", family.name.title}, {"cells", cells_json(family.cells)}});
  }
  for (const BoardOperation& operation : board.operations) {
    out["operations"].push_back(
        Json{{"name", operation.name}, {"family", operation.family}, {"cells", cells_json(operation.cells)}});
  }
  for (const BoardRequirement& row : board.requirements) {
    const Requirement& requirement = row.requirement;
    out["requirements"].push_back(Json{{"requirement", to_string(requirement)},
                                       {"operation", requirement.operation},
                                       {"family", row.family},
                                       {"rule", requirement.cause.rule},
                                       {"topic", requirement.cause.topic},
                                       {"place", requirement.place},
                                       {"constraints", row.constraints},
                                       {"means", sentence(requirement.cause, rules)},
                                       {"cells", cells_json(row.cells)}});
  }
  return wire::to_text(out) + "\n";
}

}  // namespace harness::report
