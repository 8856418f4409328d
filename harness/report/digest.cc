#include "harness/report/digest.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "harness/report/text.h"
#include "harness/wire/message.h"

namespace harness::report {
namespace {

using run::Verdict;

struct Column {
  const char* title;
  Verdict verdict;
  bool only_if_any;
};

constexpr Column kColumns[] = {{"pass", Verdict::pass, false},
                               {"fail", Verdict::fail, false},
                               {"not impl.", Verdict::not_implemented, false},
                               {"blocked", Verdict::blocked, false},
                               {"unchecked", Verdict::unchecked, false},
                               {"flaky", Verdict::flaky, false},
                               {"error", Verdict::error, false},
                               {"xfail", Verdict::xfail, true},
                               {"xpass", Verdict::xpass, true}};
static_assert(std::size(kColumns) == std::size(run::kVerdicts));

using Counts = std::map<Verdict, std::size_t>;

std::size_t at(const Counts& counts, Verdict verdict) {
  const auto it = counts.find(verdict);
  return it == counts.end() ? 0 : it->second;
}

std::size_t sum(const Counts& counts) {
  std::size_t total = 0;
  for (const auto& [verdict, number] : counts) total += number;
  return total;
}

std::vector<std::string> row(std::string name, const Counts& counts, const std::vector<Verdict>& verdicts) {
  std::vector<std::string> out{std::move(name), grouped(sum(counts))};
  for (const Verdict verdict : verdicts) {
    const std::size_t number = at(counts, verdict);
    out.push_back(number == 0 ? "-" : grouped(number));
  }
  return out;
}

/// Where the body begins: behind the first blank line; npos if there is none.
std::size_t body_offset(std::string_view message) {
  const std::size_t lf = message.find("\n\n");
  const std::size_t crlf = message.find("\n\r\n");
  if (lf == std::string_view::npos && crlf == std::string_view::npos) return std::string_view::npos;
  return lf < crlf ? lf + 2 : crlf + 3;
}

}  // namespace

bool Digest::enter(std::vector<FindingGroup>& groups, std::map<std::string, std::size_t>& index,
                   const oracle::Finding& finding, const run::CaseResult& result) {
  // Without a signature nothing says that two findings are one.
  const std::string key =
      finding.signature.empty() ? "case|" + result.id + "|" + finding.rule : finding.signature;
  const auto [it, is_new] = index.emplace(key, groups.size());
  if (is_new) groups.push_back({finding, added_, {}});
  std::vector<std::string>& ids = groups[it->second].ids;
  if (ids.empty() || ids.back() != result.id) ids.push_back(result.id);
  return is_new;
}

std::vector<std::size_t> Digest::add(const run::CaseResult& result) {
  std::vector<std::size_t> fresh;
  const bool fails = result.verdict == Verdict::fail;
  bool any_defect = false;
  for (const oracle::Finding& finding : result.findings) {
    if (finding.severity == oracle::Severity::advice) {
      enter(advice_, advice_index_, finding, result);
    } else if (fails) {
      any_defect = true;
      if (enter(defects_, defect_index_, finding, result)) fresh.push_back(defects_.size() - 1);
    }
  }
  if (fails && !any_defect) {
    const oracle::Finding finding{
        "case", oracle::Severity::defect, result.reason.empty() ? "the case failed" : result.reason, {}};
    if (enter(defects_, defect_index_, finding, result)) fresh.push_back(defects_.size() - 1);
  }
  if (fails) ++failed_;
  if (!fails && result.verdict != Verdict::pass) {
    const auto [it, is_new] =
        reason_index_.emplace(std::pair(result.verdict, result.reason), reasons_.size());
    if (is_new) reasons_.push_back({result.verdict, result.reason, {}});
    reasons_[it->second].ids.push_back(result.id);
  }
  ++added_;
  return fresh;
}

std::vector<ReasonGroup> Digest::reasons() const {
  std::vector<ReasonGroup> out = reasons_;
  std::stable_sort(out.begin(), out.end(),
                   [](const ReasonGroup& a, const ReasonGroup& b) { return a.verdict < b.verdict; });
  return out;
}

Digest digest(const std::vector<run::CaseResult>& results) {
  Digest out;
  for (const run::CaseResult& result : results) out.add(result);
  return out;
}

Table operation_table(const run::RunSummary& summary) {
  Table table;
  table.header = {"operation", "cases"};
  for (const Column& column : kColumns) {
    if (column.only_if_any && at(summary.total, column.verdict) == 0) continue;
    table.header.emplace_back(column.title);
    table.verdicts.push_back(column.verdict);
  }
  for (const auto& [operation, counts] : summary.by_operation) {
    table.rows.push_back(row(operation, counts, table.verdicts));
  }
  table.total = row("total", summary.total, table.verdicts);
  return table;
}

std::size_t count(const run::RunSummary& summary, Verdict verdict) {
  return at(summary.total, verdict);
}

std::size_t case_count(const run::RunSummary& summary) {
  return sum(summary.total);
}

std::string outcome(const run::RunSummary& summary, std::size_t defects) {
  const std::size_t failing = count(summary, Verdict::fail);
  std::vector<std::string> bad;
  if (failing > 0) {
    bad.push_back(
        fmt::format("{} in {}", counted(defects, "defect", "defects"), counted(failing, "case", "cases")));
  }
  if (const std::size_t n = count(summary, Verdict::flaky))
    bad.push_back(counted(n, "flaky case", "flaky cases"));
  if (const std::size_t n = count(summary, Verdict::xpass)) {
    bad.push_back(counted(n, "stale baseline entry", "stale baseline entries"));
  }
  const std::string found = fmt::format("{}", fmt::join(bad, ", "));
  const std::string so_far = found.empty() ? "" : "; until then: " + found;
  switch (summary.exit_status()) {
    case 130:
      return fmt::format("interrupted after {}{}", counted(case_count(summary), "case", "cases"), so_far);
    case 3:
      return fmt::format("endpoint lost: {}{}",
                         summary.endpoint_problem.empty() ? "it cannot be reached" : summary.endpoint_problem,
                         so_far);
    case 4:
      return fmt::format("harness error: {} could not be judged{}",
                         counted(count(summary, Verdict::error), "case", "cases"), so_far);
    default:
      break;
  }
  if (!found.empty()) return "broken: " + found;
  if (!summary.judged())
    return "nothing was judged: no case of an operation came to a verdict on the endpoint";
  const std::size_t judged = count(summary, Verdict::pass) + count(summary, Verdict::xfail);
  std::string line = fmt::format("kept: {} judged", counted(judged, "case", "cases"));
  if (const std::size_t n = count(summary, Verdict::xfail))
    line += fmt::format(", {} failing as expected", grouped(n));
  if (const std::size_t n = case_count(summary) - judged) line += fmt::format("; {} not judged", grouped(n));
  return line;
}

std::string name_some(const std::vector<std::string>& ids, std::size_t most, std::size_t skip) {
  const std::size_t end = std::min(ids.size(), skip + most);
  std::string out;
  for (std::size_t i = skip; i < end; ++i) out += (i == skip ? "" : ", ") + ids[i];
  if (end < ids.size()) out += fmt::format(" and {} more", grouped(ids.size() - end));
  return out;
}

std::string_view telling_part(const run::CaseResult& result) {
  const std::string_view request = result.request;
  const std::size_t body = body_offset(request);
  const bool about_head = result.operation == run::kProtocol || body == std::string_view::npos;
  if (about_head || body == request.size()) return request;
  return request.substr(body);
}

std::string answer_in_short(std::string_view response) {
  const std::size_t body = body_offset(response);
  if (body == std::string_view::npos || response.substr(0, 5) != "HTTP/") return std::string(response);
  std::string out;
  for (std::size_t begin = 0; begin < body;) {
    const std::size_t end = response.find('\n', begin) + 1;
    const std::string_view line = response.substr(begin, end - begin);
    if (begin == 0 || wire::same_name(line.substr(0, line.find(':')), "X-Amzn-Errortype")) out += line;
    begin = end;
  }
  out += response.substr(body);
  return out;
}

}  // namespace harness::report
