#include "conformance/ssm/rules.h"

#include <fmt/format.h>

#include <cstdint>
#include <set>
#include <string>
#include <utility>

#include "conformance/ssm/resources.h"
#include "harness/base/ascii.h"

namespace conformance::ssm::documents {
namespace {

using harness::oracle::AnswerCheck;
using harness::oracle::Force;
using harness::oracle::OperationRules;
using harness::oracle::Outcome;
using harness::oracle::Resource;
using harness::oracle::Row;
using harness::oracle::Rule;
using harness::oracle::StateCheck;
using harness::wire::Json;
using P = harness::oracle::Provenance;

// ---- what a request may break, by name ----

constexpr std::string_view kUnknown = "document-unknown";     // nothing is known of the document
constexpr std::string_view kMayExist = "document-may-exist";  // creating one of which nothing is known
constexpr std::string_view kAbsent = "document-absent";
constexpr std::string_view kAwsOwned = "document-aws-owned";
constexpr std::string_view kShared = "document-shared";      // deleting one that is still shared
constexpr std::string_view kExists = "document-exists";      // creating one that exists
constexpr std::string_view kTokenUnknown = "token-unknown";  // not every token of the document is known
constexpr std::string_view kTokenEmpty = "token-empty";
constexpr std::string_view kTokenNotIssued = "token-not-issued";
constexpr std::string_view kTokenOfOther = "token-of-other-document";
constexpr std::string_view kNothingToModify = "nothing-to-modify";

// ---- what may be answered ----

const Outcome kSerialization{400, "SerializationException", P::recorded};
const Outcome kValidation{400, "ValidationException", P::recorded};
// An empty document is no valid document either.
const std::vector<Outcome> kNoContent = {{400, "ValidationException", P::recorded},
                                         {400, "InvalidDocumentContent", P::api_reference}};
// No document has a version that none can have.
const std::vector<Outcome> kNoVersion = {{400, "ValidationException", P::recorded},
                                         {400, "InvalidDocument", P::api_reference},
                                         {400, "InvalidDocumentVersion", P::inferred}};
// ModifyDocumentPermission names a code of its own for more accounts than one call may hold.
const std::vector<Outcome> kTooManyAccounts = {{400, "ValidationException", P::inferred},
                                               {400, "DocumentPermissionLimit", P::api_reference}};
const std::vector<Outcome> kNameConstraint = {{400, "ValidationException", P::recorded},
                                              {400, "InvalidDocument", P::api_reference}};
// Whatever else may be wrong with a document is not looked into here, and may be found first.
const std::vector<Outcome> kNameTaken = {{400, "DocumentAlreadyExists", P::api_reference},
                                         {400, "InvalidDocumentContent", P::api_reference},
                                         {400, "InvalidDocumentSchemaVersion", P::api_reference},
                                         {400, "MaxDocumentSizeExceeded", P::api_reference},
                                         {400, "DocumentLimitExceeded", P::api_reference}};
const std::vector<Outcome> kBadToken = {{400, "InvalidNextToken", P::api_reference},
                                        {400, "ValidationException", P::inferred}};

std::vector<Row> rows() {
  return {
      {Rule::type,
       "Content",
       Force::rejects,
       {{400, "SerializationException", P::recorded},
        {400, "ValidationException", P::inferred},
        {400, "InvalidDocumentContent", P::api_reference}},
       kSerialization,
       "the member's JSON type is fixed by the model"},
      {Rule::required,
       "PermissionType",
       Force::rejects,
       {{400, "ValidationException", P::recorded},
        {400, "MissingParameter", P::older_common_errors},
        {400, "InvalidPermissionType", P::api_reference}},
       kValidation,
       "Required: Yes"},
      {Rule::required,
       "Content",
       Force::rejects,
       {{400, "ValidationException", P::recorded},
        {400, "MissingParameter", P::older_common_errors},
        {400, "InvalidDocumentContent", P::api_reference}},
       kValidation,
       "Required: Yes"},
      {Rule::length, "Name", Force::rejects, kNameConstraint, kValidation, "the documented length"},
      {Rule::length, "Content", Force::rejects, kNoContent, kValidation, "the documented length"},
      {Rule::length, "AccountIdsToAdd", Force::rejects, kTooManyAccounts, {}, "at most 20 accounts a call"},
      {Rule::length,
       "AccountIdsToRemove",
       Force::rejects,
       kTooManyAccounts,
       {},
       "at most 20 accounts a call"},
      {Rule::pattern, "Name", Force::rejects, kNameConstraint, kValidation, "the documented pattern"},
      {Rule::pattern, "DocumentVersion", Force::rejects, kNoVersion, kValidation, "the documented pattern"},
      {Rule::pattern, "VersionName", Force::rejects, kNoVersion, kValidation, "the documented pattern"},
      {Rule::enumeration,
       "PermissionType",
       Force::rejects,
       {{400, "InvalidPermissionType", P::disputed}, {400, "ValidationException", P::disputed}},
       {},
       "Share is the only supported permission type"},
      {Rule::state,
       kUnknown,
       Force::permits,
       {{400, "InvalidDocument", P::api_reference}},
       {},
       "nothing is known of this document"},
      {Rule::state,
       kMayExist,
       Force::permits,
       kNameTaken,
       {},
       "a document of this name may be there already"},
      {Rule::state,
       kAbsent,
       Force::rejects,
       {{400, "InvalidDocument", P::recorded}},
       Outcome{400, "InvalidDocument", P::recorded},
       "InvalidDocument: the specified document does not exist"},
      {Rule::state,
       kAwsOwned,
       Force::advises,
       {{400, "InvalidDocument", P::inferred},
        {403, "InvalidDocument", P::inferred},
        {400, "AccessDeniedException", P::inferred},
        {403, "AccessDeniedException", P::inferred}},
       {},
       "only the owner may describe a document's permissions; what AWS answers for its own is not recorded"},
      {Rule::state,
       kShared,
       Force::rejects,
       {{400, "InvalidDocumentOperation", P::recorded}},
       Outcome{400, "InvalidDocumentOperation", P::recorded},
       "InvalidDocumentOperation: a document cannot be deleted while it is shared"},
      {Rule::state, kExists, Force::rejects, kNameTaken, {}, "DocumentAlreadyExists: the name is taken"},
      {Rule::state,
       kTokenUnknown,
       Force::permits,
       kBadToken,
       {},
       "the token may be one that was issued before this run"},
      {Rule::state, kTokenEmpty, Force::permits, kBadToken, {}, "an empty token may count as an absent one"},
      {Rule::state,
       kTokenNotIssued,
       Force::rejects,
       kBadToken,
       {},
       "InvalidNextToken: the specified token is not valid"},
      {Rule::state,
       kTokenOfOther,
       Force::rejects,
       kBadToken,
       {},
       "a token continues the call that it was returned by"},
      {Rule::state,
       kNothingToModify,
       Force::rejects,
       {{400, "InvalidParameterException", P::recorded}},
       Outcome{400, "InvalidParameterException", P::recorded},
       "ModifyDocumentPermission needs accounts to add or to remove"},
  };
}

// ---- the state that a request needs ----

// Names that AWS keeps for its own documents (CreateDocument, member Name).
bool aws_owned(std::string_view name) {
  const std::string n = harness::base::lower(name);
  return n.starts_with("aws") || n.starts_with("amazon") || n.starts_with("amzn");
}

// The document's name; "" if the request names none, or none that could exist.
std::string_view name_in(const StateCheck& c) {
  return c.is_wrong("Name") ? std::string_view() : c.text("Name");
}

void check_creation(StateCheck& c) {
  const std::string_view name = name_in(c);
  if (name.empty()) return;
  if (aws_owned(name)) return c.breaks(kAwsOwned, fmt::format("{} is AWS's name", name), "Name");
  const Resource* document = c.known().find(kDocument, name);
  if (document == nullptr) return c.breaks(kMayExist, fmt::format("{} may exist", name), "Name");
  if (document->exists) c.breaks(kExists, fmt::format("{} exists", name), "Name");
}

// The document, if something is known of it, be it that it does not exist.
const Resource* check_existence(StateCheck& c, std::string_view name) {
  const Resource* document = c.known().find(kDocument, name);
  if (document == nullptr && aws_owned(name)) {
    c.breaks(kAwsOwned, fmt::format("{} is AWS's name", name), "Name");
  } else if (document == nullptr) {
    c.breaks(kUnknown, fmt::format("{} may not exist", name), "Name");
  } else if (!document->exists) {
    c.breaks(kAbsent, fmt::format("there is no document {}", name), "Name");
  }
  return document;
}

void check_deletion(StateCheck& c) {
  const std::string_view name = name_in(c);
  if (name.empty()) return;
  const Resource* document = check_existence(c, name);
  if (document == nullptr || !document->exists) return;
  const auto* accounts = document->known(kAccounts);
  if (accounts != nullptr && !accounts->empty())
    c.breaks(kShared, fmt::format("{} is still shared", name), "Name");
}

void check_modification(StateCheck& c) {
  const std::string_view name = name_in(c);
  if (name.empty() || check_existence(c, name) == nullptr) return;
  if (!c.has("AccountIdsToAdd") && !c.has("AccountIdsToRemove"))
    c.breaks(kNothingToModify, "neither AccountIdsToAdd nor AccountIdsToRemove is there");
}

// `document` is nullptr if nothing is known of it.
void check_token(StateCheck& c, std::string_view name, const Resource* document) {
  if (!c.has("NextToken") || c.is_wrong("NextToken")) return;
  const std::string_view token = c.text("NextToken");
  if (token.empty()) return c.breaks(kTokenEmpty, "an empty NextToken", "NextToken");
  const auto it = c.known().tokens.find(token);
  if (it == c.known().tokens.end() || document == nullptr) {
    return document != nullptr && (document->ours || !document->exists)
               ? c.breaks(kTokenNotIssued, "the NextToken was never issued", "NextToken")
               : c.breaks(kTokenUnknown, "the NextToken may have been issued", "NextToken");
  }
  if (it->second.empty()) return c.breaks(kTokenUnknown, "the NextToken was issued for several", "NextToken");
  if (it->second != name)
    c.breaks(kTokenOfOther, fmt::format("the NextToken was issued for {}", it->second), "NextToken");
}

void check_description(StateCheck& c) {
  const std::string_view name = name_in(c);
  if (name.empty()) return;
  check_token(c, name, check_existence(c, name));
}

// ---- the answer ----

// An account id as it is compared: a public document may say "all" in any case (pattern (?i)all|[0-9]{12}).
std::string account(const Json& id) {
  std::string text = id.get<std::string>();
  return harness::base::lower(text) == "all" ? "all" : text;
}

void check_page_size(AnswerCheck& c, std::size_t size) {
  const auto most = c.input().find("MaxResults");
  if (most == c.input().end() || !most->is_number_integer()) return;
  if (std::cmp_greater(size, most->get<std::int64_t>())) {
    c.defect("relation/page-size",
             fmt::format("{} accounts on a page of at most {}", size, most->get<std::int64_t>()));
  }
}

void check_known_accounts(AnswerCheck& c, const std::multiset<std::string>& accounts) {
  const auto name = c.input().find("Name");
  if (name == c.input().end() || !name->is_string()) return;
  const auto* document = c.known().find(kDocument, name->get_ref<const std::string&>());
  const auto* expected = document == nullptr ? nullptr : document->known(kAccounts);
  if (expected == nullptr) return;
  for (const auto& account : accounts) {
    if (!expected->contains(account))
      return c.defect("relation/accounts", fmt::format("the document is not shared with {}", account));
  }
  // The only page there is must hold every account.
  const auto is_absent = [](const Json& of, const char* member) {
    const auto it = of.find(member);
    return it == of.end() || it->is_null();
  };
  if (is_absent(c.input(), "NextToken") && is_absent(c.output(), "NextToken") &&
      accounts.size() < expected->size()) {
    c.defect("relation/accounts",
             fmt::format("the document is shared with {} accounts, but the only page names {}",
                         expected->size(), accounts.size()));
  }
}

void check_sharing(AnswerCheck& c) {
  const Json* ids = c.required("AccountIds");
  const Json* infos = c.required("AccountSharingInfoList");
  if (ids == nullptr || infos == nullptr) return;
  std::multiset<std::string> accounts;
  std::multiset<std::string> shared;
  for (const Json& id : *ids) {
    if (id.is_string()) accounts.insert(account(id));
  }
  for (const Json& info : *infos) {
    if (!info.is_object()) continue;
    const auto id = info.find("AccountId");
    if (id != info.end() && id->is_string()) shared.insert(account(*id));
  }
  if (accounts != shared) {
    c.defect("relation/lists-agree", "AccountIds and AccountSharingInfoList do not name the same accounts");
  }
  if (std::set<std::string>(accounts.begin(), accounts.end()).size() != accounts.size()) {
    c.defect("relation/accounts", "an account stands twice on one page");
  }
  check_page_size(c, ids->size());
  check_known_accounts(c, accounts);
  const auto token = c.output().find("NextToken");
  if (token != c.output().end() && token->is_string() && token->get_ref<const std::string&>().empty()) {
    c.advice("relation/token", "an empty NextToken: clients that follow it until it is absent never end");
  }
}

}  // namespace

std::vector<NamedRules> rules() {
  return {
      {"CreateDocument", {rows(), {}, check_creation, nullptr}},
      {"DeleteDocument", {rows(), {}, check_deletion, nullptr}},
      {"ModifyDocumentPermission", {rows(), {}, check_modification, nullptr}},
      {"DescribeDocumentPermission", {rows(), {}, check_description, check_sharing, true}},
  };
}

}  // namespace conformance::ssm::documents
