#include "conformance/ssm/documents/reference.h"

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "conformance/ssm/documents/reference_description.h"
#include "conformance/ssm/documents/reference_store.h"
#include "harness/base/ascii.h"
#include "harness/reference/pages.h"
#include "harness/reference/service.h"

namespace conformance::ssm::documents {
namespace {

namespace reference = harness::reference;
using harness::wire::Json;
using reference::Failure;
using reference::Outcome;
using reference::refuse;

// Quotas, as AWS documents their defaults; they also bound what a fuzzer can make a service hold.
constexpr std::size_t kMaxDocuments = 500;
constexpr std::size_t kMaxShares = 1000;
constexpr std::size_t kMaxContentBytes = 64 * 1024;

/// The number of accounts on a page when the request does not say.
constexpr std::size_t kDefaultPage = 20;

/// The member, unless it is absent; null is absent.
const Json* member(const Json& input, const char* name) {
  const auto found = input.find(name);
  return found == input.end() || found->is_null() ? nullptr : &*found;
}

/// A string member that the model requires, or that may be absent ("").
std::string text(const Json& input, const char* name) {
  const Json* value = member(input, name);
  return value != nullptr && value->is_string() ? value->get<std::string>() : std::string();
}

tl::unexpected<Failure> no_such_document(const std::string& name) {
  return refuse("InvalidDocument", "There is no document named " + name + " in this account.");
}

/// The accounts of a list, each in its one canonical spelling; an absent list has none.
tl::expected<std::set<std::string>, Failure> accounts(const Json& input, const char* list) {
  std::set<std::string> result;
  const Json* ids = member(input, list);
  if (ids == nullptr) return result;
  for (const Json& id : *ids) {
    if (!id.is_string()) return refuse("SerializationException", std::string(list) + " holds null.");
    auto account = canonical_account(id.get_ref<const std::string&>());
    if (!account) return refuse("ValidationException", std::string(list) + " holds what is no account id.");
    result.insert(*std::move(account));
  }
  return result;
}

class Documents {
 public:
  explicit Documents(const reference::Setup& setup);

  Outcome describe_permission(const Json& input);
  Outcome modify_permission(const Json& input);
  Outcome create(const Json& input);
  Outcome remove(const Json& input);

 private:
  /// The name by which a document is kept.
  std::string key(std::string name) const {
    return dialect_.ignores_case ? harness::base::lower(name) : name;
  }

  const reference::Dialect dialect_;
  const Variation varies_;
  const std::function<std::chrono::system_clock::time_point()> now_;
  const reference::Pages pages_;
  reference::Store& store_;
  reference::Table<Document>& documents_;
};

Documents::Documents(const reference::Setup& setup)
    : dialect_(setup.options.dialect),
      varies_(dialect_.of_family.get<Variation>()),
      now_(setup.options.now),
      pages_(dialect_),
      store_(setup.store),
      documents_(setup.store.add<Document>(std::string(kKind))) {
  for (const std::string& name : setup.options.initial.get<Initial>().names) {
    Document document;
    document.created = now_();
    document.content = R"({"schemaVersion":"2.2","description":"","mainSteps":[]})";
    documents_.create(key(name), std::move(document));
  }
}

Outcome Documents::describe_permission(const Json& input) {
  const std::string name = key(text(input, "Name"));
  const auto lock = store_.lock();
  const auto* document = documents_.find(name);
  if (document == nullptr) return no_such_document(name);

  std::vector<std::string> accounts;
  for (const auto& [account, version] : document->value.shares) accounts.push_back(account);
  const auto page = pages_.page(document->serial, accounts, reference::token_in(input, "NextToken"),
                                reference::page_size_in(input, "MaxResults", kDefaultPage));
  if (!page) return refuse("InvalidNextToken", "NextToken was not issued for this document, or was changed.");

  Json ids = Json::array();
  Json infos = Json::array();
  for (std::size_t i = page->first; i < page->first + page->count; ++i) {
    ids.push_back(accounts[i]);
    Json info = Json::object();
    info["AccountId"] = accounts[i];
    info["SharedDocumentVersion"] = document->value.shares.at(accounts[i]);
    infos.push_back(std::move(info));
  }
  Json output = Json::object();
  output["AccountIds"] = std::move(ids);
  output["AccountSharingInfoList"] = std::move(infos);
  if (!page->next_token.empty()) output["NextToken"] = page->next_token;
  return output;
}

Outcome Documents::modify_permission(const Json& input) {
  const std::string name = key(text(input, "Name"));
  const auto add = accounts(input, "AccountIdsToAdd");
  if (!add) return tl::unexpected(add.error());
  const auto remove = accounts(input, "AccountIdsToRemove");
  if (!remove) return tl::unexpected(remove.error());

  if (member(input, "AccountIdsToAdd") == nullptr && member(input, "AccountIdsToRemove") == nullptr) {
    return refuse("InvalidParameterException", "Give AccountIdsToAdd, AccountIdsToRemove or both.");
  }
  for (const std::string& account : *add) {
    if (!remove->contains(account)) continue;
    return refuse("InvalidParameterException",
                  "Account " + account + " is both to be added and to be removed.");
  }
  std::string version = text(input, "SharedDocumentVersion");
  if (version.empty()) version = "$DEFAULT";

  const auto lock = store_.lock();
  auto* document = documents_.find(name);
  if (document == nullptr) return no_such_document(name);

  // On a copy: a call that is refused changes nothing.
  auto shares = document->value.shares;
  if (varies_.refuses_repeats) {
    const bool again =
        std::any_of(add->begin(), add->end(), [&](const auto& a) { return shares.contains(a); });
    const bool absent =
        std::any_of(remove->begin(), remove->end(), [&](const auto& a) { return !shares.contains(a); });
    if (again || absent) return refuse("InvalidParameterException", "That would change nothing.");
  }
  for (const std::string& account : *remove) shares.erase(account);
  for (const std::string& account : *add) shares[account] = account == "all" ? "$DEFAULT" : version;
  if (shares.size() > kMaxShares) {
    return refuse("DocumentPermissionLimit",
                  "The document would be shared with more than " + std::to_string(kMaxShares) + " accounts.");
  }
  document->value.shares = std::move(shares);
  return Json::object();
}

Outcome Documents::create(const Json& input) {
  std::string name = text(input, "Name");
  if (reserved_name(name)) {
    return refuse("ValidationException",
                  "Names that begin like " + name + " are reserved for documents of AWS.");
  }
  Document document;
  document.created = now_();
  document.content = text(input, "Content");
  document.version_name = text(input, "VersionName");
  if (member(input, "DocumentType") != nullptr) document.type = text(input, "DocumentType");
  if (member(input, "DocumentFormat") != nullptr) document.format = text(input, "DocumentFormat");
  if (document.content.size() > kMaxContentBytes) {
    return refuse("MaxDocumentSizeExceeded",
                  "Content is longer than " + std::to_string(kMaxContentBytes) + " bytes.");
  }
  auto description = describe(name, document, input);
  if (!description) return tl::unexpected(description.error());

  const auto lock = store_.lock();
  if (documents_.find(key(name)) != nullptr) {
    return refuse("DocumentAlreadyExists", "There is a document named " + name + " already.");
  }
  if (documents_.size() >= kMaxDocuments) {
    return refuse("DocumentLimitExceeded",
                  "This account has " + std::to_string(kMaxDocuments) + " documents, which is the limit.");
  }
  documents_.create(key(std::move(name)), std::move(document));
  Json output = Json::object();
  output["DocumentDescription"] = *std::move(description);
  return output;
}

Outcome Documents::remove(const Json& input) {
  const std::string name = key(text(input, "Name"));
  const auto lock = store_.lock();
  const auto* document = documents_.find(name);
  if (document == nullptr) return no_such_document(name);
  const std::string version = text(input, "DocumentVersion");
  const std::string version_name = text(input, "VersionName");
  const bool first = version.empty() || version == "1" || version == "$LATEST" || version == "$DEFAULT";
  if (!first || (!version_name.empty() && version_name != document->value.version_name)) {
    return refuse("InvalidDocument", "Document " + name + " has no such version.");
  }
  if (!document->value.shares.empty()) {
    return refuse("InvalidDocumentOperation",
                  "Document " + name + " is still shared: unshare it before it can be deleted.");
  }
  documents_.remove(name);
  return Json::object();
}

}  // namespace

void add_operations(const reference::Setup& setup) {
  const auto documents = std::make_shared<Documents>(setup);
  const auto add = [&](const char* name, Outcome (Documents::*run)(const Json&),
                       reference::InputErrors errors = {}) {
    setup.operations.add(
        name, [documents, run](const Json& input) { return (*documents.*run)(input); }, std::move(errors));
  };
  // Of the operations on a document that must exist.
  reference::InputErrors names;
  if (setup.options.dialect.of_family.get<Variation>().impossible_name_is_unknown)
    names.impossible["Name"] = {400, "InvalidDocument", "No document can have that name."};
  reference::InputErrors shares = names;
  shares.not_in_enumeration["PermissionType"] = {400, "InvalidPermissionType",
                                                 "Share is the only PermissionType there is."};
  add("DescribeDocumentPermission", &Documents::describe_permission, shares);
  add("ModifyDocumentPermission", &Documents::modify_permission, shares);
  add("CreateDocument", &Documents::create);
  add("DeleteDocument", &Documents::remove, names);
}

harness::reference::ServiceDefinition reference() {
  return {add_operations};
}

}  // namespace conformance::ssm::documents
