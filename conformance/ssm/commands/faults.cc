#include <memory>
#include <string>
#include <utility>

#include "conformance/ssm/fault_support.h"

// What endpoints get wrong about Run Command where no node runs anything.
namespace conformance::ssm::commands {
namespace {

using enum FaultClass;
using enum Difficulty;
using wire::Json;

constexpr const char* kSend = "SendCommand";
constexpr const char* kListCommands = "ListCommands";
constexpr const char* kListInvocations = "ListCommandInvocations";
constexpr const char* kInvocation = "GetCommandInvocation";
constexpr const char* kCancel = "CancelCommand";

Json some_command() {
  return {{"Command", {{"CommandId", "11111111-1111-4111-8111-111111111111"}, {"Status", "Pending"}}}};
}

Json some_invocation() {
  return {{"Status", "Success"}, {"StatusDetails", "Success"}};
}

// SendCommand: changes the command in the answer.
Fault says(std::string name, std::string description, std::function<void(Json& command)> change) {
  return alters(about_medium(std::move(name), relation, "send-command/answer", std::move(description)), kSend,
                [=](const Json&, Json& output) { change(output["Command"]); });
}

}  // namespace

std::vector<Fault> faults() {
  const std::string unknown = "send-command/unknown";
  const std::string listed = "list-commands/command-id";
  const std::string invocations = "list-command-invocations/command-id";
  const std::string invocation = "get-command-invocation/unknown";
  return {
      accepts(
          about_medium("command-of-no-document", relation, unknown, "Sends documents that there are not."),
          kSend, "InvalidDocument", some_command()),
      accepts(about_medium("command-to-no-node", relation, unknown,
                           "Sends commands to nodes that there are not."),
              kSend, "InvalidInstanceId", some_command()),
      accepts(about_medium("command-with-any-parameters", relation, unknown,
                           "Does not look whether a document has the parameters that it is sent with."),
              kSend, "InvalidParameters", some_command()),
      refuses(about_medium("unknown-node-is-invalid-input", error_code, unknown,
                           "Says ValidationException of a node that is not managed."),
              kSend,
              [](const Json& input) { return input.contains("InstanceIds") && !input.contains("Targets"); }),
      answers(
          about_medium("command-to-both-targets", relation, "send-command/targets",
                       "Takes InstanceIds and Targets together."),
          kSend, [](const Json& input) { return input.contains("InstanceIds") && input.contains("Targets"); },
          [](const Json&) { return some_command(); }),
      says("usual-concurrency-not-said", "Does not say the usual MaxConcurrency.",
           [](Json& command) { command.erase("MaxConcurrency"); }),
      says("usual-errors-are-1", "Says 1 for the usual MaxErrors.",
           [](Json& command) { command["MaxErrors"] = "1"; }),
      says("command-of-another-document", "Says another document than was sent.",
           [](Json& command) { command["DocumentName"] = "AWS-RunShellScript"; }),
      says("command-without-id", "Does not say the CommandId.",
           [](Json& command) { command.erase("CommandId"); }),
      reads(
          about_medium("command-id-ignored", relation, listed, "Lists all commands, whatever the CommandId."),
          kListCommands, [](Json& input) { input.erase("CommandId"); }),
      alters(about_medium("no-command-is-listed", relation, listed, "Lists no command."), kListCommands,
             [](const Json&, Json& output) { output["Commands"] = Json::array(); }),
      // What was sent last is shown for any command.
      alters(about_medium("invocations-of-another-command", relation, invocations,
                          "Lists an invocation for any command."),
             kListInvocations,
             [](const Json& input, Json& output) {
               output["CommandInvocations"] =
                   Json::array({{{"CommandId", text_of(input, "CommandId").value_or("")},
                                 {"InstanceId", "i-0123456789abcdef0"},
                                 {"Status", "Success"}}});
             }),
      accepts(about_medium("invocation-of-no-command", relation, invocation,
                           "Answers with an invocation, always."),
              kInvocation, "InvocationDoesNotExist", some_invocation()),
      recodes(about_medium("no-invocation-is-invalid-input", error_code, invocation,
                           "Says ValidationException where there is no invocation."),
              "InvocationDoesNotExist", 400, "ValidationException"),
      accepts(about_medium("cancels-no-command", relation, "cancel-command/unknown",
                           "Says that it cancels what there is not."),
              kCancel, "InvalidCommandId"),
  };
}

}  // namespace conformance::ssm::commands
