#include "harness/run/fixture_operations.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "harness/oracle/judge.h"
#include "harness/run/client.h"

namespace harness::run {

std::vector<std::string> probe_fixture_operations(endpoint::Endpoint& endpoint, Situation& situation,
                                                  DocumentRegistry& registry, const std::vector<Case>& cases,
                                                  const wire::Exchange& unknown) {
  const std::string name = registry.new_name("probe");
  // In the order of a document's life.
  const std::pair<const char*, wire::Json> calls[] = {
      {"CreateDocument", new_document(name)},
      {"ModifyDocumentPermission",
       {{"Name", name},
        {"PermissionType", "Share"},
        {"AccountIdsToAdd", wire::Json::array({"111122223333"})}}},
      {"ModifyDocumentPermission",
       {{"Name", name},
        {"PermissionType", "Share"},
        {"AccountIdsToRemove", wire::Json::array({"111122223333"})}}},
      {"DeleteDocument", {{"Name", name}}},
  };
  const bool wanted = std::any_of(cases.begin(), cases.end(), [&](const Case& c) {
    return std::any_of(std::begin(calls), std::end(calls),
                       [&](const auto& call) { return call.first == c.operation; });
  });
  std::vector<std::string> remarks;
  if (!wanted) return remarks;
  Client client(endpoint, situation);
  for (const auto& [operation, input] : calls) {
    if (situation.model->find_operation(operation) == nullptr) continue;
    if (situation.knowledge.unimplemented.contains(operation)) continue;
    if (operation == std::string_view("CreateDocument")) registry.created(name);
    const Reply reply = client.call(operation, input);
    const bool deleted = operation == std::string_view("DeleteDocument") && reply.ok();
    const bool refused = operation == std::string_view("CreateDocument") && !reply.ok() &&
                         reply.exchange.transport == wire::Transport::answered;
    if (deleted || refused) registry.removed(name);
    if (!oracle::means_not_implemented(reply.exchange, unknown)) continue;
    situation.knowledge.unimplemented[operation] = oracle::answer_kind(reply.exchange);
    remarks.push_back(
        fmt::format("{} is not implemented: it is answered with {}, as an operation that does not exist",
                    operation, reply.text()));
  }
  return remarks;
}

}  // namespace harness::run
