// Three tables of one set of runs. A requirement is a row if at least one run breaks it; the cases that break
// it anywhere are the ones that tell of it everywhere:
//
//                     run A    run B
//     case 1          FAIL     PASS       breaks R in A
//     case 2          PASS     BLOCKED    breaks nothing
//     R               broken   kept       by case 1 alone
#include "harness/report/board.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "harness/report/digest.h"
#include "harness/report/run_differences.h"
#include "harness/report/text.h"

namespace harness::report {
namespace {

using run::Verdict;

// As a family, what no operation is asked for.
const run::FamilyName kOfNoOperation{std::string(run::kProtocol), std::string(run::kProtocol)};
const run::FamilyName kOfNoKnownFamily{"", "of no known family"};

bool has(const run::VerdictCounts& counts, Verdict verdict) {
  const auto it = counts.find(verdict);
  return it != counts.end() && it->second > 0;
}

std::size_t failing(const run::VerdictCounts& counts) {
  std::size_t out = 0;
  for (const auto& [verdict, n] : counts)
    out += verdict == Verdict::fail || verdict == Verdict::xfail ? n : 0;
  return out;
}

std::string note_on(const BoardColumn& column, const run::RunSummary& summary) {
  std::vector<std::string> parts;
  if (summary.interrupted) parts.emplace_back("the run was interrupted");
  if (summary.endpoint_lost) parts.emplace_back("the endpoint was lost before the run's end");
  if (summary.figures.empty()) {
    parts.push_back(fmt::format("only a part of the cases was run ({}), so that there are no figures",
                                selection_text(column.info)));
  }
  const std::size_t neither = count(summary, Verdict::flaky) + count(summary, Verdict::error);
  if (neither > 0) {
    parts.push_back(fmt::format("{} FLAKY or an ERROR, neither kept nor broken",
                                counted(neither, "case is", "cases are")));
  }
  return parts.empty() ? std::string() : fmt::format("{}: {}", column.name, fmt::join(parts, "; "));
}

}  // namespace

std::string_view to_string(RequirementState state) {
  switch (state) {
    case RequirementState::broken:
      return "broken";
    case RequirementState::kept:
      return "kept";
    case RequirementState::not_judged:
      return "not judged";
    case RequirementState::not_there:
      return "not there";
  }
  return "?";
}

void BoardBuilder::add(std::string name, ResultFile file) {
  Run& added = runs_.emplace_back();
  Digest all;
  std::set<std::string> unexpected;
  for (run::CaseResult& result : file.results) {
    ++added.cases[result.id][result.verdict];
    if (result.verdict == Verdict::fail) unexpected.insert(result.id);
    if (result.verdict == Verdict::xfail) result.verdict = Verdict::fail;
    if (result.verdict == Verdict::fail) all.add(result);
  }
  const std::vector<Cause> causes = all.causes();
  for (const Cause& cause : causes) {
    for (const RequirementGroup& group : cause.requirements) {
      Broken& broken = added.broken[group.requirement];
      broken.ids.insert(group.ids.begin(), group.ids.end());
      broken.constraints.insert(group.constraints.begin(), group.constraints.end());
      broken.expected = std::none_of(group.ids.begin(), group.ids.end(),
                                     [&](const std::string& id) { return unexpected.contains(id); });
    }
  }
  added.column.name = std::move(name);
  added.column.version = option_of(file.info, "endpoint-version");
  added.column.commit = option_of(file.info, "endpoint-commit");
  added.column.requirements = added.broken.size();
  const auto unforeseen = std::count_if(added.broken.begin(), added.broken.end(),
                                        [](const auto& of) { return !of.second.expected; });
  added.column.outcome = outcome(file.summary, static_cast<std::size_t>(unforeseen));
  added.column.info = std::move(file.info);
  added.summary = std::move(file.summary);
}

Board BoardBuilder::build() const {
  Board board;
  for (const Run& run : runs_) board.columns.push_back(run.column);
  add_operations(board);
  add_requirements(board);
  add_families(board);
  add_notes(board);
  return board;
}

void BoardBuilder::add_operations(Board& board) const {
  std::map<std::string, BoardOperation> rows;
  for (std::size_t i = 0; i < runs_.size(); ++i) {
    const run::RunSummary& summary = runs_[i].summary;
    const auto row = [&](const std::string& name) -> BoardOperation& {
      BoardOperation& out = rows[name];
      out.name = name;
      out.cells.resize(runs_.size());
      return out;
    };
    for (const auto& [name, verdicts] : summary.by_operation) {
      OperationCell& cell = row(name).cells[i].emplace();
      cell.figure.state = run::state_of(verdicts);
      cell.failing = failing(verdicts);
    }
    for (const auto& [name, figure] : summary.figures) {
      BoardOperation& of = row(name);
      if (!of.cells[i]) of.cells[i].emplace();
      of.cells[i]->figure = figure;
      if (of.family.empty()) of.family = figure.family;
    }
    for (const auto& [requirement, broken] : runs_[i].broken) {
      BoardOperation& of = row(requirement.operation);
      if (!of.cells[i]) of.cells[i].emplace();
      ++of.cells[i]->requirements;
    }
  }
  for (auto& [name, row] : rows) {
    if (name == run::kProtocol) row.family = kOfNoOperation.key;
    board.operations.push_back(std::move(row));
  }
}

void BoardBuilder::add_requirements(Board& board) const {
  std::map<Requirement, Broken> all;
  for (const Run& run : runs_) {
    for (const auto& [requirement, broken] : run.broken) {
      all[requirement].ids.insert(broken.ids.begin(), broken.ids.end());
      all[requirement].constraints.insert(broken.constraints.begin(), broken.constraints.end());
    }
  }
  std::map<std::string, std::string> families;
  for (const BoardOperation& operation : board.operations) families[operation.name] = operation.family;
  for (const auto& [requirement, broken] : all) {
    BoardRequirement row{requirement,
                         families[requirement.operation],
                         {broken.constraints.begin(), broken.constraints.end()},
                         {}};
    for (const Run& run : runs_) row.cells.push_back(cell(run, requirement, broken.ids));
    board.requirements.push_back(std::move(row));
  }
  const auto place = [](const BoardRequirement& row) {
    const Requirement& r = row.requirement;
    return std::tie(r.operation, r.place, r.cause.rule, r.cause.topic);
  };
  std::sort(board.requirements.begin(), board.requirements.end(),
            [&](const auto& a, const auto& b) { return place(a) < place(b); });
}

RequirementCell BoardBuilder::cell(const Run& run, const Requirement& requirement,
                                   const std::set<std::string>& ids) const {
  RequirementCell out;
  if (const auto it = run.broken.find(requirement); it != run.broken.end()) {
    out.state = RequirementState::broken;
    out.verdict = it->second.expected ? Verdict::xfail : Verdict::fail;
    out.cases = it->second.ids.size();
    return out;
  }
  if (run.summary.lacks(requirement.operation)) {
    out.state = RequirementState::not_there;
    return out;
  }
  bool passes = false;
  bool flaky = false;
  for (const std::string& id : ids) {
    const auto it = run.cases.find(id);
    if (it == run.cases.end()) continue;
    passes |= has(it->second, Verdict::pass) || has(it->second, Verdict::xpass);
    flaky |= has(it->second, Verdict::flaky);
  }
  out.state = passes && !flaky ? RequirementState::kept : RequirementState::not_judged;
  return out;
}

void BoardBuilder::add_families(Board& board) const {
  const auto row = [&](const run::FamilyName& name) -> BoardFamily& {
    const auto it = std::find_if(board.families.begin(), board.families.end(),
                                 [&](const BoardFamily& family) { return family.name.key == name.key; });
    if (it != board.families.end()) return *it;
    BoardFamily& added = board.families.emplace_back();
    added.name = name;
    added.cells.resize(runs_.size());
    return added;
  };
  for (std::size_t i = 0; i < runs_.size(); ++i) {
    for (const FamilyFigure& figure : family_figures(runs_[i].summary))
      row(figure.name).cells[i] = FamilyCell{figure, 0};
  }
  for (const BoardOperation& operation : board.operations) {
    for (std::size_t i = 0; i < runs_.size(); ++i) {
      if (!operation.cells[i]) continue;
      BoardFamily& family = operation.family == kOfNoOperation.key ? row(kOfNoOperation)
                            : operation.family.empty()             ? row(kOfNoKnownFamily)
                                                       : row({operation.family, operation.family});
      if (!family.cells[i]) family.cells[i] = FamilyCell{{family.name}, 0};
      family.cells[i]->requirements += operation.cells[i]->requirements;
    }
  }
  board.all.name = {"", "all"};
  for (const Run& run : runs_)
    board.all.cells.push_back(FamilyCell{sum(family_figures(run.summary)), run.column.requirements});
}

void BoardBuilder::add_notes(Board& board) const {
  for (const Run& run : runs_) {
    if (std::string note = note_on(run.column, run.summary); !note.empty())
      board.notes.push_back(std::move(note));
  }
  for (std::size_t i = 1; i < runs_.size(); ++i) {
    for (const RunDifference& difference : run_differences(runs_[0].column.info, runs_[i].column.info)) {
      board.notes.push_back(
          fmt::format("{} and {}: {}", runs_[0].column.name, runs_[i].column.name, to_string(difference)));
    }
  }
}

std::span<const BoardFormat> board_formats() {
  static constexpr BoardFormat kFormats[] = {
      {"--markdown", "Write the board as Markdown", board_markdown},
      {"--json", "Write the board as JSON, for programs", board_json},
      {"--html", "Write the board as one HTML page", board_html},
  };
  return kFormats;
}

}  // namespace harness::report
