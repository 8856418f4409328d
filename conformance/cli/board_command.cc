#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <iostream>
#include <set>

#include "conformance/cli/commands.h"
#include "conformance/cli/reports.h"
#include "conformance/ssm/finding_rules.h"
#include "harness/files/output_file.h"
#include "harness/report/board.h"
#include "harness/report/text.h"

namespace conformance {

namespace report = harness::report;
using harness::fail;
using harness::Result;

namespace {

struct Column {
  std::string name;
  std::string path;
};

// "moto=results/1.jsonl", or a path, whose name without its ending is the column's. A path that holds a `=`
// has a slash before it.
Result<Column> column_of(const std::string& argument) {
  const std::size_t equals = argument.find('=');
  if (equals == std::string::npos || argument.find('/') < equals)
    return Column{std::filesystem::path(argument).stem().string(), argument};
  Column out{argument.substr(0, equals), argument.substr(equals + 1)};
  if (out.name.empty() || out.path.empty()) {
    return fail(fmt::format("{}: write NAME=FILE, or the file alone (./{} if its name holds a =)", argument,
                            argument));
  }
  return out;
}

Result<std::vector<Column>> columns_of(const std::vector<std::string>& arguments) {
  std::vector<Column> out;
  std::set<std::string> names;
  for (const std::string& argument : arguments) {
    auto column = column_of(argument);
    if (!column) return tl::unexpected(column.error());
    if (!names.insert(column->name).second) {
      return fail(fmt::format("{}: two endpoints are named {}; write NAME=FILE to name one otherwise",
                              column->path, column->name));
    }
    out.push_back(*std::move(column));
  }
  return out;
}

}  // namespace

int board_command(const BoardOptions& o) {
  const auto columns = columns_of(o.files);
  if (!columns) return complain(columns.error().message, 2);
  std::vector<NamedFile> inputs;
  for (const Column& column : *columns) inputs.push_back({"a result file", column.path});
  if (auto ok = check_files(outputs_of(o.output), inputs); !ok) return complain(ok.error().message, 2);
  report::BoardBuilder builder;
  for (const Column& column : *columns) {
    auto file = report::read_result_file(column.path);
    if (!file) return complain(file.error().message, 2);
    builder.add(column.name, *std::move(file));
  }
  const report::Board board = builder.build();
  for (const report::BoardFormat& format : report::board_formats()) {
    const std::string path = o.output.report(format.option);
    if (path.empty()) continue;
    if (auto written = write_report(path, format.render(board, ssm::finding_rules())); !written)
      return complain(written.error().message, 4);
  }
  if (prints_report(o.output)) return 0;
  if (wants_reports(o.output)) {
    std::cout << written_text(o.output);
    return 0;
  }
  constexpr std::size_t kColumnsOfAFile = 120;
  std::cout << report::board_text(board, ssm::finding_rules(),
                                  terminal_width(STDOUT_FILENO).value_or(kColumnsOfAFile),
                                  o.output.everything);
  return 0;
}

}  // namespace conformance
