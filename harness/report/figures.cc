#include "harness/report/figures.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/report/text.h"

namespace harness::report {
namespace {

using run::OperationState;

std::vector<std::string> row(std::string name, const FamilyFigure& f) {
  return {std::move(name),   grouped(f.operations), grouped(f.there),  grouped(f.judged), grouped(f.sites),
          grouped(f.told()), f.coverage(),          grouped(f.broken), f.divergence()};
}

}  // namespace

std::string percent(std::size_t part, std::size_t whole) {
  if (whole == 0) return "-";
  return fmt::format("{:.1f} %", 100.0 * static_cast<double>(part) / static_cast<double>(whole));
}

std::string whole_percent(std::size_t part, std::size_t whole) {
  if (whole == 0) return "-";
  if (part == 0) return "0 %";
  if (part >= whole) return "100 %";
  const double share = 100.0 * static_cast<double>(part) / static_cast<double>(whole);
  return fmt::format("{:.0f} %", std::clamp(share, 1.0, 99.0));
}

std::vector<FamilyFigure> family_figures(const run::RunSummary& summary) {
  std::vector<FamilyFigure> out;
  const auto of = [&](const std::string& key) -> FamilyFigure& {
    const auto it = std::find_if(out.begin(), out.end(), [&](const auto& f) { return f.name.key == key; });
    if (it != out.end()) return *it;
    FamilyFigure& added = out.emplace_back();
    added.name = {key, key};
    return added;
  };
  for (const run::FamilyName& name : summary.families) of(name.key).name = name;
  for (const auto& [operation, figure] : summary.figures) {
    FamilyFigure& family = of(figure.family);
    ++family.operations;
    if (figure.state == OperationState::not_implemented) continue;
    ++family.there;
    family.judged += figure.state == OperationState::judged || figure.state == OperationState::stub ? 1 : 0;
    family.sites += figure.all;
    family.kept += figure.kept;
    family.broken += figure.broken;
  }
  std::erase_if(out, [](const FamilyFigure& family) { return family.operations == 0; });
  return out;
}

FamilyFigure sum(const std::vector<FamilyFigure>& families) {
  FamilyFigure out;
  for (const FamilyFigure& f : families) {
    out.operations += f.operations;
    out.there += f.there;
    out.judged += f.judged;
    out.sites += f.sites;
    out.kept += f.kept;
    out.broken += f.broken;
  }
  return out;
}

Table family_table(const run::RunSummary& summary) {
  Table table;
  const std::vector<FamilyFigure> families = family_figures(summary);
  if (families.empty()) return table;
  table.header = {"family", "operations", "there",  "judged",    "constraints",
                  "told",   "coverage",   "broken", "divergence"};
  if (families.size() == 1 && !families[0].name.title.empty()) {
    table.total = row(families[0].name.title, families[0]);
    return table;
  }
  if (families.size() > 1) {
    for (const FamilyFigure& family : families) table.rows.push_back(row(family.name.title, family));
  }
  table.total = row("all", sum(families));
  return table;
}

Overview overview(const run::RunSummary& summary) {
  Overview out;
  out.families = family_table(summary);
  out.cases = operation_table(summary);
  Table operations = with_figures(out.cases, summary);
  if (out.families.rows.empty()) {
    out.cases = std::move(operations);
  } else {
    out.cases.rows.clear();
    out.cases.header[0].clear();
    out.operations = std::move(operations);
  }
  return out;
}

Table with_figures(Table operations, const run::RunSummary& summary) {
  if (summary.figures.empty()) return operations;
  const auto add = [](std::vector<std::string>& to, const std::vector<std::string>& cells) {
    to.insert(to.end(), cells.begin(), cells.end());
  };
  add(operations.header, {"constraints", "kept", "broken", "state"});
  for (auto& row : operations.rows) {
    const auto it = summary.figures.find(row[0]);
    std::string state;
    if (it != summary.figures.end()) {
      state = run::to_string(it->second.state);
      if (!it->second.why.empty()) state += ": " + it->second.why;
    }
    if (state.empty() || it->second.state == OperationState::not_implemented) {
      add(row, {"-", "-", "-", state});
    } else {
      add(row, {grouped(it->second.all), grouped(it->second.kept), grouped(it->second.broken), state});
    }
  }
  const FamilyFigure all = sum(family_figures(summary));
  add(operations.total, {grouped(all.sites), grouped(all.kept), grouped(all.broken), state_counts(summary)});
  return operations;
}

std::string state_counts(const run::RunSummary& summary) {
  std::string out;
  for (const OperationState state : run::kOperationStates) {
    const std::size_t n = operations_in(summary, state).size();
    if (n == 0) continue;
    out += fmt::format("{}{} {}{}", out.empty() ? "" : ", ", grouped(n), run::to_string(state),
                       state == OperationState::stub && n > 1 ? "s" : "");
  }
  return out;
}

std::vector<std::string> operations_in(const run::RunSummary& summary, run::OperationState state) {
  std::vector<std::string> out;
  for (const auto& [operation, figure] : summary.figures) {
    if (figure.state == state) out.push_back(operation);
  }
  return out;
}

}  // namespace harness::report
