#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "conformance/ssm/resources.h"
#include "conformance/ssm/scenarios.h"

/// What the scenarios share.
namespace conformance::ssm::documents {

using Accounts = std::vector<std::string>;

inline constexpr const char* kDescribeDocumentPermission = "DescribeDocumentPermission";
inline constexpr const char* kModifyDocumentPermission = "ModifyDocumentPermission";
inline constexpr const char* kGetConnectionStatus = "GetConnectionStatus";

/// The input of DescribeDocumentPermission for a document, with further members.
inline Json describe_input(const std::string& document, Json more = Json::object()) {
  Json input = {{"Name", document}, {"PermissionType", "Share"}};
  for (const auto& [name, value] : more.items()) input[name] = value;
  return input;
}

/// `count` account ids, distinct, ascending: "100000000001", …
std::vector<std::string> account_ids(std::size_t count, std::uint64_t first = 100000000001);

/// The input of CreateDocument, as valid as can be.
Json document_input(const ScenarioContext& context, const std::string& name);
/// A new document that nobody shares; nothing if it cannot be made (the scenario is then blocked).
std::optional<std::string> new_document(ScenarioContext& context, std::string_view purpose);
/// A document with exactly this name.
bool create_document(ScenarioContext& context, const std::string& name);
/// Shares a document with any number of accounts; `version` may be "" (the default). False where it cannot be
/// done: the scenario is then blocked.
bool share(ScenarioContext& context, const std::string& document, const Accounts& accounts,
           const std::string& version = "");
bool unshare(ScenarioContext& context, const std::string& document, const Accounts& accounts);

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
  std::map<std::string, std::string> versions;  ///< SharedDocumentVersion by account, of all pages
  std::vector<std::string> all() const;
};
Pages read_pages(ScenarioContext& context, const std::string& document, int max_results,
                 std::size_t most_pages);

/// Whom a document is shared with, on all of its pages.
struct Sharing {
  std::vector<std::string> accounts;            ///< sorted; one that is named twice is there twice
  std::map<std::string, std::string> versions;  ///< SharedDocumentVersion by account
};
/// Reads every page of a document that is shared with about `accounts` accounts. What is known of its sharing
/// is left out of the judgement of each page: the caller says what must hold, and why. Nothing if a page was
/// not answered with 200 or is a finding by itself, or if the pages do not end (the scenario is then
/// blocked).
std::optional<Sharing> read_sharing(ScenarioContext& context, const std::string& document,
                                    std::size_t accounts);

/// "111122223333, 444455556666", or "nobody".
std::string names_of(const Accounts& accounts);

/// Records a defect of this rule unless the document is shared with exactly these accounts and names each of
/// them once. `what` says what was done. False if it does not hold, or cannot be read.
bool expect_sharing(ScenarioContext& context, const std::string& document, Accounts expected,
                    std::string_view rule, std::string_view what);
/// The same for what a scenario rests on and others judge: the scenario is blocked if it does not hold.
bool is_shared_with(ScenarioContext& context, const std::string& document, Accounts expected);

}  // namespace conformance::ssm::documents
