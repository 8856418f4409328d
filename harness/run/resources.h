#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/run/catalogue.h"
#include "harness/run/client.h"

/// Resources that a run makes, so that none is left behind.
namespace harness::run {

/// A seed for runs that are given none: new in every process, and short enough to be typed again.
std::uint64_t random_seed();
/// A number that follows from the text alone, on every machine.
std::uint64_t number_for(std::string_view text);
/// Letters and digits that follow from the text alone, on every machine.
std::string letters_for(std::string_view text, std::size_t length);

inline constexpr std::string_view kFirstOfNames = "ssmc-";
/// What the names of one run's resources begin with: `beginning`, ten letters and digits that the seed
/// decides, and a hyphen. An earlier run may have left some behind, but had another seed.
std::string run_prefix(std::uint64_t seed, std::string_view beginning = kFirstOfNames);
/// True if it is a name that a run gives with such a prefix (ResourceRegistry::new_name()), whatever the
/// seed.
bool is_name_of_a_run(std::string_view text, std::string_view beginning = kFirstOfNames);

/// A resource by its kind and id.
struct ResourceId {
  std::string kind, id;
  auto operator<=>(const ResourceId&) const = default;
};

/// The id of what an answer to its kind's `create` says was made: what was asked for, or, where the service
/// makes the id, what the answer says; "" if it says none.
std::string made_id(const ResourceKind& kind, std::string asked, const wire::Json& answer);

/// An id as resources of this kind have it, of one that nobody made: the name itself, or where the service
/// makes ids, one that follows from it.
std::string made_up_id(const ResourceKind& kind, const std::string& name);

/// What this run created and has not removed. Thread-safe.
class ResourceRegistry {
 public:
  explicit ResourceRegistry(std::string prefix) : prefix_(std::move(prefix)) {}

  /// A name that no other resource has: the prefix, a purpose and a number.
  std::string new_name(std::string_view purpose);
  void created(std::string_view kind, const std::string& id);
  void removed(std::string_view kind, const std::string& id);
  std::vector<ResourceId> remaining() const;
  /// Their ids.
  std::vector<std::string> remaining_ids() const;
  /// For an endpoint that has lost all of them.
  void forget_all();
  const std::string& prefix() const { return prefix_; }

 private:
  const std::string prefix_;
  mutable std::mutex mutex_;
  std::set<ResourceId> resources_;
  std::size_t next_ = 0;
};

/// The requests that were sent, so that a reproduction can send them again; or why it could not be done
/// ("CreateThing answered 400 InvalidAction").
using Sent = Result<std::vector<wire::HttpText>>;

/// Makes, changes and removes resources of the client's catalogue by valid requests. The kinds and parts that
/// are named must stand in it.
class Resources {
 public:
  Resources(Client& client, ResourceRegistry& registry) : client_(client), registry_(registry) {}

  /// `id` is a name; it becomes the id (by the form that ids of this kind have, or as the service makes it).
  /// `parent` is the id of what it is a part of, for kinds that are.
  Sent create(std::string_view kind, std::string& id, const std::string& parent = {});
  /// In as many calls as the values need. `more`: further members of each input.
  Sent add(std::string_view kind, const std::string& id, std::string_view part,
           const std::vector<std::string>& values, const wire::Json& more = {});
  Sent take(std::string_view kind, const std::string& id, std::string_view part,
            const std::vector<std::string>& values);
  /// All pages of a part; nothing if one is not answered as it should be, or they do not end.
  /// `on_token` is told each token.
  std::optional<std::set<std::string>> read(std::string_view kind, const std::string& id,
                                            std::string_view part,
                                            const std::function<void(const std::string&)>& on_token = {});
  /// The items of all pages that list a kind; none where the endpoint has no such operation. Error: why not
  /// all are known.
  Result<std::vector<wire::Json>> list(std::string_view kind);
  /// `parent`: as of create(), for what cannot be removed without it.
  Status remove(std::string_view kind, const std::string& id, const std::string& parent = {});
  /// Removes it; where that is refused, once more after taking from it what it holds.
  Status empty_and_remove(std::string_view kind, const std::string& id, const std::string& parent = {});

 private:
  const ResourceKind& kind(std::string_view name) const;
  Sent call_in_parts(const ResourcePart& part, const CallTemplate& call, const std::string& id,
                     const std::vector<std::string>& values, const wire::Json& more);
  void empty(std::string_view kind, const std::string& id, const std::string& part);
  Client& client_;
  ResourceRegistry& registry_;
};

}  // namespace harness::run
