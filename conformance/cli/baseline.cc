#include "conformance/cli/baseline.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <optional>

#include "harness/files/input_file.h"
#include "harness/files/output_file.h"
#include "harness/run/select.h"

namespace conformance {

using harness::fail;
using harness::Result;
using harness::Status;
using harness::run::CaseResult;
using harness::run::Verdict;
using harness::wire::Json;

namespace {

constexpr const char* kEverything = "all cases";

// A member that older versions did not write. Nothing if it is there and not as it should be.
std::optional<std::string> optional_text(const Json& file, const char* name) {
  const auto it = file.find(name);
  if (it == file.end()) return std::string();
  return it->is_string() ? std::optional(it->get<std::string>()) : std::nullopt;
}

// "2027-03-31", of a day that there is.
std::optional<std::chrono::sys_days> day_of(const std::string& text) {
  static const RE2 form(R"((\d{4})-(\d{2})-(\d{2}))");
  int year = 0;
  unsigned month = 0, day = 0;
  if (!RE2::FullMatch(text, form, &year, &month, &day)) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  return date.ok() ? std::optional<std::chrono::sys_days>(date) : std::nullopt;
}

}  // namespace

std::string Baseline::Note::text() const {
  if (reason.empty() || link.empty()) return reason + link;
  return fmt::format("{} ({})", reason, link);
}

bool Baseline::is_about_an_entry(const std::string& glob) const {
  return std::any_of(expected_.begin(), expected_.end(),
                     [&](const auto& entry) { return harness::run::glob_match(glob, entry.first); });
}

Status Baseline::add_note(const std::string& glob, const Json& note) {
  if (!note.is_object()) return fail(fmt::format("the note {} must be an object", glob));
  Note out;
  for (const auto& [name, value] : kNoteMembers) {
    auto member = optional_text(note, name);
    if (!member) return fail(fmt::format("the note {}: \"{}\" must be a string", glob, name));
    out.*value = *std::move(member);
  }
  out.last_day = day_of(out.expires);
  if (!out.expires.empty() && !out.last_day)
    return fail(
        fmt::format("the note {}: \"expires\" must be a day, as 2027-03-31, and not {}", glob, out.expires));
  if (!is_about_an_entry(glob))
    return fail(fmt::format("the note {} is about no expected failure: take it out", glob));
  notes_[glob] = std::move(out);
  return {};
}

Result<Baseline> Baseline::load(const std::string& path, const std::set<std::string>& known_cases,
                                UnknownEntries unknown) {
  const auto text = harness::files::read_file(path);
  if (!text) return tl::unexpected(text.error());
  const auto parsed = harness::wire::parse_json(*text);
  if (!parsed) {
    return fail(
        fmt::format("{}: not JSON: {} at byte {}", path, parsed.error().reason, parsed.error().offset));
  }
  if (parsed->has(harness::wire::JsonNote::Kind::invalid_utf8)) return fail(path + ": not UTF-8");
  const Json& file = parsed->value;
  if (!file.is_object() || !file.contains("tool") || file["tool"] != "ssm-conformance" ||
      !file.contains("expected_failures") || !file["expected_failures"].is_object()) {
    return fail(fmt::format("{}: not a baseline of ssm-conformance; make one with --update-baseline", path));
  }
  if (const auto format = file.find("format"); format != file.end() && *format != 1) {
    return fail(path + ": \"format\" is not 1: written by a newer version of ssm-conformance?");
  }
  Baseline out;
  for (const auto& [name, value] :
       {std::pair{"level", &out.level_}, std::pair{"tool_version", &out.tool_version_}}) {
    auto member = optional_text(file, name);
    if (!member) return fail(fmt::format("{}: \"{}\" must be a string", path, name));
    *value = *std::move(member);
  }
  if (const auto selection = file.find("selection"); selection != file.end()) {
    const bool fits = selection->is_array() && std::all_of(selection->begin(), selection->end(),
                                                           [](const Json& s) { return s.is_string(); });
    if (!fits) return fail(path + ": \"selection\" must be an array of strings");
    for (const Json& part : *selection) out.selection_.insert(part.get<std::string>());
  }
  for (const auto& [id, rules] : file["expected_failures"].items()) {
    if (unknown != UnknownEntries::keep && !known_cases.contains(id)) {
      if (unknown == UnknownEntries::drop) continue;
      return fail(fmt::format("{}: there is no case {} (--update-baseline drops it{}); the nearest is {}",
                              path, id.substr(0, 200),
                              out.tool_version_.empty()
                                  ? std::string()
                                  : fmt::format("; the file was written by version {}", out.tool_version_),
                              harness::run::nearest(id, {known_cases.begin(), known_cases.end()})));
    }
    if (!rules.is_array())
      return fail(fmt::format("{}: {}: the rules must be an array of strings", path, id));
    auto& set = out.expected_[id];
    for (const auto& rule : rules) {
      if (!rule.is_string())
        return fail(fmt::format("{}: {}: the rules must be an array of strings", path, id));
      set.insert(rule.get<std::string>());
    }
  }
  if (const auto notes = file.find("notes"); notes != file.end()) {
    if (!notes->is_object()) return fail(path + ": \"notes\" must be an object");
    for (const auto& [glob, note] : notes->items()) {
      if (unknown == UnknownEntries::drop && !out.is_about_an_entry(glob)) continue;
      if (auto added = out.add_note(glob, note); !added) return fail(path + ": " + added.error().message);
    }
  }
  return out;
}

void Baseline::apply(CaseResult& result, Day today) const {
  const auto it = expected_.find(result.id);
  if (it == expected_.end()) return;
  if (result.verdict == Verdict::pass) {
    result.verdict = Verdict::xpass;
    result.reason = "the baseline expects it to fail: take the entry out (--update-baseline)";
    return;
  }
  if (result.verdict != Verdict::fail && result.verdict != Verdict::flaky) return;
  for (const auto& f : result.findings) {
    if (f.severity == harness::oracle::Severity::defect && !it->second.contains(f.rule)) return;
  }
  std::string why;
  for (const auto& [glob, note] : notes_) {
    if (!harness::run::glob_match(glob, result.id)) continue;
    const std::string text = note.text();
    if (note.last_day && *note.last_day < today) {
      result.reason =
          fmt::format("the baseline expected it until {}{}{}", note.expires, text.empty() ? "" : ": ", text);
      return;
    }
    if (!text.empty()) why += (why.empty() ? ": " : "; ") + text;
  }
  result.verdict = Verdict::xfail;
  result.reason = "expected by the baseline" + why;
}

void Baseline::update(const std::vector<CaseResult>& results, const std::string& level,
                      const std::string& tool_version, const std::string& selection) {
  const bool from_older_version = selection_.empty() && !expected_.empty();
  for (const CaseResult& result : results) expected_.erase(result.id);
  for (const CaseResult& result : results) {
    if (result.verdict != Verdict::fail && result.verdict != Verdict::flaky) continue;
    auto& rules = expected_[result.id];
    for (const auto& f : result.findings) {
      if (f.severity == harness::oracle::Severity::defect) rules.insert(f.rule);
    }
  }
  std::erase_if(notes_, [&](const auto& note) { return !is_about_an_entry(note.first); });
  level_ = level;
  tool_version_ = tool_version;
  if (selection.empty()) {
    selection_ = {kEverything};
  } else if (!from_older_version && !selection_.contains(kEverything)) {
    selection_.insert(selection);
  }
}

std::string Baseline::entry_outside(const std::set<std::string>& cases) const {
  for (const auto& [id, rules] : expected_) {
    if (!cases.contains(id)) return id;
  }
  return {};
}

bool Baseline::covers(const std::string& selection) const {
  return selection_.empty() || selection_.contains(kEverything) || selection_.contains(selection);
}

std::string Baseline::selections() const {
  return fmt::format("{}", fmt::join(selection_, "; "));
}

Status Baseline::save(const std::string& path) const {
  Json file = {{"tool", "ssm-conformance"}, {"format", 1}, {"expected_failures", Json::object()}};
  if (!level_.empty()) file["level"] = level_;
  if (!tool_version_.empty()) file["tool_version"] = tool_version_;
  if (!selection_.empty()) file["selection"] = selection_;
  for (const auto& [id, rules] : expected_) file["expected_failures"][id] = rules;
  for (const auto& [glob, note] : notes_) {
    Json& of = file["notes"][glob] = Json::object();
    for (const auto& [name, value] : kNoteMembers) {
      if (!(note.*value).empty()) of[name] = note.*value;
    }
  }
  return harness::files::write_file(path, file.dump(2) + "\n");
}

}  // namespace conformance
