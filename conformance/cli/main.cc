#include <fmt/format.h>
#include <stdlib.h>  // defines __GLIBC__ where it is the C library

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <iostream>

#include "conformance/cli/command_line.h"
#include "conformance/cli/commands.h"

namespace {

constexpr const char* kExitStatus =
    "Exit status: 0 kept; 1 defects, a stale baseline entry, or nothing could be judged; 2 wrong usage,\n"
    "or a filter that matches nothing; 3 the endpoint cannot be reached or died; 4 the harness itself\n"
    "failed; 130 interrupted.";

// Two lines that can be typed, at the end of a subcommand's help.
void add_examples(CLI::App& command, const char* first, const char* second) {
  command.footer(
      fmt::format("{}\n\nExamples:\n  ssm-conformance {}\n  ssm-conformance {}", kExitStatus, first, second));
}

// What a subcommand does is decided by the parser; what it returns is kept here until it has run.
int parse_and_run(CLI::App& app, int argc, char** argv) {
  using namespace conformance;
  app.set_version_flag("--version", std::string("ssm-conformance ") + SSMC_VERSION);
  app.require_subcommand(1);
  app.footer(kExitStatus);
  app.formatter(narrow_help());
  int status = 4;

  RunCommandOptions run_options, replay_options, findings_options;
  SelectionOptions explain_options, models_options;
  ListOptions list_options;
  ExportOptions export_options;
  CleanOptions clean_options;
  ServeOptions serve_options;
  SelftestCommandOptions selftest_options;
  ReportOptions report_options;
  BoardOptions board_options;
  CompareOptions compare_options;
  std::string case_id;
  std::vector<std::string> too_many;

  auto* run =
      app.add_subcommand("run", "Judge an endpoint (the embedded reference endpoint if none is named)");
  add_run_options(*run, run_options);
  add_examples(*run, "run --endpoint-url http://127.0.0.1:4566 --html report.html",
               "run --spawn 'moto_server -p {port}' --operation parameters");
  run->callback([&] { status = run_command(run_options); });

  auto* list = app.add_subcommand("list", "Print the ids of cases, one a line");
  add_selection_options(*list, list_options.selection);
  list->add_option("--format", list_options.format,
                   "text, an id a line; markdown, a table of each operation; or json")
      ->check(CLI::IsMember({"text", "markdown", "json"}))
      ->capture_default_str();
  add_examples(*list, "list --operation 'Describe*'", "list --operation parameters --format markdown");
  list->callback([&] { status = list_command(list_options); });

  auto* exported = app.add_subcommand(
      "export", "Write the cases of one exchange to a folder as vectors in JSON, for tests of your own");
  add_text(*exported, "folder", export_options.folder, "Where index.json and a file for each operation go")
      ->required();
  add_selection_options(*exported, export_options.selection);
  add_examples(*exported, "export vectors/", "export vectors/ --operation GetParameter");
  exported->callback([&] { status = export_command(export_options); });

  auto* explain = app.add_subcommand(
      "explain",
      "Show what a case sends, what may be answered, and why; or what the rule of a finding means");
  add_text(*explain, "case", case_id, "The case's id, or the rule's name")->required();
  add_text(*explain, "--model", explain_options.model, "As with run");
  add_examples(*explain, "explain outcome/accepted", "explain GetConnectionStatus/Target/required/missing");
  explain->callback([&] { status = explain_command(case_id, explain_options); });

  auto* models = app.add_subcommand(
      "models", "Show what a model says: operations, members, and where their inputs are constrained");
  add_texts(*models, "--operation", models_options.selection.operations,
            "Every constraint of these operations, by place: a name, a glob, or a family (may be repeated)");
  add_text(*models, "--model", models_options.model,
           "A model of any service (Smithy JSON AST or botocore service-2.json) instead of the built-in one");
  add_examples(*models, "models", "models --operation GetParameter");
  models->callback([&] { status = models_command(models_options); });

  auto* replay = app.add_subcommand(
      "replay", "Judge an endpoint by requests in files (HTTP text); folders are searched for *.http");
  add_run_options(*replay, replay_options);
  add_texts(*replay, "files", replay_options.files, "Files and folders")->allow_extra_args(true)->required();
  add_examples(*replay, "replay request.http --endpoint-url http://127.0.0.1:4566",
               "replay corpus/ --level rejects");
  replay->callback([&] { status = replay_command(replay_options); });

  auto* findings = app.add_subcommand(
      "findings", "Replay a folder of findings: which still happen, which are fixed, which are new");
  add_findings_options(*findings, findings_options);
  findings_options.connections = 1;
  findings_options.files.resize(1);
  add_text(*findings, "folder", findings_options.files[0], "The folder that fuzzing wrote")->required();
  add_examples(*findings, "findings findings/ --endpoint-url http://127.0.0.1:4566",
               "findings findings/ --endpoint-url http://127.0.0.1:4566 --markdown findings.md");
  findings->callback([&] { status = findings_command(findings_options); });

  auto* report = app.add_subcommand(
      "report", "Show a result file again, or render it; of several shards of one run, all of it");
  add_texts(*report, "files", report_options.files,
            "A file written with --results, or those of all shards of a run (--shard)")
      ->allow_extra_args(true)
      ->required();
  add_text(*report, "--results", report_options.output.results,
           "Write the results, of all shards, to one file (JSON Lines)");
  add_report_options(*report, report_options.output);
  report->add_flag("-v,--verbose", report_options.output.everything,
                   "Print every case, and all that was found");
  add_examples(*report, "report results.jsonl --html report.html",
               "report shard-1.jsonl shard-2.jsonl shard-3.jsonl --markdown -");
  report->callback([&] { status = report_command(report_options); });

  auto* compare = app.add_subcommand(
      "compare",
      "Say which cases changed between two runs; exit 1 if some now fail (board shows several endpoints)");
  add_text(*compare, "before", compare_options.before, "Result file")->required();
  add_text(*compare, "after", compare_options.after, "Result file")->required();
  add_text(*compare, "--markdown", compare_options.markdown,
           "Write what is newly broken, fixed, new and gone, for a pull request's comment; - prints it");
  add_examples(*compare, "compare before.jsonl after.jsonl",
               "compare main.jsonl branch.jsonl --markdown comment.md");
  add_texts(*compare, "more", too_many, "")->allow_extra_args(true)->group("");
  compare->callback([&] {
    status = too_many.empty() ? compare_command(compare_options)
                              : complain(
                                    "compare takes two result files, of two runs; `board FILE...` shows "
                                    "several endpoints side by side",
                                    2);
  });

  auto* board = app.add_subcommand(
      "board",
      "Show several endpoints side by side: families, operations, requirements; exit 0 whatever they break");
  add_texts(
      *board, "files", board_options.files,
      "Files written with --results, one for each endpoint; NAME=FILE gives it a name, which is otherwise "
      "that of the file")
      ->allow_extra_args(true)
      ->required();
  add_board_options(*board, board_options.output);
  board->add_flag("-v,--verbose", board_options.output.everything, "Print operations and requirements, too");
  add_examples(*board, "board moto.jsonl ministack.jsonl",
               "board main=a.jsonl branch=b.jsonl --markdown board.md --json board.json");
  board->callback([&] { status = board_command(board_options); });

  auto* clean = app.add_subcommand(
      "clean", "List and remove what runs left at an endpoint that were killed, by the names that runs give");
  add_endpoint_options(*clean, clean_options.endpoint, false);
  add_prefix_option(*clean, clean_options.prefix, "What --prefix said in that run (default: ssmc-)");
  clean->add_flag("--dry-run", clean_options.dry_run, "Only list it");
  add_examples(*clean, "clean --endpoint-url http://127.0.0.1:4566",
               "clean --endpoint-url http://127.0.0.1:4566 --dry-run");
  clean->callback([&] { status = clean_command(clean_options); });

  auto* serve = app.add_subcommand("serve", "Run the reference endpoint on a loopback port");
  add_text(*serve, "--host", serve_options.host, "Loopback address to listen at: 127.0.0.1 (default) or ::1");
  add_number<unsigned short>(*serve, "--port", serve_options.port, 0, 65535, "Port; 0 is a free one");
  add_text(*serve, "--path", serve_options.path, "Answer under this path only, as in /aws");
  serve->add_flag("--auth", serve_options.auth,
                  "Verify signatures (keys: AWS_ACCESS_KEY_ID …, --profile, or the ones it prints)");
  add_text(*serve, "--tls", serve_options.tls_directory,
           "Speak TLS with certificates that are written to this folder");
  add_text(*serve, "--dialect", serve_options.dialect, "Differ from the plain reference in a legitimate way");
  serve->add_flag("--list-dialects", serve_options.list_dialects, "Print the dialects");
  add_text(*serve, "--fault", serve_options.fault,
           "Plant a fault: differ from the documentation in one point");
  serve->add_flag("--list-faults", serve_options.list_faults, "Print the faults");
  add_texts(*serve, "--document", serve_options.documents,
            "A document that exists from the start (may be repeated)");
  add_texts(*serve, "--connected-node", serve_options.connected_nodes,
            "A connected node besides the built-in one (may be repeated)");
  add_text(*serve, "--region", serve_options.region, "Region that signatures are for");
  add_text(*serve, "--profile", serve_options.profile, "Profile whose keys are accepted with --auth");
  add_examples(*serve, "serve --port 4566", "serve --auth --tls certificates");
  serve->callback([&] { status = serve_command(serve_options); });

  auto* selftest = app.add_subcommand(
      "selftest",
      "Prove the referee: every planted fault must be caught, and no legitimate dialect reported");
  add_selftest_options(*selftest, selftest_options);
  add_examples(*selftest, "selftest", "selftest --filter 'range-*' --json selftest.json");
  selftest->callback([&] { status = selftest_command(selftest_options); });

  std::vector<std::string> commands;
  for (const CLI::App* command : app.get_subcommands({})) commands.push_back(command->get_name());
  auto arguments =
      arguments_as_meant(std::vector<std::string>(argv + std::min(argc, 1), argv + argc), commands);
  if (!arguments) return complain(arguments.error().message + " (--help lists all)", 2);
  try {
    std::reverse(arguments->begin(), arguments->end());  // as the parser wants them
    app.parse(*std::move(arguments));
  } catch (const CLI::ExtrasError& e) {
    const std::vector<std::string> rest = app.remaining(true);
    const auto parsed = app.get_subcommands();
    const bool option = !parsed.empty() && !rest.empty() && rest.front().starts_with("--");
    const std::string nearest =
        option ? fmt::format("; the nearest is {}", nearest_option(*parsed.front(), rest.front())) : "";
    return complain(std::string(e.what()) + nearest + " (--help lists what there is)", 2);
  } catch (const CLI::ParseError& e) {
    // --help and --version come this way too, with status 0.
    if (e.get_exit_code() == 0) return app.exit(e);
    return complain(std::string(e.what()) + " (--help lists what there is)", 2);
  }
  return status;
}

constexpr const char* kOutputLost = "standard output cannot be written: what was printed is not complete";

// What was printed may still be on its way to a disk that is full.
int with_output_written(int status) {
  std::signal(SIGPIPE, SIG_IGN);  // the status says how the run ended
  std::cout.flush();
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0 && std::cout.good()) return status;
  return conformance::reader_is_gone() ? status : conformance::complain(kOutputLost, 4);
}

// Makes freed memory of the few large requests and answers go back to the system. By default glibc keeps it,
// in a pool for each of a dozen threads.
void bound_memory() {
#ifdef __GLIBC__
  constexpr int kMebibyte = 1024 * 1024;
  mallopt(M_ARENA_MAX, 2);
  mallopt(M_MMAP_THRESHOLD, 4 * kMebibyte);
  mallopt(M_TRIM_THRESHOLD, 8 * kMebibyte);
#endif
}

}  // namespace

int main(int argc, char** argv) {
  bound_memory();
  try {
    CLI::App app{
        "ssm-conformance: an independent referee for endpoints that speak the AWS Systems Manager (SSM) API",
        "ssm-conformance"};
    return with_output_written(parse_and_run(app, argc, argv));
  } catch (const std::exception& e) {
    // Libraries below may still throw (out of memory, a broken locale): that is a fault of ours, not of the
    // endpoint.
    if (std::ferror(stdout) != 0) return conformance::complain(kOutputLost, 4);
    return conformance::complain(std::string("internal error: ") + e.what(), 4);
  }
}
