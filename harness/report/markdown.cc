#include "harness/report/markdown.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/report/case_view.h"
#include "harness/report/digest.h"
#include "harness/report/figures.h"
#include "harness/report/markdown_text.h"
#include "harness/report/text.h"

namespace harness::report {
namespace {

constexpr std::size_t kMaxInFull = 100;  // causes with an example
constexpr std::size_t kMaxOpenRequirements = 10;
constexpr std::size_t kMaxRows = 50;
constexpr std::size_t kMaxNamedIds = 10;

void add_table(std::string& out, const Table& table) {
  if (table.header.empty()) return;
  const auto row = [&](const std::vector<std::string>& cells, bool strong) {
    for (const std::string& cell : cells)
      out += fmt::format("| {1}{0}{1} ", markdown_text(cell), strong ? "**" : "");
    out += "|\n";
  };
  row(table.header, false);
  for (std::size_t i = 0; i < table.header.size(); ++i) out += i == 0 ? "| --- " : "| ---: ";
  out += "|\n";
  for (const auto& cells : table.rows) row(cells, false);
  row(table.total, true);
  out += "\n";
}

std::string named(const std::vector<std::string>& ids) {
  std::string out;
  for (std::size_t i = 0; i < std::min(ids.size(), kMaxNamedIds); ++i)
    out += (i == 0 ? "" : ", ") + markdown_name(ids[i]);
  if (ids.size() > kMaxNamedIds) out += fmt::format(" and {} more", grouped(ids.size() - kMaxNamedIds));
  return out;
}

// A cause with its requirements; the plainest case of the first of them in full.
void add_cause(std::string& out, std::size_t number, const Cause& cause,
               std::span<const oracle::FindingRule> rules) {
  out += fmt::format("### {}. {}\n\n", number, markdown_text(sentence(cause.key, rules)));
  out += fmt::format("Rule {}: {} of {} broken, in {}.\n\n", markdown_name(cause.key.rule),
                     counted(cause.requirements.size(), "requirement", "requirements"),
                     counted(operations_of(cause).size(), "operation", "operations"),
                     counted(cause.ids.size(), "case", "cases"));
  const bool folded = cause.requirements.size() > kMaxOpenRequirements;
  if (folded) out += "<details><summary>Every requirement, with its kinds and cases</summary>\n\n";
  for (const RequirementGroup& group : cause.requirements) {
    out +=
        fmt::format("- {}, in {}\n", markdown_text(name(group)), counted(group.ids.size(), "case", "cases"));
    for (const FindingGroup& kind : group.kinds)
      out += fmt::format("  - {}: {}\n", markdown_text(heading(kind)), named(kind.ids));
  }
  out += folded ? "\n</details>\n\n" : "\n";
}

void add_example(std::string& out, const run::CaseResult& example) {
  const CaseView shown = view(example, kMarkdownExcerpt);
  out += fmt::format("**For example** {}\n\n", markdown_name(example.id));
  out += fmt::format("**Requirement:** {}", markdown_text(example.title));
  for (const std::string& sentence : example.because) out += "<br>" + markdown_text(sentence);
  out += "\n\n";
  const auto part = [&](const char* title, const char* language, const std::vector<std::string>& lines) {
    if (!lines.empty()) out += fmt::format("**{}:**\n\n{}", title, markdown_block(language, lines));
  };
  part("Admissible", "text", shown.admissible);
  part("Steps", "text", shown.steps);
  part("Sent", "http", shown.sent);
  part("Answered", "http", shown.answered);
  part("Reproduce", "sh", shown.reproduce);
}

void add_causes(std::string& out, const std::vector<Cause>& causes,
                const std::vector<run::CaseResult>& results, std::span<const oracle::FindingRule> rules) {
  if (causes.empty()) return;
  out += fmt::format("## Broken\n\n{} in all, of {} that operations may share; the widest first.\n\n",
                     counted(requirement_count(causes), "requirement", "requirements"),
                     counted(causes.size(), "cause", "causes"));
  for (std::size_t i = 0; i < causes.size(); ++i) {
    add_cause(out, i + 1, causes[i], rules);
    if (i < kMaxInFull) add_example(out, results[causes[i].requirements.front().first]);
  }
}

void add_reasons(std::string& out, const std::vector<ReasonGroup>& reasons) {
  if (reasons.empty()) return;
  out +=
      "## Not simply kept or broken\n\n| verdict | cases | reason | for example |\n| --- | ---: | --- | --- "
      "|\n";
  for (std::size_t i = 0; i < std::min(reasons.size(), kMaxRows); ++i) {
    out += fmt::format("| {} | {} | {} | {} |\n", markdown_text(run::to_string(reasons[i].verdict)),
                       grouped(reasons[i].ids.size()), markdown_text(reasons[i].reason),
                       markdown_name(reasons[i].ids.front()));
  }
  if (reasons.size() > kMaxRows)
    out += fmt::format("\nand {} other reasons\n", grouped(reasons.size() - kMaxRows));
  out += "\n";
}

void add_advice(std::string& out, const std::vector<FindingGroup>& advice) {
  if (advice.empty()) return;
  out += "## Advice\n\n";
  for (std::size_t i = 0; i < std::min(advice.size(), kMaxRows); ++i) {
    out += fmt::format("- {} ({}, {}, for example {})\n", markdown_text(advice[i].finding.message),
                       markdown_name(advice[i].finding.rule), counted(advice[i].ids.size(), "case", "cases"),
                       markdown_name(advice[i].ids.front()));
  }
  if (advice.size() > kMaxRows) out += fmt::format("- and {} more\n", grouped(advice.size() - kMaxRows));
  out += "\n";
}

void add_list(std::string& out, const char* title, const std::vector<std::string>& lines) {
  if (lines.empty()) return;
  out += fmt::format("## {}\n\n", title);
  for (const std::string& line : lines) out += fmt::format("- {}\n", markdown_text(line));
  out += "\n";
}

}  // namespace

std::string markdown(const run::RunInfo& info, const std::vector<run::CaseResult>& results,
                     const run::RunSummary& summary, std::span<const oracle::FindingRule> rules) {
  const Digest all = digest(results);
  const std::vector<Cause> causes = all.causes();
  std::string out =
      fmt::format("# ssm-conformance: {}\n\n", markdown_text(outcome(summary, requirement_count(causes))));
  out += fmt::format("{} of {} cases against {}, level {}, seed {}, version {}; {} in {}.\n\n",
                     grouped(case_count(summary)), grouped(info.planned), markdown_name(info.endpoint),
                     markdown_text(info.level), info.seed, markdown_text(info.tool_version),
                     counted(summary.exchanges, "request", "requests"), duration_text(summary.duration));
  const Overview shown = overview(summary);
  add_table(out, shown.cases);
  add_table(out, shown.families);
  if (!shown.operations.header.empty()) {
    out += "<details><summary>By operation</summary>\n\n";
    add_table(out, shown.operations);
    out += "</details>\n\n";
  }
  add_causes(out, causes, results, rules);
  add_reasons(out, all.reasons());
  add_advice(out, all.advice());
  add_list(out, "Remarks", summary.remarks);
  add_list(out, "Left behind, to be removed by hand", summary.left_behind);
  return out;
}

}  // namespace harness::report
