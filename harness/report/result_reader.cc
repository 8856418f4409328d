#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

#include "harness/base/base64.h"
#include "harness/files/input_file.h"
#include "harness/report/result_file.h"
#include "harness/report/text.h"
#include "harness/wire/json.h"

namespace harness::report {
namespace {

using wire::Json;

constexpr std::size_t kMaxDepth = 16;  // a result line has four levels
// A file that is something else is known by its first line, before much of it was read.
constexpr std::size_t kLongestFirstLine = std::size_t{16} << 20;
constexpr std::size_t kMaxBytes = std::size_t{1} << 30;  // all of it is kept

/// Reads the members of one line. The first thing that does not fit is kept, and everything after it is a
/// default.
class Members {
 public:
  explicit Members(const Json& object) : object_(object) {}

  const std::string& problem() const { return problem_; }

  std::string text(const char* name, bool required = false) {
    const Json* value = find(name, required);
    if (value == nullptr) return {};
    if (!value->is_string()) return wrong<std::string>(name, "a string");
    return value->get<std::string>();
  }

  /// Text, or {"base64": "…"}.
  std::string bytes(const char* name) {
    const Json* value = find(name, false);
    if (value == nullptr) return {};
    if (value->is_string()) return value->get<std::string>();
    if (value->is_object() && value->contains("base64") && value->at("base64").is_string()) {
      if (auto bytes = base::from_base64(value->at("base64").get_ref<const std::string&>()))
        return *std::move(bytes);
    }
    return wrong<std::string>(name, R"(a string or {"base64": "..."})");
  }

  std::uint64_t number(const char* name) {
    const Json* value = find(name, false);
    if (value == nullptr) return 0;
    if (!value->is_number_unsigned()) return wrong<std::uint64_t>(name, "a non-negative integer");
    return value->get<std::uint64_t>();
  }

  std::chrono::microseconds duration(const char* name) {
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    return std::chrono::microseconds(static_cast<std::int64_t>(std::min(number(name), most)));
  }

  bool flag(const char* name) {
    const Json* value = find(name, false);
    if (value == nullptr) return false;
    if (!value->is_boolean()) return wrong<bool>(name, "true or false");
    return value->get<bool>();
  }

  std::vector<std::string> texts(const char* name) {
    std::vector<std::string> out;
    const Json* value = find(name, false);
    if (value == nullptr) return out;
    const bool fits = value->is_array() && std::all_of(value->begin(), value->end(),
                                                       [](const Json& item) { return item.is_string(); });
    if (!fits) return wrong<std::vector<std::string>>(name, "a list of strings");
    for (const Json& item : *value) out.push_back(item.get<std::string>());
    return out;
  }

  std::map<std::string, std::string> text_map(const char* name) {
    std::map<std::string, std::string> out;
    const Json* value = find(name, false);
    if (value == nullptr) return out;
    if (!value->is_object()) return wrong<std::map<std::string, std::string>>(name, "an object of strings");
    for (const auto& [key, item] : value->items()) {
      if (!item.is_string()) return wrong<std::map<std::string, std::string>>(name, "an object of strings");
      out[key] = item.get<std::string>();
    }
    return out;
  }

  const Json* find(const char* name, bool required) {
    const auto it = object_.find(name);
    if (it != object_.end()) return &*it;
    if (required) note(fmt::format("\"{}\" is missing", name));
    return nullptr;
  }

  template <class T>
  T wrong(const char* name, std::string_view wanted) {
    note(fmt::format("\"{}\" must be {}", name, wanted));
    return T{};
  }

  void note(std::string problem) {
    if (problem_.empty()) problem_ = std::move(problem);
  }

 private:
  const Json& object_;
  std::string problem_;
};

std::optional<run::Verdict> verdict_named(std::string_view name) {
  for (const run::Verdict verdict : run::kVerdicts) {
    if (run::to_string(verdict) == name) return verdict;
  }
  return std::nullopt;
}

std::optional<run::Source> source_named(std::string_view name) {
  for (const auto source :
       {run::Source::derived, run::Source::vector, run::Source::scenario, run::Source::replayed}) {
    if (run::to_string(source) == name) return source;
  }
  return std::nullopt;
}

std::map<run::Verdict, std::size_t> read_counts(Members& members, const char* name, const Json& value) {
  std::map<run::Verdict, std::size_t> out;
  if (!value.is_object()) return members.wrong<decltype(out)>(name, "an object of counts by verdict");
  for (const auto& [key, count] : value.items()) {
    const auto verdict = verdict_named(key);
    if (!verdict || !count.is_number_unsigned()) {
      return members.wrong<decltype(out)>(name, "an object of counts by verdict");
    }
    out[*verdict] = count.get<std::size_t>();
  }
  return out;
}

run::RunInfo read_run(Members& members) {
  run::RunInfo info;
  if (members.number("format") != 1) {
    members.note("the format is not 1: written by a newer version of ssm-conformance?");
  }
  if (const std::string tool = members.text("tool"); !tool.empty() && tool != "ssm-conformance") {
    members.note(fmt::format("written by another tool, {}", one_line(cut(tool, 40))));
  }
  info.tool_version = members.text("tool_version");
  info.started = members.text("started");
  info.endpoint = members.text("endpoint");
  info.level = members.text("level");
  info.seed = members.number("seed");
  info.prefix = members.text("prefix");
  info.model_hash = members.text("model_hash");
  info.options = members.text_map("options");
  info.planned = members.number("planned");
  return info;
}

std::vector<oracle::Finding> read_findings(Members& members) {
  std::vector<oracle::Finding> out;
  const Json* findings = members.find("findings", false);
  if (findings == nullptr) return out;
  if (!findings->is_array()) return members.wrong<decltype(out)>("findings", "a list of objects");
  for (const Json& item : *findings) {
    if (!item.is_object()) return members.wrong<decltype(out)>("findings", "a list of objects");
    Members finding(item);
    const std::string severity = finding.text("severity", true);
    if (severity != "defect" && severity != "advice") finding.note("\"severity\" must be defect or advice");
    out.push_back({finding.text("rule", true),
                   severity == "advice" ? oracle::Severity::advice : oracle::Severity::defect,
                   finding.text("message"), finding.text("signature")});
    if (!finding.problem().empty()) members.note("findings: " + finding.problem());
  }
  return out;
}

run::CaseResult read_case(Members& members) {
  run::CaseResult result;
  result.id = members.text("id", true);
  result.operation = members.text("operation", true);
  const std::string verdict = members.text("verdict", true);
  if (const auto known = verdict_named(verdict)) {
    result.verdict = *known;
  } else {
    members.note(fmt::format("unknown verdict \"{}\"", one_line(cut(verdict, 40))));
  }
  const std::string source = members.text("source");
  if (const auto known = source_named(source)) {
    result.source = *known;
  } else if (!source.empty()) {
    members.note(fmt::format("unknown source \"{}\"", one_line(cut(source, 40))));
  }
  result.title = members.text("title");
  result.place = members.text("place");
  result.sites = members.texts("sites");
  result.clauses = members.texts("clauses");
  result.reason = members.text("reason");
  result.findings = read_findings(members);
  result.expected = members.text("expected");
  result.because = members.texts("because");
  result.steps = members.texts("steps");
  result.request = members.bytes("request");
  result.response = members.bytes("response");
  result.reproduce = members.texts("reproduce");
  result.duration = members.duration("duration_us");
  for (const char* repeated : {"clause", "curl"}) members.text(repeated);  // stand in the lists above, too
  return result;
}

std::optional<run::OperationState> state_named(std::string_view name) {
  for (const auto state : run::kOperationStates) {
    if (run::to_string(state) == name) return state;
  }
  return std::nullopt;
}

/// What was found of one operation. Files of earlier versions do not say its state.
run::OperationFigure read_figure(Members& members, const run::VerdictCounts& verdicts) {
  run::OperationFigure out;
  out.family = members.text("family");
  out.why = members.text("why");
  out.all = members.number("all");
  out.kept = members.number("kept");
  out.broken = members.number("broken");
  const std::string state = members.text("state");
  if (const auto known = state_named(state)) {
    out.state = *known;
  } else if (state.empty()) {
    out.state = members.flag("implemented") ? run::state_of(verdicts) : run::OperationState::not_implemented;
  } else {
    members.note(fmt::format("unknown state \"{}\"", one_line(cut(state, 40))));
  }
  return out;
}

void read_figures(Members& members, run::RunSummary& summary) {
  if (const Json* sites = members.find("sites", false)) {
    if (!sites->is_object()) return members.note("\"sites\" must be an object");
    for (const auto& [operation, of] : sites->items()) {
      Members figure(of);
      const auto verdicts = summary.by_operation.find(operation);
      summary.figures[operation] = read_figure(
          figure, verdicts == summary.by_operation.end() ? run::VerdictCounts() : verdicts->second);
      if (!of.is_object() || !figure.problem().empty())
        members.note("\"sites\" must hold figures by operation");
    }
  }
  const Json* figure = members.find("figure", false);
  if (figure == nullptr) return;
  const Json* families = wire::member(*figure, "families");
  if (families == nullptr || !families->is_array()) return members.note("\"figure\" must hold families");
  // Their figures follow from those of their operations.
  for (const Json& family : *families)
    summary.families.push_back({wire::text_member(family, "key"), wire::text_member(family, "title")});
}

run::RunSummary read_summary(Members& members) {
  run::RunSummary summary;
  if (const Json* counts = members.find("counts", true))
    summary.total = read_counts(members, "counts", *counts);
  if (const Json* operations = members.find("operations", false)) {
    if (!operations->is_object()) members.note("\"operations\" must be an object");
    for (const auto& [operation, counts] : operations->items()) {
      summary.by_operation[operation] = read_counts(members, "operations", counts);
    }
  }
  for (const std::string& operation : members.texts("by_model_alone"))
    summary.by_model_alone.insert(operation);
  read_figures(members, summary);
  summary.advice = members.number("advice");
  summary.exchanges = members.number("exchanges");
  summary.duration = members.duration("duration_us");
  summary.interrupted = members.flag("interrupted");
  summary.endpoint_lost = members.flag("endpoint_lost");
  summary.endpoint_problem = members.text("endpoint_problem");
  summary.judged_elsewhere = members.flag("judged_elsewhere");
  summary.left_behind = members.texts("left_behind");
  summary.remarks = members.texts("remarks");
  members.number("exit_status");  // follows from the rest
  return summary;
}

/// The file so far, and which lines may still come.
struct Reading {
  ResultFile file;
  bool started = false;
  bool ended = false;

  /// The problem with this line, or "".
  std::string take(std::string_view line) {
    auto parsed = wire::parse_json(line, kMaxDepth);
    if (!parsed) return "not JSON: " + parsed.error().reason;
    if (parsed->has(wire::JsonNote::Kind::invalid_utf8)) return "not UTF-8";
    if (!parsed->value.is_object()) return "not a JSON object";
    if (ended) return "something follows the summary";
    Members members(parsed->value);
    const std::string kind = members.text("kind", true);
    if (!members.problem().empty()) return members.problem();
    if (!started && kind != "run") return "the first line must be of kind \"run\"";
    if (kind == "run") {
      if (started) return "a second line of kind \"run\"; are these two files in one?";
      file.info = read_run(members);
      started = true;
    } else if (kind == "case") {
      file.results.push_back(read_case(members));
    } else if (kind == "summary") {
      file.summary = read_summary(members);
      ended = true;
    } else {
      return fmt::format("unknown kind \"{}\"", one_line(cut(kind, 40)));
    }
    return members.problem();
  }
};

/// Line after line; errors name the file.
class Lines {
 public:
  explicit Lines(std::string_view name) : shown_(one_line(name)) {}

  bool started() const { return reading_.started; }

  /// A line, with its end if it has one.
  Status take(std::string_view line) {
    ++number_;
    const bool cut = !line.ends_with('\n');
    // A line without its end is what a process leaves that was killed while writing it.
    if (cut && reading_.started && !reading_.ended && !wire::parse_json(line, kMaxDepth)) return {};
    if (!cut) line.remove_suffix(1);
    const bool blank = line.find_first_not_of(" \t\r") == std::string_view::npos;
    const std::string problem = blank ? "" : reading_.take(line);
    if (number_ == 1 && !reading_.started) {
      return fail(fmt::format("{}: not a result file of ssm-conformance ({})", shown_,
                              blank ? "a blank line" : problem));
    }
    if (!problem.empty()) return fail(fmt::format("{}: line {}: {}", shown_, number_, problem));
    return {};
  }

  Result<ResultFile> finish() {
    if (!reading_.started) return fail(shown_ + ": not a result file of ssm-conformance (it is empty)");
    if (!reading_.ended) {
      return fail(fmt::format("{}: incomplete: the run did not reach its end ({} of {} cases are there)",
                              shown_, reading_.file.results.size(), reading_.file.info.planned));
    }
    return std::move(reading_.file);
  }

 private:
  std::string shown_;
  Reading reading_;
  std::size_t number_ = 0;
};

}  // namespace

Result<ResultFile> parse_result_file(std::string_view text, std::string_view name) {
  Lines lines(name);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    if (auto taken = lines.take(text.substr(0, end)); !taken) return tl::unexpected(taken.error());
    text.remove_prefix(end);
  }
  return lines.finish();
}

Result<ResultFile> read_result_file(const std::string& path) {
  auto file = files::InputFile::open(path);
  if (!file) return tl::unexpected(file.error());
  files::LineReader reader(std::move(*file));
  Lines lines(path);
  for (std::size_t total = 0;;) {
    const auto line = reader.next(lines.started() ? kMaxBytes : kLongestFirstLine);
    if (!line) return tl::unexpected(line.error());
    if (line->empty()) return lines.finish();
    total += line->size();
    if (total > kMaxBytes) {
      return fail(
          fmt::format("{}: larger than {} MiB, which is more than can be shown", path, kMaxBytes >> 20));
    }
    if (auto taken = lines.take(*line); !taken) return tl::unexpected(taken.error());
  }
}

}  // namespace harness::report
