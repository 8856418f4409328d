// Result files, and the reports that are made of them: whatever an endpoint answered, and whatever was done
// to the file since, each report is well-formed, and nothing in it reaches a terminal or a page as more than
// text.
#include <algorithm>
#include <array>
#include <pugixml.hpp>
#include <sstream>
#include <string>

#include "fuzzers/check.h"
#include "harness/report/console.h"
#include "harness/report/html.h"
#include "harness/report/junit.h"
#include "harness/report/markdown.h"
#include "harness/report/result_file.h"
#include "harness/report/sarif.h"
#include "harness/report/text.h"
#include "harness/wire/json.h"

namespace {

using fuzzers::check;
namespace report = harness::report;
namespace wire = harness::wire;

// Five reports are made of each file that can be read, and each shows the same texts.
constexpr std::size_t kMostInput = 16 * 1024;

std::string written(const report::ResultFile& file) {
  std::string out = report::to_line(file.info) + "\n";
  for (const auto& result : file.results) out += report::to_line(result) + "\n";
  return out + report::to_line(file.summary) + "\n";
}

report::ResultFile read_again(const report::ResultFile& file) {
  const std::string text = written(file);
  check(std::all_of(text.begin(), text.end(), [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); }),
        "a result file is printable ASCII", text);
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

std::string console(const report::ResultFile& file, bool every_case) {
  std::ostringstream out;
  report::ConsoleOptions options;
  options.every_case = every_case;
  options.now = [] { return std::chrono::steady_clock::time_point{}; };
  report::Console shown(out, options);
  shown.started(file.info);
  for (const auto& result : file.results) shown.finished_case(result);
  shown.finished(file.summary);
  return out.str();
}

void reports(const report::ResultFile& file) {
  const std::string xml = report::junit(file.info, file.results, file.summary);
  pugi::xml_document document;
  check(static_cast<bool>(document.load_buffer(xml.data(), xml.size())), "JUnit is well-formed XML", xml);
  check(report::xml_text(xml) == xml, "JUnit has no character that XML forbids", xml);

  const std::string sarif = report::sarif(file.info, file.results, file.summary);
  const auto json = wire::parse_json(sarif);
  check(json && json->notes.empty(), "SARIF is plain JSON", sarif);

  const std::string html = report::html(file.info, file.results, file.summary);
  is_harmless("HTML", html);
  check(html.find("<script") == std::string::npos, "no script gets into the page", html);

  const std::string markdown = report::markdown(file.info, file.results, file.summary);
  is_harmless("Markdown", markdown);
  closes_its_fences(markdown);

  for (const bool every_case : {false, true}) is_harmless("console", console(file, every_case));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > kMostInput) return 0;
  const auto file = report::parse_result_file(fuzzers::as_text(data, size), "input");
  if (!file) {
    check(!file.error().message.empty(), "an error has a reason");
    return 0;
  }
  reports(read_again(*file));
  return 0;
}
