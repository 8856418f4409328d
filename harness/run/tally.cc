#include "harness/run/tally.h"

#include <algorithm>

#include "harness/model/sites.h"

namespace harness::run {
namespace {

bool is_accepted(const oracle::Finding& finding) {
  return finding.rule == "outcome/accepted" && finding.severity == oracle::Severity::defect;
}

// The most frequent; of the equally frequent the first.
std::string most_frequent(const std::map<std::string, std::size_t>& reasons) {
  const auto less = [](const auto& a, const auto& b) { return a.second < b.second; };
  const auto most = std::max_element(reasons.begin(), reasons.end(), less);
  return most == reasons.end() ? std::string() : most->first;
}

}  // namespace

void Tally::add(const CaseResult& r) {
  OfOperation& found = operations_[r.operation];
  ++found.verdicts[r.verdict];
  switch (r.verdict) {
    case Verdict::pass:
    case Verdict::xpass:
      for (const std::string& site : r.sites) found.sites[site];
      break;
    case Verdict::flaky:
      for (const std::string& site : r.sites) found.sites[site].flaky = true;
      break;
    case Verdict::fail:
    case Verdict::xfail:
      for (const std::string& site : r.sites) {
        Told& told = found.sites[site];
        told.broken = true;
        told.accepted |= std::any_of(r.findings.begin(), r.findings.end(), is_accepted);
      }
      break;
    case Verdict::blocked:
      ++found.reasons_blocked[r.reason];
      break;
    case Verdict::unchecked:
    case Verdict::error:
      ++found.reasons_unproved[r.reason];
      break;
    case Verdict::not_implemented:
      break;
  }
}

void Tally::count(RunSummary& summary) const {
  summary.by_operation.clear();
  summary.total.clear();
  for (const auto& [operation, found] : operations_) {
    summary.by_operation[operation] = found.verdicts;
    for (const auto& [verdict, n] : found.verdicts) summary.total[verdict] += n;
  }
}

OperationFigure Tally::figure_of(const OfOperation& found) {
  OperationFigure out;
  out.state = state_of(found.verdicts);
  std::size_t accepted = 0;
  for (const auto& [site, told] : found.sites) {
    if (told.flaky && !told.broken) continue;
    ++(told.broken ? out.broken : out.kept);
    accepted += told.accepted ? 1 : 0;
  }
  if (out.kept == 0 && out.broken >= kMinBrokenOfStub && accepted == out.broken)
    out.state = OperationState::stub;
  if (out.state == OperationState::blocked) out.why = most_frequent(found.reasons_blocked);
  if (out.state == OperationState::unproved) out.why = most_frequent(found.reasons_unproved);
  return out;
}

void Tally::figure(RunSummary& summary, const model::Model& model, const Families& families) const {
  summary.figures.clear();
  summary.families.clear();
  for (const auto& [operation, found] : operations_) {
    const auto* of_model = model.find_operation(operation);
    if (of_model == nullptr) continue;
    OperationFigure figure = figure_of(found);
    figure.family = families.of(operation).key;
    figure.all = model::constraint_sites(*of_model).size();
    summary.figures.emplace(operation, std::move(figure));
  }
  for (const Family& family : families.all()) {
    const bool any = std::any_of(summary.figures.begin(), summary.figures.end(),
                                 [&](const auto& of) { return of.second.family == family.key; });
    if (any) summary.families.push_back({family.key, family.title});
  }
}

}  // namespace harness::run
