#include "harness/report/findings_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "harness/files/input_file.h"
#include "harness/files/output_file.h"
#include "harness/files/shared_folder.h"
#include "harness/report/markdown_text.h"
#include "harness/report/text.h"
#include "harness/wire/json.h"

namespace harness::report {
namespace {

namespace fs = std::filesystem;

// Minimised requests are small, and those that could not be are at most what fuzzers send.
constexpr std::size_t kMaxFileBytes = std::size_t{8} << 20;
constexpr std::size_t kMaxFiles = 100'000;
constexpr const char* kExtension = ".http";

Result<FoundDefect> read(const std::string& path) {
  const auto text = files::read_file(path, kMaxFileBytes);
  if (!text) return tl::unexpected(text.error());
  auto defect = read_finding_http(*text);
  if (!defect) return fail(path + ": " + defect.error().message);
  return defect;
}

bool is_there(const std::string& path) {
  std::error_code ec;
  return fs::exists(path, ec);
}

}  // namespace

Result<FindingsFolder> FindingsFolder::open(const std::string& path) {
  std::error_code ec;
  fs::create_directories(path, ec);
  if (ec || !fs::is_directory(path, ec)) {
    return fail(fmt::format("{}: {}", path, ec ? ec.message() : "is no folder"));
  }
  return FindingsFolder(path);
}

std::string FindingsFolder::http_path(std::string_view signature) const {
  return path_ + "/" + finding_id(signature) + kExtension;
}

std::string FindingsFolder::markdown_path(std::string_view signature) const {
  return path_ + "/" + finding_id(signature) + ".md";
}

bool FindingsFolder::knows(std::string_view signature) const {
  if (known_.contains(signature)) return true;
  const std::string path = http_path(signature);
  if (!is_there(path) || !read(path)) return false;
  known_.emplace(signature);
  return true;
}

Result<bool> FindingsFolder::add(const FoundDefect& defect) {
  const std::string signature = signature_text(defect.signature);
  const auto count = [&] {
    Count& c = counted_[signature];
    c.seen += defect.seen;
    c.last_seen = std::max(c.last_seen, defect.last_seen);
    return false;
  };
  if (knows(signature)) return count();
  const auto lock = files::FolderLock::take(path_);
  if (!lock) return tl::unexpected(lock.error());
  if (knows(signature)) return count();
  const std::string path = http_path(signature);
  if (is_there(path)) {
    if (auto kept = set_aside(path); !kept) return tl::unexpected(kept.error());
  }
  // The .http last: what has one is complete.
  if (auto written = files::write_file(markdown_path(signature), finding_markdown(defect)); !written) {
    return tl::unexpected(written.error());
  }
  const auto created = files::create_file(path, finding_http(defect));
  if (!created) return tl::unexpected(created.error());
  if (!*created) return count();
  known_.insert(signature);
  if (auto written = write_index_locked(); !written) return tl::unexpected(written.error());
  return true;
}

Status FindingsFolder::set_aside(const std::string& file) const {
  constexpr int kMost = 1000;
  for (int i = 1; i <= kMost; ++i) {
    const std::string name = file + ".damaged" + (i == 1 ? std::string() : std::to_string(i));
    if (is_there(name)) continue;
    std::error_code ec;
    fs::rename(file, name, ec);
    if (ec) return fail(fmt::format("{}: cannot be set aside: {}", file, ec.message()));
    return {};
  }
  return fail(file + ": cannot be set aside: there are too many such files");
}

Status FindingsFolder::mark(std::string_view signature, std::string_view state) {
  const auto lock = files::FolderLock::take(path_);
  if (!lock) return tl::unexpected(lock.error());
  auto defect = read(http_path(signature));
  if (!defect) return tl::unexpected(defect.error());
  if (defect->state == state) return {};
  defect->state = std::string(state);
  return files::write_file(http_path(signature), finding_http(*defect));
}

Status FindingsFolder::write_index() {
  const auto lock = files::FolderLock::take(path_);
  if (!lock) return tl::unexpected(lock.error());
  if (auto counted = count_locked(); !counted) return counted;
  return write_index_locked();
}

Status FindingsFolder::count_locked() {
  for (auto& [signature, count] : counted_) {
    if (count.seen == 0) continue;
    auto defect = read(http_path(signature));
    // Damaged meanwhile: it stays as it is, and all() says so.
    if (!defect) continue;
    defect->seen += std::exchange(count.seen, 0);
    defect->last_seen = std::max(defect->last_seen, count.last_seen);
    defect->state = std::string(kOpen);
    if (auto written = files::write_file(http_path(signature), finding_http(*defect)); !written)
      return written;
  }
  return {};
}

Status FindingsFolder::write_index_locked() {
  return files::write_file(path_ + "/index.json", findings_index(all().findings));
}

FindingsFolder::Contents FindingsFolder::all() const {
  Contents out;
  std::vector<std::string> names;
  std::error_code ec;
  for (auto it = fs::directory_iterator(path_, ec); !ec && it != fs::end(it); it.increment(ec)) {
    if (it->path().extension() == kExtension) names.push_back(it->path().string());
    if (names.size() >= kMaxFiles) break;
  }
  if (ec) out.problems.push_back(fmt::format("{}: {}", path_, ec.message()));
  std::sort(names.begin(), names.end());
  for (const std::string& name : names) {
    auto defect = read(name);
    if (!defect) {
      out.problems.push_back(one_line(defect.error().message));
    } else if (fs::path(name).stem() != finding_id(defect->signature)) {
      out.problems.push_back(one_line(
          fmt::format("{}: not the name of its finding, which is {}", name, finding_id(defect->signature))));
    } else {
      out.findings.push_back(*std::move(defect));
    }
  }
  return out;
}

std::string findings_index(const std::vector<FoundDefect>& findings) {
  using wire::Json;
  Json list = Json::array();
  for (const FoundDefect& d : findings) {
    const std::string id = finding_id(d.signature);
    list.push_back({{"id", id},
                    {"signature", signature_text(d.signature)},
                    {"rule", d.rule},
                    {"operation", d.operation},
                    {"message", d.message},
                    {"state", d.state},
                    {"seen", d.seen},
                    {"first_seen", d.first_seen},
                    {"last_seen", d.last_seen},
                    {"endpoint", d.target},
                    {"http", id + kExtension},
                    {"markdown", id + ".md"}});
  }
  const Json file = {{"tool", "ssm-conformance"}, {"format", 1}, {"findings", std::move(list)}};
  return file.dump(1, ' ', true, Json::error_handler_t::replace) + "\n";
}

std::string findings_markdown(std::string_view title, const std::vector<ReplayedFinding>& findings,
                              const std::string& folder) {
  std::string out = fmt::format("# {}\n\n", markdown_text(title));
  if (findings.empty()) return out;
  out += "| state | now | what | signature | seen | last |\n| --- | --- | --- | --- | ---: | --- |\n";
  for (const auto& [d, now, expected] : findings) {
    const std::string link = folder + (folder.empty() ? "" : "/") + finding_id(d.signature) + ".md";
    out += fmt::format("| {}{} | {} | [{}](<{}>) | {} | {} | {} |\n", markdown_text(d.state),
                       expected ? ", expected" : "", markdown_text(now), markdown_text(d.message),
                       one_line(link), markdown_name(signature_text(d.signature)), grouped(d.seen),
                       markdown_text(d.last_seen));
  }
  out += "\n";
  for (const auto& [d, now, expected] : findings) {
    if (d.state == kOpen) out += "#" + finding_markdown(d) + "\n";
  }
  return out;
}

}  // namespace harness::report
