#include "conformance/ssm/documents/reference.h"

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "conformance/ssm/documents/reference_content.h"
#include "conformance/ssm/documents/reference_description.h"
#include "conformance/ssm/documents/reference_store.h"
#include "conformance/ssm/reference_pages.h"
#include "conformance/ssm/reference_tags.h"
#include "harness/base/ascii.h"
#include "harness/base/hash.h"
#include "harness/reference/pages.h"
#include "harness/reference/service.h"

namespace conformance::ssm::documents {
namespace {

namespace base = harness::base;
namespace reference = harness::reference;
namespace wire = harness::wire;
using reference::Failure;
using reference::Outcome;
using reference::refuse;
using wire::Json;
using wire::text_member;

// Quotas, as AWS documents their defaults; they also bound what a fuzzer can make a service hold.
constexpr std::size_t kMaxDocuments = 500;
constexpr std::size_t kMaxVersions = 1000;
constexpr std::size_t kMaxShares = 1000;
constexpr std::size_t kMaxContentBytes = 64 * 1024;
// And this one, of all versions together, is not AWS's.
constexpr std::size_t kMaxBytesInAll = std::size_t{32} << 20;

/// The number of accounts on a page when the request does not say; and of documents or versions.
constexpr std::size_t kUsualAccounts = 20;
constexpr std::size_t kUsualPage = 50;
constexpr std::uint64_t kListOfDocuments = 1;

/// The member, unless it is absent; null is absent.
const Json* member(const Json& input, const char* name) {
  const auto found = input.find(name);
  return found == input.end() || found->is_null() ? nullptr : &*found;
}

tl::unexpected<Failure> no_such_document(const std::string& name) {
  return refuse("InvalidDocument", "Document with name " + name + " does not exist.");
}

tl::unexpected<Failure> no_such_version() {
  return refuse("InvalidDocumentVersion", "The document has no such version.");
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
  Outcome get(const Json& input);
  Outcome describe(const Json& input);
  Outcome update(const Json& input);
  Outcome set_default_version(const Json& input);
  Outcome list(const Json& input);
  Outcome list_versions(const Json& input);
  Outcome remove(const Json& input);
  /// nullptr if there is no such document.
  Tags* tags(const std::string& id);

 private:
  // What is shown of the version that the request selects.
  Outcome read(const Json& input, const std::function<Json(const Document&, const DocumentVersion&)>& show);
  tl::expected<DocumentVersion, Failure> new_version(const Json& input, const std::string& type,
                                                     const std::string& usual_format) const;
  tl::expected<void, Failure> add_bytes(const DocumentVersion& version);
  void forget(const std::string& key);
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
  std::size_t bytes_ = 0;  // of all contents
};

Documents::Documents(const reference::Setup& setup)
    : dialect_(setup.options.dialect),
      varies_(dialect_.of_family.get<Variation>()),
      now_(setup.options.now),
      pages_(dialect_),
      store_(setup.store),
      documents_(setup.store.add<Document>(std::string(kKind))) {
  for (const std::string& name : setup.options.initial.get<Initial>().names) {
    DocumentVersion version;
    version.content = R"({"schemaVersion":"2.2","description":"","mainSteps":[]})";
    version.read = Json::parse(version.content);
    version.created = now_();
    Document document;
    document.name = name;
    document.versions.push_back(std::move(version));
    documents_.create(key(name), std::move(document));
  }
}

// ---- sharing ----

Outcome Documents::describe_permission(const Json& input) {
  const std::string name = key(text_member(input, "Name"));
  const auto lock = store_.lock();
  const auto* document = documents_.find(name);
  if (document == nullptr) return no_such_document(name);

  std::vector<std::string> accounts;
  for (const auto& [account, version] : document->value.shares) accounts.push_back(account);
  const auto page = pages_.page(document->serial, accounts, reference::token_in(input, "NextToken"),
                                reference::page_size_in(input, "MaxResults", kUsualAccounts));
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
  const std::string name = key(text_member(input, "Name"));
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
  std::string version = text_member(input, "SharedDocumentVersion");
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

// ---- versions ----

tl::expected<DocumentVersion, Failure> Documents::new_version(const Json& input, const std::string& type,
                                                              const std::string& usual_format) const {
  DocumentVersion out;
  out.created = now_();
  out.content = text_member(input, "Content");
  out.format = text_member(input, "DocumentFormat");
  if (out.format.empty()) out.format = usual_format;
  out.version_name = text_member(input, "VersionName");
  out.display_name = text_member(input, "DisplayName");
  out.target_type = text_member(input, "TargetType");
  if (out.content.size() > kMaxContentBytes) {
    return refuse("MaxDocumentSizeExceeded",
                  "Content is longer than " + std::to_string(kMaxContentBytes) + " bytes.");
  }
  auto content = read_content(out.content, out.format, type);
  if (!content) return tl::unexpected(content.error());
  out.read = *std::move(content);
  return out;
}

tl::expected<void, Failure> Documents::add_bytes(const DocumentVersion& version) {
  if (bytes_ + version.content.size() > kMaxBytesInAll)
    return refuse("DocumentLimitExceeded", "This account's documents are as large as they may be together.");
  bytes_ += version.content.size();
  return {};
}

void Documents::forget(const std::string& key) {
  for (const auto& version : documents_.find(key)->value.versions)
    bytes_ -= std::min(bytes_, version.content.size());
  documents_.remove(key);
}

Outcome Documents::create(const Json& input) {
  const std::string name = text_member(input, "Name");
  if (reserved_name(name)) {
    return refuse("ValidationException",
                  "Names that begin like " + name + " are reserved for documents of AWS.");
  }
  Document document;
  document.name = name;
  if (const auto type = text_member(input, "DocumentType"); !type.empty()) document.type = type;
  document.tags = tags_of(input);
  auto version = new_version(input, document.type, "JSON");
  if (!version) return tl::unexpected(version.error());
  document.versions.push_back(*version);

  const auto lock = store_.lock();
  if (documents_.find(key(name)) != nullptr)
    return refuse("DocumentAlreadyExists", "Document with same name " + name + " already exists");
  if (documents_.size() >= kMaxDocuments) {
    return refuse("DocumentLimitExceeded",
                  "This account has " + std::to_string(kMaxDocuments) + " documents, which is the limit.");
  }
  if (const auto added = add_bytes(*version); !added) return tl::unexpected(added.error());
  Json out = {{"DocumentDescription", description(document, document.latest())}};
  documents_.create(key(name), std::move(document));
  return out;
}

Outcome Documents::read(const Json& input,
                        const std::function<Json(const Document&, const DocumentVersion&)>& show) {
  const std::string name = key(text_member(input, "Name"));
  const auto lock = store_.lock();
  const auto* document = documents_.find(name);
  if (document == nullptr) return no_such_document(name);
  const auto* version =
      document->value.find(text_member(input, "DocumentVersion"), text_member(input, "VersionName"));
  if (version == nullptr) return no_such_version();
  return show(document->value, *version);
}

Outcome Documents::get(const Json& input) {
  return read(input, [&](const Document& document, const DocumentVersion& version) {
    return whole(document, version, text_member(input, "DocumentFormat"));
  });
}

Outcome Documents::describe(const Json& input) {
  return read(input, [](const Document& document, const DocumentVersion& version) {
    return Json{{"Document", description(document, version)}};
  });
}

// What is left out stays as it was in the version before.
Outcome Documents::update(const Json& input) {
  const std::string name = key(text_member(input, "Name"));
  const auto lock = store_.lock();
  auto* found = documents_.find(name);
  if (found == nullptr) return no_such_document(name);
  Document& document = found->value;
  const DocumentVersion& latest = document.latest();
  // Only the latest version can be gone on from.
  if (const auto asked = text_member(input, "DocumentVersion");
      !asked.empty() && document.find(asked, "") != &latest)
    return no_such_version();
  auto version = new_version(input, document.type, "JSON");
  if (!version) return tl::unexpected(version.error());
  if (text_member(latest.read, "schemaVersion").starts_with("1."))
    return refuse("InvalidDocumentSchemaVersion", "A document of schema version 1.x can't be updated.");
  if (version->content == latest.content)
    return refuse("DuplicateDocumentContent",
                  "The content of the document matches that of its latest version.");
  if (!version->version_name.empty() && document.find("", version->version_name) != nullptr)
    return refuse("DuplicateDocumentVersionName", "The version name has already been used in this document.");
  if (document.versions.size() >= kMaxVersions)
    return refuse("DocumentVersionLimitExceeded", "The document has as many versions as one may have.");
  if (const auto added = add_bytes(*version); !added) return tl::unexpected(added.error());
  version->number = latest.number + 1;
  if (version->display_name.empty()) version->display_name = latest.display_name;
  if (version->target_type.empty()) version->target_type = latest.target_type;
  document.versions.push_back(*std::move(version));
  return Json{{"DocumentDescription", description(document, document.latest())}};
}

Outcome Documents::set_default_version(const Json& input) {
  const std::string name = key(text_member(input, "Name"));
  const auto lock = store_.lock();
  auto* document = documents_.find(name);
  if (document == nullptr) return no_such_document(name);
  const auto* version = document->value.find(text_member(input, "DocumentVersion"), "");
  if (version == nullptr) return no_such_version();
  document->value.default_version = version->number;
  Json about = {{"Name", document->value.name}, {"DefaultVersion", std::to_string(version->number)}};
  if (!version->version_name.empty()) about["DefaultVersionName"] = version->version_name;
  return Json{{"Description", std::move(about)}};
}

Outcome Documents::list(const Json& input) {
  if (const auto key = unknown_filter(input); !key.empty())
    return refuse("InvalidFilterKey", "There is no filter " + key.substr(0, 40) + ".");
  const auto lock = store_.lock();
  std::vector<std::string> keys;
  for (auto& name : documents_.names()) {
    if (passes(documents_.find(name)->value, input)) keys.push_back(std::move(name));
  }
  return answer_page(pages_, {kListOfDocuments, "DocumentIdentifiers", kUsualPage}, keys, input,
                     [&](const std::string& name) { return identifier(documents_.find(name)->value); });
}

Outcome Documents::list_versions(const Json& input) {
  const std::string name = key(text_member(input, "Name"));
  const auto lock = store_.lock();
  const auto* found = documents_.find(name);
  if (found == nullptr) return no_such_document(name);
  const Document& document = found->value;
  std::map<std::string, const DocumentVersion*> versions;
  for (const auto& version : document.versions) versions[sortable(version.number)] = &version;
  std::vector<std::string> keys;
  for (const auto& [key, version] : versions) keys.push_back(key);
  return answer_page(pages_, {base::fnv1a("versions") + 2 * found->serial, "DocumentVersions", kUsualPage},
                     keys, input,
                     [&](const std::string& key) { return version_info(document, *versions.at(key)); });
}

// The document, or one version of it.
Outcome Documents::remove(const Json& input) {
  const std::string name = key(text_member(input, "Name"));
  const auto lock = store_.lock();
  auto* found = documents_.find(name);
  if (found == nullptr) return no_such_document(name);
  Document& document = found->value;
  const std::string selector = text_member(input, "DocumentVersion");
  const std::string version_name = text_member(input, "VersionName");
  const auto* version = document.find(selector, version_name);
  if (version == nullptr) return refuse("InvalidDocument", "Document " + name + " has no such version.");
  const bool is_whole = (selector.empty() && version_name.empty()) || document.versions.size() == 1;
  if (is_whole && !document.shares.empty())
    return refuse("InvalidDocumentOperation", "Must unshare document first before delete");
  if (is_whole) {
    forget(name);
    return Json::object();
  }
  if (version->number == document.default_version)
    return refuse("InvalidDocumentOperation", "Default version of the document can't be deleted.");
  bytes_ -= std::min(bytes_, version->content.size());
  document.versions.erase(document.versions.begin() + (version - document.versions.data()));
  return Json::object();
}

// ---- tags ----

Tags* Documents::tags(const std::string& id) {
  auto* document = documents_.find(key(id));
  return document == nullptr ? nullptr : &document->value.tags;
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
  add("GetDocument", &Documents::get, names);
  add("DescribeDocument", &Documents::describe, names);
  add("UpdateDocument", &Documents::update, names);
  add("UpdateDocumentDefaultVersion", &Documents::set_default_version, names);
  add("ListDocuments", &Documents::list);
  add("ListDocumentVersions", &Documents::list_versions, names);
  add("DeleteDocument", &Documents::remove, names);
  add_tag_operations(setup, "Document", [documents](const std::string& id) { return documents->tags(id); });
}

harness::reference::ServiceDefinition reference() {
  return {add_operations};
}

}  // namespace conformance::ssm::documents
