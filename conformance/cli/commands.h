#pragma once

#include <string>
#include <vector>

#include "conformance/cli/options.h"

/// The subcommands. Each returns the process's exit status: 0 kept, 1 defects, 2 usage, 3 endpoint lost, 4
/// harness error, 130 interrupted.
namespace conformance {

int run_command(const RunCommandOptions& options);
int replay_command(const RunCommandOptions& options);
/// `findings`: replays a folder of findings (its only file) and says which are still there. Exit status 1 if
/// one is open that the baseline does not have.
int findings_command(const RunCommandOptions& options);

struct ListOptions {
  SelectionOptions selection;
  std::string format = "text";  ///< "text": an id a line; "markdown"; "json"
};
int list_command(const ListOptions& options);
/// `export`: every case of one exchange as a vector, for tests that do without this program
/// (conformance/schemas/vectors.schema.json): a file for each operation, and an index.
struct ExportOptions {
  SelectionOptions selection;
  std::string folder;
};
int export_command(const ExportOptions& options);
int explain_command(const std::string& id, const SelectionOptions& options);

/// `models`: the model's operations with how many members and constraint sites their inputs have, or all
/// sites of those that `--operation` names (globs).
int models_command(const SelectionOptions& options);

/// `clean`: lists and removes what killed runs left at an endpoint. Exit status 1 if something is still
/// there, or cannot be listed.
struct CleanOptions {
  EndpointOptions endpoint;
  std::string prefix;    ///< of `run`; "" for the usual
  bool dry_run = false;  ///< only list
};
int clean_command(const CleanOptions& options);

struct ServeOptions {
  std::string host = "127.0.0.1";  ///< a loopback address
  unsigned short port = 0;
  std::string path;           ///< answer under this path only
  bool auth = false;          ///< verify signatures
  std::string tls_directory;  ///< speak TLS with certificates made here
  std::string dialect, fault;
  bool list_dialects = false, list_faults = false;
  std::vector<std::string> documents, connected_nodes;
  std::string region, profile;
};
int serve_command(const ServeOptions& options);

/// `selftest`: exit status 1 if a planted fault is missed or a dialect raises an alarm.
struct SelftestCommandOptions {
  std::vector<std::string> filters;
  std::size_t connections = 8;
  std::uint64_t seed = 1;
  std::size_t jobs = 0;
  std::string json;
  std::string coverage;  ///< write the table of clauses, cases and faults here, and run nothing
};
int selftest_command(const SelftestCommandOptions& options);

/// `report`: one result file, or all shards of one run.
struct ReportOptions {
  std::vector<std::string> files;
  OutputOptions output;
};
int report_command(const ReportOptions& options);
/// `compare`: two runs, before and after a change. Exit status 1 if something became worse.
struct CompareOptions {
  std::string before, after;  ///< result files
  std::string markdown;       ///< for a pull request's comment
};
int compare_command(const CompareOptions& options);

/// `board`: endpoints side by side. Exit status 0 whatever they break.
struct BoardOptions {
  std::vector<std::string> files;  ///< FILE or NAME=FILE
  OutputOptions output;
};
int board_command(const BoardOptions& options);

/// Prints "ssm-conformance: <message>" on standard error and returns the status. One line, and never more
/// than a screen of it, whatever the message quotes of options, files and answers.
int complain(const std::string& message, int status);

/// True if whoever read standard output has closed it, as `| head` does. Then what could not be printed was
/// not wanted.
bool reader_is_gone();

}  // namespace conformance
