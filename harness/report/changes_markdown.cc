#include <fmt/format.h>

#include "harness/report/changes.h"
#include "harness/report/markdown_text.h"
#include "harness/report/run_differences.h"
#include "harness/report/text.h"

namespace harness::report {
namespace {

// A comment on GitHub may have 65,536 characters; of each list, so many lines are read.
constexpr std::size_t kMostLines = 40;
constexpr std::size_t kMostOfAName = 160;

std::string name_of(std::string_view raw) {
  return markdown_name(cut(one_line(raw), kMostOfAName));
}

template <class Items, class Line>
std::string list_of(std::string_view title, const Items& items, const Line& line) {
  if (items.empty()) return {};
  std::string out = fmt::format("\n## {}\n\n", title);
  for (std::size_t i = 0; i < std::min(items.size(), kMostLines); ++i) out += "- " + line(items[i]) + "\n";
  if (items.size() > kMostLines) out += fmt::format("- and {} more\n", items.size() - kMostLines);
  return out;
}

std::string row(std::string_view what, std::size_t requirements, std::size_t cases) {
  const auto figure = [](std::size_t n) { return n == 0 ? std::string("-") : fmt::format("{}", n); };
  return fmt::format("| {} | {} | {} |\n", what, figure(requirements), figure(cases));
}

std::string side(std::string_view which, const ResultFile& file) {
  return fmt::format("- {}: {}, version {}, level {}, seed {}, {}\n", which, name_of(file.info.endpoint),
                     markdown_text(file.info.tool_version), markdown_text(file.info.level), file.info.seed,
                     markdown_text(selection_text(file.info)));
}

}  // namespace

std::string changes_markdown(const Changes& c, const ResultFile& before, const ResultFile& after,
                             std::span<const oracle::FindingRule> rules) {
  std::string out = fmt::format("# ssm-conformance: {} newly broken, {} fixed\n\n",
                                counted(c.broken.size(), "requirement", "requirements"), c.fixed.size());
  out += "| | requirements | cases |\n| --- | ---: | ---: |\n";
  out += row("newly broken", c.broken.size(), c.count(&CaseChange::now_fails));
  out += row("broken otherwise", 0, c.count(&CaseChange::fails_otherwise));
  out += row("fixed", c.fixed.size(), c.count(&CaseChange::recovers));
  out += row("no longer judged", c.untold.size(), c.count(&CaseChange::is_lost));
  out += row("still broken", c.still_broken, 0);
  out += row("in this run only", 0, c.added) + row("in the run before only", 0, c.gone);

  const auto requirement = [&](const RequirementGroup& g) {
    return fmt::format("{}: {}, in {}, as {}", markdown_text(name(g)),
                       markdown_text(sentence(g.requirement.cause, rules)),
                       counted(g.ids.size(), "case", "cases"), name_of(g.example));
  };
  out += list_of("Newly broken", c.broken, requirement);
  out += list_of("Fixed", c.fixed, requirement);
  out += list_of("No longer judged", c.untold, requirement);
  out += list_of("Cases", c.cases, [](const CaseChange& change) {
    std::string line = fmt::format("{}: {} → {}", name_of(change.id), verdict_text(change.before),
                                   verdict_text(change.after));
    if (change.fails_otherwise())
      line += markdown_text(cut(fmt::format(" ({} → {})", fmt::join(change.rules_before, ", "),
                                            fmt::join(change.rules_after, ", ")),
                                kMostOfAName));
    return line;
  });

  out += "\n## Runs\n\n" + side("before", before) + side("after", after);
  for (const auto& difference : run_differences(before.info, after.info))
    out += "- " + markdown_text(to_string(difference)) + "\n";
  return out;
}

}  // namespace harness::report
