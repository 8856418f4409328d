#include "harness/report/markdown.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/report/case_view.h"
#include "harness/report/digest.h"
#include "harness/report/text.h"

namespace harness::report {
namespace {

constexpr ExcerptLimits kLimits{20, 500};
constexpr std::size_t kMostInFull = 100;
constexpr std::size_t kMostListed = 50;
constexpr std::size_t kMostIds = 10;

/// Text as text: CommonMark lets any ASCII punctuation be escaped, and these are all that can begin markup.
std::string text(std::string_view bytes) {
  std::string out;
  for (const char c : one_line(bytes)) {
    if (std::string_view("\\`*_{}[]<>()#+!|&~$").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

/// A name in fixed width, also in tables, where a code span could not hold a `|`.
std::string name(std::string_view bytes) {
  return "<code>" + text(bytes) + "</code>";
}

/// A fenced block whose fence is longer than any row of backticks in it.
std::string block(const char* language, const std::vector<std::string>& lines) {
  std::size_t longest = 0;
  for (const std::string& line : lines) {
    std::size_t row = 0;
    for (const char c : line) longest = std::max(longest, row = c == '`' ? row + 1 : 0);
  }
  const std::string fence(std::max<std::size_t>(3, longest + 1), '`');
  return fmt::format("{}{}\n{}\n{}\n\n", fence, language, joined(lines), fence);
}

void add_table(std::string& out, const run::RunSummary& summary) {
  const Table table = operation_table(summary);
  const auto row = [&](const std::vector<std::string>& cells, bool strong) {
    for (const std::string& cell : cells) out += fmt::format("| {1}{0}{1} ", text(cell), strong ? "**" : "");
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
  for (std::size_t i = 0; i < std::min(ids.size(), kMostIds); ++i) out += (i == 0 ? "" : ", ") + name(ids[i]);
  if (ids.size() > kMostIds) out += fmt::format(" and {} more", grouped(ids.size() - kMostIds));
  return out;
}

void add_defect(std::string& out, std::size_t number, const FindingGroup& group,
                const run::CaseResult& first) {
  out += fmt::format("### {}. {}\n\n", number, text(group.finding.message));
  out += fmt::format("Rule {}, in {}: {}\n\n", name(group.finding.rule),
                     counted(group.ids.size(), "case", "cases"), named(group.ids));
  const CaseView shown = view(first, kLimits);
  out += fmt::format("**Requirement:** {}", text(first.title));
  for (const std::string& sentence : first.because) out += "<br>" + text(sentence);
  out += "\n\n";
  const auto part = [&](const char* title, const char* language, const std::vector<std::string>& lines) {
    if (!lines.empty()) out += fmt::format("**{}:**\n\n{}", title, block(language, lines));
  };
  part("Admissible", "text", shown.admissible);
  part("Steps", "text", shown.steps);
  part("Sent", "http", shown.sent);
  part("Answered", "http", shown.answered);
  part("Reproduce", "sh", shown.reproduce);
}

void add_defects(std::string& out, const std::vector<FindingGroup>& defects,
                 const std::vector<run::CaseResult>& results) {
  if (defects.empty()) return;
  out += "## Defects\n\n";
  for (std::size_t i = 0; i < std::min(defects.size(), kMostInFull); ++i) {
    add_defect(out, i + 1, defects[i], results[defects[i].first]);
  }
  if (defects.size() <= kMostInFull) return;
  out += fmt::format("### {} more\n\n", grouped(defects.size() - kMostInFull));
  for (std::size_t i = kMostInFull; i < defects.size(); ++i) {
    out += fmt::format("- {} ({}): {}\n", text(defects[i].finding.message), name(defects[i].finding.rule),
                       named(defects[i].ids));
  }
  out += "\n";
}

void add_reasons(std::string& out, const std::vector<ReasonGroup>& reasons) {
  if (reasons.empty()) return;
  out +=
      "## Not simply kept or broken\n\n| verdict | cases | reason | for example |\n| --- | ---: | --- | --- "
      "|\n";
  for (std::size_t i = 0; i < std::min(reasons.size(), kMostListed); ++i) {
    out += fmt::format("| {} | {} | {} | {} |\n", text(run::to_string(reasons[i].verdict)),
                       grouped(reasons[i].ids.size()), text(reasons[i].reason), name(reasons[i].ids.front()));
  }
  if (reasons.size() > kMostListed)
    out += fmt::format("\nand {} other reasons\n", grouped(reasons.size() - kMostListed));
  out += "\n";
}

void add_advice(std::string& out, const std::vector<FindingGroup>& advice) {
  if (advice.empty()) return;
  out += "## Advice\n\n";
  for (std::size_t i = 0; i < std::min(advice.size(), kMostListed); ++i) {
    out += fmt::format("- {} ({}, {}, for example {})\n", text(advice[i].finding.message),
                       name(advice[i].finding.rule), counted(advice[i].ids.size(), "case", "cases"),
                       name(advice[i].ids.front()));
  }
  if (advice.size() > kMostListed)
    out += fmt::format("- and {} more\n", grouped(advice.size() - kMostListed));
  out += "\n";
}

void add_list(std::string& out, const char* title, const std::vector<std::string>& lines) {
  if (lines.empty()) return;
  out += fmt::format("## {}\n\n", title);
  for (const std::string& line : lines) out += fmt::format("- {}\n", text(line));
  out += "\n";
}

}  // namespace

std::string markdown(const run::RunInfo& info, const std::vector<run::CaseResult>& results,
                     const run::RunSummary& summary) {
  const Digest all = digest(results);
  std::string out = fmt::format("# ssm-conformance: {}\n\n", text(outcome(summary, all.defects().size())));
  out += fmt::format("{} of {} cases against {}, level {}, seed {}, version {}; {} in {}.\n\n",
                     grouped(case_count(summary)), grouped(info.planned), name(info.endpoint),
                     text(info.level), info.seed, text(info.tool_version),
                     counted(summary.exchanges, "request", "requests"), duration_text(summary.duration));
  add_table(out, summary);
  add_defects(out, all.defects(), results);
  add_reasons(out, all.reasons());
  add_advice(out, all.advice());
  add_list(out, "Remarks", summary.remarks);
  add_list(out, "Left behind, to be removed by hand", summary.left_behind);
  return out;
}

}  // namespace harness::report
