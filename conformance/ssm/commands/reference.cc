#include "conformance/ssm/commands/reference.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "conformance/ssm/nodes/reference.h"
#include "conformance/ssm/reference_pages.h"
#include "harness/reference/pages.h"
#include "harness/reference/service.h"
#include "harness/wire/json.h"

namespace conformance::ssm::commands {
namespace {

namespace reference = harness::reference;
namespace wire = harness::wire;
using reference::Failure;
using reference::Outcome;
using reference::refuse;
using wire::Json;
using wire::text_member;

constexpr std::string_view kKind = "command";
constexpr std::size_t kMaxCommands = 5000;  // bounds what a fuzzer can make a service hold
constexpr std::size_t kUsualPage = 50;
constexpr std::uint64_t kListOfCommands = 1;
constexpr std::uint64_t kListOfInvocations = 3;

/// A document of AWS that everybody has, and its parameters.
constexpr std::string_view kRunShellScript = "AWS-RunShellScript";
const std::set<std::string, std::less<>> kOfRunShellScript = {"commands", "workingDirectory",
                                                              "executionTimeout"};

struct Command {
  Json shown;
  std::vector<std::string> nodes;
};

std::string text_or(const Json& input, std::string_view member, std::string usual) {
  std::string text = text_member(input, member);
  return text.empty() ? std::move(usual) : text;
}

class Commands {
 public:
  explicit Commands(const reference::Setup& setup)
      : now_(setup.options.now),
        pages_(setup.options.dialect),
        operations_(setup.operations),
        store_(setup.store),
        commands_(setup.store.add<Command>(std::string(kKind))) {
    for (const auto& [node, connected] : setup.options.initial.get<nodes::Initial>().connected)
      nodes_.insert(node);
  }

  Outcome send(const Json& input);
  Outcome list(const Json& input);
  Outcome list_invocations(const Json& input);
  Outcome get_invocation(const Json& input);
  Outcome cancel(const Json& input);

 private:
  std::optional<Failure> refusal_of_document(const Json& input) const;
  std::optional<Failure> refusal_of_targets(const Json& input) const;
  Outcome page_of(std::uint64_t list, const std::map<std::string, Json>& items, const char* member,
                  const Json& input) const;

  const std::function<std::chrono::system_clock::time_point()> now_;
  const reference::Pages pages_;
  const reference::Operations& operations_;
  reference::Store& store_;
  reference::Table<Command>& commands_;
  std::set<std::string, std::less<>> nodes_;
};

// What Documents says of it, asked as a client would.
std::optional<Failure> Commands::refusal_of_document(const Json& input) const {
  const std::string name = text_member(input, "DocumentName");
  std::set<std::string, std::less<>> known;
  if (name == kRunShellScript) {
    known = kOfRunShellScript;
  } else {
    const auto describe = operations_.handler("DescribeDocument");
    const Outcome document = describe ? describe({{"Name", name}}) : Outcome(refuse("InvalidDocument", ""));
    if (!document) return Failure{400, "InvalidDocument", ""};
    for (const Json& parameter : document->at("Document").at("Parameters"))
      known.insert(text_member(parameter, "Name"));
  }
  const Json* parameters = wire::member(input, "Parameters");
  if (parameters == nullptr || !parameters->is_object()) return std::nullopt;
  for (const auto& [parameter, values] : parameters->items()) {
    if (!known.contains(parameter))
      return Failure{400, "InvalidParameters",
                     "Parameters provided in document are invalid or not supported."};
  }
  return std::nullopt;
}

std::optional<Failure> Commands::refusal_of_targets(const Json& input) const {
  const auto nodes = wire::strings_member(input, "InstanceIds");
  const Json* targets = wire::member(input, "Targets");
  if (!nodes.empty() && targets != nullptr && targets->is_array() && !targets->empty())
    return Failure{400, "ValidationException", "InstanceIds and Targets exclude one another."};
  if (std::set<std::string>(nodes.begin(), nodes.end()).size() != nodes.size())
    return Failure{400, "DuplicateInstanceId", "A node is named twice."};
  for (const auto& node : nodes) {
    if (!nodes_.contains(node))
      return Failure{400, "InvalidInstanceId",
                     fmt::format("Instances [[{}]] not in a valid state for account 123456789012", node)};
  }
  return std::nullopt;
}

Outcome Commands::send(const Json& input) {
  if (auto why = refusal_of_targets(input)) return tl::unexpected(*std::move(why));
  if (auto why = refusal_of_document(input)) return tl::unexpected(*std::move(why));
  const auto lock = store_.lock();
  const double now = std::floor(std::chrono::duration<double>(now_().time_since_epoch()).count());
  const auto as_sent = [&](const char* member, Json usual) {
    const Json* value = wire::member(input, member);
    return value == nullptr || value->is_null() ? usual : *value;
  };
  Command command;
  command.nodes = wire::strings_member(input, "InstanceIds");
  // Those of one service are apart by their number.
  const std::string id = fmt::format("00000000-0000-4000-8000-{:012x}", commands_.size() + 1);
  constexpr int kUsualTimeout = 3600;
  command.shown = {{"CommandId", id},
                   {"DocumentName", text_member(input, "DocumentName")},
                   {"DocumentVersion", text_or(input, "DocumentVersion", "$DEFAULT")},
                   {"Comment", text_member(input, "Comment")},
                   {"ExpiresAfter", now + kUsualTimeout},
                   {"Parameters", as_sent("Parameters", Json::object())},
                   {"InstanceIds", command.nodes},
                   {"Targets", as_sent("Targets", Json::array())},
                   {"RequestedDateTime", now},
                   {"Status", "Pending"},
                   {"StatusDetails", "Pending"},
                   {"OutputS3BucketName", text_member(input, "OutputS3BucketName")},
                   {"OutputS3KeyPrefix", text_member(input, "OutputS3KeyPrefix")},
                   {"MaxConcurrency", text_or(input, "MaxConcurrency", "50")},
                   {"MaxErrors", text_or(input, "MaxErrors", "0")},
                   {"TargetCount", command.nodes.size()},
                   {"CompletedCount", 0},
                   {"ErrorCount", 0},
                   {"DeliveryTimedOutCount", 0},
                   {"ServiceRole", text_member(input, "ServiceRoleArn")},
                   {"TimeoutSeconds", as_sent("TimeoutSeconds", kUsualTimeout)}};
  Json out = {{"Command", command.shown}};
  if (commands_.size() < kMaxCommands) commands_.create(id, std::move(command));
  return out;
}

Outcome Commands::page_of(std::uint64_t list, const std::map<std::string, Json>& items, const char* member,
                          const Json& input) const {
  std::vector<std::string> keys;
  keys.reserve(items.size());
  for (const auto& [key, item] : items) keys.push_back(key);
  return answer_page(pages_, {list, member, kUsualPage}, keys, input,
                     [&](const std::string& key) { return items.at(key); });
}

Outcome Commands::list(const Json& input) {
  const std::string id = text_member(input, "CommandId");
  const std::string node = text_member(input, "InstanceId");
  const auto lock = store_.lock();
  std::map<std::string, Json> items;
  for (const auto& name : commands_.names()) {
    const Command& command = commands_.find(name)->value;
    const bool is_of_node =
        node.empty() || std::find(command.nodes.begin(), command.nodes.end(), node) != command.nodes.end();
    if ((id.empty() || id == name) && is_of_node) items[name] = command.shown;
  }
  return page_of(kListOfCommands, items, "Commands", input);
}

Outcome Commands::list_invocations(const Json& input) {
  const std::string id = text_member(input, "CommandId");
  const std::string of_node = text_member(input, "InstanceId");
  const auto lock = store_.lock();
  std::map<std::string, Json> items;
  for (const auto& name : commands_.names()) {
    const Command& command = commands_.find(name)->value;
    for (const auto& node : command.nodes) {
      if ((!id.empty() && id != name) || (!of_node.empty() && of_node != node)) continue;
      items[name + " " + node] = {{"CommandId", name},
                                  {"InstanceId", node},
                                  {"DocumentName", command.shown.at("DocumentName")},
                                  {"DocumentVersion", command.shown.at("DocumentVersion")},
                                  {"RequestedDateTime", command.shown.at("RequestedDateTime")},
                                  {"Status", "Pending"},
                                  {"StatusDetails", "Pending"},
                                  {"CommandPlugins", Json::array()}};
    }
  }
  return page_of(kListOfInvocations, items, "CommandInvocations", input);
}

Outcome Commands::get_invocation(const Json& input) {
  const std::string node = text_member(input, "InstanceId");
  const auto lock = store_.lock();
  const auto* command = commands_.find(text_member(input, "CommandId"));
  if (command == nullptr) return refuse("InvocationDoesNotExist", "");
  const auto& nodes = command->value.nodes;
  if (std::find(nodes.begin(), nodes.end(), node) == nodes.end()) return refuse("InvocationDoesNotExist", "");
  return Json{{"CommandId", text_member(input, "CommandId")},
              {"InstanceId", node},
              {"DocumentName", command->value.shown.at("DocumentName")},
              {"ResponseCode", -1},
              {"Status", "Pending"},
              {"StatusDetails", "Pending"}};
}

Outcome Commands::cancel(const Json& input) {
  const auto lock = store_.lock();
  if (commands_.find(text_member(input, "CommandId")) == nullptr) return refuse("InvalidCommandId", "");
  return Json::object();
}

}  // namespace

void add_operations(const reference::Setup& setup) {
  const auto commands = std::make_shared<Commands>(setup);
  const auto add = [&](const char* name, Outcome (Commands::*run)(const Json&)) {
    setup.operations.add(name, [commands, run](const Json& input) { return (*commands.*run)(input); });
  };
  add("SendCommand", &Commands::send);
  add("ListCommands", &Commands::list);
  add("ListCommandInvocations", &Commands::list_invocations);
  add("GetCommandInvocation", &Commands::get_invocation);
  add("CancelCommand", &Commands::cancel);
}

harness::reference::ServiceDefinition reference() {
  return {add_operations};
}

}  // namespace conformance::ssm::commands
