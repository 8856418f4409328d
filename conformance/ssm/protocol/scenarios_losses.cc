#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "conformance/ssm/scenarios.h"

namespace conformance::ssm::protocol {
namespace {

using harness::run::Losses;

constexpr std::size_t kMinRequests = 16;
constexpr std::size_t kMaxRequests = 20'000;
constexpr std::chrono::seconds kMaxTime{10};
constexpr std::chrono::seconds kMaxTimeWithoutPeriod{3};  // one loss may well be the moment's
// Other connections may have been answered between two losses, in another order than they were sent in.
constexpr std::size_t kSlack = 16;
// The same, where the distance is shown a third time, on one connection.
constexpr std::size_t kWideSlack = 64;

std::size_t distance(std::size_t a, std::size_t b) {
  return a < b ? b - a : a - b;
}

// From one loss to the next, of the last two; 0 if there are no two.
std::size_t last_period(const std::vector<std::size_t>& ordinals) {
  return ordinals.size() < 2 ? 0 : ordinals.back() - ordinals[ordinals.size() - 2];
}

// Whether the losses since `seen`, all on one connection, come at one distance: three of them show it by
// themselves (four, if nothing suggested a period), two together with the one before, if they are about a
// period apart.
bool keeps_its_distance(const std::vector<std::size_t>& ordinals, std::size_t seen, std::size_t period) {
  std::size_t alike = 0;
  for (std::size_t i = seen; i + 2 < ordinals.size(); ++i) {
    const bool same = distance(ordinals[i + 2] - ordinals[i + 1], ordinals[i + 1] - ordinals[i]) <= 1;
    alike = same ? alike + 1 : 0;
    if (alike >= (period > 0 ? 1U : 2U)) return true;
  }
  if (period == 0 || seen == 0 || ordinals.size() < seen + 2) return false;
  const std::size_t exact = ordinals[seen + 1] - ordinals[seen];
  return distance(exact, period) <= kWideSlack &&
         distance(ordinals[seen] - ordinals[seen - 1], exact) <= kWideSlack;
}

// A server may close a connection at any time (RFC 9112 §9.6), and a request that was on its way is then lost
// and sent again; that happens now and then. If requests are lost at a fixed distance, it is not the moment
// that was unlucky: the endpoint drops what it has received. Where two losses suggest a distance, the next
// are awaited on one connection, so that each request is counted in the order in which it is answered.
void no_request_is_lost(ScenarioContext& c) {
  const Losses before = c.losses();
  const std::size_t period = last_period(before.ordinals);
  // One loss says that there may be a period, but not which: no longer than all requests so far.
  const std::size_t hint = before.lost == 0 ? 0 : 4 * before.requests;
  const std::size_t wanted =
      std::clamp(period > 0 ? 2 * (period + kWideSlack) : hint, kMinRequests, kMaxRequests);
  const auto deadline = std::chrono::steady_clock::now() + (period > 0 ? kMaxTime : kMaxTimeWithoutPeriod);
  const auto control =
      harness::run::prepare(c.situation(),
                            "POST / HTTP/1.1\nX-Amz-Target: AmazonSSM.{{protocol-operation}}\n"
                            "Content-Type: application/x-amz-json-1.1\n\n{{protocol-body}}\n");
  if (!control) return c.blocked(control.error().message);
  c.call_prepared(*control);
  for (std::size_t i = 1; i < wanted && !c.failed() && std::chrono::steady_clock::now() < deadline; ++i)
    c.client().send(control->text);

  const Losses after = c.losses();
  const bool as_expected =
      keeps_its_distance(after.ordinals, before.ordinals.size(), period) ||
      (period > 0 && after.ordinals.size() > before.ordinals.size() &&
       std::any_of(after.ordinals.begin() + static_cast<std::ptrdiff_t>(before.ordinals.size()),
                   after.ordinals.end(), [&](std::size_t at) {
                     const std::size_t since = at - before.ordinals.back();
                     return distance(since, period) <= kSlack || distance(since, 2 * period) <= kSlack;
                   }));
  if (!c.expect(
          !as_expected, "availability/dropped",
          fmt::format("about every {}th request is dropped: its connection, which was to be kept open, is "
                      "closed without an answer",
                      period > 0 ? period : last_period(after.ordinals))))
    return;
  c.advise(
      after.lost == 0, "availability/dropped",
      fmt::format(
          "{} of {} requests lost their connection, which was to be kept open, before a byte of the answer; "
          "sent again, they were answered",
          after.lost, after.requests));
}

}  // namespace

std::vector<Scenario> scenarios_losses() {
  return {{"Protocol/scenario/no-request-is-lost", harness::run::kProtocol,
           "no request that came on a kept-alive connection goes without an answer", no_request_is_lost,
           true}};
}

}  // namespace conformance::ssm::protocol
