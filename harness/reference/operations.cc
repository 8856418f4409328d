#include "harness/reference/operations.h"

#include <algorithm>
#include <set>
#include <utility>

#include "harness/base/ascii.h"
#include "harness/reference/document_description.h"
#include "harness/reference/service.h"

namespace harness::reference {
namespace {

using wire::Json;

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

/// In front of an account in a page token: an empty page comes first.
constexpr std::string_view kGap = "-";
/// In place of an account in a page token: the first page was empty.
constexpr std::string_view kStart = "+";

Json empty_page(std::string next_token) {
  Json output = Json::object();
  output["AccountIds"] = Json::array();
  output["AccountSharingInfoList"] = Json::array();
  output["NextToken"] = std::move(next_token);
  return output;
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

std::map<std::string, bool, std::less<>> nodes_by_key(const ServiceOptions& options) {
  std::map<std::string, bool, std::less<>> result;
  for (const auto& [node, connected] : options.nodes)
    result[options.dialect.ignores_case ? base::lower(node) : node] = connected;
  return result;
}

bool holds_controls(const std::string& text) {
  return std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

}  // namespace

Operations::Operations(const model::Model& model, const ServiceOptions& options)
    : nodes_(nodes_by_key(options)),
      page_limit_(options.dialect.page_limit),
      token_after_full_page_(options.dialect.token_after_full_page),
      empty_first_page_(options.dialect.empty_first_page),
      empty_pages_between_(options.dialect.empty_pages_between),
      unknown_nodes_connected_(options.dialect.unknown_nodes_connected),
      only_node_ids_(options.dialect.only_node_ids),
      knows_its_nodes_(options.dialect.knows_its_nodes),
      refuses_controls_(options.dialect.refuses_controls),
      refuses_repeats_(options.dialect.refuses_repeats),
      ignores_case_(options.dialect.ignores_case),
      now_(options.now) {
  struct Implementation {
    const char* name;
    Outcome (Operations::*run)(const Json&);
    bool names_document;
  };
  const Implementation implementations[] = {
      {"DescribeDocumentPermission", &Operations::describe_document_permission, true},
      {"GetConnectionStatus", &Operations::get_connection_status, false},
      {"ModifyDocumentPermission", &Operations::modify_document_permission, true},
      {"CreateDocument", &Operations::create_document, false},
      {"DeleteDocument", &Operations::delete_document, true},
  };
  const auto& only = options.dialect.only_operations;
  for (const auto& [name, run, names_document] : implementations) {
    if (!only.empty() && std::find(only.begin(), only.end(), name) == only.end()) continue;
    const model::Operation* operation = model.find_operation(name);
    if (operation == nullptr || operation->input == nullptr) continue;
    entries_.push_back({model.target_prefix() + "." + name, operation->input, run, names_document});
  }
  for (const std::string& name : options.documents) {
    Document document;
    document.created = now_();
    document.content = R"({"schemaVersion":"2.2","description":"","mainSteps":[]})";
    store_.create(key(name), std::move(document));
  }
}

std::string Operations::key(std::string name) const {
  return ignores_case_ ? base::lower(name) : name;
}

const Operations::Entry* Operations::find(std::string_view target) const {
  const auto found =
      std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.target == target; });
  return found == entries_.end() ? nullptr : &*found;
}

std::vector<std::string> Operations::documents() const {
  const std::lock_guard lock(mutex_);
  return store_.names();
}

Outcome Operations::get_connection_status(const Json& input) {
  const std::string target = text(input, "Target");
  const auto node = nodes_.find(key(target));
  if (refuses_controls_ && holds_controls(target))
    return refuse("ValidationException", "Target holds control characters.");
  if (only_node_ids_ && !target.starts_with("i-") && !target.starts_with("mi-"))
    return refuse("ValidationException", "Target is not the id of a managed node.");
  if (knows_its_nodes_ && node == nodes_.end())
    return refuse("InvalidInstanceId", "There is no managed node " + target.substr(0, 100) + ".");
  Json output = Json::object();
  output["Target"] = target;
  const bool connected = node == nodes_.end() ? unknown_nodes_connected_ : node->second;
  output["Status"] = connected ? "connected" : "notconnected";
  return output;
}

Outcome Operations::describe_document_permission(const Json& input) {
  const std::string name = key(text(input, "Name"));
  std::size_t limit = kDefaultPage;
  if (const Json* most = member(input, "MaxResults"); most != nullptr && most->is_number_integer()) {
    limit = static_cast<std::size_t>(std::max<std::int64_t>(1, most->get<std::int64_t>()));
  }
  if (page_limit_) limit = std::min(limit, static_cast<std::size_t>(std::max(1, *page_limit_)));

  const std::lock_guard lock(mutex_);
  const Document* document = store_.find(name);
  if (document == nullptr) return no_such_document(name);

  std::string after;
  if (const Json* token = member(input, "NextToken")) {
    auto last =
        tokens_.read(document->serial, token->is_string() ? token->get_ref<const std::string&>() : "");
    if (!last)
      return refuse("InvalidNextToken", "NextToken was not issued for this document, or was changed.");
    after = *std::move(last);
  }

  if (empty_first_page_ && member(input, "NextToken") == nullptr)
    return empty_page(tokens_.issue(document->serial, kStart));
  if (after == kStart) after.clear();
  // Behind a page comes an empty one, whose token says where to go on.
  if (after.starts_with(kGap)) return empty_page(tokens_.issue(document->serial, after.substr(kGap.size())));

  const SharePage page = page_of(*document, after, limit);
  Json ids = Json::array();
  Json infos = Json::array();
  for (const auto& [account, version] : page.shares) {
    ids.push_back(account);
    Json info = Json::object();
    info["AccountId"] = account;
    info["SharedDocumentVersion"] = version;
    infos.push_back(std::move(info));
  }
  Json output = Json::object();
  output["AccountIds"] = std::move(ids);
  output["AccountSharingInfoList"] = std::move(infos);
  const bool full = page.shares.size() == limit;
  if (page.more || (full && token_after_full_page_)) {
    const std::string& last = page.shares.back().first;
    output["NextToken"] =
        tokens_.issue(document->serial, empty_pages_between_ ? std::string(kGap) + last : last);
  }
  return output;
}

Outcome Operations::modify_document_permission(const Json& input) {
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

  const std::lock_guard lock(mutex_);
  Document* document = store_.find(name);
  if (document == nullptr) return no_such_document(name);

  // On a copy: a call that is refused changes nothing.
  auto shares = document->shares;
  if (refuses_repeats_) {
    const bool again =
        std::any_of(add->begin(), add->end(), [&](const auto& a) { return shares.contains(a); });
    const bool absent =
        std::any_of(remove->begin(), remove->end(), [&](const auto& a) { return !shares.contains(a); });
    if (again || absent) return refuse("InvalidParameterException", "That would change nothing.");
  }
  for (const std::string& account : *remove) shares.erase(account);
  for (const std::string& account : *add) shares[account] = account == "all" ? "$DEFAULT" : version;
  if (shares.size() > kMostShares) {
    return refuse("DocumentPermissionLimit", "The document would be shared with more than " +
                                                 std::to_string(kMostShares) + " accounts.");
  }
  document->shares = std::move(shares);
  return Json::object();
}

Outcome Operations::create_document(const Json& input) {
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
  if (document.content.size() > kMostContentBytes) {
    return refuse("MaxDocumentSizeExceeded",
                  "Content is longer than " + std::to_string(kMostContentBytes) + " bytes.");
  }
  auto description = describe(name, document, input);
  if (!description) return tl::unexpected(description.error());

  const std::lock_guard lock(mutex_);
  if (store_.find(key(name)) != nullptr) {
    return refuse("DocumentAlreadyExists", "There is a document named " + name + " already.");
  }
  if (store_.size() >= kMostDocuments) {
    return refuse("DocumentLimitExceeded",
                  "This account has " + std::to_string(kMostDocuments) + " documents, which is the limit.");
  }
  store_.create(key(std::move(name)), std::move(document));
  Json output = Json::object();
  output["DocumentDescription"] = *std::move(description);
  return output;
}

Outcome Operations::delete_document(const Json& input) {
  const std::string name = key(text(input, "Name"));
  const std::lock_guard lock(mutex_);
  const Document* document = store_.find(name);
  if (document == nullptr) return no_such_document(name);
  const std::string version = text(input, "DocumentVersion");
  const std::string version_name = text(input, "VersionName");
  const bool first = version.empty() || version == "1" || version == "$LATEST" || version == "$DEFAULT";
  if (!first || (!version_name.empty() && version_name != document->version_name)) {
    return refuse("InvalidDocument", "Document " + name + " has no such version.");
  }
  if (!document->shares.empty()) {
    return refuse("InvalidDocumentOperation",
                  "Document " + name + " is still shared: unshare it before it can be deleted.");
  }
  store_.remove(name);
  return Json::object();
}

}  // namespace harness::reference
