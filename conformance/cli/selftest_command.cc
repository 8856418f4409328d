#include <fmt/format.h>
#include <unistd.h>

#include "conformance/cli/commands.h"
#include "conformance/cli/coverage.h"
#include "conformance/cli/reports.h"
#include "conformance/cli/selftest.h"
#include "harness/files/output_file.h"

namespace conformance {

int selftest_command(const SelftestCommandOptions& o) {
  const auto data = load_case_data();
  if (!data) return complain(data.error().message, 4);
  // Before the long work, so that a name that cannot be written is known at once.
  if (auto usable = check_files({{"--json", o.json}, {"--coverage", o.coverage}}, {}); !usable)
    return complain(usable.error().message, 2);
  if (!o.coverage.empty()) {
    const auto written = harness::files::write_file(o.coverage, coverage_table(*data));
    return written ? 0 : complain("--coverage " + written.error().message, 4);
  }
  const bool terminal = isatty(STDERR_FILENO) != 0;
  const auto progress = [&](std::size_t done, std::size_t all) {
    if (terminal) fmt::print(stderr, "\r{}/{} endpoints{}", done, all, done == all ? "\n" : "");
  };
  SelftestOptions options;
  options.filters = o.filters;
  options.connections = o.connections;
  options.seed = o.seed;
  options.jobs = o.jobs;
  const auto report = selftest(*data, options, progress);
  if (!report) return complain(report.error().message, 2);
  fmt::print("{}", to_table(*report));
  if (!o.json.empty()) {
    const auto written = harness::files::write_file(o.json, to_json(*report).dump(1) + "\n");
    if (!written) return complain("--json " + written.error().message, 4);
  }
  return report->ok() ? 0 : 1;
}

}  // namespace conformance
