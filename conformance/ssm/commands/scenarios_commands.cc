// Run Command where no node runs anything: what is refused before one is asked, and what is said of a command
// that reaches none.
#include <fmt/format.h>

#include <algorithm>

#include "conformance/ssm/resources.h"
#include "conformance/ssm/scenario_support.h"

namespace conformance::ssm::commands {
namespace {

namespace wire = harness::wire;

constexpr const char* kUnknownCommand = "0b5f9c6e-3d1a-4c57-9e0f-1a2b3c4d5e6f";
const List kCommands{"ListCommands", "Commands", "relation/command"};
const List kInvocations{"ListCommandInvocations", "CommandInvocations", "relation/command"};

// A document that runs nothing, and has no parameters. Nothing if none can be made: the scenario is blocked.
std::optional<std::string> new_document(ScenarioContext& c) {
  return c.create(kDocument, c.name("command"));
}

// Nodes with a tag that none has.
Json no_targets() {
  return Json::array({{{"Key", "tag:ssm-conformance"}, {"Values", Json::array({"none"})}}});
}

// Whether the targets are looked at first is not documented, and these are nobody.
void unknown_document(ScenarioContext& c) {
  const Reply reply = c.call("SendCommand", {{"DocumentName", c.name("none")}, {"Targets", no_targets()}});
  expect_refused(c, reply, {"InvalidDocument"}, "SendCommand with a document that there is not");
}

void unknown_node(ScenarioContext& c) {
  const auto document = new_document(c);
  if (!document) return;
  const Json nodes = Json::array({c.placeholder("node")});
  expect_refused(c, c.call("SendCommand", {{"DocumentName", *document}, {"InstanceIds", nodes}}),
                 {"InvalidInstanceId"}, "SendCommand to a node that is not managed", true);
}

void unknown_parameters(ScenarioContext& c) {
  const auto document = new_document(c);
  if (!document) return;
  const Json parameters = {{"NotThere", Json::array({"x"})}};
  const Reply reply = c.call(
      "SendCommand", {{"DocumentName", *document}, {"Targets", no_targets()}, {"Parameters", parameters}});
  expect_refused(c, reply, {"InvalidParameters"}, "SendCommand with a parameter that the document has not");
}

void both_kinds_of_targets(ScenarioContext& c) {
  const auto document = new_document(c);
  if (!document) return;
  const Reply reply = c.call("SendCommand", {{"DocumentName", *document},
                                             {"Targets", no_targets()},
                                             {"InstanceIds", Json::array({c.placeholder("node")})}});
  // With which error is not documented.
  expect_refused(c, reply, {"ValidationException", "InvalidInstanceId", "InvalidParameters"},
                 "SendCommand with InstanceIds and Targets");
}

// The command that was sent; nothing if it is refused: whether one may be sent to nobody is not documented.
std::optional<Json> sent(ScenarioContext& c, const std::string& document) {
  const Reply reply = c.call("SendCommand", {{"DocumentName", document}, {"Targets", no_targets()}});
  if (!reply.ok()) {
    c.unchecked(fmt::format("a command to nodes of a tag that none has is answered with {}", reply.text()));
    return std::nullopt;
  }
  Json command = member_of(reply.body, "Command");
  if (!c.expect(!wire::text_member(command, "CommandId").empty(), "relation/command",
                "SendCommand answers without the CommandId of what was sent"))
    return std::nullopt;
  return command;
}

void answer(ScenarioContext& c) {
  const auto document = new_document(c);
  const auto command = document ? sent(c, *document) : std::nullopt;
  if (!command) return;
  for (const auto& [member, value] : {std::pair("DocumentName", document->c_str()),
                                      std::pair("MaxConcurrency", "50"), std::pair("MaxErrors", "0")}) {
    const Json said = member_of(*command, member);
    c.expect(said == value, "relation/command",
             fmt::format("SendCommand answers {} {}, where {} was sent or is usual", member,
                         said.is_null() ? "nothing" : wire::to_text(said), value));
  }
}

void listed_by_id(ScenarioContext& c) {
  if (!c.has({"ListCommands"})) return;
  const auto document = new_document(c);
  const auto first = document ? sent(c, *document) : std::nullopt;
  const auto second = first ? sent(c, *document) : std::nullopt;
  if (!second) return;
  const std::string id = wire::text_member(*first, "CommandId");
  c.expect(id != wire::text_member(*second, "CommandId"), "relation/command",
           "SendCommand gives two commands one CommandId");
  const auto all = all_of(c, kCommands, {{"CommandId", id}});
  if (!all) return;
  const auto ids = texts_of(*all, "CommandId");
  c.expect(ids == std::vector<std::string>{id}, "relation/command-list",
           fmt::format("ListCommands by the CommandId of one of two commands shows {} commands", ids.size()));
}

// An unknown command may be refused, or there is nothing to list.
void nothing_listed(ScenarioContext& c, const List& list) {
  if (!c.has({list.operation, "SendCommand"})) return;
  const auto document = new_document(c);
  if (!document || !sent(c, *document)) return;
  const Json input = {{"CommandId", kUnknownCommand}};
  const Reply reply = c.call(list.operation, input);
  if (!reply.ok()) {
    expect_refused(c, reply, {"InvalidCommandId"},
                   fmt::format("{} of a command that there is not", list.operation));
    return;
  }
  const Json items = member_of(reply.body, list.member);
  c.expect(!items.is_array() || items.empty(), "relation/command-list",
           fmt::format("{} shows {} {} of a command that there is not", list.operation, items.size(),
                       list.member));
}
void no_command_listed(ScenarioContext& c) {
  nothing_listed(c, kCommands);
}
void no_invocation_listed(ScenarioContext& c) {
  nothing_listed(c, kInvocations);
}

void no_invocation(ScenarioContext& c) {
  const Reply reply =
      c.call("GetCommandInvocation", {{"CommandId", kUnknownCommand}, {"InstanceId", c.placeholder("node")}});
  expect_refused(c, reply, {"InvocationDoesNotExist", "InvalidCommandId"},
                 "GetCommandInvocation of a command that there is not", true);
}

void no_invocation_on_a_node(ScenarioContext& c) {
  if (!c.has({"GetCommandInvocation", "SendCommand"})) return;
  const auto document = new_document(c);
  const auto command = document ? sent(c, *document) : std::nullopt;
  if (!command) return;
  const Reply reply = c.call("GetCommandInvocation", {{"CommandId", wire::text_member(*command, "CommandId")},
                                                      {"InstanceId", c.placeholder("node")}});
  expect_refused(c, reply, {"InvocationDoesNotExist", "InvalidInstanceId"},
                 "GetCommandInvocation of a command on a node that it was not sent to", true);
}

void cancels_nothing(ScenarioContext& c) {
  expect_refused(c, c.call("CancelCommand", {{"CommandId", kUnknownCommand}}), {"InvalidCommandId"},
                 "CancelCommand of a command that there is not");
}

}  // namespace

std::vector<Scenario> scenarios_commands() {
  return {
      {"SendCommand/scenario/unknown-document", "SendCommand", "a document that there is not",
       unknown_document, kRefused},
      {"SendCommand/scenario/unknown-node", "SendCommand", "a node that is not managed", unknown_node,
       kRefused},
      {"SendCommand/scenario/unknown-parameters", "SendCommand", "a parameter that the document has not",
       unknown_parameters, kRefused},
      {"SendCommand/scenario/both-targets", "SendCommand", "InstanceIds and Targets exclude one another",
       both_kinds_of_targets, kRefused},
      {"SendCommand/scenario/answer", "SendCommand", "the answer says what was sent, and what is usual",
       answer},
      {"ListCommands/scenario/by-id", "ListCommands", "one of two commands is listed by its id",
       listed_by_id},
      {"ListCommands/scenario/unknown", "ListCommands", "nothing is listed of an unknown command",
       no_command_listed},
      {"ListCommandInvocations/scenario/unknown", "ListCommandInvocations",
       "nothing is listed of an unknown command", no_invocation_listed},
      {"GetCommandInvocation/scenario/unknown", "GetCommandInvocation", "a command that there is not",
       no_invocation, kRefused},
      {"GetCommandInvocation/scenario/other-node", "GetCommandInvocation",
       "a node that the command was not sent to", no_invocation_on_a_node, kRefused},
      {"CancelCommand/scenario/unknown", "CancelCommand", "a command that there is not", cancels_nothing,
       kRefused},
  };
}

}  // namespace conformance::ssm::commands
