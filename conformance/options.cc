#include "conformance/options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>

#include "conformance/commands.h"

namespace conformance {

void add_endpoint_options(CLI::App& app, EndpointOptions& o) {
  const std::string group = "Endpoint";
  auto* url = app.add_option(
      "--endpoint-url", o.endpoint_url,
      "The endpoint to judge (default: AWS_ENDPOINT_URL_SSM, AWS_ENDPOINT_URL, or the embedded "
      "reference endpoint)");
  auto* spawn =
      app.add_option("--spawn", o.spawn,
                     "Start this command as the endpoint, with {port} replaced by a free port; it is started "
                     "again when it dies, and ended afterwards");
  auto* dialect =
      app.add_option("--dialect", o.dialect,
                     "A legitimate variation of the embedded reference endpoint (serve --list-dialects)");
  spawn->excludes(url);
  dialect->excludes(url)->excludes(spawn);
  app.add_option("--region", o.region,
                 "Region to sign for (default: AWS_REGION, AWS_DEFAULT_REGION, the profile's, us-east-1)");
  app.add_option("--profile", o.profile,
                 "Profile of the shared AWS config and credentials files (default: AWS_PROFILE)");
  app.add_option("--ca-bundle", o.ca_bundle,
                 "Certificate authorities to trust, a PEM file (default: AWS_CA_BUNDLE, the system's)");
  app.add_flag("--no-verify-ssl", o.no_verify_ssl, "Do not check the endpoint's certificate");
  app.add_flag("--no-sign-request", o.no_sign_request, "Send requests unsigned");
  app.add_flag("--allow-aws", o.allow_aws,
               "Allow a host under amazonaws.com: requests there change a real account and may cost money");
  app.add_option("--timeout", o.timeout_seconds, "Seconds for a whole exchange; beyond them it hangs")
      ->check(CLI::Range(0.05, 3600.0));
  app.add_option("--connect-timeout", o.connect_timeout_seconds, "Seconds for connecting")
      ->check(CLI::Range(0.05, 3600.0));
  for (auto* option : app.get_options()) {
    if (option->get_group() == "Options") option->group(group);
  }
}

void add_selection_options(CLI::App& app, SelectionOptions& o) {
  const std::string group = "Selection";
  app.add_option("--operation", o.selection.operations, "Only cases of this operation (may be repeated)")
      ->group(group)
      ->allow_extra_args(false);
  app.add_option("--filter", o.selection.filters,
                 "Only cases whose id matches this glob; * also matches / (may be repeated)")
      ->group(group)
      ->allow_extra_args(false);
  app.add_option("--exclude", o.selection.excludes,
                 "Without cases whose id matches this glob (may be repeated)")
      ->group(group)
      ->allow_extra_args(false);
  app.add_option("--shard", o.shard, "I/N: the I-th of N parts of the cases, the same on every machine")
      ->group(group);
  app.add_option("--model", o.model,
                 "Derive cases from this model (Smithy JSON AST or botocore service-2.json) instead of the "
                 "built-in one")
      ->group(group);
}

void add_run_options(CLI::App& app, RunCommandOptions& o) {
  add_endpoint_options(app, o.endpoint);
  add_selection_options(app, o.selection);
  const std::string run = "Run";
  app.add_option("--level", o.level,
                 "rejects: any well-formed 4xx will do; documented: an admissible code; aws: exactly what "
                 "AWS was recorded to answer")
      ->check(CLI::IsMember({"rejects", "documented", "aws"}))
      ->capture_default_str()
      ->group(run);
  app.add_option("--connections", o.connections, "Connections at once")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str()
      ->group(run);
  app.add_option("--seed", o.seed, "Decides the order of the cases")->capture_default_str()->group(run);
  app.add_option("--repeat", o.repeat, "Run the cases of one exchange so often")
      ->check(CLI::Range(1, 100000000))
      ->capture_default_str()
      ->group(run);
  app.add_option("--document", o.document,
                 "A document that exists and that you own; it is never changed (default: documents are "
                 "created and removed)")
      ->group(run);
  app.add_option("--connected-node", o.connected_node, "A managed node whose agent is connected")->group(run);
  app.add_option("--baseline", o.baseline,
                 "Expected failures: what fails as it says is XFAIL; what passes although it says it fails "
                 "is XPASS, and an error")
      ->group(run);
  app.add_flag("--update-baseline", o.update_baseline,
               "Write the failures of this run to the --baseline file")
      ->group(run);
  const std::string output = "Output";
  app.add_option("--results", o.output.results, "Write every result to this file (JSON Lines)")
      ->group(output);
  app.add_option("--junit", o.output.junit, "Write a JUnit XML report")->group(output);
  app.add_option("--html", o.output.html, "Write an HTML report")->group(output);
  app.add_option("--sarif", o.output.sarif, "Write a SARIF 2.1.0 report")->group(output);
  app.add_option("--markdown", o.output.markdown, "Write a Markdown report, to attach to a bug")
      ->group(output);
  app.add_flag("--verbose", o.output.every_case, "Print a line for every case")->group(output);
}

void add_selftest_options(CLI::App& app, SelftestCommandOptions& o) {
  app.add_option("--filter", o.filters,
                 "Only faults and dialects whose name matches this glob (may be repeated)")
      ->allow_extra_args(false);
  app.add_option("--connections", o.connections, "Connections to each endpoint")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  app.add_option("--seed", o.seed, "Decides the order of the cases")->capture_default_str();
  app.add_option("--jobs", o.jobs, "Endpoints at once (default: twice the cores)")->check(CLI::Range(1, 256));
  app.add_option("--json", o.json, "Write everything to this file, for CI");
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
