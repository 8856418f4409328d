#pragma once

#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "harness/run/client.h"

namespace harness::run {

/// A seed for runs that are given none: new in every process, and short enough to be typed again.
std::uint64_t random_seed();
/// A number that follows from the text alone, on every machine.
std::uint64_t number_for(std::string_view text);
/// Letters and digits that follow from the text alone, on every machine.
std::string letters_for(std::string_view text, std::size_t length);

/// The kinds of resources that the oracle knows, and what a document holds: whom it is shared with.
inline constexpr char kDocument[] = "document";
inline constexpr char kAccounts[] = "accounts";
inline constexpr char kNode[] = "node";

inline constexpr std::string_view kDocumentNames = "ssmc-";
/// What the names of one run's documents begin with: `beginning`, ten letters and digits that the seed
/// decides, and a hyphen. An earlier run may have left documents behind, but had another seed.
std::string document_prefix(std::uint64_t seed, std::string_view beginning = kDocumentNames);

/// Documents that this run created, so that none is left behind. Thread-safe.
class DocumentRegistry {
 public:
  explicit DocumentRegistry(std::string prefix) : prefix_(std::move(prefix)) {}

  /// A name nobody else uses: the prefix, a purpose and a number.
  std::string new_name(std::string_view purpose);
  void created(const std::string& name);
  void removed(const std::string& name);
  std::vector<std::string> remaining() const;
  const std::string& prefix() const { return prefix_; }

 private:
  const std::string prefix_;
  mutable std::mutex mutex_;
  std::set<std::string> names_;
  std::size_t next_ = 0;
};

/// The input of CreateDocument, as valid as can be.
wire::Json new_document(const std::string& name);

/// The operations that make fixtures, as valid requests. Every function returns the requests it sent, so that
/// a reproduction can send them again, or why it could not be done ("CreateDocument answered 400
/// InvalidAction").
class Documents {
 public:
  Documents(Client& client, DocumentRegistry& registry) : client_(client), registry_(registry) {}

  Result<std::vector<wire::HttpText>> create(const std::string& name);
  /// Shares with any number of accounts, 20 a call. `version` may be "" (the default).
  Result<std::vector<wire::HttpText>> share(const std::string& name, const std::vector<std::string>& accounts,
                                            const std::string& version = "");
  Result<std::vector<wire::HttpText>> unshare(const std::string& name,
                                              const std::vector<std::string>& accounts);
  Status remove(const std::string& name);
  /// Reads whom the document is shared with, stops sharing, and deletes it.
  Status unshare_and_remove(const std::string& name);

 private:
  Result<std::vector<wire::HttpText>> modify(const std::string& name,
                                             const std::vector<std::string>& accounts, const char* list,
                                             const std::string& version);
  Client& client_;
  DocumentRegistry& registry_;
};

/// `count` account ids, distinct, ascending: "100000000001", …
std::vector<std::string> account_ids(std::size_t count, std::uint64_t first = 100000000001);

}  // namespace harness::run
