#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace harness::reference {

/// Legitimate ways in which an endpoint may differ from the plain reference: none of them is a defect. The transport ones
/// are carried out by the server, the others by the service.
struct Dialect {
  // transport
  bool close_after_response = false;      ///< `Connection: close` after every response
  bool chunked = false;                   ///< responses in chunked transfer coding
  std::chrono::milliseconds delay{0};     ///< answers only after this long
  // service
  std::optional<int> page_limit;          ///< at most this many accounts a page, however large MaxResults is
  std::vector<std::string> only_operations;  ///< empty: all; else the others do not exist
};

/// A dialect with its name ("close-after-response", "chunked", "slow-30ms", "pages-by-10", "only-get-connection-status",
/// "no-document-creation") and one sentence on what it does.
struct NamedDialect {
  std::string_view name;
  std::string_view description;
  Dialect dialect;
};

/// Every dialect, in the order of documentation.
const std::vector<NamedDialect>& dialects();
const NamedDialect* find_dialect(std::string_view name);

}  // namespace harness::reference
