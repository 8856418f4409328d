#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "harness/wire/sigv4.h"

/// What is known of the endpoint's state when a request is judged. Everything that is not said here is
/// unknown, and what is unknown is never judged.
namespace harness::oracle {

/// One thing that the service keeps, of whatever kind.
struct Resource {
  bool exists = true;
  /// Created in this run, so that every token ever issued for it is in Knowledge::tokens.
  bool ours = false;
  /// What belongs to it, by the name that its family gives. What is not here is not known.
  std::map<std::string, std::set<std::string>, std::less<>> holds;

  /// nullptr if it is not known.
  const std::set<std::string>* known(std::string_view what) const;
};

struct Knowledge {
  using ById = std::map<std::string, Resource, std::less<>>;

  /// Where the service lives ("/aws"): a request to this path with a slash behind it is one to `/`.
  std::string base_path;
  /// By kind and id; also those that certainly do not exist.
  std::map<std::string, ById, std::less<>> resources;
  /// Ids that start so do not exist unless `resources` says so: nobody else uses this run's prefix. "" for
  /// none.
  std::string absent_prefix;
  /// Token issued -> the id it was issued for, or the operation where that is all that is known; "" if it was
  /// issued for several, and so says nothing of any.
  std::map<std::string, std::string, std::less<>> tokens;
  /// Whether each token that a request may hold was either issued in this run, and is in `tokens`, or made
  /// up. If not, a token that is not in it may be older than the run.
  bool knows_all_tokens = false;

  /// Set if the endpoint was seen to check signatures: only then is authentication judged.
  struct Authentication {
    wire::Credentials credentials;
    wire::SigningScope scope;
  };
  std::optional<Authentication> authentication;
  /// How the requests of this run are signed. One that is not, or by another key, for another region or
  /// service, is not judged where signatures are not verified: the endpoint may still look for the header,
  /// and route by it.
  std::optional<Authentication> signs;

  /// Operations of the service that the model does not describe: what they answer is not judged.
  std::set<std::string, std::less<>> other_operations;

  /// Operations seen not to be implemented, with the kind of answer (oracle::answer_kind) that said so. An
  /// answer of that kind is no finding; any other is judged for availability only.
  std::map<std::string, std::string, std::less<>> unimplemented;

  /// That an answer issued a token for this id, or to this operation.
  void issued(std::string_view token, std::string_view owner);
  ById& of(std::string_view kind);
  /// nullptr if nothing is known of it. (What begins with the absent prefix is known not to exist.)
  const Resource* find(std::string_view kind, std::string_view id) const;
};

}  // namespace harness::oracle
