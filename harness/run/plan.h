#pragma once

#include <set>
#include <string>
#include <vector>

#include "harness/run/exchange_runner.h"
#include "harness/run/fixtures.h"

namespace harness::run {

/// True if the text holds the placeholder `{{name}}`.
bool uses(std::string_view text, std::string_view name);

/// The names of the placeholders that these cases, their controls and the stand-in for protocol cases use.
std::set<std::string> wanted_placeholders(const Situation& situation, const std::vector<const Case*>& cases,
                                          const Examples& examples);

/// Gives `{{protocol-body}}` its value: the example of the operation that stands in.
void bind_protocol_body(Situation& situation);
/// The same, where its placeholders mean what other bindings say.
void bind_protocol_body(Situation& situation, const Bindings& meaning);

/// Makes every case of one exchange ready. Those that cannot be judged get their result at once, in
/// `decided`.
struct Planned {
  ExchangePlan plan;
  std::vector<CaseResult> decided;
};
Planned plan_exchanges(const Situation& situation, const std::vector<const Case*>& cases);

/// The verdict that a case has before anything is sent for it: its operation is missing. Nothing if it must
/// be run.
std::optional<CaseResult> decide(const Situation& situation, const Case& c);

/// An empty result for a case.
CaseResult result_for(const Case& c, Verdict verdict, std::string reason = {});

}  // namespace harness::run
