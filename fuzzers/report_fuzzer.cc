// Result files, and the reports that are made of them: whatever an endpoint answered, and whatever was done
// to the file since, each report is well-formed, and nothing in it reaches a terminal or a page as more than
// text.
#include <algorithm>
#include <array>
#include <pugixml.hpp>
#include <sstream>
#include <string>

#include "fuzzers/check.h"
#include "harness/report/board.h"
#include "harness/report/console.h"
#include "harness/report/formats.h"
#include "harness/report/result_file.h"
#include "harness/report/text.h"
#include "harness/wire/json.h"

namespace {

using fuzzers::check;
namespace report = harness::report;
namespace wire = harness::wire;

// A report of each form is made of each file that can be read, and nearly each shows the same texts.
constexpr std::size_t kMaxInput = 16 * 1024;

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); });
}

std::string written(const report::ResultFile& file) {
  std::string out = report::to_line(file.info) + "\n";
  for (const auto& result : file.results) out += report::to_line(result) + "\n";
  return out + report::to_line(file.summary) + "\n";
}

report::ResultFile read_again(const report::ResultFile& file) {
  const std::string text = written(file);
  check(is_ascii(text), "a result file is printable ASCII", text);
  auto again = report::parse_result_file(text, "again");
  check(again.has_value(), "what was written can be read", again ? "" : again.error().message);
  check(written(*again) == text, "writing is stable", text);
  return *std::move(again);
}

// Nothing that moves the cursor, hides, or reverses what a person reads.
void is_harmless(std::string_view name, std::string_view text) {
  check(report::many_lines(text) == text, "a report is UTF-8 without control characters", name);
}

// Text out of a request or an answer does not end the block that it stands in: each of our fences opens one,
// with its language, or closes one (https://spec.commonmark.org/0.31.2/#fenced-code-blocks).
void closes_its_fences(const std::string& markdown) {
  std::istringstream lines(markdown);
  std::size_t open = 0;
  for (std::string line; std::getline(lines, line);) {
    const std::size_t indent = std::min(line.find_first_not_of(' '), line.size());
    const std::size_t end = std::min(line.find_first_not_of('`', indent), line.size());
    const std::size_t ticks = end - indent;
    if (indent > 3 || ticks < 3) continue;
    const bool alone = line.find_first_not_of(" \t", end) == std::string::npos;
    if (open == 0) {
      check(!alone, "Markdown has no block but its own", markdown);
      open = ticks;
    } else if (alone && ticks >= open) {
      open = 0;
    }
  }
  check(open == 0, "Markdown closes every block", markdown);
}

std::size_t count_of(std::string_view text, std::string_view part) {
  std::size_t out = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string_view::npos; at += part.size()) ++out;
  return out;
}

std::string console(const report::ResultFile& file, bool everything) {
  std::ostringstream out;
  report::ConsoleOptions options;
  options.everything = everything;
  options.now = [] { return std::chrono::steady_clock::time_point{}; };
  report::Console shown(out, options);
  shown.started(file.info);
  for (const auto& result : file.results) shown.finished_case(result);
  shown.finished(file.summary);
  return out.str();
}

// What a form promises of every text.
void holds(std::string_view option, const std::string& text) {
  if (option == "--junit") {
    pugi::xml_document junit;
    check(static_cast<bool>(junit.load_buffer(text.data(), text.size())), "JUnit is well-formed XML", text);
    check(report::xml_text(text) == text, "JUnit has no character that XML forbids", text);
  } else if (option == "--sarif") {
    const auto json = wire::parse_json(text);
    check(json && json->notes.empty(), "SARIF is plain JSON", text);
  } else if (option == "--html") {
    is_harmless("HTML", text);
    // Its own two: the data, and what shows them. The content policy lets no other run.
    check(count_of(text, "<script") == 2 && count_of(text, "</script") == 2, "no script gets into the page",
          text);
  } else if (option == "--markdown") {
    is_harmless("Markdown", text);
    closes_its_fences(text);
  } else if (option == "--badge") {
    const auto json = wire::parse_json(text);
    check(json && json->notes.empty() && is_ascii(text), "a badge is plain JSON", text);
  } else {
    check(false, "every form has a promise here", std::string(option));
  }
}

void reports(const report::ResultFile& file) {
  for (const report::Format& format : report::formats()) {
    const std::string text = format.render(file.info, file.results, file.summary, report::Meanings());
    check(!text.empty(), "a report is written", std::string(format.option));
    holds(format.option, text);
  }
  for (const bool everything : {false, true}) is_harmless("console", console(file, everything));
}

// The file beside itself, as two endpoints.
void boards(const report::ResultFile& file) {
  report::BoardBuilder builder;
  builder.add("first", file);
  builder.add("second", file);
  const report::Board board = builder.build();
  const std::span<const harness::oracle::FindingRule> rules = harness::oracle::finding_rules();
  for (const report::BoardFormat& format : report::board_formats()) {
    const std::string text = format.render(board, rules);
    if (format.option == "--json") {
      const auto json = wire::parse_json(text);
      // Shares are fractions.
      const bool plain =
          json && std::all_of(json->notes.begin(), json->notes.end(), [](const wire::JsonNote& note) {
            return note.kind == wire::JsonNote::Kind::fractional_integer;
          });
      check(plain && is_ascii(text), "a board is plain JSON", text);
    } else {
      is_harmless(format.option, text);
      check(count_of(text, "<script") == count_of(text, "\\<script"), "no script gets into a board", text);
    }
  }
  for (const bool everything : {false, true})
    is_harmless("console", report::board_text(board, rules, 80, everything));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > kMaxInput) return 0;
  const auto file = report::parse_result_file(fuzzers::as_text(data, size), "input");
  if (!file) {
    check(!file.error().message.empty(), "an error has a reason");
    return 0;
  }
  const report::ResultFile again = read_again(*file);
  reports(again);
  boards(again);
  return 0;
}
