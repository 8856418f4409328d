#include "conformance/ssm/nodes/reference.h"

#include <set>
#include <string>

#include "harness/reference/operations.h"
#include "harness/reference/service.h"
#include "harness/wire/json.h"

// Session Manager on the reference endpoint: StartSession, as the API reference documents it.
namespace conformance::ssm::sessions {
namespace {

namespace reference = harness::reference;
namespace wire = harness::wire;
using reference::Outcome;
using reference::refuse;
using wire::Json;

constexpr std::string_view kUsualDocument = "SSM-SessionManagerRunShell";

void add_operations(const reference::Setup& setup) {
  std::set<std::string, std::less<>> connected;
  for (const auto& [node, is_connected] : setup.options.initial.get<nodes::Initial>().connected) {
    if (is_connected) connected.insert(node);
  }
  setup.operations.add(
      "StartSession", [connected, &operations = setup.operations](const Json& input) -> Outcome {
        const std::string target = wire::text_member(input, "Target");
        if (!connected.contains(target)) return refuse("TargetNotConnected", target + " is not connected.");
        const std::string document = wire::text_member(input, "DocumentName");
        const auto describe = operations.handler("DescribeDocument");
        const bool is_there = document.empty() || document == kUsualDocument ||
                              (describe && describe({{"Name", document}}).has_value());
        if (!is_there) return refuse("InvalidDocument", "");
        return Json{{"SessionId", "conformance-0123456789abcdef0"},
                    {"TokenValue", "token"},
                    {"StreamUrl", "wss://ssmmessages.invalid/v1/data-channel/conformance-0123456789abcdef0"}};
      });
}

}  // namespace

reference::ServiceDefinition reference() {
  return {add_operations};
}

}  // namespace conformance::ssm::sessions
