#include "harness/report/html.h"

#include <fmt/format.h>

#include <kainjow/mustache.hpp>

#include "harness/report/case_view.h"
#include "harness/report/digest.h"
#include "harness/report/figures.h"
#include "harness/report/text.h"
#include "harness_report_templates.h"

namespace harness::report {
namespace {

using Data = kainjow::mustache::data;

// Mustache escapes for HTML. Everything that an endpoint or a file may have chosen went through text.h
// before.
void set(Data& data, const char* key, const std::string& safe) {
  data.set(key, Data(safe));
}

/// A field that the template leaves out if it is empty.
void set_if_any(Data& data, const char* key, const std::string& safe) {
  if (safe.empty()) {
    data.set(key, Data(false));
  } else {
    data.set(key, Data(safe));
  }
}

Data texts(const std::vector<std::string>& safe) {
  Data out{Data::type::list};
  for (const std::string& text : safe) {
    Data item;
    set(item, "text", text);
    out << item;
  }
  return out;
}

/// A list, and whether there is anything in it.
void set_list(Data& page, const std::string& key, const Data& list) {
  page.set("has_" + key, Data(list.is_non_empty_list()));
  page.set(key, list);
}

std::vector<std::string> safe(const std::vector<std::string>& raw) {
  std::vector<std::string> out;
  out.reserve(raw.size());
  for (const std::string& text : raw) out.push_back(one_line(text));
  return out;
}

Data case_data(const run::CaseResult& result) {
  const CaseView shown = view(result, kReportExcerpt);
  Data out;
  set(out, "id", shown.id);
  set(out, "verdict", shown.verdict);
  set(out, "title", shown.title);
  set_if_any(out, "reason", shown.reason);
  set_if_any(out, "requirement", shown.title);
  out.set("because", texts(shown.because));
  set_if_any(out, "clauses", fmt::format("{}", fmt::join(shown.clauses, ", ")));
  set_if_any(out, "finding", fmt::format("{}", fmt::join(shown.findings, " ")));
  set_if_any(out, "admissible", joined(shown.admissible));
  set_if_any(out, "steps", joined(shown.steps));
  set_if_any(out, "sent", joined(shown.sent));
  set_if_any(out, "answered", joined(shown.answered));
  set_if_any(out, "reproduce", joined(shown.reproduce));
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

void add_head(Data& page, const run::RunInfo& info, const run::RunSummary& summary, const Digest& all) {
  set(page, "outcome", one_line(outcome(summary, all.defects().size())));
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
  Data rows{Data::type::list};
  for (const auto& cells : table.rows) {
    Data row;
    row.set("cells", texts(safe(cells)));
    rows << row;
  }
  shown.set("rows", rows);
  out << shown;
  return out;
}

void add_tables(Data& page, const run::RunSummary& summary) {
  const Overview shown = overview(summary);
  page.set("cases_table", table_data(shown.cases));
  page.set("families_table", table_data(shown.families));
  page.set("operations_table", table_data(shown.operations));
}

void add_findings(Data& page, const Digest& all, const std::vector<run::CaseResult>& results) {
  Data defects{Data::type::list};
  std::size_t number = 0;
  for (const FindingGroup& group : all.defects()) {
    Data item = finding_data(group);
    set(item, "number", std::to_string(++number));
    item.set("case", case_data(results[group.first]));
    item.set("ids", texts(safe(group.ids)));
    defects << item;
  }
  set_list(page, "defects", defects);
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
                 const run::RunSummary& summary) {
  const Digest all = digest(results);
  Data page;
  add_head(page, info, summary, all);
  add_tables(page, summary);
  add_findings(page, all, results);
  set_list(page, "remarks", texts(safe(summary.remarks)));
  set_list(page, "left_behind", texts(safe(summary.left_behind)));
  Data cases{Data::type::list};
  for (const run::CaseResult& result : results) cases << case_data(result);
  page.set("results", cases);
  const auto partial = [&](const char* name, std::string_view (*text)()) {
    page.set(name, Data(kainjow::mustache::partial([text] { return std::string(text()); })));
  };
  partial("case_details", harness_report_templates::case_html_mustache);
  partial("table", harness_report_templates::table_html_mustache);
  kainjow::mustache::mustache page_template{std::string(harness_report_templates::report_html_mustache())};
  return page_template.render(page);
}

}  // namespace harness::report
