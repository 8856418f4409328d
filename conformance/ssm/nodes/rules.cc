#include "conformance/ssm/rules.h"

#include <fmt/format.h>

#include <string>
#include <vector>

#include "conformance/ssm/resources.h"

namespace conformance::ssm::nodes {
namespace {

using harness::oracle::AnswerCheck;
using harness::oracle::Force;
using harness::oracle::OperationRules;
using harness::oracle::Row;
using harness::oracle::Rule;
using harness::oracle::StateCheck;
using harness::wire::Json;

constexpr std::string_view kNodeUnknown = "node-unknown";  // not known to exist

std::vector<Row> rows() {
  return {
      {Rule::state,
       kNodeUnknown,
       Force::advises,
       {},
       {},
       "what AWS answers for a node that does not exist is not recorded"},
  };
}

void check_node(StateCheck& c) {
  const std::string_view target = c.text("Target");
  if (target.empty() || c.is_wrong("Target")) return;
  const auto* node = c.known().find(kNode, target);
  if (node == nullptr || !node->exists) c.breaks(kNodeUnknown, "no such node is known", "Target");
}

void check_status(AnswerCheck& c) {
  const Json* status = c.required("Status");
  const Json* target = c.required("Target");
  const auto asked = c.input().find("Target");
  if (asked == c.input().end() || !asked->is_string()) return;
  if (target != nullptr && *target != *asked) {
    c.defect("relation/echo", "Target in the answer is not the node that was asked for");
  }
  if (status == nullptr) return;
  const auto* node = c.known().find(kNode, asked->get_ref<const std::string&>());
  if (node == nullptr) return;
  const std::string_view expected = node->exists ? "connected" : "notconnected";
  const std::string& actual = status->get_ref<const std::string&>();
  if (actual == expected || (actual != "connected" && actual != "notconnected")) return;
  if (node->exists) {
    c.defect("relation/status", fmt::format("the node is connected, but the answer says {}", actual));
  } else {
    // What AWS answers for a node that does not exist is not recorded.
    c.advice("relation/status", fmt::format("no such node is known, but the answer says {}", actual));
  }
}

}  // namespace

std::vector<NamedRules> rules() {
  OperationRules status;
  status.rows = rows();
  // botocore of 2022 has Connected and NotConnected.
  status.recorded = {{"Status", {"connected", "notconnected"}}};
  status.check_state = check_node;
  status.check_answer = check_status;
  return {{"GetConnectionStatus", std::move(status)}};
}

}  // namespace conformance::ssm::nodes
