#include "harness/report/result_file.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "harness/base/base64.h"
#include "harness/files/output_file.h"
#include "harness/report/figures.h"
#include "harness/report/requirement.h"
#include "harness/report/text.h"
#include "harness/wire/json.h"

namespace harness::report {
namespace {

using wire::Json;

/// Text or, where that would lose bytes, base64.
Json bytes_value(const std::string& bytes) {
  if (is_utf8(bytes)) return bytes;
  return Json{{"base64", base::to_base64(bytes)}};
}

/// Pure ASCII: a line of the file is a line for every reader, also for those that end lines at U+2028.
std::string dumped(const Json& value) {
  return value.dump(-1, ' ', true, Json::error_handler_t::replace);
}

Json counts(const std::map<run::Verdict, std::size_t>& by_verdict) {
  Json out = Json::object();
  for (const run::Verdict verdict : run::kVerdicts) {
    const auto it = by_verdict.find(verdict);
    if (it != by_verdict.end() && it->second > 0) out[std::string(run::to_string(verdict))] = it->second;
  }
  return out;
}

Json figure_of(const run::OperationFigure& figure) {
  return Json{{"family", figure.family},
              {"state", std::string(run::to_string(figure.state))},
              {"why", figure.why},
              {"all", figure.all},
              {"kept", figure.kept},
              {"broken", figure.broken},
              {"implemented", figure.state != run::OperationState::not_implemented}};
}

Json figure_of(const FamilyFigure& figure) {
  return Json{{"operations", figure.operations},
              {"implemented", figure.there},
              {"judged", figure.judged},
              {"all", figure.sites},
              {"kept", figure.kept},
              {"broken", figure.broken}};
}

/// The figures of each family, and in all.
Json figure_of(const run::RunSummary& summary) {
  const std::vector<FamilyFigure> families = family_figures(summary);
  Json out = figure_of(sum(families));
  out["families"] = Json::array();
  for (const FamilyFigure& family : families) {
    Json entry = Json{{"key", family.name.key}, {"title", family.name.title}};
    entry.update(figure_of(family));
    out["families"].push_back(std::move(entry));
  }
  return out;
}

std::string cannot_write(const std::string& path, std::string_view why) {
  return fmt::format("cannot write the result file {}: {}", one_line(path), why);
}

}  // namespace

std::string to_line(const run::RunInfo& info) {
  Json options = Json::object();
  for (const auto& [name, value] : info.options) options[name] = value;
  return dumped(Json{{"kind", "run"},
                     {"format", 1},
                     {"tool", "ssm-conformance"},
                     {"tool_version", info.tool_version},
                     {"started", info.started},
                     {"endpoint", info.endpoint},
                     {"level", info.level},
                     {"seed", info.seed},
                     {"prefix", info.prefix},
                     {"model_hash", info.model_hash},
                     {"options", std::move(options)},
                     {"planned", info.planned}});
}

std::string to_line(const run::CaseResult& result) {
  Json findings = Json::array();
  for (const oracle::Finding& finding : result.findings) {
    findings.push_back(Json{{"rule", finding.rule},
                            {"severity", std::string(oracle::to_string(finding.severity))},
                            {"message", finding.message},
                            {"signature", finding.signature}});
    if (result.verdict == run::Verdict::fail && finding.severity == oracle::Severity::defect)
      findings.back()["requirement"] = to_string(requirement_of(result, finding));
  }
  return dumped(Json{{"kind", "case"},
                     {"id", result.id},
                     {"operation", result.operation},
                     {"source", std::string(run::to_string(result.source))},
                     {"title", result.title},
                     {"place", result.place},
                     {"sites", result.sites},
                     {"clause", result.clauses.empty() ? std::string() : result.clauses.front()},
                     {"clauses", result.clauses},
                     {"verdict", std::string(run::to_string(result.verdict))},
                     {"reason", result.reason},
                     {"findings", std::move(findings)},
                     {"expected", result.expected},
                     {"because", result.because},
                     {"steps", result.steps},
                     {"request", bytes_value(result.request)},
                     {"response", bytes_value(result.response)},
                     {"curl", result.reproduce.empty() ? std::string() : result.reproduce.back()},
                     {"reproduce", result.reproduce},
                     {"duration_us", result.duration.count()}});
}

std::string to_line(const run::RunSummary& summary) {
  Json operations = Json::object();
  for (const auto& [operation, by_verdict] : summary.by_operation) operations[operation] = counts(by_verdict);
  Json sites = Json::object();
  for (const auto& [operation, figure] : summary.figures) sites[operation] = figure_of(figure);
  return dumped(Json{{"kind", "summary"},
                     {"sites", std::move(sites)},
                     {"figure", figure_of(summary)},
                     {"counts", counts(summary.total)},
                     {"operations", std::move(operations)},
                     {"by_model_alone", summary.by_model_alone},
                     {"advice", summary.advice},
                     {"exchanges", summary.exchanges},
                     {"duration_us", summary.duration.count()},
                     {"interrupted", summary.interrupted},
                     {"endpoint_lost", summary.endpoint_lost},
                     {"endpoint_problem", summary.endpoint_problem},
                     {"judged_elsewhere", summary.judged_elsewhere},
                     {"left_behind", summary.left_behind},
                     {"remarks", summary.remarks},
                     {"exit_status", summary.exit_status()}});
}

Result<std::unique_ptr<ResultFileWriter>> ResultFileWriter::open(const std::string& path) {
  auto out = files::open_output(path);
  if (!out) return tl::unexpected(out.error());
  std::FILE* const file = ::fdopen(out->get(), "wb");
  if (file == nullptr) return fail(cannot_write(path, std::strerror(errno)));
  out->release();
  return std::unique_ptr<ResultFileWriter>(new ResultFileWriter(path, file));
}

ResultFileWriter::ResultFileWriter(std::string path, std::FILE* file) : path_(std::move(path)), file_(file) {}

ResultFileWriter::~ResultFileWriter() {
  std::fclose(file_);
}

void ResultFileWriter::started(const run::RunInfo& info) {
  write_line(to_line(info));
}

void ResultFileWriter::finished_case(const run::CaseResult& result) {
  write_line(to_line(result));
}

void ResultFileWriter::finished(const run::RunSummary& summary) {
  write_line(to_line(summary));
}

void ResultFileWriter::write_line(std::string line) {
  if (!problem_.empty()) return;  // a file with a gap would be worse than one that ends
  line += '\n';
  if (std::fwrite(line.data(), 1, line.size(), file_) != line.size() || std::fflush(file_) != 0) {
    problem_ = cannot_write(path_, std::strerror(errno));
  }
}

Status ResultFileWriter::status() const {
  if (!problem_.empty()) return fail(problem_);
  return {};
}

}  // namespace harness::report
