#include <fmt/format.h>
#include <fmt/ranges.h>

#include <tuple>

#include "conformance/cli/case_data.h"
#include "conformance/cli/commands.h"
#include "conformance/cli/execute.h"
#include "conformance/cli/operations_from.h"
#include "harness/files/input_file.h"

namespace conformance {

using harness::fail;
using harness::Result;
namespace run = harness::run;

namespace {

// The text of --model.
Result<std::string> model_text(const SelectionOptions& options) {
  auto json = harness::files::read_file(options.model);
  if (!json) return fail("--model " + json.error().message);
  // Empty text would mean the built-in model.
  if (json->empty()) return fail(fmt::format("--model {}: is empty", options.model));
  return json;
}

}  // namespace

Result<CaseData> load_data(const SelectionOptions& options, const Wanted& wanted) {
  if (options.model.empty()) return load_case_data({}, wanted);
  const auto json = model_text(options);
  if (!json) return tl::unexpected(json.error());
  auto data = load_case_data(*json, wanted);
  if (!data) return fail(fmt::format("--model {}: {}", options.model, data.error().message));
  return data;
}

Result<harness::model::Model> load_model(const SelectionOptions& options) {
  if (options.model.empty()) return load_built_in_model();
  const auto json = model_text(options);
  if (!json) return tl::unexpected(json.error());
  auto model = harness::model::load(*json);
  if (!model) return fail(fmt::format("--model {}: {}", options.model, model.error().message));
  return model;
}

Result<std::vector<run::Case>> select_cases(const std::vector<run::Case>& cases,
                                            const run::Families& families, const SelectionOptions& options) {
  run::Selection selection = options.selection;
  if (!options.shard.empty()) {
    const auto shard = parse_shard(options.shard);
    if (!shard) return tl::unexpected(shard.error());
    std::tie(selection.shard, selection.shards) = *shard;
  }
  return run::select(cases, selection, families);
}

Result<SelectionOptions> with_operations_from(SelectionOptions options) {
  if (options.operations_from.empty()) return options;
  const auto text = harness::files::read_file(options.operations_from);
  if (!text) return fail("--operations-from " + text.error().message);
  const auto model = load_model(options);
  if (!model) return tl::unexpected(model.error());
  const auto called = called_operations(*text, *model, terraform_types());
  if (!called)
    return fail(fmt::format("--operations-from {}: {}", options.operations_from, called.error().message));
  if (!called->unknown.empty()) {
    complain(fmt::format("--operations-from {}: left out, for the model does not have it: {}",
                         options.operations_from, fmt::join(called->unknown, ", ")),
             0);
  }
  if (called->words.empty())
    return fail(
        fmt::format("--operations-from {}: names no operation of the model", options.operations_from));
  fmt::print(stderr, "ssm-conformance: operations of {}: {}\n", options.operations_from,
             fmt::join(called->words, ", "));
  auto& operations = options.selection.operations;
  operations.insert(operations.end(), called->words.begin(), called->words.end());
  options.operations_from.clear();
  return options;
}

Result<SelectedCases> load_selected(const SelectionOptions& given) {
  auto selection = with_operations_from(given);
  if (!selection) return tl::unexpected(selection.error());
  const SelectionOptions& options = *selection;
  auto data = load_data(options, [&](std::string_view operation, const run::Families& families) {
    return run::may_select(options.selection, operation, families);
  });
  if (!data) return tl::unexpected(data.error());
  auto cases = select_cases(data->cases, data->families, options);
  if (cases) return SelectedCases{*std::move(data), *std::move(cases), *std::move(selection)};
  // What is wrong with the selection is said by all that there is.
  data = load_data(options);
  if (!data) return tl::unexpected(data.error());
  cases = select_cases(data->cases, data->families, options);
  if (!cases) return tl::unexpected(cases.error());
  return SelectedCases{*std::move(data), *std::move(cases), *std::move(selection)};
}

std::set<std::string> operations_of_all_shards(const std::vector<run::Case>& cases,
                                               const run::Families& families,
                                               const SelectionOptions& options) {
  std::set<std::string> out;
  if (options.shard.empty()) return out;
  SelectionOptions whole = options;
  whole.shard.clear();
  const auto selected = select_cases(cases, families, whole);
  if (!selected) return out;
  for (const auto& c : *selected) out.insert(c.operation);
  return out;
}

int run_command(const RunCommandOptions& options) {
  const auto selected = load_selected(options.selection);
  if (!selected) return complain(selected.error().message, 2);
  RunCommandOptions with_shards = options;
  with_shards.selection = selected->selection;
  with_shards.operations_of_all_shards =
      operations_of_all_shards(selected->data.cases, selected->data.families, selected->selection);
  return execute(with_shards, selected->data, selected->cases);
}

}  // namespace conformance
