// Small texts that people and programs hand us: findings and baselines of fuzzing, the shared AWS files,
// endpoint URLs. Each is read, or refused with a reason that is one line; what is read and written again
// reads the same.
#include <algorithm>
#include <string>

#include "conformance/cli/aws_ini.h"
#include "fuzzers/check.h"
#include "harness/endpoint/network.h"
#include "harness/report/finding_text.h"
#include "harness/report/findings_baseline.h"
#include "harness/report/text.h"

namespace {

using fuzzers::check;
namespace report = harness::report;

constexpr std::size_t kMaxInput = 16 * 1024;  // every reader is linear

void is_one_line(std::string_view message) {
  check(!message.empty() && report::one_line(message) == message, "an error is a reason on one line",
        message);
}

void finding(std::string_view text) {
  const auto read = report::read_finding_http(text);
  if (!read) return is_one_line(read.error().message);
  const auto once = report::read_finding_http(report::finding_http(*read));
  check(once.has_value(), "a finding that was written can be read", text);
  check(once->http_text == read->http_text, "the request is kept to the byte", once->http_text);
  check(once->signature == report::signature_text(read->signature), "the signature is kept", once->signature);
  check(once->state == read->state && once->seen == read->seen, "the state is kept", once->state);
  const auto twice = report::read_finding_http(report::finding_http(*once));
  check(twice && report::finding_http(*twice) == report::finding_http(*once), "writing is stable", text);
  const std::string markdown = report::finding_markdown(*read);
  check(report::many_lines(markdown) == markdown, "a report is UTF-8 without control characters", markdown);
}

void baseline(std::string_view text) {
  const auto read = report::parse_findings_baseline(text, "input");
  if (!read) return is_one_line(read.error().message);
  const auto again = report::parse_findings_baseline(report::findings_baseline_text(*read), "again");
  check(again.has_value(), "a baseline that was written can be read", again ? "" : again.error().message);
  check(*again == *read, "a baseline keeps its signatures", text);
}

void aws_file(std::string_view text) {
  const auto read = conformance::parse_aws_ini(text);
  if (!read) return is_one_line(read.error().message);
  const auto look_at = [&](const conformance::IniSection::Settings& settings, const std::string& where) {
    for (const auto& [name, value] : settings) {
      check(!name.empty(), "a setting has a name", where);
      check(text.find(value) != std::string_view::npos, "a value stands in the file", value);
    }
  };
  for (const auto& [name, section] : *read) {
    check(!name.empty(), "a section has a name");
    look_at(section.settings, name);
    for (const auto& [above, settings] : section.nested) {
      check(section.settings.contains(above), "nested settings have one above them", above);
      look_at(settings, name);
    }
  }
}

void url(std::string_view text) {
  const auto read = harness::endpoint::parse_endpoint_url(text);
  if (!read) return is_one_line(read.error().message);
  check(!read->host.empty(), "a URL that can be used has a host", text);
  const auto port = std::stoul(read->port);
  check(port >= 1 && port <= 65535, "a URL that can be used has a port", read->port);
  const auto again = harness::endpoint::parse_endpoint_url(read->text());
  check(again && again->tls == read->tls && again->host == read->host && again->port == read->port &&
            again->authority == read->authority && again->base_path == read->base_path,
        "the text of a URL means the same endpoint", read->text());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > kMaxInput) return 0;
  const auto text = fuzzers::as_text(data, size);
  finding(text);
  baseline(text);
  aws_file(text);
  url(text);
  return 0;
}
