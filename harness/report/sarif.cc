#include "harness/report/sarif.h"

#include <fmt/format.h>

#include <map>

#include "harness/report/case_view.h"
#include "harness/report/digest.h"
#include "harness/report/figures.h"
#include "harness/report/text.h"
#include "harness/wire/json.h"

namespace harness::report {
namespace {

using wire::Json;

/// A case id as a relative URI reference (RFC 3986), which does not begin with a slash.
std::string uri_of(std::string_view id) {
  const std::string encoded = percent_encoded(id);
  return (encoded.starts_with('/') ? "%2F" + encoded.substr(1) : encoded) + ".http";
}

/// In a SARIF message `[text](target)` is a link, and the endpoint is not to place links.
std::string without_links(std::string text) {
  for (std::size_t at = 0; (at = text.find("](", at)) != std::string::npos; at += 2)
    text.insert(at + 1, 1, ' ');
  return text;
}

class Log {
 public:
  explicit Log(std::span<const oracle::FindingRule> known) : known_(known) {}

  void add(const FindingGroup& group, const char* level, const run::CaseResult& first) {
    const oracle::Finding& finding = group.finding;
    const std::vector<std::string>& ids = group.ids;
    const std::string rule = one_line(finding.rule);
    const auto [it, is_new] = rule_index_.emplace(rule, rules_.size());
    if (is_new) {
      Json entry = Json::object();
      entry["id"] = rule;
      entry["shortDescription"]["text"] = meaning_of(rule);
      entry["defaultConfiguration"]["level"] = level;
      rules_.push_back(std::move(entry));
    }
    const CaseView shown = view(first, kReportExcerpt);
    Json cases = Json::array();
    for (const std::string& id : ids) cases.push_back(one_line(id));
    // Lists are spelled out: compilers differ on what a brace around one value means.
    Json place = Json::object();
    place["physicalLocation"]["artifactLocation"]["uri"] = uri_of(first.id);
    place["physicalLocation"]["region"]["startLine"] = 1;
    Json logical = Json::object();
    logical["fullyQualifiedName"] = shown.id;
    logical["kind"] = "case";
    place["logicalLocations"].push_back(std::move(logical));
    const std::string message = one_line(heading(group));
    Json result = Json::object();
    result["ruleId"] = rule;
    result["ruleIndex"] = it->second;
    result["level"] = level;
    result["message"]["text"] =
        without_links(fmt::format("{}: {}", shown.id, message.empty() ? rule : message));
    result["locations"].push_back(std::move(place));
    result["occurrenceCount"] = ids.size();
    result["partialFingerprints"]["signature/v1"] =
        one_line(group.key.empty() ? rule + "|" + first.id : group.key);
    Json& properties = result["properties"];
    properties["operation"] = shown.operation;
    if (first.verdict == run::Verdict::fail && finding.severity == oracle::Severity::defect)
      properties["requirement"] = one_line(to_string(requirement_of(first, finding)));
    properties["title"] = shown.title;
    properties["clauses"] = shown.clauses;
    properties["because"] = shown.because;
    properties["admissible"] = joined(shown.admissible);
    if (!shown.steps.empty()) properties["steps"] = shown.steps;
    properties["sent"] = joined(shown.sent);
    properties["answered"] = joined(shown.answered);
    properties["reproduce"] = shown.reproduce;
    properties["cases"] = std::move(cases);
    results_.push_back(std::move(result));
  }

  Json rules() const { return rules_; }
  Json results() const { return results_; }

 private:
  std::string meaning_of(std::string_view rule) const {
    for (const oracle::FindingRule& known : known_) {
      if (known.name == rule) return std::string(known.means);
    }
    return fmt::format("Findings of the rule {}", rule);
  }

  std::span<const oracle::FindingRule> known_;
  std::map<std::string, std::size_t> rule_index_;
  Json rules_ = Json::array();
  Json results_ = Json::array();
};

Json figure_property(const FamilyFigure& figure) {
  Json out = Json::object();
  if (!figure.name.key.empty()) {
    out["family"] = one_line(figure.name.key);
    out["title"] = one_line(figure.name.title);
  }
  out["operations"] = figure.operations;
  out["implemented"] = figure.there;
  out["judged"] = figure.judged;
  out["constraints"] = figure.sites;
  out["constraintsKept"] = figure.kept;
  out["constraintsBroken"] = figure.broken;
  return out;
}

Json invocation(const run::RunInfo& info, const run::RunSummary& summary, const std::string& what) {
  const int status = summary.exit_status();
  // Findings are what a run is for; without a whole run there are no findings to trust.
  const bool complete = status == 0 || (status == 1 && summary.judged());
  Json out = Json::object();
  out["executionSuccessful"] = complete;
  out["exitCode"] = status;
  out["exitCodeDescription"] = what;
  if (!info.started.empty()) out["startTimeUtc"] = one_line(info.started) + "Z";
  if (complete) return out;
  Json notification = Json::object();
  notification["level"] = "error";
  notification["message"]["text"] = what;
  out["toolExecutionNotifications"].push_back(std::move(notification));
  return out;
}

}  // namespace

std::string sarif(const run::RunInfo& info, const std::vector<run::CaseResult>& results,
                  const run::RunSummary& summary, std::span<const oracle::FindingRule> rules) {
  const Digest all = digest(results);
  const std::vector<FindingGroup> defects = all.defects();
  Log log(rules);
  for (const FindingGroup& group : defects) log.add(group, "error", results[group.first]);
  for (const run::CaseResult& result : results) {
    const bool flaky = result.verdict == run::Verdict::flaky;
    if (!flaky && result.verdict != run::Verdict::xpass) continue;
    FindingGroup alone;
    alone.finding = {flaky ? "flaky" : "stale-baseline", oracle::Severity::defect, result.reason, {}};
    alone.ids = {result.id};
    log.add(alone, "warning", result);
  }
  for (const FindingGroup& group : all.advice()) log.add(group, "note", results[group.first]);
  const std::string what = one_line(outcome(summary, requirement_count(all.causes())));
  Json entry = Json::object();
  Json& driver = entry["tool"]["driver"];
  driver["name"] = "ssm-conformance";
  driver["version"] = one_line(info.tool_version);
  driver["rules"] = log.rules();
  entry["invocations"].push_back(invocation(info, summary, what));
  entry["columnKind"] = "unicodeCodePoints";
  entry["properties"]["endpoint"] = one_line(info.endpoint);
  entry["properties"]["level"] = one_line(info.level);
  entry["properties"]["seed"] = std::to_string(info.seed);
  if (const auto families = family_figures(summary); !families.empty()) {
    entry["properties"]["figure"] = figure_property(sum(families));
    Json& of_families = entry["properties"]["families"] = Json::array();
    for (const FamilyFigure& family : families) of_families.push_back(figure_property(family));
  }
  entry["results"] = log.results();
  Json log_file = Json::object();
  log_file["$schema"] = "https://json.schemastore.org/sarif-2.1.0.json";
  log_file["version"] = "2.1.0";
  log_file["runs"].push_back(std::move(entry));
  return log_file.dump(2, ' ', true, Json::error_handler_t::replace) + "\n";
}

}  // namespace harness::report
