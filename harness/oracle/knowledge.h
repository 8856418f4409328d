#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "harness/wire/sigv4.h"

/// What is known of the endpoint's state when a request is judged. Everything that is not said here is
/// unknown, and what is unknown is never judged.
namespace harness::oracle {

struct DocumentKnowledge {
  bool exists = true;
  /// Created in this run, so that every token ever issued for it is in Knowledge::tokens.
  bool ours = false;
  /// The accounts that it is shared with; nothing if not known. A public document holds "all".
  std::optional<std::set<std::string>> shared_with;
};

struct Knowledge {
  /// Where the service lives ("/aws"): a request to this path with a slash behind it is one to `/`.
  std::string base_path;
  std::map<std::string, DocumentKnowledge, std::less<>>
      documents;  ///< by name; also names that certainly do not exist
  /// Names that start so do not exist unless `documents` says so: nobody else uses this run's prefix. "" for
  /// none.
  std::string absent_prefix;
  std::map<std::string, bool, std::less<>> nodes;          ///< by id: true connected, false known not to be
  std::map<std::string, std::string, std::less<>> tokens;  ///< token issued -> the document it was issued for

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
  std::chrono::system_clock::time_point now{};  ///< when the request was sent

  /// Operations of the service that the model does not describe: what they answer is not judged.
  std::set<std::string, std::less<>> other_operations;

  /// Operations seen not to be implemented, with the kind of answer (oracle::answer_kind) that said so. An
  /// answer of that kind is no finding; any other is judged for availability only.
  std::map<std::string, std::string, std::less<>> unimplemented;
};

}  // namespace harness::oracle
