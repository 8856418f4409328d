#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/report/finding_text.h"
#include "harness/result.h"

/// A folder of findings, which several processes may share:
///
///     <id>.http    the minimised request, replayable anywhere, with signature, state and counts on top
///     <id>.md      for people: requirement, request, answer, what is admissible, how to reproduce it
///     index.json   all of them (conformance/schemas/findings.schema.json), made from the .http files
///
/// The .http files are what counts. A signature is written once, whoever finds it first; nothing is ever
/// removed. A file that cannot be read as a finding is named by all(); if its finding comes again, the file
/// is kept as `<id>.http.damaged` and written anew.
namespace harness::report {

class FindingsFolder {
 public:
  /// Makes the folder if it is not there. Errors: one line that names it.
  static Result<FindingsFolder> open(const std::string& path);

  /// True if a finding of this signature is in the folder: as this object knows, or another process wrote.
  bool knows(std::string_view signature) const;

  /// Writes a finding whose signature is not there yet, and the index: true. One that is there is only
  /// counted (save() writes that): false. One that was fixed is open again.
  Result<bool> add(const FoundDefect& defect);

  /// kOpen or kFixed. Error: there is no finding of this signature.
  Status mark(std::string_view signature, std::string_view state);

  /// Writes what was only counted so far, and index.json anew from the files.
  Status write_index();

  /// What is in the folder now, by id, and a line for each file that is damaged.
  struct Contents {
    std::vector<FoundDefect> findings;
    std::vector<std::string> problems;
  };
  Contents all() const;

  const std::string& path() const { return path_; }
  /// "folder/<id>.http"
  std::string http_path(std::string_view signature) const;
  std::string markdown_path(std::string_view signature) const;

 private:
  explicit FindingsFolder(std::string path) : path_(std::move(path)) {}
  Status write_index_locked();
  Status count_locked();
  Status set_aside(const std::string& file) const;

  struct Count {
    std::uint64_t seen = 0;
    std::string last_seen;
  };
  std::string path_;
  std::map<std::string, Count, std::less<>> counted_;  // by signature, not written yet
  mutable std::set<std::string, std::less<>> known_;   // signatures whose file was read or written
};

/// A row of a report: a finding, and what became of it when it was replayed.
struct ReplayedFinding {
  FoundDefect finding;  ///< with what was sent and answered now, if it still happens
  std::string now;      ///< "still happens", "fixed", "back", "not judged: …"
  bool expected = false;
};

/// A table of all, then each that is open in full. `title` is one line; links lead to `folder` (as seen from
/// the report; "" is beside it).
std::string findings_markdown(std::string_view title, const std::vector<ReplayedFinding>& findings,
                              const std::string& folder);

/// index.json
std::string findings_index(const std::vector<FoundDefect>& findings);

}  // namespace harness::report
