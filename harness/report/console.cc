#include "harness/report/console.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <ostream>
#include <set>

#include "harness/report/figures.h"
#include "harness/report/text.h"

namespace harness::report {
namespace {

using run::Verdict;

constexpr std::string_view kRed = "\x1b[31m";
constexpr std::string_view kGreen = "\x1b[32m";
constexpr std::string_view kYellow = "\x1b[33m";
constexpr std::string_view kBold = "\x1b[1m";
constexpr std::string_view kEnd = "\x1b[0m";

constexpr std::size_t kIndent = 15;        // where the text of a field begins
constexpr std::size_t kMaxProblems = 25;   // lines for ERROR, FLAKY and XPASS
constexpr std::size_t kMaxListed = 5;      // groups in the lists at the end, and operations of a cause
constexpr std::size_t kMaxCauses = 12;     // that are listed
constexpr std::size_t kMaxNamed = 3;       // requirements of a cause, until they are counted by operation
constexpr std::size_t kMaxRows = 12;       // of the table of operations, until it is left out
constexpr std::size_t kMaxStubs = 20;      // that are named
constexpr std::size_t kMaxIds = 6;         // cases that a kind names
constexpr std::size_t kMaxSentence = 300;  // columns of one reason or advice

// Verdicts that are said with their reasons, in the order in which they are.
constexpr Verdict kProblems[] = {Verdict::error, Verdict::flaky, Verdict::xpass};

std::string_view colour_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return kGreen;
    case Verdict::fail:
    case Verdict::error:
    case Verdict::flaky:
    case Verdict::xpass:
      return kRed;
    default:
      return kYellow;
  }
}

std::string rule_note(const oracle::Finding& finding) {
  return fmt::format("  [{}]", one_line(finding.rule));
}

}  // namespace

Console::Console(std::ostream& out, ConsoleOptions options)
    : out_(out), options_(std::move(options)), drawn_(options_.now()) {}

void Console::started(const run::RunInfo& info) {
  embedded_ = info.endpoint == kEmbeddedEndpoint;
  planned_ = info.planned;
  drawn_ = options_.now();
  out_ << fmt::format("ssm-conformance {}: {} against {}\n", one_line(info.tool_version),
                      counted(info.planned, "case", "cases"), one_line(info.endpoint));
  out_ << fmt::format("level {}, seed {}", one_line(info.level), info.seed);
  if (!info.prefix.empty()) out_ << fmt::format(", names {}*", one_line(info.prefix));
  out_ << "\n\n" << std::flush;
}

void Console::finished_case(const run::CaseResult& result) {
  ++done_;
  const std::vector<Requirement> leads = digest_.add(result);
  if (!leads.empty()) {
    const auto kept = std::make_shared<const Block>(block_for(result));
    for (const Requirement& requirement : leads) examples_[requirement] = kept;
  }
  keep_problem(result);
  if (options_.everything) {
    erase();
    out_ << painted(run::to_string(result.verdict), colour_of(result.verdict)) << ' ' << one_line(result.id)
         << '\n';
  }
  progress();
}

void Console::keep_problem(const run::CaseResult& result) {
  const auto place = std::find(std::begin(kProblems), std::end(kProblems), result.verdict);
  if (place == std::end(kProblems)) return;
  Block block{result.id, {{"", {cut(one_line(result.reason), 400)}}}, {}};
  if (result.verdict == Verdict::flaky) {
    for (const std::string& line : result.reproduce) block.reproduce.push_back(one_line(line));
  }
  problems_.try_emplace({static_cast<std::size_t>(place - std::begin(kProblems)), result.id},
                        std::move(block));
  // The reasons at the end count the others.
  if (problems_.size() > kMaxProblems) problems_.erase(std::prev(problems_.end()));
}

void Console::print_causes(const std::vector<Cause>& causes) {
  if (causes.empty()) return;
  const std::size_t shown = options_.everything ? causes.size() : std::min(causes.size(), kMaxCauses);
  if (causes.size() > 1) {
    out_ << fmt::format("{} broken, of {} that operations may share; the widest first:\n\n",
                        counted(requirement_count(causes), "requirement is", "requirements are"),
                        counted(causes.size(), "cause", "causes"));
  }
  bool complete = shown == causes.size();
  for (std::size_t i = 0; i < shown; ++i) {
    print_cause(i + 1, causes[i]);
    complete &= causes[i].requirements.size() <= kMaxNamed;
    if (i + 1 <= options_.blocks) {
      out_ << '\n';
      print_failure(*examples_.at(causes[i].requirements.front().requirement));
    } else if (!options_.everything) {
      out_ << "   for example " << one_line(causes[i].requirements.front().example) << '\n';
    }
  }
  if (shown > options_.blocks) out_ << '\n';
  if (complete || options_.everything) return;
  std::size_t rest = 0;
  for (std::size_t i = shown; i < causes.size(); ++i) rest += causes[i].requirements.size();
  if (rest > 0) {
    out_ << fmt::format("and {} with {}. ", counted(causes.size() - shown, "other cause", "other causes"),
                        counted(rest, "requirement", "requirements"));
  }
  out_ << "Every requirement: with --verbose, or in the file of --html or --markdown\n\n";
}

void Console::print_cause(std::size_t number, const Cause& cause) {
  out_ << painted(fmt::format("{}. {}", number, one_line(sentence(cause.key, options_.rules))), kBold)
       << fmt::format("  [{}]\n", one_line(cause.key.rule));
  if (options_.everything || cause.requirements.size() <= kMaxNamed) {
    for (const RequirementGroup& group : cause.requirements) print_requirement(group);
    return;
  }
  const auto operations = operations_of(cause);
  out_ << fmt::format("   {} of {}, in {}", counted(cause.requirements.size(), "requirement", "requirements"),
                      counted(operations.size(), "operation", "operations"),
                      counted(cause.ids.size(), "case", "cases"));
  const auto list = [&](const auto& counts, std::size_t most) {
    std::string out;
    for (std::size_t i = 0; i < std::min(counts.size(), most); ++i) {
      out += fmt::format("{}{} {}", i == 0 ? "" : ", ", one_line(counts[i].first), grouped(counts[i].second));
    }
    if (counts.size() > most) out += fmt::format(" and {} more", grouped(counts.size() - most));
    return out;
  };
  const auto constraints = constraints_of(cause);
  if (!constraints.empty()) out_ << ": " << list(constraints, constraints.size());
  out_ << "\n   " << list(operations, kMaxListed) << '\n';
}

void Console::print_requirement(const RequirementGroup& group) {
  out_ << fmt::format("   {}, in {}\n", one_line(name(group)), counted(group.ids.size(), "case", "cases"));
  if (!options_.everything) return;
  for (const FindingGroup& kind : group.kinds) {
    out_ << fmt::format("     {}{}: {}\n", cut(one_line(heading(kind)), kMaxSentence),
                        rule_note(kind.finding), one_line(name_some(kind.ids, kMaxIds)));
  }
}

Console::Block Console::block_for(const run::CaseResult& result) const {
  Block block;
  block.id = result.id;
  std::vector<std::string> requirement{one_line(result.title)};
  for (const std::string& sentence : result.because) requirement.push_back(one_line(sentence));
  std::vector<std::string> steps;
  for (const std::string& step : result.steps) steps.push_back(cut(one_line(step), columns()));
  std::vector<std::string> messages;
  for (const oracle::Finding& finding : defects_of(result))
    messages.push_back(cut(one_line(finding.message), 400) + rule_note(finding));
  block.fields = {{"requirement", std::move(requirement)},
                  {"steps", std::move(steps)},
                  {"sent", excerpt(telling_part(result), {8, columns()})},
                  {"answered", excerpt(answer_in_short(result.response), {6, columns()})},
                  {"admissible", excerpt(result.expected, {12, 400})},
                  {"finding", std::move(messages)}};
  for (const std::string& line : result.reproduce) block.reproduce.push_back(one_line(line));
  return block;
}

void Console::print_failure(const Block& block) {
  out_ << painted("FAIL", kRed) << ' ' << painted(one_line(block.id), kBold) << '\n';
  for (const auto& [name, lines] : block.fields) print_field(name, lines);
  print_field("reproduce", block.reproduce);
  out_ << '\n';
}

void Console::print_problems() {
  for (const auto& [place, block] : problems_) {
    out_ << painted(run::to_string(kProblems[place.first]), kRed) << ' ' << painted(one_line(block.id), kBold)
         << ": " << block.fields.front().second.front() << '\n';
    print_field("reproduce", block.reproduce);
  }
  if (!problems_.empty()) out_ << '\n';
}

void Console::print_field(std::string_view name, const std::vector<std::string>& lines) {
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines.size() == 1 && lines[0].empty()) return;
    out_ << "  " << pad_right(i == 0 ? name : "", kIndent - 2) << lines[i] << '\n';
  }
}

void Console::progress() {
  if (!options_.terminal) return;
  const auto now = options_.now();
  if (now - drawn_ < options_.redraw_every) return;
  drawn_ = now;
  const std::size_t total = std::max(planned_, done_);
  erase();
  constexpr std::size_t kBar = 24;
  const std::size_t filled = total == 0 ? kBar : kBar * done_ / total;
  const std::string line =
      cut(fmt::format("[{}{}] {:3} %  {}/{}  {} failed", std::string(filled, '#'),
                      std::string(kBar - filled, '.'), total == 0 ? 100 : 100 * done_ / total, grouped(done_),
                      grouped(total), grouped(digest_.failed())),
          options_.width > 1 ? options_.width - 1 : 0);  // the last column would wrap
  out_ << line << std::flush;
  bar_ = line.size();
}

void Console::erase() {
  if (bar_ == 0) return;
  out_ << '\r' << std::string(bar_, ' ') << '\r';
  bar_ = 0;
}

std::string Console::painted(std::string_view text, std::string_view colour) const {
  if (!options_.colour) return std::string(text);
  return fmt::format("{}{}{}", colour, text, kEnd);
}

std::size_t Console::columns() const {
  if (!options_.terminal) return 160;
  return std::max<std::size_t>(options_.width, 60) - kIndent;
}

void Console::finished(const run::RunSummary& summary) {
  erase();
  const std::vector<Cause> causes = digest_.causes();
  // Of an endpoint that was never reached there is nothing to count; who reads the status says why.
  if (summary.endpoint_lost && case_count(summary) == 0) {
    print_list("Remarks", summary.remarks);
    out_ << std::flush;
    return;
  }
  print_causes(causes);
  print_problems();
  print_operations(summary);
  print_families(summary);
  print_states(summary);
  print_reasons();
  print_advice();
  print_list("Remarks", summary.remarks);
  print_list("Left behind, to be removed by hand", summary.left_behind);
  out_ << fmt::format("{}, {} in {}\n", counted(case_count(summary), "case", "cases"),
                      counted(summary.exchanges, "request", "requests"), duration_text(summary.duration));
  std::string line = one_line(outcome(summary, requirement_count(causes)));
  if (embedded_) line += fmt::format(" (the {}; --endpoint-url names yours)", kEmbeddedEndpoint);
  out_ << painted(line, summary.exit_status() == 0 ? kGreen : kRed) << '\n' << std::flush;
}

void Console::print_table(const Table& table, const std::vector<bool>& shown, const std::string& instead) {
  std::vector<std::size_t> widths;
  const auto measure = [&](const std::vector<std::string>& row) {
    widths.resize(row.size());
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], display_width(one_line(row[i])));
  };
  measure(table.header);
  for (const auto& row : table.rows) measure(row);
  measure(table.total);
  const auto print = [&](const std::vector<std::string>& row, bool numbers) {
    out_ << pad_right(one_line(row[0]), widths[0]);
    for (std::size_t i = 1; i < row.size(); ++i) {
      const std::string cell = pad_left(row[i], widths[i]);
      const bool coloured = numbers && i >= 2 && i - 2 < table.verdicts.size() && row[i] != "-";
      out_ << "  " << (coloured ? painted(cell, colour_of(table.verdicts[i - 2])) : cell);
    }
    out_ << '\n';
  };
  print(table.header, false);
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    if (shown[i]) print(table.rows[i], true);
  }
  if (!instead.empty()) out_ << instead << '\n';
  print(table.total, true);
  out_ << '\n';
}

void Console::print_operations(const run::RunSummary& summary) {
  const Table table = operation_table(summary);
  const bool many = table.rows.size() > kMaxRows;
  std::size_t missing = 0;
  for (const auto& row : table.rows) missing += summary.lacks(row[0]) ? 1 : 0;
  const std::size_t there = table.rows.size() - missing;
  const bool named = options_.everything || there <= kMaxRows;
  std::vector<bool> shown;
  // Of many operations that an endpoint does not have, a line each says no more.
  for (const auto& row : table.rows) shown.push_back(summary.lacks(row[0]) ? !many : named);
  std::string instead;
  if (many && missing > 0)
    instead =
        fmt::format("and {} that the endpoint does not have", counted(missing, "operation", "operations"));
  if (!named) instead += fmt::format("{}--verbose has a line for each", instead.empty() ? "" : "; ");
  print_table(table, shown, instead);
}

void Console::print_families(const run::RunSummary& summary) {
  const std::vector<FamilyFigure> families = family_figures(summary);
  if (sum(families).sites == 0) return;  // the endpoint has nothing of which anything could be told
  std::vector<bool> shown;
  std::vector<std::string> missing;
  for (const FamilyFigure& family : families) {
    shown.push_back(family.there > 0);
    if (family.there == 0) missing.push_back(family.name.title);
  }
  std::string instead;
  for (std::size_t names = missing.size(); names > 0; --names) {
    instead = one_line("nothing of " + name_some(missing, names));
    if (display_width(instead) <= columns() + kIndent) break;
  }
  print_table(family_table(summary), shown, instead);
}

void Console::print_states(const run::RunSummary& summary) {
  using State = run::OperationState;
  const std::vector<std::string> stubs = operations_in(summary, State::stub);
  // The table says how many are judged and how many are there.
  if (stubs.empty() && operations_in(summary, State::blocked).empty() &&
      operations_in(summary, State::unproved).empty())
    return;
  out_ << fmt::format("Operations: {}\n", state_counts(summary));
  if (!stubs.empty()) {
    out_ << fmt::format("Stubs, which accept whatever breaks a constraint: {}\n",
                        one_line(name_some(stubs, kMaxStubs)));
  }
  out_ << '\n';
}

void Console::print_reasons() {
  const std::vector<ReasonGroup> groups = digest_.reasons();
  if (groups.empty()) return;
  out_ << "Why cases were not simply kept or broken:\n";
  const std::size_t shown = options_.everything ? groups.size() : std::min(groups.size(), kMaxListed);
  for (std::size_t i = 0; i < shown; ++i) {
    const ReasonGroup& group = groups[i];
    out_ << fmt::format("  {} {}: {} ({})\n",
                        painted(run::to_string(group.verdict), colour_of(group.verdict)),
                        grouped(group.ids.size()),
                        group.reason.empty() ? "no reason given" : cut(one_line(group.reason), kMaxSentence),
                        one_line(name_some(group.ids, 1)));
  }
  if (groups.size() > shown) {
    out_ << fmt::format("  and {} (--verbose prints all)\n",
                        counted(groups.size() - shown, "other reason", "other reasons"));
  }
  out_ << '\n';
}

void Console::print_advice() {
  const std::vector<FindingGroup> groups = digest_.advice();
  if (groups.empty()) return;
  out_ << "Advice, which breaks nothing:\n";
  const std::size_t shown = options_.everything ? groups.size() : std::min(groups.size(), kMaxListed);
  for (std::size_t i = 0; i < shown; ++i) {
    const FindingGroup& group = groups[i];
    const std::string others =
        group.messages > 1 ? fmt::format(", and {} like it", counted(group.messages - 1, "other", "others"))
                           : std::string();
    out_ << fmt::format("  {}{}{} in {}, for example {}\n",
                        cut(one_line(group.finding.message), kMaxSentence), others, rule_note(group.finding),
                        counted(group.ids.size(), "case", "cases"), one_line(group.ids.front()));
  }
  if (groups.size() > shown) {
    out_ << fmt::format("  and {} (--verbose prints all)\n",
                        counted(groups.size() - shown, "other", "others"));
  }
  out_ << '\n';
}

void Console::print_list(std::string_view title, const std::vector<std::string>& lines) {
  if (lines.empty()) return;
  out_ << title << ":\n";
  for (const std::string& line : lines) out_ << "  " << one_line(line) << '\n';
  out_ << '\n';
}

}  // namespace harness::report
