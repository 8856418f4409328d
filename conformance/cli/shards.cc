#include "conformance/cli/shards.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <utility>

#include "conformance/cli/case_data.h"
#include "conformance/cli/options.h"
#include "harness/report/run_differences.h"
#include "harness/report/text.h"
#include "harness/run/tally.h"

namespace conformance {

namespace report = harness::report;
namespace run = harness::run;
using harness::fail;
using harness::Result;
using harness::Status;

namespace {

constexpr std::size_t kColumns = 200;

std::string shown(const std::string& text) {
  return text.empty() ? "none" : report::cut(report::one_line(text), kColumns);
}

// A spawned endpoint has another port each time.
std::string endpoint_of(const run::RunInfo& info) {
  for (const char* started_by : {"spawn", "target"}) {
    if (const std::string named = report::option_of(info, started_by); !named.empty()) return named;
  }
  return info.endpoint;
}

std::string selection_without_shard(run::RunInfo info) {
  info.options.erase("shard");
  return report::selection_text(info);
}

Status check_same_run(const NamedResults& a, const NamedResults& b) {
  const auto same = [&](const char* what, const std::string& first, const std::string& second) -> Status {
    if (first == second) return {};
    return fail(fmt::format(
        "{} and {} are not of one run: the {} differ ({} and {}); `board` shows them side by side", a.path,
        b.path, what, shown(first), shown(second)));
  };
  const run::RunInfo& x = a.file.info;
  const run::RunInfo& y = b.file.info;
  const std::tuple<const char*, std::string, std::string> parts[] = {
      {"endpoints", endpoint_of(x), endpoint_of(y)},
      {"endpoints' versions", report::option_of(x, "endpoint-version"),
       report::option_of(y, "endpoint-version")},
      {"endpoints' commits", report::option_of(x, "endpoint-commit"),
       report::option_of(y, "endpoint-commit")},
      {"tool's versions", x.tool_version, y.tool_version},
      {"levels", x.level, y.level},
      {"models", x.model_hash, y.model_hash},
      {"selections", selection_without_shard(x), selection_without_shard(y)}};
  for (const auto& [what, first, second] : parts) {
    if (auto ok = same(what, first, second); !ok) return ok;
  }
  return {};
}

// That the files are every shard of one run, each once.
Status check_complete(const std::vector<NamedResults>& shards) {
  std::map<std::size_t, const NamedResults*> found;
  std::size_t of = 0;
  for (const NamedResults& shard : shards) {
    const std::string option = report::option_of(shard.file.info, "shard");
    const auto parsed = parse_shard(option);
    if (!parsed) {
      return fail(
          fmt::format("{}: it is no shard of a run (--shard I/N); of several files, `board` shows each, and "
                      "`compare` two",
                      shard.path));
    }
    const auto [number, count] = *parsed;
    if (of == 0) of = count;
    if (count != of) {
      return fail(fmt::format("{} and {} are not of one run: shards of {} and of {}", shards[0].path,
                              shard.path, of, count));
    }
    if (const auto [it, is_new] = found.try_emplace(number, &shard); !is_new)
      return fail(fmt::format("{} and {} are both shard {}", it->second->path, shard.path, option));
    if (auto same = check_same_run(shards[0], shard); !same) return same;
  }
  for (std::size_t i = 1; i <= of; ++i) {
    if (!found.contains(i))
      return fail(fmt::format("shard {}/{} is missing: name its result file too", i, of));
  }
  return {};
}

void add_info(run::RunInfo& to, const run::RunInfo& from) {
  to.planned += from.planned;
  to.started = std::min(to.started, from.started);
}

void add_summary(run::RunSummary& to, run::RunSummary from) {
  to.advice += from.advice;
  to.exchanges += from.exchanges;
  to.duration += from.duration;
  to.interrupted |= from.interrupted;
  to.endpoint_lost |= from.endpoint_lost;
  if (to.endpoint_problem.empty()) to.endpoint_problem = std::move(from.endpoint_problem);
  to.left_behind.insert(to.left_behind.end(), from.left_behind.begin(), from.left_behind.end());
  for (std::string& remark : from.remarks) {
    if (std::find(to.remarks.begin(), to.remarks.end(), remark) == to.remarks.end())
      to.remarks.push_back(std::move(remark));
  }
}

// The operations that rest on the model alone in each shard that has cases of them.
std::set<std::string> by_model_alone(const std::vector<NamedResults>& shards) {
  std::set<std::string> out, others;
  for (const NamedResults& shard : shards) {
    const run::RunSummary& summary = shard.file.summary;
    for (const auto& [operation, verdicts] : summary.by_operation)
      (summary.by_model_alone.contains(operation) ? out : others).insert(operation);
  }
  for (const std::string& operation : others) out.erase(operation);
  return out;
}

// The figures of a run of all cases of its operations.
Status add_figures(report::ResultFile& merged, const run::Tally& tally) {
  for (const char* part : {"filter", "exclude"}) {
    if (!report::option_of(merged.info, part).empty()) return {};
  }
  const auto model = load_built_in_model();
  if (!model) return tl::unexpected(model.error());
  if (model->hash() != merged.info.model_hash) {
    merged.summary.remarks.emplace_back(
        "the shards were judged by another model than the built-in one: coverage and divergence are not "
        "known");
    return {};
  }
  const auto families = load_families(*model);
  if (!families) return tl::unexpected(families.error());
  tally.figure(merged.summary, *model, *families);
  return {};
}

}  // namespace

Result<report::ResultFile> merge_shards(std::vector<NamedResults> shards) {
  if (auto complete = check_complete(shards); !complete) return tl::unexpected(complete.error());
  std::set<std::string> alone = by_model_alone(shards);
  report::ResultFile merged;
  std::set<std::uint64_t> seeds;
  for (std::size_t i = 0; i < shards.size(); ++i) {
    report::ResultFile& file = shards[i].file;
    seeds.insert(file.info.seed);
    if (i == 0) {
      merged.info = std::move(file.info);
    } else {
      add_info(merged.info, file.info);
    }
    add_summary(merged.summary, std::move(file.summary));
    std::move(file.results.begin(), file.results.end(), std::back_inserter(merged.results));
  }
  merged.info.options.erase("shard");
  merged.summary.by_model_alone = std::move(alone);
  if (seeds.size() > 1)
    merged.summary.remarks.push_back(fmt::format("the shards had the seeds {}", fmt::join(seeds, ", ")));
  run::Tally tally;
  for (const run::CaseResult& result : merged.results) tally.add(result);
  tally.count(merged.summary);
  if (auto added = add_figures(merged, tally); !added) return tl::unexpected(added.error());
  return merged;
}

}  // namespace conformance
