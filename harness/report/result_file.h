#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/result.h"
#include "harness/run/result.h"

/// The result file: JSON Lines in ASCII, one object a line, described by
/// conformance/schemas/result.schema.json.
///
///     {"kind":"run","format":1,"tool_version":…}             once, first
///     {"kind":"case","id":…,"verdict":"PASS",…}              one per case, in the order in which they ended
///     {"kind":"summary","counts":{"PASS":1597},…}            once, last; without it the file is incomplete
///
/// `request` and `response` are strings, or `{"base64": "…"}` where the bytes are not UTF-8. Every other text
/// is UTF-8; bytes that are not stand as U+FFFD. `clause` is the first of `clauses`, `curl` the last of
/// `reproduce`. Members are only ever added: a reader ignores those it does not know, and `format` changes if
/// that is not enough.
namespace harness::report {

/// Writes a result file while a run goes on. Each line is flushed as it comes, so a process killed at any
/// moment leaves a file whose complete lines can be read.
class ResultFileWriter : public run::Observer {
 public:
  /// Creates the file, or empties it. The error is one line that names the file and what is wrong with it.
  static Result<std::unique_ptr<ResultFileWriter>> open(const std::string& path);
  ~ResultFileWriter() override;
  ResultFileWriter(const ResultFileWriter&) = delete;  // one file, one writer
  ResultFileWriter& operator=(const ResultFileWriter&) = delete;

  void started(const run::RunInfo& info) override;
  void finished_case(const run::CaseResult& result) override;
  void finished(const run::RunSummary& summary) override;

  /// The first write that failed (a full disk), if any. Ask after the run.
  Status status() const;

 private:
  ResultFileWriter(std::string path, std::FILE* file);
  void write_line(std::string line);

  std::string path_;
  std::FILE* file_;
  std::string problem_;
};

/// A result file as it was read.
struct ResultFile {
  run::RunInfo info;
  std::vector<run::CaseResult> results;
  run::RunSummary summary;
};

/// Reads a result file. Refuses what is not one, a line that does not fit ("x.jsonl: line 3: …"), and a file
/// without its summary ("x.jsonl: incomplete: …").
Result<ResultFile> read_result_file(const std::string& path);

/// The same from text; `name` stands in the errors.
Result<ResultFile> parse_result_file(std::string_view text, std::string_view name);

/// One line each, without the line end.
std::string to_line(const run::RunInfo& info);
std::string to_line(const run::CaseResult& result);
std::string to_line(const run::RunSummary& summary);

}  // namespace harness::report
