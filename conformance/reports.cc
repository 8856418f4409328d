#include "conformance/reports.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <map>

#include "conformance/baseline.h"
#include "harness/report/html.h"
#include "harness/report/junit.h"
#include "harness/report/markdown.h"
#include "harness/report/sarif.h"

namespace conformance {

using harness::fail;
using harness::Status;

bool wants_reports(const OutputOptions& o) {
  return !o.junit.empty() || !o.html.empty() || !o.sarif.empty() || !o.markdown.empty();
}

Status check_writable(const OutputOptions& o) {
  std::map<std::string, const char*> seen;
  for (const auto& [option, path] : {std::pair{"--results", &o.results},
                                     {"--junit", &o.junit},
                                     {"--html", &o.html},
                                     {"--sarif", &o.sarif},
                                     {"--markdown", &o.markdown}}) {
    if (path->empty()) continue;
    if (const auto [it, is_new] = seen.emplace(*path, option); !is_new) {
      return fail(fmt::format("{} and {} name the same file, {}", it->second, option, *path));
    }
    const auto folder = std::filesystem::path(*path).parent_path();
    const std::string where = folder.empty() ? "." : folder.string();
    std::error_code ec;
    if (!std::filesystem::is_directory(where, ec))
      return fail(fmt::format("{} {}: there is no folder {}", option, *path, where));
    if (std::filesystem::is_directory(*path, ec))
      return fail(fmt::format("{} {}: is a folder", option, *path));
    if (access(where.c_str(), W_OK) != 0)
      return fail(fmt::format("{} {}: {}", option, *path, std::strerror(errno)));
  }
  return {};
}

Status write_reports(const OutputOptions& o, const harness::run::RunInfo& info,
                     const std::vector<harness::run::CaseResult>& results,
                     const harness::run::RunSummary& summary) {
  namespace report = harness::report;
  for (const auto& [path, render] : {std::pair{&o.junit, &report::junit},
                                     {&o.html, &report::html},
                                     {&o.sarif, &report::sarif},
                                     {&o.markdown, &report::markdown}}) {
    if (path->empty()) continue;
    if (auto written = write_file(*path, render(info, results, summary)); !written) return written;
  }
  return {};
}

}  // namespace conformance
