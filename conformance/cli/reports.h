#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/cli/case_data.h"
#include "conformance/cli/options.h"
#include "harness/result.h"
#include "harness/run/result.h"

namespace conformance {

/// True if a report is asked for that needs every result at the end.
bool wants_reports(const OutputOptions& options);

/// As the name of a report: standard output.
inline constexpr std::string_view kStandardOutput = "-";

/// True if a report goes to standard output, where nothing else must be printed then.
bool prints_report(const OutputOptions& options);

/// The columns of the terminal that the stream is; none if it is none, or too narrow to print for.
std::optional<std::size_t> terminal_width(int stream);

/// The files of the reports that are asked for, a line each: "--html: written to x.html".
std::string written_text(const OutputOptions& options);

/// A file that a command reads or writes, and the option that names it.
struct NamedFile {
  std::string option;
  std::string path;
  bool can_be_printed = false;  ///< kStandardOutput may stand for it
};

/// The files that these options ask for.
std::vector<NamedFile> outputs_of(const OutputOptions& options);

/// Whether every output can be written, and none of them is another output or one of the inputs: asked before
/// anything else happens, so that no result is lost afterwards and no file is overwritten by mistake. Files
/// without a path are passed over.
harness::Status check_files(const std::vector<NamedFile>& outputs, const std::vector<NamedFile>& inputs);

/// Writes a report to its file, or prints it.
harness::Status write_report(const std::string& path, const std::string& text);

/// Writes the reports that are asked for (not the result file, which is written while the run goes on). They
/// show cases by their ids, and the clauses that these name with their sources: one outcome gives the same
/// bytes, but for times and addresses.
harness::Status write_reports(const OutputOptions& options, const harness::run::RunInfo& info,
                              std::vector<harness::run::CaseResult> results,
                              const harness::run::RunSummary& summary, const std::vector<Clause>& clauses);

}  // namespace conformance
