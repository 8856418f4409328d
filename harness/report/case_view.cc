#include "harness/report/case_view.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/report/requirement.h"

namespace harness::report {
namespace {

std::vector<std::string> safe_lines(const std::vector<std::string>& texts) {
  std::vector<std::string> out;
  out.reserve(texts.size());
  for (const std::string& text : texts) out.push_back(one_line(text));
  return out;
}

/// No lines at all for an empty text.
std::vector<std::string> some(const std::string& text, const ExcerptLimits& limits) {
  return text.empty() ? std::vector<std::string>{} : excerpt(text, limits);
}

void paragraph(std::string& out, std::string_view name, const std::vector<std::string>& lines) {
  if (lines.empty() || (lines.size() == 1 && lines[0].empty())) return;
  out += fmt::format("{}:\n", name);
  for (const std::string& line : lines) out += fmt::format("  {}\n", line);
}

}  // namespace

std::string seconds(std::chrono::microseconds duration) {
  const auto ms = std::max<std::int64_t>(duration.count(), 0) / 1000;
  return fmt::format("{}.{:03}", ms / 1000, ms % 1000);
}

std::string joined(const std::vector<std::string>& lines) {
  return fmt::format("{}", fmt::join(lines, "\n"));
}

CaseView view(const run::CaseResult& result, const ExcerptLimits& limits) {
  CaseView out;
  out.id = one_line(result.id);
  out.operation = one_line(result.operation);
  out.verdict = run::to_string(result.verdict);
  out.title = one_line(result.title);
  out.reason = one_line(result.reason);
  out.duration = seconds(result.duration);
  out.clauses = safe_lines(result.clauses);
  out.because = safe_lines(result.because);
  out.admissible = some(result.expected, limits);
  out.steps = safe_lines(result.steps);
  out.sent = some(result.request, limits);
  out.answered = some(result.response, limits);
  for (const oracle::Finding& finding : result.findings) {
    const bool advice = finding.severity == oracle::Severity::advice;
    out.findings.push_back(fmt::format("{}{}  [{}]", advice ? "advice: " : "", one_line(finding.message),
                                       one_line(finding.rule)));
  }
  for (const oracle::Finding& finding : defects_of(result)) {
    std::string breaks = one_line(to_string(requirement_of(result, finding)));
    if (std::find(out.breaks.begin(), out.breaks.end(), breaks) == out.breaks.end())
      out.breaks.push_back(std::move(breaks));
  }
  out.reproduce = safe_lines(result.reproduce);
  return out;
}

std::string plain_text(const CaseView& view) {
  std::string out;
  std::vector<std::string> requirement{view.title};
  requirement.insert(requirement.end(), view.because.begin(), view.because.end());
  paragraph(out, "requirement", requirement);
  paragraph(out, "finding", view.findings);
  paragraph(out, "breaks", view.breaks);
  paragraph(out, "admissible", view.admissible);
  paragraph(out, "steps", view.steps);
  paragraph(out, "sent", view.sent);
  paragraph(out, "answered", view.answered);
  paragraph(out, "reproduce", view.reproduce);
  return out;
}

std::string headline(const run::CaseResult& result) {
  for (const oracle::Finding& finding : result.findings) {
    if (finding.severity == oracle::Severity::defect) return one_line(finding.message);
  }
  return one_line(result.reason);
}

}  // namespace harness::report
