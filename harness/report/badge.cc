#include "harness/report/badge.h"

#include <fmt/format.h>

#include <string_view>

#include "harness/report/digest.h"
#include "harness/report/figures.h"
#include "harness/report/text.h"
#include "harness/wire/json.h"

namespace harness::report {
namespace {

constexpr std::string_view kNothingSaid = "lightgrey";

struct Badge {
  std::string message;
  std::string_view colour = kNothingSaid;
};

// Of the constraints that are told, the share that is broken, in percent: up to each, a colour.
std::string_view colour_of(std::size_t broken, std::size_t told) {
  struct Band {
    std::size_t percent;
    std::string_view colour;
  };
  static constexpr Band kBands[] = {{5, "yellowgreen"}, {20, "yellow"}, {50, "orange"}};
  for (const auto& [percent, colour] : kBands) {
    if (static_cast<double>(broken) * 100 <= static_cast<double>(told) * static_cast<double>(percent))
      return colour;
  }
  return "red";
}

Badge badge_of(const std::vector<run::CaseResult>& results, const run::RunSummary& summary) {
  if (summary.interrupted) return {"interrupted"};
  if (summary.endpoint_lost) return {"endpoint lost"};
  if (summary.judged_cases() == 0) return {"nothing was judged"};
  const bool kept = summary.exit_status() == 0;
  const FamilyFigure all = sum(family_figures(summary));
  if (all.told() > 0) {
    return {fmt::format("coverage {}, divergence {}", whole_percent(all.told(), all.sites),
                        whole_percent(all.broken, all.told())),
            kept ? "brightgreen" : colour_of(all.broken, all.told())};
  }
  const std::size_t broken = requirement_count(digest(results).causes());
  if (broken == 0) return {kept ? "kept" : "not all was judged", kept ? "brightgreen" : kNothingSaid};
  return {counted(broken, "requirement broken", "requirements broken"), "red"};
}

}  // namespace

std::string badge(const run::RunInfo&, const std::vector<run::CaseResult>& results,
                  const run::RunSummary& summary) {
  const Badge shown = badge_of(results, summary);
  return wire::to_text(wire::Json{{"schemaVersion", 1},
                                  {"label", "ssm-conformance"},
                                  {"message", shown.message},
                                  {"color", std::string(shown.colour)}}) +
         "\n";
}

}  // namespace harness::report
