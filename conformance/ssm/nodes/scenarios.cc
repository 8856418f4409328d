#include "conformance/ssm/scenarios.h"

#include <fmt/format.h>

namespace conformance::ssm::nodes {
namespace {

constexpr const char* kStatus = "GetConnectionStatus";

void connected_node(ScenarioContext& c) {
  const std::string node = c.placeholder("connected-node");
  if (node.empty()) return c.unchecked("no connected node is known: name one with --connected-node");
  c.call(kStatus, {{"Target", node}});
}

void absent_node(ScenarioContext& c) {
  // The oracle knows that there is no such node: what AWS answers is not recorded, so either status will do.
  c.call(kStatus, {{"Target", c.placeholder("node")}});
}

// Both kinds of node in turn: the answer to one does not depend on the other.
void status_example(ScenarioContext& c) {
  const std::string connected = c.placeholder("connected-node");
  if (connected.empty()) return c.unchecked("no connected node is known: name one with --connected-node");
  for (int round = 0; round < 3; ++round) {
    if (!c.call(kStatus, {{"Target", connected}}).ok() || c.failed()) return;
    c.call(kStatus, {{"Target", c.placeholder("node")}});
    if (c.failed()) return;
  }
}

void concurrent_nodes(ScenarioContext& c) {
  const std::string stem = c.placeholder("node").substr(0, 12);
  c.concurrently(8, [&](std::size_t i, ScenarioContext& lane) {
    for (int round = 0; round < 8 && !lane.failed(); ++round) {
      const std::string node = fmt::format("{}{:02}{:02}", stem, i, round);
      const Reply reply = lane.call(kStatus, {{"Target", node}});
      if (!reply.ok() || !reply.body.is_object() || !reply.body.contains("Target")) return;
      lane.expect(reply.body["Target"] == node, "relation/crossed",
                  "under concurrency the answer is that of another request");
    }
  });
}

std::string repeated(std::string_view unit, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += unit;
  return out;
}

// What an endpoint answers for a node that does not exist is open. But where a short Target is answered with
// 200, a longer or shorter one of the same characters cannot be refused for anything but its length.
void length_alone(ScenarioContext& c, const std::string& stem, std::string_view unit, std::size_t length) {
  constexpr std::size_t kOrdinary = 20;
  const auto target = [&](std::size_t n) { return stem + repeated(unit, n - stem.size()); };
  if (!c.call(kStatus, {{"Target", target(kOrdinary)}}).ok()) {
    if (!c.failed()) c.unchecked("the endpoint answers only nodes that it knows with 200");
    return;
  }
  const Reply reply = c.call(kStatus, {{"Target", target(length)}});
  if (c.failed()) return;
  c.expect(reply.ok(), "relation/length",
           fmt::format(
               "a Target of {} characters is answered with {}, though one of {} such characters is answered "
               "with 200 and 1 to 400 are allowed",
               length, reply.text(), kOrdinary));
}

void shortest(ScenarioContext& c) {
  length_alone(c, "", "a", 1);
}
void longest(ScenarioContext& c) {
  length_alone(c, "i-", "a", 400);
}
void longest_two_byte(ScenarioContext& c) {
  length_alone(c, "i-", "\u00e9", 400);
}
void longest_three_byte(ScenarioContext& c) {
  length_alone(c, "i-", "\u4e2d", 400);
}
void longest_four_byte(ScenarioContext& c) {
  length_alone(c, "i-", "\U0001f600", 400);
}

}  // namespace

std::vector<Scenario> scenarios() {
  return {
      {"GetConnectionStatus/scenario/connected-node", kStatus, "a node whose agent is connected",
       connected_node},
      {"GetConnectionStatus/scenario/absent-node", kStatus, "a node that does not exist", absent_node},
      {"GetConnectionStatus/scenario/example", kStatus, "the documentation's example, and its opposite",
       status_example},
      {"GetConnectionStatus/scenario/length/minimum", kStatus, "one character, against twenty", shortest},
      {"GetConnectionStatus/scenario/length/maximum", kStatus, "400 characters, against twenty", longest},
      {"GetConnectionStatus/scenario/length/maximum-two-byte", kStatus,
       "400 characters of two bytes, against twenty", longest_two_byte},
      {"GetConnectionStatus/scenario/length/maximum-three-byte", kStatus,
       "400 characters of three bytes, against twenty", longest_three_byte},
      {"GetConnectionStatus/scenario/length/maximum-four-byte", kStatus,
       "400 characters of four bytes, against twenty", longest_four_byte},
      {"GetConnectionStatus/scenario/concurrent", kStatus, "many nodes at once, each with its own answer",
       concurrent_nodes},
  };
}

}  // namespace conformance::ssm::nodes
