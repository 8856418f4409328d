// `clean`: lists and removes what killed runs left.
#include <fmt/format.h>

#include "conformance/cli/case_data.h"
#include "conformance/cli/commands.h"
#include "conformance/cli/target.h"
#include "harness/report/text.h"
#include "harness/run/leftovers.h"
#include "harness/run/patient_endpoint.h"
#include "harness/run/throttle.h"

namespace conformance {
namespace {

namespace run = harness::run;

std::string described(const run::Leftover& l) {
  const std::string id = l.id == l.name ? "" : fmt::format(" ({})", l.id);
  return harness::report::one_line(fmt::format("{} {}{}", l.kind, l.name, id));
}

// Of one call that only reads; "" where it is answered, whatever with.
std::string why_unreachable(run::Client& client) {
  for (const auto& [name, kind] : client.catalogue().kinds()) {
    if (!kind.list) continue;
    const auto reply = client.call(kind.list->call.operation, kind.list->call.input);
    const auto& e = reply.exchange;
    if (e.transport == harness::wire::Transport::answered) return {};
    return fmt::format("{}, {}", harness::wire::to_string(e.transport), e.detail);
  }
  return {};
}

// How many of them are still there, each told with the reason.
std::size_t remove_all(run::Client& client, const std::vector<run::Leftover>& all) {
  std::size_t left = 0;
  for (const auto& leftover : all) {
    if (const auto removed = run::remove_leftover(client, leftover); removed) {
      fmt::print("removed      {}\n", described(leftover));
    } else {
      ++left;
      fmt::print("still there  {}: {}\n", described(leftover),
                 harness::report::one_line(removed.error().message));
    }
  }
  return left;
}

}  // namespace

int clean_command(const CleanOptions& options) {
  const auto data = load_case_data({}, no_operation);
  if (!data) return complain(data.error().message, 4);
  auto target = open_target(options.endpoint, data->model, Embedded::refused);
  if (!target) return complain(target.error().message, target.error().exit_status);

  run::Situation situation;
  situation.pack = data->pack();
  situation.composer =
      run::Composer(target->endpoint->authority(), target->signing, target->endpoint->base_path());
  run::Throttle throttle(run::random_seed());  // of waits: no byte that is sent follows from it
  run::PatientEndpoint endpoint(*target->endpoint, throttle);
  run::Client client(endpoint, situation);
  const std::string_view beginning = options.prefix.empty() ? run::kFirstOfNames : options.prefix;
  if (const std::string problem = why_unreachable(client); !problem.empty())
    return complain(fmt::format("{}: {}", described(*target), problem), 3);
  const auto leftovers = run::find_leftovers(client, beginning);
  for (const auto& problem : leftovers.problems) complain(problem, 0);

  std::size_t left = leftovers.problems.size();
  if (options.dry_run) {
    for (const auto& leftover : leftovers.found) fmt::print("{}\n", described(leftover));
  } else {
    left += remove_all(client, leftovers.found);
  }
  if (leftovers.found.empty() && leftovers.problems.empty())
    fmt::print("nothing at {} is named {}…, as runs name what they make\n", target->name, beginning);
  return left == 0 ? 0 : 1;
}

}  // namespace conformance
