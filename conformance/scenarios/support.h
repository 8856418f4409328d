#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "harness/run/scenario.h"

/// What the scenarios share.
namespace conformance {

using harness::run::Reply;
using harness::run::ScenarioContext;
using harness::wire::Json;

/// The input of DescribeDocumentPermission for a document, with further members.
inline Json describe_input(const std::string& document, Json more = Json::object()) {
  Json input = {{"Name", document}, {"PermissionType", "Share"}};
  for (const auto& [name, value] : more.items()) input[name] = value;
  return input;
}

/// AccountIds of an answer, in order; nothing if it has none.
std::vector<std::string> account_ids_of(const Reply& reply);

/// SharedDocumentVersion by account, from AccountSharingInfoList.
std::map<std::string, std::string> versions_of(const Reply& reply);

/// Whom a document is shared with, from all its pages.
struct Shares {
  bool ok = false;                              ///< every page was answered with 200, and they ended
  std::vector<std::string> accounts;            ///< AccountIds, in order
  std::map<std::string, std::string> versions;  ///< SharedDocumentVersion by account
};
/// Follows NextToken to its end, without MaxResults: a page may hold fewer accounts than there are, also
/// none.
Shares read_shares(ScenarioContext& context, const std::string& document);

/// NextToken of an answer, or "".
std::string next_token_of(const Reply& reply);

/// Every page of a document, at this MaxResults (0: not sent), following NextToken; at most `most_pages`.
struct Pages {
  std::vector<std::vector<std::string>> pages;
  bool ended = false;   ///< the last page had no NextToken
  bool broken = false;  ///< a page was not answered with 200, or a finding was made on the way
  std::vector<std::string> all() const;
};
Pages read_pages(ScenarioContext& context, const std::string& document, int max_results,
                 std::size_t most_pages);

}  // namespace conformance
