#include "harness/report/changes.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace harness::report {
namespace {

using run::Verdict;

bool fails(Verdict v) {
  return v == Verdict::fail || v == Verdict::flaky;
}

// Of a case that was run and shows nothing.
bool says_nothing(Verdict v) {
  return v == Verdict::not_implemented || v == Verdict::blocked || v == Verdict::unchecked ||
         v == Verdict::error;
}

struct Judged {
  Verdict verdict;
  std::set<std::string> rules;
};
using JudgedById = std::map<std::string, Judged>;

JudgedById by_id(const std::vector<run::CaseResult>& results) {
  JudgedById out;
  for (const auto& r : results) {
    const auto [it, is_new] = out.try_emplace(r.id, Judged{r.verdict, {}});
    if (!is_new && fails(r.verdict) && !fails(it->second.verdict)) it->second.verdict = r.verdict;
    for (const auto& f : r.findings) {
      if (f.severity == oracle::Severity::defect) it->second.rules.insert(f.rule);
    }
  }
  return out;
}

std::map<Requirement, RequirementGroup> requirements_of(const std::vector<run::CaseResult>& results) {
  std::map<Requirement, RequirementGroup> out;
  for (Cause& cause : digest(results).causes()) {
    for (RequirementGroup& group : cause.requirements) out.emplace(group.requirement, std::move(group));
  }
  return out;
}

void add_cases(Changes& out, const JudgedById& before, const JudgedById& after) {
  std::set<std::string> ids;
  for (const auto* cases : {&before, &after}) {
    for (const auto& [id, judged] : *cases) ids.insert(id);
  }
  for (const std::string& id : ids) {
    CaseChange change{id, {}, {}, {}, {}};
    if (const auto was = before.find(id); was != before.end())
      std::tie(change.before, change.rules_before) = std::tie(was->second.verdict, was->second.rules);
    if (const auto is = after.find(id); is != after.end())
      std::tie(change.after, change.rules_after) = std::tie(is->second.verdict, is->second.rules);
    out.added += change.before ? 0 : 1;
    out.gone += change.after ? 0 : 1;
    if (change.before != change.after || change.rules_before != change.rules_after)
      out.cases.push_back(std::move(change));
  }
}

// What is broken in most cases first.
void sort(std::vector<RequirementGroup>& groups) {
  std::stable_sort(groups.begin(), groups.end(),
                   [](const auto& a, const auto& b) { return a.ids.size() > b.ids.size(); });
}

}  // namespace

std::string_view verdict_text(const std::optional<Verdict>& verdict) {
  return verdict ? run::to_string(*verdict) : "(not run)";
}

bool CaseChange::now_fails() const {
  return before != after && after && fails(*after);
}

bool CaseChange::recovers() const {
  return before && fails(*before) && after == Verdict::pass;
}

bool CaseChange::is_lost() const {
  return before == Verdict::pass && (!after || says_nothing(*after));
}

bool CaseChange::breaks_more() const {
  return fails_otherwise() &&
         !std::includes(rules_before.begin(), rules_before.end(), rules_after.begin(), rules_after.end());
}

std::size_t Changes::count(bool (CaseChange::*of)() const) const {
  return static_cast<std::size_t>(
      std::count_if(cases.begin(), cases.end(), [&](const CaseChange& c) { return (c.*of)(); }));
}

bool Changes::is_worse() const {
  return std::any_of(cases.begin(), cases.end(),
                     [](const CaseChange& c) { return c.now_fails() || c.is_lost() || c.breaks_more(); });
}

Changes changes_between(const std::vector<run::CaseResult>& before,
                        const std::vector<run::CaseResult>& after) {
  Changes out;
  const auto now = by_id(after);
  add_cases(out, by_id(before), now);
  auto was_broken = requirements_of(before);
  auto is_broken = requirements_of(after);
  for (auto& [requirement, group] : is_broken) {
    if (was_broken.erase(requirement) > 0)
      ++out.still_broken;
    else
      out.broken.push_back(std::move(group));
  }
  for (auto& [requirement, group] : was_broken) {
    const bool passes = std::any_of(group.ids.begin(), group.ids.end(), [&](const std::string& id) {
      const auto is = now.find(id);
      return is != now.end() && is->second.verdict == Verdict::pass;
    });
    (passes ? out.fixed : out.untold).push_back(std::move(group));
  }
  for (auto* groups : {&out.broken, &out.fixed, &out.untold}) sort(*groups);
  return out;
}

}  // namespace harness::report
