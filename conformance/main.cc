#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <iostream>

#include "conformance/commands.h"

namespace {

constexpr const char* kFooter =
    "Exit status: 0 kept; 1 defects, a stale baseline entry, or nothing could be judged; 2 wrong usage, or a "
    "filter that\n"
    "matches nothing; 3 the endpoint cannot be reached or died; 4 the harness itself failed; 130 "
    "interrupted.";

// What a subcommand does is decided by the parser; what it returns is kept here until it has run.
int parse_and_run(CLI::App& app, int argc, char** argv) {
  using namespace conformance;
  app.set_version_flag("--version", std::string("ssm-conformance ") + SSMC_VERSION);
  app.require_subcommand(1);
  app.footer(kFooter);
  int status = 4;

  RunCommandOptions run_options, replay_options;
  SelectionOptions list_options, explain_options;
  ServeOptions serve_options;
  SelftestCommandOptions selftest_options;
  ReportOptions report_options;
  std::string case_id, before, after;

  auto* run =
      app.add_subcommand("run", "Judge an endpoint (the embedded reference endpoint if none is named)");
  add_run_options(*run, run_options);
  run->callback([&] { status = run_command(run_options); });

  auto* list = app.add_subcommand("list", "Print the ids of cases, one a line");
  add_selection_options(*list, list_options);
  list->callback([&] { status = list_command(list_options); });

  auto* explain = app.add_subcommand("explain", "Show what a case sends, what may be answered, and why");
  explain->add_option("case", case_id, "The case's id")->required();
  explain->add_option("--model", explain_options.model, "As with run");
  explain->callback([&] { status = explain_command(case_id, explain_options); });

  auto* replay = app.add_subcommand(
      "replay", "Judge an endpoint by requests in files (HTTP text); folders are searched for *.http");
  add_run_options(*replay, replay_options);
  replay->add_option("files", replay_options.files, "Files and folders")->required();
  replay->callback([&] { status = replay_command(replay_options); });

  auto* report = app.add_subcommand("report", "Show a result file again, or render it");
  report->add_option("file", report_options.file, "A file written with --results")->required();
  report->add_option("--junit", report_options.output.junit, "Write a JUnit XML report");
  report->add_option("--html", report_options.output.html, "Write an HTML report");
  report->add_option("--sarif", report_options.output.sarif, "Write a SARIF 2.1.0 report");
  report->add_option("--markdown", report_options.output.markdown, "Write a Markdown report");
  report->callback([&] { status = report_command(report_options); });

  auto* compare = app.add_subcommand(
      "compare", "Say which cases changed between two result files; exit 1 if some now fail");
  compare->add_option("before", before, "Result file")->required();
  compare->add_option("after", after, "Result file")->required();
  compare->callback([&] { status = compare_command(before, after); });

  auto* serve = app.add_subcommand("serve", "Run the reference endpoint on a loopback port");
  serve->add_option("--port", serve_options.port, "Port on 127.0.0.1 (default: a free one)");
  serve->add_flag("--auth", serve_options.auth,
                  "Verify signatures (keys: AWS_ACCESS_KEY_ID …, --profile, or the ones it prints)");
  serve->add_option("--tls", serve_options.tls_directory,
                    "Speak TLS with certificates that are written to this folder");
  serve->add_option("--dialect", serve_options.dialect,
                    "Differ from the plain reference in a legitimate way");
  serve->add_flag("--list-dialects", serve_options.list_dialects, "Print the dialects");
  serve->add_option("--fault", serve_options.fault,
                    "Plant a fault: differ from the documentation in one point");
  serve->add_flag("--list-faults", serve_options.list_faults, "Print the faults");
  serve->add_option("--document", serve_options.documents,
                    "A document that exists from the start (may be repeated)");
  serve->add_option("--connected-node", serve_options.connected_nodes,
                    "A connected node besides the built-in one (may be repeated)");
  serve->add_option("--region", serve_options.region, "Region that signatures are for");
  serve->add_option("--profile", serve_options.profile, "Profile whose keys are accepted with --auth");
  serve->callback([&] { status = serve_command(serve_options); });

  auto* selftest = app.add_subcommand(
      "selftest",
      "Prove the referee: every planted fault must be caught, and no legitimate dialect reported");
  add_selftest_options(*selftest, selftest_options);
  selftest->callback([&] { status = selftest_command(selftest_options); });

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    // --help and --version come this way too, with status 0.
    return app.exit(e) == 0 ? 0 : 2;
  }
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    CLI::App app{
        "ssm-conformance: an independent referee for endpoints that speak the AWS Systems Manager (SSM) API"};
    return parse_and_run(app, argc, argv);
  } catch (const std::exception& e) {
    // Libraries below may still throw (out of memory, a broken locale): that is a fault of ours, not of the
    // endpoint.
    fmt::print(stderr, "ssm-conformance: internal error: {}\n", e.what());
    return 4;
  }
}
