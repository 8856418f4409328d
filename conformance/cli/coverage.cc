#include "conformance/cli/coverage.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "conformance/ssm/reference.h"

namespace conformance {
namespace {

std::size_t cases_of(const CaseData& data, const std::string& clause) {
  return static_cast<std::size_t>(std::count_if(data.cases.begin(), data.cases.end(), [&](const auto& c) {
    return std::find(c.clauses.begin(), c.clauses.end(), clause) != c.clauses.end();
  }));
}

}  // namespace

std::string coverage_table(const CaseData& data) {
  std::map<std::string, std::vector<std::string>> faults;
  for (const auto& f : ssm::faults()) {
    if (!f.for_fuzzing) faults[f.clause].push_back("`" + f.name + "`");
  }

  std::string out = fmt::format(
      "# Clauses, cases, faults\n\n"
      "Each normative sentence of the documentation, in words of our own; how many of the {} cases check it; "
      "and the "
      "planted faults\nthat break it, each of which `ssm-conformance selftest` shows to be caught. Written "
      "by "
      "`ssm-conformance selftest --coverage FILE`;\na test holds this file to it.\n",
      data.cases.size());
  std::string operation;
  for (const Clause& clause : data.clauses) {
    if (clause.operation != operation) {
      operation = clause.operation;
      out += fmt::format("\n## {}\n\n| clause | requirement | cases | faults |\n|---|---|---:|---|\n",
                         operation);
    }
    const auto& broken_by = faults[clause.id];
    std::string last = fmt::format("{}", fmt::join(broken_by, ", "));
    if (broken_by.empty())
      last = clause.reason.empty() ? clause.no_fault : "cannot be checked: " + clause.reason;
    out += fmt::format("| {} | {} | {} | {} |\n", clause.id, clause.requirement, cases_of(data, clause.id),
                       last);
  }
  return out;
}

}  // namespace conformance
