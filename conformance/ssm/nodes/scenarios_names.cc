// Targets must be compared and given back as a whole.
#include <fmt/format.h>

#include <array>
#include <cctype>

#include "conformance/ssm/scenarios.h"

namespace conformance::ssm::nodes {
namespace {

using harness::wire::text_member;

constexpr const char* kGetConnectionStatus = "GetConnectionStatus";
constexpr std::size_t kLongestTarget = 400;

// Names that are almost that of a connected node. What AWS answers for a node that does not exist is not
// recorded: the echo is judged, the status is advice.
void almost_connected(ScenarioContext& c) {
  const std::string node = c.placeholder("connected-node");
  if (node.size() < 3) return c.unchecked("no connected node is known: name one with --connected-node");
  std::string other_case = node;
  if (std::isalpha(static_cast<unsigned char>(node.front())) != 0) other_case.front() ^= 0x20;
  for (const std::string& name :
       {node + "0", node + std::string(kLongestTarget - node.size(), 'n'), node.substr(0, node.size() - 1),
        node.substr(1), "x" + node.substr(1), node.substr(0, node.size() - 1) + "x", other_case}) {
    if (name == node) continue;
    const Reply reply = c.call(kGetConnectionStatus, {{"Target", name}});
    if (c.failed()) return;
    c.advise(!reply.ok() || text_member(reply.body, "Status") != "connected", "relation/names-apart",
             fmt::format("{} is said to be connected, as {} is", name, node));
  }
}

// Long Targets that differ in one character, in turn: each answer names the one that was asked for.
void targets_apart(ScenarioContext& c) {
  const std::string stem = "i-0123456789abcdef0";
  const std::string longest = stem + std::string(kLongestTarget - stem.size(), 'n');
  std::array<std::string, 4> targets = {longest, longest, longest, longest};
  targets[1].back() = 'm';
  targets[2].front() = 'j';
  targets[3][kLongestTarget / 2] = 'm';
  bool answered = false;
  for (int round = 0; round < 2; ++round) {
    for (const std::string& target : targets) {
      answered |= c.call(kGetConnectionStatus, {{"Target", target}}).ok();
      if (c.failed()) return;
    }
  }
  if (!answered) c.unchecked("the endpoint answers only nodes that it knows with 200");
}

// ---- text ----

// Text with a character that may be refused. Where it is taken, what is behind it must come back too: of a
// NUL that is judged, for programs in C end text there; of others it is advice, as nothing is documented of
// them.
void text_behind(ScenarioContext& c, std::string_view character, bool judged) {
  std::string target = "i-0123456789abcdef0";
  // The control: an endpoint that answers such a node at all.
  if (!c.call(kGetConnectionStatus, {{"Target", target + "-and-behind"}}).ok())
    return c.unchecked("the endpoint answers only nodes that it knows with 200");
  target += character;
  target += "-and-behind";
  const Reply reply = c.call(kGetConnectionStatus, {{"Target", target}});
  if (c.failed()) return;
  if (!reply.ok()) return c.unchecked(fmt::format("it is answered with {}, which it may be", reply.text()));
  const bool whole = text_member(reply.body, "Target") == target;
  constexpr const char* kMessage = "Target in the answer is not the text that was asked for";
  if (judged) {
    c.expect(whole, "relation/echo", kMessage);
  } else {
    c.advise(whole, "relation/echo", kMessage);
  }
}

void behind_nul(ScenarioContext& c) {
  text_behind(c, std::string_view("\0", 1), true);
}
void behind_line_end(ScenarioContext& c) {
  text_behind(c, "\r\n", false);
}
void behind_escape(ScenarioContext& c) {
  text_behind(c, "\x1b[0m", false);
}

}  // namespace

std::vector<Scenario> scenarios_names() {
  return {
      {"GetConnectionStatus/scenario/names/almost-connected", kGetConnectionStatus,
       "names that are almost that of a connected node", almost_connected},
      {"GetConnectionStatus/scenario/names/long", kGetConnectionStatus,
       "long Targets that differ in one character", targets_apart},
      {"GetConnectionStatus/scenario/text/nul", kGetConnectionStatus, "text behind a NUL", behind_nul},
      {"GetConnectionStatus/scenario/text/line-end", kGetConnectionStatus, "text behind a line end",
       behind_line_end},
      {"GetConnectionStatus/scenario/text/escape", kGetConnectionStatus,
       "text behind an escape sequence of terminals", behind_escape},
  };
}

}  // namespace conformance::ssm::nodes
