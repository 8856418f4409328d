#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/model.h"
#include "harness/reference/answer.h"
#include "harness/reference/dialect.h"
#include "harness/reference/page_token.h"
#include "harness/reference/store.h"
#include "harness/wire/json.h"

/// What the five operations do, as the API reference documents them. Their inputs have passed check_input().
namespace harness::reference {

struct ServiceOptions;

/// The account that owns every document.
inline constexpr std::string_view kOwner = "123456789012";

/// Quotas, as AWS documents their defaults; they also bound what a fuzzer can make a service hold.
inline constexpr std::size_t kMostDocuments = 500;
inline constexpr std::size_t kMostShares = 1000;
inline constexpr std::size_t kMostContentBytes = 64 * 1024;

/// The number of accounts on a page when the request does not say.
inline constexpr std::size_t kDefaultPage = 20;

class Operations {
 public:
  /// One operation: how a request names it, what its input must look like, and what it does.
  struct Entry {
    std::string target;  ///< the value of X-Amz-Target
    /// "DescribeDocumentPermission"
    std::string_view name() const { return std::string_view(target).substr(target.find('.') + 1); }
    const model::Shape* input = nullptr;
    Outcome (Operations::*run)(const wire::Json& input) = nullptr;
    bool names_document = false;  ///< its Name is that of a document that must exist
  };

  /// Looks every operation up in the model, once. Those that the model or the dialect does not have do not
  /// exist.
  Operations(const model::Model& model, const ServiceOptions& options);

  const Entry* find(std::string_view target) const;
  Outcome run(const Entry& entry, const wire::Json& input) { return (this->*entry.run)(input); }

  std::vector<std::string> documents() const;

 private:
  Outcome get_connection_status(const wire::Json& input);
  Outcome describe_document_permission(const wire::Json& input);
  Outcome modify_document_permission(const wire::Json& input);
  Outcome create_document(const wire::Json& input);
  Outcome delete_document(const wire::Json& input);

  /// The name by which a document or a node is kept.
  std::string key(std::string name) const;

  std::vector<Entry> entries_;
  const std::map<std::string, bool, std::less<>> nodes_;
  const std::optional<int> page_limit_;
  const bool token_after_full_page_;
  const bool empty_first_page_;
  const bool empty_pages_between_;
  const bool unknown_nodes_connected_;
  const bool only_node_ids_;
  const bool knows_its_nodes_;
  const bool refuses_controls_;
  const bool refuses_repeats_;
  const bool ignores_case_;
  const std::function<std::chrono::system_clock::time_point()> now_;
  const PageTokens tokens_;

  mutable std::mutex mutex_;  // guards store_
  Store store_;
};

}  // namespace harness::reference
