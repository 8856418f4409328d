#include <fmt/format.h>
#include <unistd.h>

#include <fstream>

#include "conformance/commands.h"
#include "conformance/selftest.h"

namespace conformance {

int selftest_command(const SelftestCommandOptions& o) {
  const auto data = load_case_data();
  if (!data) return complain(data.error().message, 4);
  // Opened before the long work, so that a name that cannot be written is known at once.
  std::ofstream json;
  if (!o.json.empty()) {
    json.open(o.json, std::ios::binary);
    if (!json) return complain(fmt::format("--json {}: cannot be written", o.json), 2);
  }
  const bool terminal = isatty(STDERR_FILENO) != 0;
  std::size_t said = 0;
  const auto progress = [&](std::size_t done, std::size_t all) {
    if (terminal) {
      fmt::print(stderr, "\r{}/{} endpoints{}", done, all, done == all ? "\n" : "");
    } else if (done == all || done * 4 / all > said) {
      said = done * 4 / all;
      fmt::print(stderr, "{}/{} endpoints\n", done, all);
    }
  };
  SelftestOptions options;
  options.filters = o.filters;
  options.connections = o.connections;
  options.seed = o.seed;
  options.jobs = o.jobs;
  const auto report = selftest(*data, options, progress);
  if (!report) return complain(report.error().message, 2);
  fmt::print("{}", to_table(*report));
  if (json.is_open()) {
    json << to_json(*report).dump(1) << '\n';
    json.close();
    if (!json) return complain(fmt::format("--json {}: writing failed", o.json), 4);
  }
  return report->ok() ? 0 : 1;
}

}  // namespace conformance
