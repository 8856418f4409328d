#pragma once

#include <chrono>
#include <cstdint>
#include <list>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/oracle/admissible.h"
#include "harness/run/select.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

/// The options of the command line, as they were given; what they mean together is decided where they are
/// used.
namespace conformance {

/// How to reach an endpoint, as with the AWS CLI.
struct EndpointOptions {
  std::string target;        ///< an endpoint by its name (preset.h)
  std::string endpoint_url;  ///< "" for none: as configured (aws_config.h), or else the embedded reference
  std::string spawn;         ///< a command that starts the endpoint, with {port}
  std::string region, profile;
  std::string ca_bundle;
  bool no_verify_ssl = false;
  bool no_sign_request = false;
  bool allow_aws = false;
  double timeout_seconds = 10;
  double connect_timeout_seconds = 2;
  double spawn_timeout_seconds = 60;  ///< until a spawned command must accept connections
  std::string version, commit;        ///< of the endpoint, as people know it
  std::string dialect;                ///< of the embedded reference endpoint
};

/// Which cases.
struct SelectionOptions {
  harness::run::Selection selection;
  std::string operations_from;  ///< a file (operations_from.h), read into `selection`
  std::string shard;            ///< "I/N", parsed into `selection`
  std::string model;            ///< file
};

/// A report, and the file that it goes to.
struct ReportFile {
  std::string option;  ///< "--junit"
  std::string path;    ///< "" for none
};

/// What to write.
struct OutputOptions {
  std::string results;
  std::list<ReportFile> reports;  ///< those that the command has, in the order of its help
  bool everything = false;        ///< ConsoleOptions::everything

  /// The file that the option names; "" for none.
  std::string report(std::string_view option) const;
};

struct RunCommandOptions {
  EndpointOptions endpoint;
  SelectionOptions selection;
  OutputOptions output;
  std::string level = "documented";
  std::size_t connections = 8;
  std::uint64_t seed = 1;  ///< new in every process, once the options are added to a command
  std::string prefix;      ///< what the names of documents begin with; "" for the usual
  std::size_t repeat = 1;
  double max_unjudged = 100;  ///< percent
  std::string document, connected_node;
  std::string baseline;
  bool update_baseline = false;
  std::vector<std::string> files;  ///< of `replay`
  /// Of a shard, not an option: the operations of the cases in all shards.
  std::set<std::string> operations_of_all_shards;
};

/// Options whose value is checked as it is read: text must not be empty (an unset variable in a script must
/// not silently mean "no such option"), and numbers are decimal, without anything behind them, and in their
/// range.
CLI::Option* add_text(CLI::App& app, const std::string& name, std::string& out,
                      const std::string& description);
CLI::Option* add_texts(CLI::App& app, const std::string& name, std::vector<std::string>& out,
                       const std::string& description);
template <class T>
CLI::Option* add_number(CLI::App& app, const std::string& name, T& out, T least, T most,
                        const std::string& description);

/// Adds the options of each group to a subcommand. Without the embedded reference endpoint, one must be
/// named.
void add_endpoint_options(CLI::App& app, EndpointOptions& options, bool embedded = true);
/// `--prefix`: what the names begin with that a run gives.
CLI::Option* add_prefix_option(CLI::App& app, std::string& prefix, const std::string& description);
void add_selection_options(CLI::App& app, SelectionOptions& options);
void add_run_options(CLI::App& app, RunCommandOptions& options);
void add_findings_options(CLI::App& app, RunCommandOptions& options);
/// One for each form of harness::report::formats(); `group` is a heading of the help.
void add_report_options(CLI::App& app, OutputOptions& options, const std::string& group = "Options");
/// One for each form of harness::report::board_formats().
void add_board_options(CLI::App& app, OutputOptions& options);

void add_selftest_options(CLI::App& app, struct SelftestCommandOptions& options);

/// "2/5" -> {2, 5}
harness::Result<std::pair<std::size_t, std::size_t>> parse_shard(const std::string& text);

}  // namespace conformance
