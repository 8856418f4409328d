#include "conformance/cli/options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

#include "conformance/cli/commands.h"
#include "conformance/cli/preset.h"
#include "harness/report/board.h"
#include "harness/report/formats.h"
#include "harness/run/resources.h"

namespace conformance {
namespace {

// The whole text as a number, or nothing. Not the parser's own conversion: that takes "-1" for the largest
// number of all, "" for 0 and "010" for 8.
template <class T>
std::optional<T> number_from(const std::string& text) {
  T value{};
  const char* end = text.data() + text.size();
  const auto [read, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || read != end || text.empty()) return std::nullopt;
  return value;
}

std::string not_empty(const std::string& text) {
  return text.empty() ? "must not be empty; leave the option out if it is not meant" : "";
}

std::string no_controls(const std::string& text) {
  const bool good = std::none_of(text.begin(), text.end(),
                                 [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  return good ? "" : "must not hold control characters (a line end?)";
}

// Names are the prefix and some 40 characters more; of 128, name_of_128_characters needs a rest.
constexpr std::size_t kMaxPrefix = 64;

std::string may_begin_names(const std::string& text) {
  const bool good = !text.empty() && text.size() <= kMaxPrefix &&
                    std::all_of(text.begin(), text.end(), [](unsigned char c) {
                      return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_' ||
                             c == '-' || c == '.';
                    });
  if (!good) {
    return fmt::format("must be 1 to {} letters, digits, '_', '-' and '.', as names of documents are",
                       kMaxPrefix);
  }
  std::string lower = text;
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  for (const char* reserved : {"aws", "amazon", "amzn"}) {
    if (lower.starts_with(reserved))
      return fmt::format("must not begin with {}, which AWS reserves", reserved);
  }
  return "";
}

}  // namespace

CLI::Option* add_text(CLI::App& app, const std::string& name, std::string& out,
                      const std::string& description) {
  return app.add_option(name, out, description)->check(CLI::Validator(not_empty, ""));
}

CLI::Option* add_texts(CLI::App& app, const std::string& name, std::vector<std::string>& out,
                       const std::string& description) {
  return app.add_option(name, out, description)
      ->check(CLI::Validator(not_empty, ""))
      ->allow_extra_args(false);
}

template <class T>
CLI::Option* add_number(CLI::App& app, const std::string& name, T& out, T least, T most,
                        const std::string& description) {
  const auto take = [name, &out, least, most](const std::string& text) {
    const auto value = number_from<T>(text);
    // So that NaN, which is neither less nor more, is refused too.
    if (!value || !(*value >= least && *value <= most)) {
      throw CLI::ValidationError(name,
                                 fmt::format("\"{}\" is not a number from {} to {}", text, least, most));
    }
    out = *value;
  };
  return app.add_option_function<std::string>(name, take, description)
      ->type_name("NUMBER")
      ->default_str(fmt::format("{}", out));
}

template CLI::Option* add_number(CLI::App&, const std::string&, double&, double, double, const std::string&);
template CLI::Option* add_number(CLI::App&, const std::string&, std::size_t&, std::size_t, std::size_t,
                                 const std::string&);
template CLI::Option* add_number(CLI::App&, const std::string&, unsigned short&, unsigned short,
                                 unsigned short, const std::string&);

void add_endpoint_options(CLI::App& app, EndpointOptions& o, bool embedded) {
  const std::string group = "Endpoint";
  auto* url = add_text(app, "--endpoint-url", o.endpoint_url,
                       std::string("The endpoint to judge; its path is kept (default: AWS_ENDPOINT_URL_SSM, "
                                   "AWS_ENDPOINT_URL, endpoint_url of the profile or its services") +
                           (embedded ? ", or the embedded reference endpoint)" : ")"));
  auto* spawn =
      add_text(app, "--spawn", o.spawn,
               "Start this command as the endpoint, with {port} replaced by a free port; it is started "
               "again when it dies, and ended afterwards (--endpoint-url may say where: "
               "https://127.0.0.1:{port}/path)");
  auto* target =
      add_text(app, "--target", o.target,
               fmt::format("An endpoint by its name: starts it where its command is on the PATH, or "
                           "else goes to its usual address, with what it needs of TLS and keys; {}",
                           preset_names()));
  if (embedded) {
    add_text(app, "--dialect", o.dialect,
             "A legitimate variation of the embedded reference endpoint (serve --list-dialects)")
        ->excludes(url)
        ->excludes(spawn)
        ->excludes(target);
  }
  add_text(app, "--region", o.region,
           "Region to sign for (default: AWS_REGION, AWS_DEFAULT_REGION, the profile's, us-east-1)");
  add_text(app, "--profile", o.profile,
           "Profile of the shared AWS config and credentials files (default: AWS_PROFILE)");
  add_text(app, "--ca-bundle", o.ca_bundle,
           "Certificate authorities to trust, a PEM file (default: AWS_CA_BUNDLE, the system's)");
  app.add_flag("--no-verify-ssl", o.no_verify_ssl, "Do not check the endpoint's certificate");
  app.add_flag("--no-sign-request", o.no_sign_request, "Send requests unsigned");
  app.add_flag("--allow-aws", o.allow_aws,
               "Allow a host under amazonaws.com: requests there change a real account and may cost money");
  add_number(app, "--timeout", o.timeout_seconds, 0.05, 3600.0,
             "Seconds for a whole exchange; beyond them it hangs");
  add_number(app, "--connect-timeout", o.connect_timeout_seconds, 0.05, 3600.0, "Seconds for connecting");
  add_number(app, "--spawn-timeout", o.spawn_timeout_seconds, 0.05, 3600.0,
             "Seconds until the command of --spawn must accept connections");
  add_text(app, "--endpoint-version", o.version, "The version of the endpoint, for reports")
      ->check(CLI::Validator(no_controls, ""));
  add_text(app, "--endpoint-commit", o.commit, "The commit that the endpoint was built from, for reports")
      ->check(CLI::Validator(no_controls, ""));
  for (auto* option : app.get_options()) {
    if (option->get_group() == "Options") option->group(group);
  }
}

CLI::Option* add_prefix_option(CLI::App& app, std::string& prefix, const std::string& description) {
  return app.add_option("--prefix", prefix, description)->check(CLI::Validator(may_begin_names, ""));
}

void add_selection_options(CLI::App& app, SelectionOptions& o) {
  const std::string group = "Selection";
  add_texts(
      app, "--operation", o.selection.operations,
      "Only cases of these operations: a name, a glob, or a family, which `models` lists (may be repeated)")
      ->group(group);
  add_text(
      app, "--operations-from", o.operations_from,
      "Only cases of the operations that this file names: a list, CloudTrail records, a botocore debug log, "
      "an IAM policy, or Terraform")
      ->group(group);
  add_texts(app, "--filter", o.selection.filters,
            "Only cases whose id matches this glob; * also matches / (may be repeated)")
      ->group(group);
  add_texts(app, "--exclude", o.selection.excludes,
            "Without cases whose id matches this glob (may be repeated)")
      ->group(group);
  add_text(app, "--shard", o.shard, "I/N: the I-th of N parts of the cases, the same on every machine")
      ->group(group);
  add_text(app, "--model", o.model,
           "Derive cases from this model (Smithy JSON AST or botocore service-2.json) instead of the "
           "built-in one; of another service than SSM, it is all that is judged by")
      ->group(group);
}

namespace {

void add_level_option(CLI::App& app, RunCommandOptions& o) {
  const std::string run = "Run";
  app.add_option("--level", o.level,
                 "rejects: any well-formed 4xx will do; documented: an admissible code; aws: exactly what "
                 "AWS was recorded to answer")
      ->check(CLI::IsMember({"rejects", "documented", "aws"}))
      ->capture_default_str()
      ->group(run);
}

void add_given_options(CLI::App& app, RunCommandOptions& o) {
  const std::string run = "Run";
  o.seed = harness::run::random_seed();
  add_number<std::uint64_t>(app, "--seed", o.seed, 0, std::numeric_limits<std::uint64_t>::max(),
                            "Decides the order of the cases and every name that is sent: a run with the same "
                            "seed sends the same (default: a new one in each run, which it prints)")
      ->default_str("")
      ->group(run);
  add_prefix_option(app, o.prefix,
                    "What the names begin with of what is created (default: ssmc-); another one if an "
                    "earlier run with this seed left some behind, which clean removes")
      ->group(run);
  add_text(app, "--document", o.document,
           "A document that exists and that you own; it is never changed (default: documents are "
           "created and removed)")
      ->check(CLI::Validator(no_controls, ""))
      ->group(run);
  add_text(app, "--connected-node", o.connected_node, "A managed node whose agent is connected")
      ->check(CLI::Validator(no_controls, ""))
      ->group(run);
}

}  // namespace

void add_run_options(CLI::App& app, RunCommandOptions& o) {
  add_endpoint_options(app, o.endpoint);
  add_selection_options(app, o.selection);
  const std::string run = "Run";
  add_level_option(app, o);
  add_number<std::size_t>(app, "--connections", o.connections, 1, 1024, "Connections at once")->group(run);
  add_number(
      app, "--max-unjudged", o.max_unjudged, 0.0, 100.0,
      "Percent of the cases of operations that are there which may come to no verdict; more is exit status 1")
      ->group(run);
  add_number<std::size_t>(
      app, "--repeat", o.repeat, 1, 100000000,
      "Run the cases of one exchange so often; reports show each different result of a case once")
      ->group(run);
  add_given_options(app, o);
  add_text(app, "--baseline", o.baseline,
           "Expected failures: what fails as it says is XFAIL; what passes although it says it fails "
           "is XPASS, and an error")
      ->group(run);
  app.add_flag("--update-baseline", o.update_baseline,
               "Write the failures of this run to the --baseline file")
      ->group(run);
  const std::string output = "Output";
  add_text(app, "--results", o.output.results, "Write every result to this file (JSON Lines)")->group(output);
  add_report_options(app, o.output, output);
  app.add_flag("-v,--verbose", o.output.everything,
               "Print a line for every case, and all that was found in the end")
      ->group(output);
}

namespace {

template <class Format>
void add_report_option(CLI::App& app, OutputOptions& o, const Format& format, const std::string& group) {
  ReportFile& report = o.reports.emplace_back(ReportFile{std::string(format.option), ""});
  add_text(app, report.option, report.path, std::string(format.description) + " (- prints it)")->group(group);
}

}  // namespace

void add_report_options(CLI::App& app, OutputOptions& o, const std::string& group) {
  for (const auto& format : harness::report::formats()) add_report_option(app, o, format, group);
}

void add_board_options(CLI::App& app, OutputOptions& o) {
  for (const auto& format : harness::report::board_formats()) add_report_option(app, o, format, "Options");
}

std::string OutputOptions::report(std::string_view option) const {
  const auto it = std::find_if(reports.begin(), reports.end(),
                               [&](const ReportFile& report) { return report.option == option; });
  return it == reports.end() ? std::string() : it->path;
}

void add_findings_options(CLI::App& app, RunCommandOptions& o) {
  add_endpoint_options(app, o.endpoint, false);
  add_level_option(app, o);
  add_given_options(app, o);
  const std::string group = "Findings";
  add_text(app, "--baseline", o.baseline,
           "Expected findings, one signature a line (or an index.json): they do not count as defects")
      ->group(group);
  app.add_flag("--update-baseline", o.update_baseline,
               "Write the findings that are open to the --baseline file")
      ->group(group);
  ReportFile& markdown = o.output.reports.emplace_back(ReportFile{"--markdown", ""});
  add_text(app, markdown.option, markdown.path, "Write a Markdown report")->group(group);
}

void add_selftest_options(CLI::App& app, SelftestCommandOptions& o) {
  add_texts(app, "--filter", o.filters,
            "Only faults and dialects whose name matches this glob (may be repeated)");
  add_number<std::size_t>(app, "--connections", o.connections, 1, 1024, "Connections to each endpoint");
  add_number<std::uint64_t>(app, "--seed", o.seed, 0, std::numeric_limits<std::uint64_t>::max(),
                            "Decides the order of the cases");
  add_number<std::size_t>(app, "--jobs", o.jobs, 0, 256, "Endpoints at once; 0 is three times the cores");
  add_text(app, "--json", o.json, "Write everything to this file, for CI");
  add_text(app, "--coverage", o.coverage, "Only write the table of clauses, cases and faults to this file");
}

harness::Result<std::pair<std::size_t, std::size_t>> parse_shard(const std::string& text) {
  std::size_t i = 0, n = 0;
  const char* end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, i);
  if (first.ec == std::errc() && first.ptr != end && *first.ptr == '/') {
    const auto second = std::from_chars(first.ptr + 1, end, n);
    if (second.ec == std::errc() && second.ptr == end && i >= 1 && i <= n && n <= 10000)
      return std::pair{i, n};
  }
  return harness::fail(fmt::format("--shard {}: write it as I/N with I from 1 to N, for example 2/5", text));
}

}  // namespace conformance
