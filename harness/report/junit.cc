#include "harness/report/junit.h"

#include <algorithm>
#include <map>
#include <pugixml.hpp>
#include <sstream>

#include "harness/report/case_view.h"
#include "harness/report/digest.h"
#include "harness/report/figures.h"
#include "harness/report/text.h"

namespace harness::report {
namespace {

using run::Verdict;

struct Suite {
  std::vector<const run::CaseResult*> cases;
  std::chrono::microseconds duration{0};
  std::size_t failures = 0;
  std::size_t errors = 0;
  std::size_t skipped = 0;
};

void set(pugi::xml_node node, const char* name, std::string_view value) {
  node.append_attribute(name).set_value(xml_text(value).c_str());
}

void set_text(pugi::xml_node node, const std::string& text) {
  node.text().set(xml_text(text).c_str());
}

void count_in(Suite& suite, const run::CaseResult& result) {
  suite.cases.push_back(&result);
  suite.duration += result.duration;
  switch (result.verdict) {
    case Verdict::pass:
      break;
    case Verdict::fail:
    case Verdict::flaky:
    case Verdict::xpass:
      ++suite.failures;
      break;
    case Verdict::error:
      ++suite.errors;
      break;
    case Verdict::not_implemented:
    case Verdict::blocked:
    case Verdict::unchecked:
    case Verdict::xfail:
      ++suite.skipped;
      break;
  }
}

/// A failure or an error with all that is known.
void add_problem(pugi::xml_node testcase, const char* element, std::string_view type,
                 const run::CaseResult& result) {
  pugi::xml_node problem = testcase.append_child(element);
  set(problem, "message", headline(result));
  set(problem, "type", type);
  set_text(problem, plain_text(view(result, kReportExcerpt)));
}

std::string first_rule(const run::CaseResult& result) {
  for (const oracle::Finding& finding : result.findings) {
    if (finding.severity == oracle::Severity::defect) return one_line(finding.rule);
  }
  return "case";
}

void add_case(pugi::xml_node suite, const run::CaseResult& result) {
  pugi::xml_node testcase = suite.append_child("testcase");
  set(testcase, "name", one_line(result.id));
  set(testcase, "classname", one_line(result.operation));
  set(testcase, "time", seconds(result.duration));
  switch (result.verdict) {
    case Verdict::pass:
      break;
    case Verdict::fail:
      add_problem(testcase, "failure", first_rule(result), result);
      break;
    case Verdict::flaky:
      add_problem(testcase, "failure", "flaky", result);
      break;
    case Verdict::xpass:
      add_problem(testcase, "failure", "xpass", result);
      break;
    case Verdict::error:
      add_problem(testcase, "error", "error", result);
      break;
    case Verdict::not_implemented:
    case Verdict::blocked:
    case Verdict::unchecked:
    case Verdict::xfail: {
      const std::string reason = one_line(result.reason);
      const std::string name(run::to_string(result.verdict));
      set(testcase.append_child("skipped"), "message", reason.empty() ? name : name + ": " + reason);
      break;
    }
  }
}

/// The attributes and the children of a suite that do not depend on its cases; `figure` may be nullptr.
/// Returns the suite.
pugi::xml_node add_suite(pugi::xml_node root, const std::string& name, int id, const Suite& counts,
                         const run::RunInfo& info, const run::OperationFigure* figure = nullptr) {
  pugi::xml_node suite = root.append_child("testsuite");
  set(suite, "name", name.empty() ? "(none)" : name);
  set(suite, "package", "ssm-conformance");
  set(suite, "id", std::to_string(id));
  set(suite, "hostname", "localhost");
  set(suite, "timestamp", info.started.empty() ? "1970-01-01T00:00:00" : one_line(info.started));
  set(suite, "tests", std::to_string(counts.cases.size()));
  set(suite, "failures", std::to_string(counts.failures));
  set(suite, "errors", std::to_string(counts.errors));
  set(suite, "skipped", std::to_string(counts.skipped));
  set(suite, "time", seconds(counts.duration));
  pugi::xml_node properties = suite.append_child("properties");
  const auto property = [&](const char* key, const std::string& value) {
    pugi::xml_node node = properties.append_child("property");
    set(node, "name", key);
    set(node, "value", one_line(value));
  };
  property("endpoint", info.endpoint);
  property("level", info.level);
  property("seed", std::to_string(info.seed));
  property("tool_version", info.tool_version);
  property("model_hash", info.model_hash);
  if (figure == nullptr) return suite;
  property("family", figure->family);
  property("state", std::string(run::to_string(figure->state)));
  property("constraints", std::to_string(figure->all));
  property("constraints_kept", std::to_string(figure->kept));
  property("constraints_broken", std::to_string(figure->broken));
  return suite;
}

/// The schema of Ant's JUnit task asks for both.
void end_suite(pugi::xml_node suite, const std::string& text) {
  set_text(suite.append_child("system-out"), text);
  suite.append_child("system-err");
}

/// The figure of each family and in all, a line each.
std::string figures_text(const run::RunSummary& summary) {
  Table table = family_table(summary);
  if (table.header.empty()) return {};
  table.rows.push_back(table.total);
  std::string out;
  for (const auto& row : table.rows) {
    out += one_line(row[0]) + ":";
    for (std::size_t i = 1; i < row.size(); ++i)
      out += (i == 1 ? " " : ", ") + table.header[i] + " " + row[i];
    out += "\n";
  }
  return out;
}

void add_run_suite(pugi::xml_node root, int id, const run::RunInfo& info, const run::RunSummary& summary,
                   const std::string& what) {
  Suite counts;
  counts.errors = 1;
  pugi::xml_node suite = add_suite(root, "ssm-conformance", id, counts, info);
  suite.attribute("tests").set_value("1");
  pugi::xml_node testcase = suite.append_child("testcase");
  set(testcase, "name", "the run came to its end");
  set(testcase, "classname", "ssm-conformance");
  set(testcase, "time", seconds(summary.duration));
  pugi::xml_node error = testcase.append_child("error");
  set(error, "message", what);
  set(error, "type", "run");
  end_suite(suite, "");
}

}  // namespace

std::string junit(const run::RunInfo& info, const std::vector<run::CaseResult>& results,
                  const run::RunSummary& summary) {
  std::map<std::string, Suite> suites;
  for (const run::CaseResult& result : results) count_in(suites[one_line(result.operation)], result);
  pugi::xml_document xml;
  pugi::xml_node root = xml.append_child("testsuites");
  int id = 0;
  std::string remarks = figures_text(summary);
  for (const std::string& remark : summary.remarks) remarks += one_line(remark) + "\n";
  for (const std::string& name : summary.left_behind) remarks += "left behind: " + one_line(name) + "\n";
  for (const auto& [name, suite] : suites) {
    const auto figure = summary.figures.find(suite.cases.front()->operation);
    pugi::xml_node node =
        add_suite(root, name, id, suite, info, figure == summary.figures.end() ? nullptr : &figure->second);
    for (const run::CaseResult* result : suite.cases) add_case(node, *result);
    end_suite(node, id++ == 0 ? remarks : "");
  }
  if (summary.interrupted || summary.endpoint_lost || (!summary.judged() && !summary.judged_elsewhere)) {
    add_run_suite(root, id, info, summary,
                  one_line(outcome(summary, requirement_count(digest(results).causes()))));
  }
  std::ostringstream out;
  xml.save(out, "  ", pugi::format_indent, pugi::encoding_utf8);
  return out.str();
}

}  // namespace harness::report
