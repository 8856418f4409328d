#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/run/client.h"
#include "harness/run/resources.h"

/// What runs left behind that were killed before they could remove what they had made. It is known by its
/// names: they begin as run_prefix() says.
namespace harness::run {

struct Leftover {
  std::string kind, id;
  std::string name;    ///< that a run gave it; its id, where a run chooses ids
  std::string parent;  ///< the id of what it is a part of, where it can only be removed with that; or ""
};

struct Leftovers {
  std::vector<Leftover> found;  ///< in the order in which they can be removed
  /// Kinds that could not be listed, and why: "the kind lamp cannot be listed: ListLamps answered 500".
  std::vector<std::string> problems;
};

/// Lists every kind that a run makes, and keeps what a run named. Parts that go with what they are a part of
/// are not listed; nor is what the endpoint has no operation for.
Leftovers find_leftovers(Client& client, std::string_view beginning = kFirstOfNames);

/// Error: why it is still there.
Status remove_leftover(Client& client, const Leftover& leftover);

}  // namespace harness::run
