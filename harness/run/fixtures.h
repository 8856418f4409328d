#pragma once

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/run/case.h"
#include "harness/run/example.h"
#include "harness/run/resources.h"

/// What placeholders stand for, by the situation's catalogue.
namespace harness::run {

/// What the user says exists on the endpoint: an id by its kind. It is never changed, never removed.
using Given = std::map<std::string, std::string, std::less<>>;

/// What the first requests to an endpoint found out.
struct Probe {
  bool reachable = false;
  std::string problem;               ///< if not: one line, what happened and what to do
  std::vector<std::string> remarks;  ///< for the end of the report
  bool ignores_signatures = false;   ///< a wrong one was accepted
  wire::Exchange unknown;            ///< what an operation that does not exist was answered
};

/// Valid requests to operations, as far as their model says: HTTP texts by operation.
using RequestsByModel = std::map<std::string, std::vector<std::string_view>>;
/// The controls of the cases that follow from the model alone, the smallest first. They must outlive it.
RequestsByModel requests_by_model(const std::vector<Case>& cases);

/// How every run begins: binds what needs no endpoint (`prefix`, of the names of this run; what does not
/// exist; the region and the access key that `situation.composer` signs with), asks the endpoint whether it
/// is there, which of the operations it has and whether it verifies signatures, and writes what it learns
/// into `situation.knowledge` and the bindings of protocol cases. An endpoint that answers anything as AWS
/// JSON does is reachable: a request that it answers badly, or not at all, is a defect of the case that sends
/// it. Where no example is known to be valid, some of the requests `by_model` are sent instead.
Probe probe_and_bind(endpoint::Endpoint& endpoint, Situation& situation, const std::string& prefix,
                     const RequestsByModel& by_model = {});

/// Finds out which of these operations the endpoint lacks, by the first request to each. Where an operation
/// that does not exist makes the server fail, one that is there may fail likewise: a few more are sent then,
/// until one is answered otherwise. Those that are known to be `there` are not asked. Adds to
/// `Knowledge::unimplemented`; returns remarks, not one for each.
std::vector<std::string> probe_operations(endpoint::Endpoint& endpoint, Situation& situation,
                                          const RequestsByModel& requests, const std::string& prefix,
                                          const wire::Exchange& unknown,
                                          const std::set<std::string, std::less<>>& there = {});

struct ProbedLives {
  std::vector<std::string> remarks;          ///< not one for each operation
  std::set<std::string, std::less<>> there;  ///< operations that were answered as what exists is
};
/// Finds out which of the operations that a resource's life consists of the endpoint lacks, of kinds for
/// which `wanted` holds one of them. Each is called as it should be, on a resource made for it: a refusal of
/// anything less could be taken for a missing operation. One that fails for every kind, as one that does not
/// exist, is left to probe_operations() if that asks it too. `unknown` is the answer to an operation that
/// surely does not exist. Adds to `Knowledge::unimplemented`.
ProbedLives probe_resource_operations(endpoint::Endpoint& endpoint, Situation& situation,
                                      ResourceRegistry& registry,
                                      const std::set<std::string, std::less<>>& wanted,
                                      const RequestsByModel& requests, const wire::Exchange& unknown);

/// Chooses what protocol cases are sent for, once there are fixtures: the first operation whose valid request
/// succeeds. Where none does, the choice of probe() stands.
void choose_protocol_operation(endpoint::Endpoint& endpoint, Situation& situation, const Examples& examples);

/// Binds what needs no endpoint: the prefix, what does not exist, what signs.
void bind_without_endpoint(Situation& situation, const std::string& prefix);

/// Gives every placeholder of `wanted` its value, and those that they rest on: creates resources, fetches
/// tokens, or says why it cannot. Returns what kept it from being served, if it was that.
Trouble make_fixtures(endpoint::Endpoint& endpoint, Situation& situation, ResourceRegistry& registry,
                      const Given& given, const std::set<std::string>& wanted);

/// Binds every fixture as if it had been made, without an endpoint: for showing what a case expects.
void bind_samples(Situation& situation, ResourceRegistry& registry, const Given& given);

/// A token that nobody issued: one with a character in its middle changed to another of the same kind
/// (letter, digit, other). The ends are left alone: in base64 the last character may hold bits that mean
/// nothing.
std::string altered(std::string token);

/// Forgets every resource that was made, and all that was known of its kind: for an endpoint that was started
/// anew.
void forget_resources(Situation& situation, ResourceRegistry& registry);

/// What is known of one that was just created: it holds nothing yet.
oracle::Resource new_resource(const ResourceKind& kind);

/// True if one of these placeholders stands for something that has to be made.
bool needs_resources(const Catalogue& catalogue, const std::set<std::string>& placeholders);

/// How what a run made is removed.
struct Removal {
  std::size_t connections = 1;
  /// No more is removed after this: an endpoint that answers nothing any more must not keep anyone waiting.
  std::chrono::milliseconds patience = std::chrono::minutes(2);
};

/// Removes every resource of the registry; returns the ids of those that remain.
std::vector<std::string> remove_fixtures(endpoint::Endpoint& endpoint, const Situation& situation,
                                         ResourceRegistry& registry, const Removal& how = {});

}  // namespace harness::run
