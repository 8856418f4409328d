// What names things must be compared and given back as a whole: names of documents, and Targets.
#include <fmt/format.h>

#include <array>
#include <cctype>

#include "conformance/scenarios/scenarios.h"
#include "conformance/scenarios/support.h"

namespace conformance {
namespace {

constexpr std::size_t kLongestName = 128;
constexpr std::size_t kLongestTarget = 400;

// ---- documents ----

// Creates `b`, while `a` exists. An endpoint that takes the two for one says that the name is taken.
bool create_besides(ScenarioContext& c, const std::string& a, const std::string& b) {
  const Reply created = c.try_create(kDocument, b, document_input(c, b));
  if (created.ok()) return true;
  // A request that was sent again finds what it made itself: then the document is there.
  if (created.code == "DocumentAlreadyExists") {
    c.situation().knowledge.of(kDocument)[b] = {.exists = false, .ours = true, .holds = {}};
    const Reply there = c.client().call(kDescribeDocumentPermission, describe_input(b));
    c.expect(there.code != "InvalidDocument", "relation/names-apart",
             fmt::format("there is no {}, but it cannot be created while there is {}", b, a));
    if (there.ok()) c.discard(kDocument, b);
  }
  if (!c.failed())
    c.blocked(fmt::format("no document can be created: CreateDocument answered {}", created.text()));
  return false;
}

// Two names that differ in one character, or by one, are those of two documents.
void documents_apart(ScenarioContext& c, const std::string& a, const std::string& b) {
  const Accounts of_a = {"111122223333"};
  const Accounts of_b = {"444455556666"};
  constexpr const char* kRule = "relation/names-apart";
  const auto no_second_document = [&] {
    c.situation().knowledge.of(kDocument)[b] = {.exists = false, .ours = true, .holds = {}};
    c.call(kDescribeDocumentPermission, describe_input(b));  // the oracle judges it
    return !c.failed();
  };
  if (!create_document(c, a) || !share(c, a, of_a) || !is_shared_with(c, a, of_a)) return;
  if (!no_second_document() || !create_besides(c, a, b)) return;
  if (!expect_sharing(c, b, {}, kRule, b + " was just created")) return;
  if (!share(c, b, of_b)) return;
  if (!expect_sharing(c, b, of_b, kRule, b + " was shared, as " + a + " was") ||
      !expect_sharing(c, a, of_a, kRule, a + " was shared, as " + b + " was") || !unshare(c, b, of_b)) {
    return;
  }
  if (!c.call("DeleteDocument", {{"Name", b}}).ok() || !no_second_document()) return;
  expect_sharing(c, a, of_a, kRule, b + " was deleted, not " + a);
}

// No other scenario has a part of it: an endpoint that cuts names must not mix up two that run side by side.
std::string long_name(ScenarioContext& c, std::size_t length) {
  const std::string part = c.name("names") + "-";
  std::string name;
  while (name.size() < length) name += part;
  name.resize(length);
  if (name.back() == '-') name.back() = 'n';
  return name;
}

void last_of_longest(ScenarioContext& c) {
  const std::string a = long_name(c, kLongestName);
  documents_apart(c, a, a.substr(0, a.size() - 1) + (a.back() == 'm' ? "n" : "m"));
}
void first_of_longest(ScenarioContext& c) {
  const std::string a = long_name(c, kLongestName);
  documents_apart(c, a, "x" + a.substr(1));
}
void one_character_longer(ScenarioContext& c) {
  const std::string a = long_name(c, kLongestName - 1);
  documents_apart(c, a, a + "n");
}
void one_character_shorter(ScenarioContext& c) {
  const std::string a = long_name(c, 65);
  documents_apart(c, a, a.substr(0, a.size() - 1));
}
void digits_at_the_end(ScenarioContext& c) {
  const std::string a = c.name("names") + "-1";
  documents_apart(c, a, a.substr(0, a.size() - 1) + "01");
}

// Whether the case of letters counts is not documented for documents.
void letter_case(ScenarioContext& c) {
  const std::string a = c.name("case");
  if (!create_document(c, a)) return;
  if (!c.call(kDescribeDocumentPermission, describe_input(a)).ok()) return;
  std::string b = a;
  b[b.find("case")] = 'C';
  const Reply reply = c.client().call(kDescribeDocumentPermission, describe_input(b));
  c.advise(!reply.ok(), "relation/letter-case",
           fmt::format("{} is answered as if it were {}, which differs in the case of a letter", b, a));
}

// ---- nodes ----

std::string text_member(const Reply& reply, const char* name) {
  if (!reply.body.is_object()) return {};
  const auto found = reply.body.find(name);
  return found != reply.body.end() && found->is_string() ? found->get<std::string>() : std::string();
}

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
    c.advise(!reply.ok() || text_member(reply, "Status") != "connected", "relation/names-apart",
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
  const bool whole = text_member(reply, "Target") == target;
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

std::vector<Scenario> name_scenarios() {
  return {
      {"DescribeDocumentPermission/scenario/names/last-of-128", kDescribeDocumentPermission,
       "names of 128 characters that differ in the last one", last_of_longest},
      {"DescribeDocumentPermission/scenario/names/first-of-128", kDescribeDocumentPermission,
       "names of 128 characters that differ in the first one", first_of_longest},
      {"DescribeDocumentPermission/scenario/names/one-longer", kDescribeDocumentPermission,
       "a name of 127 characters, and one more behind it", one_character_longer},
      {"DescribeDocumentPermission/scenario/names/one-shorter", kDescribeDocumentPermission,
       "a name of 65 characters, and all but its last", one_character_shorter},
      {"DescribeDocumentPermission/scenario/names/digits", kDescribeDocumentPermission,
       "names that end in 1 and in 01", digits_at_the_end},
      {"DescribeDocumentPermission/scenario/names/letter-case", kDescribeDocumentPermission,
       "names that differ in the case of a letter", letter_case},
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

}  // namespace conformance
