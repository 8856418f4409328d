#include "conformance/ssm/nodes/reference.h"

#include <algorithm>
#include <memory>
#include <string_view>

#include "harness/base/ascii.h"
#include "harness/reference/service.h"

namespace conformance::ssm::nodes {
namespace {

namespace reference = harness::reference;
using harness::wire::Json;
using reference::Outcome;
using reference::refuse;

bool holds_controls(const std::string& text) {
  return std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

/// Nodes do not change, so handlers need no lock.
class Nodes {
 public:
  explicit Nodes(const reference::ServiceOptions& options)
      : varies_(options.dialect.of_family.get<Variation>()), ignores_case_(options.dialect.ignores_case) {
    for (const auto& [node, connected] : options.initial.get<Initial>().connected)
      connected_[key(node)] = connected;
  }

  Outcome get_connection_status(const Json& input) const {
    const std::string target = input["Target"];
    const auto node = connected_.find(key(target));
    if (varies_.refuses_controls && holds_controls(target))
      return refuse("ValidationException", "Target holds control characters.");
    if (varies_.only_node_ids && !target.starts_with("i-") && !target.starts_with("mi-"))
      return refuse("ValidationException", "Target is not the id of a managed node.");
    if (varies_.knows_its_nodes && node == connected_.end())
      return refuse("InvalidInstanceId", "There is no managed node " + target.substr(0, 100) + ".");
    Json output = Json::object();
    output["Target"] = target;
    const bool connected = node == connected_.end() ? varies_.unknown_connected : node->second;
    output["Status"] = connected ? "connected" : "notconnected";
    return output;
  }

 private:
  /// The name by which a node is kept.
  std::string key(const std::string& name) const { return ignores_case_ ? harness::base::lower(name) : name; }

  const Variation varies_;
  const bool ignores_case_;
  std::map<std::string, bool, std::less<>> connected_;
};

}  // namespace

void add_operations(const reference::Setup& setup) {
  setup.operations.add("GetConnectionStatus",
                       [nodes = std::make_shared<const Nodes>(setup.options)](const Json& input) {
                         return nodes->get_connection_status(input);
                       });
}

harness::reference::ServiceDefinition reference() {
  return {add_operations};
}

}  // namespace conformance::ssm::nodes
