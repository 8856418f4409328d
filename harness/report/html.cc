#include "harness/report/html.h"

#include <fmt/format.h>

#include <algorithm>
#include <kainjow/mustache.hpp>
#include <map>
#include <set>
#include <unordered_map>

#include "harness/base/base64.h"
#include "harness/report/case_view.h"
#include "harness/report/digest.h"
#include "harness/report/figures.h"
#include "harness/report/internal/mustache_data.h"
#include "harness/report/text.h"
#include "harness/wire/hashes.h"
#include "harness/wire/json.h"
#include "harness_report_templates.h"

namespace harness::report {
namespace {

using Data = MustacheData;
using wire::Json;

/// Every text of the data once; what holds it has its place in the list.
class Texts {
 public:
  std::size_t add(const std::string& safe) {
    const auto [it, is_new] = places_.try_emplace(safe, list_.size());
    if (is_new) list_.push_back(safe);
    return it->second;
  }
  Json add(const std::vector<std::string>& safe) {
    Json out = Json::array();
    for (const std::string& text : safe) out.push_back(add(text));
    return out;
  }
  /// Of an answer, which may hold a time: whether two are the same must change no other place.
  std::size_t add_apart(const std::string& safe) {
    if (safe.empty()) return add(safe);
    list_.push_back(safe);
    return list_.size() - 1;
  }
  Json take() { return std::move(list_); }

 private:
  std::unordered_map<std::string, std::size_t> places_;
  Json list_ = Json::array();
};

Json case_data(const run::CaseResult& result, std::vector<std::size_t> causes, Texts& texts) {
  const CaseView shown = view(result, kReportExcerpt);
  std::vector<std::string> rules;
  for (const oracle::Finding& finding : result.findings) rules.push_back(one_line(finding.rule));
  return Json{{"id", texts.add(shown.id)},
              {"operation", texts.add(shown.operation)},
              {"verdict", shown.verdict},
              {"title", texts.add(shown.title)},
              {"reason", texts.add(shown.reason)},
              {"because", texts.add(shown.because)},
              {"clauses", texts.add(shown.clauses)},
              {"findings", texts.add(shown.findings)},
              {"rules", texts.add(rules)},
              {"breaks", texts.add(shown.breaks)},
              {"causes", std::move(causes)},
              {"sites", texts.add(safe(result.sites))},
              {"admissible", texts.add(joined(shown.admissible))},
              {"steps", texts.add(joined(shown.steps))},
              {"sent", texts.add(joined(shown.sent))},
              {"answered", texts.add_apart(joined(shown.answered))},
              {"reproduce", texts.add(joined(shown.reproduce))}};
}

/// The operations that the endpoint has, by families, with what was told of their constraints.
Json map_data(const run::RunSummary& summary, Texts& texts) {
  Json out = Json::array();
  for (const FamilyFigure& family : family_figures(summary)) {
    Json operations = Json::array();
    for (const auto& [name, figure] : summary.figures) {
      if (figure.family != family.name.key || figure.state == run::OperationState::not_implemented) continue;
      // A file may claim anything; a square is drawn for each.
      constexpr std::size_t kMaxSquares = 10'000;
      const std::size_t broken = std::min(figure.broken, kMaxSquares);
      const std::size_t kept = std::min(figure.kept, kMaxSquares);
      operations.push_back(Json{{"name", texts.add(one_line(name))},
                                {"state", std::string(run::to_string(figure.state))},
                                {"all", std::clamp(figure.all, broken + kept, 3 * kMaxSquares)},
                                {"kept", kept},
                                {"broken", broken}});
    }
    if (operations.empty()) continue;
    out.push_back(
        Json{{"title", texts.add(one_line(family.name.title))}, {"operations", std::move(operations)}});
  }
  return out;
}

/// What the clauses that the results name require, and where that stands: by the clause's id.
Json clause_data(const std::vector<run::CaseResult>& results, const std::vector<ClauseMeaning>& clauses) {
  std::set<std::string_view> named;
  for (const run::CaseResult& result : results) named.insert(result.clauses.begin(), result.clauses.end());
  Json out = Json::object();
  for (const ClauseMeaning& clause : clauses) {
    // Nothing but a page is linked to.
    if (!named.contains(clause.id) || !clause.source.starts_with("https://")) continue;
    out[one_line(clause.id)] =
        Json{{"requirement", one_line(clause.requirement)}, {"source", one_line(clause.source)}};
  }
  return out;
}

/// What the page's script reads: ASCII, and nothing in it can end the element that it stands in.
std::string script_data(const std::vector<run::CaseResult>& results, const run::RunSummary& summary,
                        const std::vector<Cause>& causes, const Meanings& meanings) {
  Texts texts;
  std::map<std::string_view, std::vector<std::size_t>> causes_of;
  std::vector<std::string> sentences;
  for (std::size_t i = 0; i < causes.size(); ++i) {
    for (const std::string& id : causes[i].ids) causes_of[id].push_back(i + 1);
    sentences.push_back(one_line(sentence(causes[i].key, meanings.rules)));
  }
  Json cases = Json::array();
  for (const run::CaseResult& result : results) {
    const auto of = causes_of.find(result.id);
    const bool fails = result.verdict == run::Verdict::fail && of != causes_of.end();
    cases.push_back(case_data(result, fails ? of->second : std::vector<std::size_t>(), texts));
  }
  Json data = Json::object();
  data["cases"] = std::move(cases);
  data["causes"] = texts.add(sentences);
  data["families"] = map_data(summary, texts);
  data["sources"] = clause_data(results, meanings.clauses);
  data["texts"] = texts.take();
  std::string out;
  for (const char c : data.dump(-1, ' ', true, Json::error_handler_t::replace)) {
    if (c == '<') {
      out += "\\u003c";
    } else {
      out += c;
    }
  }
  return out;
}

Data finding_data(const FindingGroup& group) {
  Data out;
  set(out, "message", one_line(heading(group)));
  set(out, "rule", one_line(group.finding.rule));
  set(out, "count", counted(group.ids.size(), "case", "cases"));
  set(out, "first", one_line(group.ids.front()));
  return out;
}

void add_head(Data& page, const run::RunInfo& info, const run::RunSummary& summary,
              std::size_t requirements) {
  set(page, "outcome", one_line(outcome(summary, requirements)));
  set(page, "outcome_class", summary.exit_status() == 0 ? "kept" : "broken");
  set(page, "cases", grouped(case_count(summary)));
  set(page, "planned", grouped(info.planned));
  set(page, "endpoint", one_line(info.endpoint));
  set(page, "level", one_line(info.level));
  set(page, "seed", std::to_string(info.seed));
  set_if_any(page, "started", one_line(info.started));
  set(page, "requests", counted(summary.exchanges, "request", "requests"));
  set(page, "duration", duration_text(summary.duration));
  set(page, "version", one_line(info.tool_version));
  set(page, "model_hash", one_line(info.model_hash));
  Data options{Data::type::list};
  for (const auto& [name, value] : info.options) {
    Data item;
    set(item, "name", one_line(name));
    set(item, "value", one_line(value));
    options << item;
  }
  set_list(page, "options", options);
}

/// A list of the table, or of none if it has no header: what the template shows of it, it shows so often.
Data table_data(const Table& table) {
  Data out{Data::type::list};
  if (table.header.empty()) return out;
  Data shown;
  shown.set("header", texts(safe(table.header)));
  shown.set("total", texts(safe(table.total)));
  shown.set("rows", rows_data(table.rows));
  out << shown;
  return out;
}

void add_tables(Data& page, const run::RunSummary& summary) {
  const Overview shown = overview(summary);
  page.set("cases_table", table_data(shown.cases));
  page.set("families_table", table_data(shown.families));
  page.set("operations_table", table_data(shown.operations));
}

void add_causes(Data& page, const std::vector<Cause>& causes, std::span<const oracle::FindingRule> rules) {
  Data list{Data::type::list};
  std::size_t number = 0;
  for (const Cause& cause : causes) {
    Data item;
    set(item, "number", std::to_string(++number));
    set(item, "sentence", one_line(sentence(cause.key, rules)));
    set(item, "rule", one_line(cause.key.rule));
    set(item, "requirements_text", counted(cause.requirements.size(), "requirement", "requirements"));
    set(item, "operations_text", counted(operations_of(cause).size(), "operation", "operations"));
    set(item, "cases_text", counted(cause.ids.size(), "case", "cases"));
    std::vector<std::string> constraints;
    for (const auto& [name, n] : constraints_of(cause))
      constraints.push_back(fmt::format("{} {}", one_line(name), grouped(n)));
    set_if_any(item, "constraints", fmt::format("{}", fmt::join(constraints, ", ")));
    const std::string& example = cause.requirements.front().example;
    set(item, "example", one_line(example));
    set(item, "example_link", "case=" + percent_encoded(one_line(example)));
    Data requirements{Data::type::list};
    for (const RequirementGroup& group : cause.requirements) {
      Data requirement;
      set(requirement, "name", one_line(name(group)));
      set(requirement, "count", counted(group.ids.size(), "case", "cases"));
      requirements << requirement;
    }
    item.set("requirements", requirements);
    list << item;
  }
  set(page, "cause_count", counted(causes.size(), "cause", "causes"));
  set(page, "requirement_count",
      counted(requirement_count(causes), "requirement is broken", "requirements are broken"));
  set_list(page, "causes", list);
}

void add_lists(Data& page, const Digest& all) {
  Data advice{Data::type::list};
  for (const FindingGroup& group : all.advice()) advice << finding_data(group);
  set_list(page, "advice", advice);
  Data reasons{Data::type::list};
  for (const ReasonGroup& group : all.reasons()) {
    Data item;
    set(item, "verdict", std::string(run::to_string(group.verdict)));
    set(item, "count", grouped(group.ids.size()));
    set(item, "reason", one_line(group.reason));
    set(item, "first", one_line(group.ids.front()));
    reasons << item;
  }
  set_list(page, "reasons", reasons);
}

}  // namespace

std::string html(const run::RunInfo& info, const std::vector<run::CaseResult>& results,
                 const run::RunSummary& summary, const Meanings& meanings) {
  namespace files = harness_report_templates;
  const Digest all = digest(results);
  const std::vector<Cause> causes = all.causes();
  const std::string script(files::report_js());
  const wire::Digest hash = wire::Hashes().sha256(script);
  Data page;
  add_head(page, info, summary, requirement_count(causes));
  add_tables(page, summary);
  add_causes(page, causes, meanings.rules);
  add_lists(page, all);
  page.set("has_map", Data(!summary.figures.empty()));
  set_list(page, "remarks", texts(safe(summary.remarks)));
  set_list(page, "left_behind", texts(safe(summary.left_behind)));
  set(page, "style", std::string(files::report_css()));
  set(page, "script", script);
  set(page, "script_hash", base::to_base64(wire::as_text(hash)));
  set(page, "data", script_data(results, summary, causes, meanings));
  page.set("table",
           Data(kainjow::mustache::partial([] { return std::string(files::table_html_mustache()); })));
  kainjow::mustache::mustache page_template{std::string(files::report_html_mustache())};
  return page_template.render(page);
}

}  // namespace harness::report
