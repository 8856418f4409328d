#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/run/documents.h"
#include "harness/run/example.h"

namespace harness::run {

/// What the user says exists on the endpoint.
struct Given {
  std::optional<std::string> document;        ///< `--document`: never changed, never deleted
  std::optional<std::string> connected_node;  ///< `--connected-node`
};

/// What the first requests to an endpoint found out.
struct Probe {
  bool reachable = false;
  std::string problem;               ///< if not: one line, what happened and what to do
  std::vector<std::string> remarks;  ///< for the end of the report
  wire::Exchange unknown;            ///< what an operation that does not exist was answered
};

/// Asks the endpoint whether it is there, which of the operations it has and whether it verifies signatures,
/// and writes what it learns into `situation.knowledge` and the bindings of protocol cases. An endpoint that
/// answers anything as AWS JSON does is reachable: a request that it answers badly, or not at all, is a
/// defect of the case that sends it.
Probe probe(endpoint::Endpoint& endpoint, Situation& situation,
            const std::map<std::string, Example, std::less<>>& examples, const std::string& unique);

/// How every run begins: binds what needs no endpoint (`prefix`, of the documents of this run; a document and
/// a node that do not exist; the region and the access key that `situation.composer` signs with), probes, and
/// takes over what was learnt if the endpoint is reachable.
Probe acquaint(endpoint::Endpoint& endpoint, Situation& situation,
               const std::map<std::string, Example, std::less<>>& examples, const std::string& prefix);

/// Chooses what protocol cases are sent for, once there are fixtures: the first operation whose valid request
/// succeeds. Where none does, the choice of probe() stands.
void choose_protocol_operation(endpoint::Endpoint& endpoint, Situation& situation,
                               const std::map<std::string, Example, std::less<>>& examples);

/// Gives every placeholder of `wanted` its value: creates documents, shares them, fetches tokens, or says why
/// it cannot. Returns what kept it from being served, if it was that.
Trouble make_fixtures(endpoint::Endpoint& endpoint, Situation& situation, DocumentRegistry& registry,
                      const Given& given, const std::set<std::string>& wanted);

/// How what a run made is removed.
struct Removal {
  std::size_t connections = 1;
  /// No more is removed after this: an endpoint that answers nothing any more must not keep anyone waiting.
  std::chrono::milliseconds patience = std::chrono::minutes(2);
};

/// Removes every document of the registry; returns those that remain.
std::vector<std::string> remove_fixtures(endpoint::Endpoint& endpoint, const Situation& situation,
                                         DocumentRegistry& registry, const Removal& how = {});

}  // namespace harness::run
