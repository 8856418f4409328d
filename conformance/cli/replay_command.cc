#include "conformance/cli/execute.h"
#include "conformance/cli/replay_cases.h"
#include "conformance/cli/sample_situation.h"

namespace conformance {

namespace run = harness::run;

int replay_command(const RunCommandOptions& options) {
  const auto selection = with_operations_from(options.selection);
  if (!selection) return complain(selection.error().message, 2);
  const auto data = load_data(*selection, no_operation);
  if (!data) return complain(data.error().message, 2);
  const auto situation = sample_situation(*data);
  const auto files = gather_http_files(options.files);
  if (!files) return complain(files.error().message, 2);
  std::vector<run::Case> cases;
  for (const auto& path : *files) {
    auto c = replay_case(path, *data, situation);
    if (!c) return complain(c.error().message, 2);
    cases.push_back(std::move(*c));
  }
  const auto selected = select_cases(cases, data->families, *selection);
  if (!selected) return complain(selected.error().message, 2);
  // Also what was found in folders must not be overwritten.
  RunCommandOptions found = options;
  found.files = *files;
  found.selection = *selection;
  found.operations_of_all_shards = operations_of_all_shards(cases, data->families, *selection);
  return execute(found, *data, *selected);
}

}  // namespace conformance
