#include "harness/report/digest.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <limits>
#include <tuple>

#include "harness/report/server_words.h"
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

constexpr std::string_view kServerError = "availability/server-error";

// Findings of a lower rank are worse.
std::size_t rank(std::string_view rule) {
  static constexpr std::string_view kWorstFirst[] = {"availability/", "outcome/accepted", "relation/",
                                                     "shape/",        "outcome/",         "envelope/"};
  const auto it = std::find_if(std::begin(kWorstFirst), std::end(kWorstFirst),
                               [&](std::string_view beginning) { return rule.starts_with(beginning); });
  return static_cast<std::size_t>(it - std::begin(kWorstFirst));
}

/// Where the body begins: behind the first blank line; npos if there is none.
std::size_t body_offset(std::string_view message) {
  const std::size_t lf = message.find("\n\n");
  const std::size_t crlf = message.find("\n\r\n");
  if (lf == std::string_view::npos && crlf == std::string_view::npos) return std::string_view::npos;
  return lf < crlf ? lf + 2 : crlf + 3;
}

std::set<std::string> as_set(std::vector<std::string> list) {
  return {std::make_move_iterator(list.begin()), std::make_move_iterator(list.end())};
}

std::vector<std::string> as_list(const std::set<std::string>& set) {
  return {set.begin(), set.end()};
}

using Counted = std::vector<std::pair<std::string, std::size_t>>;

Counted most_first(const std::map<std::string, std::size_t>& counts) {
  Counted out(counts.begin(), counts.end());
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  return out;
}

}  // namespace

std::string name(const Requirement& requirement, const std::vector<std::string>& constraints) {
  std::string out = requirement.operation;
  if (!requirement.place.empty()) out += ": " + requirement.place;
  if (!constraints.empty()) out += fmt::format(" ({})", fmt::join(constraints, ", "));
  return out;
}

std::string name(const RequirementGroup& group) {
  return name(group.requirement, group.constraints);
}

Counted operations_of(const Cause& cause) {
  std::map<std::string, std::size_t> counts;
  for (const RequirementGroup& group : cause.requirements) ++counts[group.requirement.operation];
  return most_first(counts);
}

Counted constraints_of(const Cause& cause) {
  std::map<std::string, std::size_t> counts;
  for (const RequirementGroup& group : cause.requirements) {
    for (const std::string& constraint : group.constraints) ++counts[constraint];
  }
  return most_first(counts);
}

std::size_t requirement_count(const std::vector<Cause>& causes) {
  std::size_t out = 0;
  for (const Cause& cause : causes) out += cause.requirements.size();
  return out;
}

std::string heading(const FindingGroup& group) {
  if (group.words.empty()) return group.finding.message;
  return fmt::format("{}: answered with {}", group.title.empty() ? group.ids.front() : group.title,
                     group.words);
}

void Digest::enter(Groups& groups, const std::string& key, const std::string& words,
                   const oracle::Finding& finding, const run::CaseResult& result) const {
  const auto [it, is_new] = groups.try_emplace(key);
  Gathered& gathered = it->second;
  if (is_new || result.id < *gathered.ids.begin())
    gathered.group = {key, finding, result.title, words, added_, {}, 1};
  gathered.ids.insert(result.id);
  constexpr std::size_t kMaxMessages = 1000;  // of one rule: an endpoint may put anything into them
  if (gathered.messages.size() < kMaxMessages) gathered.messages.insert(finding.message);
}

std::vector<Requirement> Digest::add(const run::CaseResult& result) {
  std::vector<Requirement> leads;
  for (const oracle::Finding& finding : defects_of(result)) {
    // Without a signature nothing says that two findings are one.
    std::string key =
        finding.signature.empty() ? "case|" + result.id + "|" + finding.rule : finding.signature;
    std::string words;
    if (finding.rule == kServerError) {
      words = server_words(result.response);
      key += "|" + words;
    }
    enter(defects_, key, words, finding, result);
    const Requirement requirement = requirement_of(result, finding);
    const auto [it, is_new] = requirements_.try_emplace(requirement);
    OfRequirement& of = it->second;
    enter(of.kinds, key, words, finding, result);
    of.ids.insert(result.id);
    if (requirement.cause.topic == kMemberTopic) of.constraints.merge(as_set(constraints_of(finding)));
    const auto example = std::pair(broken_by_request(finding), result.id);
    if (!is_new && example >= of.example) continue;
    of.finding = finding;
    of.example = example;
    of.first = added_;
    leads.push_back(requirement);
  }
  for (const oracle::Finding& finding : result.findings) {
    if (finding.severity == oracle::Severity::advice) enter(advice_, finding.rule, {}, finding, result);
  }
  const bool fails = result.verdict == Verdict::fail;
  if (fails) ++failed_;
  if (!fails && result.verdict != Verdict::pass) {
    reasons_[std::pair(result.verdict, result.reason)].insert(result.id);
  }
  ++added_;
  return leads;
}

std::vector<Cause> Digest::causes() const {
  std::map<CauseKey, Cause> by_key;
  for (const auto& [requirement, of] : requirements_) {
    Cause& cause = by_key[requirement.cause];
    cause.key = requirement.cause;
    cause.requirements.push_back({requirement, of.finding, of.example.second, of.first,
                                  as_list(of.constraints), sorted(of.kinds), as_list(of.ids)});
  }
  std::vector<Cause> out;
  for (auto& [key, cause] : by_key) {
    std::stable_sort(cause.requirements.begin(), cause.requirements.end(),
                     [](const auto& a, const auto& b) { return a.ids.size() > b.ids.size(); });
    std::set<std::string> ids;
    for (const RequirementGroup& group : cause.requirements) ids.insert(group.ids.begin(), group.ids.end());
    cause.ids = as_list(ids);
    out.push_back(std::move(cause));
  }
  std::stable_sort(out.begin(), out.end(), [](const Cause& a, const Cause& b) {
    if (a.requirements.size() != b.requirements.size()) return a.requirements.size() > b.requirements.size();
    if (rank(a.key.rule) != rank(b.key.rule)) return rank(a.key.rule) < rank(b.key.rule);
    return a.ids.size() > b.ids.size();
  });
  return out;
}

std::vector<FindingGroup> Digest::sorted(const Groups& groups) {
  std::vector<FindingGroup> out;
  for (const auto& [key, gathered] : groups) {
    out.push_back(gathered.group);
    out.back().ids.assign(gathered.ids.begin(), gathered.ids.end());
    out.back().messages = gathered.messages.size();
  }
  const auto place = [](const FindingGroup& g) {
    return std::tuple(rank(g.finding.rule), std::numeric_limits<std::size_t>::max() - g.ids.size(),
                      std::string_view(g.ids.front()), std::string_view(g.key));
  };
  std::sort(out.begin(), out.end(),
            [&](const FindingGroup& a, const FindingGroup& b) { return place(a) < place(b); });
  return out;
}

std::vector<FindingGroup> Digest::defects() const {
  return sorted(defects_);
}

std::vector<FindingGroup> Digest::advice() const {
  return sorted(advice_);
}

std::vector<ReasonGroup> Digest::reasons() const {
  std::vector<ReasonGroup> out;
  for (const auto& [key, ids] : reasons_)
    out.push_back({key.first, key.second, std::vector<std::string>(ids.begin(), ids.end())});
  std::stable_sort(out.begin(), out.end(), [](const ReasonGroup& a, const ReasonGroup& b) {
    return a.verdict != b.verdict ? a.verdict < b.verdict : a.ids.size() > b.ids.size();
  });
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

std::string outcome(const run::RunSummary& summary, std::size_t requirements) {
  const std::size_t failing = count(summary, Verdict::fail);
  std::vector<std::string> bad;
  if (failing > 0) {
    bad.push_back(fmt::format("{} in {}", counted(requirements, "requirement", "requirements"),
                              counted(failing, "case", "cases")));
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
  const std::size_t unjudged = case_count(summary) - summary.judged_cases();
  const std::string not_judged = unjudged == 0 ? "" : fmt::format("; {} not judged", grouped(unjudged));
  if (!found.empty()) return "broken: " + found + not_judged;
  if (!summary.judged() && summary.judged_elsewhere) {
    if (case_count(summary) == 0) return "nothing to judge: this shard holds no case; others do";
    return fmt::format(
        "nothing to judge: none of the {} of this shard can be judged here; those of others can",
        counted(case_count(summary), "case", "cases"));
  }
  if (!summary.judged()) return "nothing was judged: " + summary.why_not_judged();
  if (summary.too_few_judged()) {
    return fmt::format(
        "too little was judged: {} of {} cases, and no more than {}% may be left out (--max-unjudged)",
        grouped(summary.judged_cases()), grouped(summary.implemented_cases()), *summary.max_unjudged);
  }
  const std::size_t judged = count(summary, Verdict::pass) + count(summary, Verdict::xfail);
  std::string line = fmt::format("kept: {} judged", counted(judged, "case", "cases"));
  if (const std::size_t n = count(summary, Verdict::xfail))
    line += fmt::format(", {} failing as expected", grouped(n));
  return line + not_judged;
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
