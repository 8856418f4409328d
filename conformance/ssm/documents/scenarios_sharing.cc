#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "conformance/ssm/documents/scenario_support.h"
#include "conformance/ssm/scenarios.h"
#include "harness/base/ascii.h"

namespace conformance::ssm::documents {
namespace {

constexpr const char* kDescribe = "DescribeDocumentPermission";
constexpr std::size_t kMaxPages = 64;
constexpr const char* kModify = "ModifyDocumentPermission";

std::set<std::string> as_set(const std::vector<std::string>& list) {
  return {list.begin(), list.end()};
}

void not_shared(ScenarioContext& c) {
  const auto document = new_document(c, "unshared");
  if (!document) return;
  const Shares reply = read_shares(c, *document);
  if (!reply.ok) return;
  c.expect(reply.accounts.empty(), "relation/accounts", "a document that was never shared names an account");
}

// The documentation's own example: a document, PermissionType Share, two empty lists.
void sharing_example(ScenarioContext& c) {
  const auto document = new_document(c, "Example");
  if (!document) return;
  const Reply reply = c.call(kDescribe, {{"Name", *document}, {"PermissionType", "Share"}});
  if (!reply.ok()) return;
  c.expect(reply.body.contains("AccountIds") && reply.body.contains("AccountSharingInfoList"),
           "shape/missing", "the documented answer has both lists, also when they are empty");
}

void share_becomes_visible(ScenarioContext& c) {
  const auto document = new_document(c, "share");
  if (!document || !share(c, *document, {"111122223333"})) return;
  const Shares one = read_shares(c, *document);
  if (!one.ok) return;
  c.expect(as_set(one.accounts) == std::set<std::string>{"111122223333"}, "relation/accounts",
           "the account that the document was shared with is not named");
  if (!share(c, *document, {"444455556666", "777788889999"})) return;
  const Shares three = read_shares(c, *document);
  if (!three.ok) return;
  c.expect(as_set(three.accounts) == std::set<std::string>{"111122223333", "444455556666", "777788889999"},
           "relation/accounts", "after sharing with two more accounts, not exactly the three are named");
}

void unshare_becomes_visible(ScenarioContext& c) {
  const auto document = new_document(c, "unshare");
  const auto accounts = account_ids(5);
  if (!document || !share(c, *document, accounts) || !unshare(c, *document, {accounts[1], accounts[3]}))
    return;
  const Shares reply = read_shares(c, *document);
  if (!reply.ok) return;
  c.expect(as_set(reply.accounts) == std::set<std::string>{accounts[0], accounts[2], accounts[4]},
           "relation/accounts",
           "after sharing was stopped with two of five accounts, not exactly the other three are named");
  if (!unshare(c, *document, {accounts[0], accounts[2], accounts[4]})) return;
  const Shares none = read_shares(c, *document);
  if (none.ok) {
    c.expect(none.accounts.empty(), "relation/accounts",
             "after sharing was stopped with all, an account is still named");
  }
}

void lists_agree(ScenarioContext& c) {
  const auto document = new_document(c, "agree");
  const auto accounts = account_ids(12);
  if (!document || !share(c, *document, accounts)) return;
  const Shares reply = read_shares(c, *document);
  if (!reply.ok) return;
  const auto ids = reply.accounts;
  const auto versions = reply.versions;
  c.expect(ids.size() == versions.size(), "relation/lists-agree", "the two lists have different lengths");
  for (const auto& [account, version] : versions) {
    c.expect(std::find(ids.begin(), ids.end(), account) != ids.end(), "relation/lists-agree",
             fmt::format("{} stands only in AccountSharingInfoList", account));
    c.expect(version == "$DEFAULT" || version == "$LATEST" || version == "$ALL", "relation/shared-version",
             fmt::format("SharedDocumentVersion is '{}', which is none of the versions that can be shared",
                         version));
  }
}

void shared_version(ScenarioContext& c) {
  const auto document = new_document(c, "version");
  if (!document || !share(c, *document, {"111122223333"}, "$LATEST") ||
      !share(c, *document, {"444455556666"}, "$DEFAULT")) {
    return;
  }
  const Shares reply = read_shares(c, *document);
  if (!reply.ok) return;
  const auto versions = reply.versions;
  for (const auto& [account, version] :
       {std::pair<std::string, std::string>{"111122223333", "$LATEST"}, {"444455556666", "$DEFAULT"}}) {
    const auto it = versions.find(account);
    c.expect(it != versions.end() && it->second == version, "relation/shared-version",
             fmt::format("{} was shared with {}, but the answer says '{}'", version, account,
                         it == versions.end() ? "nothing" : it->second));
  }
}

void public_document(ScenarioContext& c) {
  const auto document = new_document(c, "public");
  if (!document || !share(c, *document, {"all"})) return;
  const Shares reply = read_shares(c, *document);
  if (!reply.ok) return;
  const auto ids = reply.accounts;
  const bool says_all =
      ids.size() == 1 && ids[0].size() == 3 && (ids[0] == "all" || ids[0] == "All" || ids[0] == "ALL");
  c.expect(says_all, "relation/accounts", "a public document does not name all as the only account");
  if (!unshare(c, *document, {"all"})) return;
  const Shares after = read_shares(c, *document);
  if (after.ok)
    c.expect(after.accounts.empty(), "relation/accounts",
             "a document that is public no longer still names an account");
}

// The documentation writes All, the pattern has (?i)all, and answers say all: it is one group of accounts.
void all_in_any_case(ScenarioContext& c) {
  const auto document = new_document(c, "everybody");
  if (!document) return;
  const auto modify = [&](const char* list, const char* all) {
    return c.call(kModify, {{"Name", *document}, {"PermissionType", "Share"}, {list, Json::array({all})}})
        .ok();
  };
  c.situation().knowledge.of(kDocument)[*document].holds.erase(kAccounts);
  for (const auto& [add, remove] :
       {std::pair{"All", "All"}, std::pair{"all", "All"}, std::pair{"All", "all"}}) {
    if (!modify("AccountIdsToAdd", add)) return;
    // Nothing says that what is there may be added again.
    c.try_change(*document, c.client().request(kModify, {{"Name", *document},
                                                         {"PermissionType", "Share"},
                                                         {"AccountIdsToAdd", Json::array({"all"})}}));
    const Pages during = read_pages(c, *document, 0, kMaxPages);
    if (!during.ended) return;
    const auto named = during.all();
    if (!c.expect(named.size() == 1 && harness::base::lower(named.front()) == "all", "relation/accounts",
                  fmt::format("a document that was shared with {} and with all does not name all as the only "
                              "account",
                              add))) {
      return;
    }
    if (!modify("AccountIdsToRemove", remove)) return;
    const Pages after = read_pages(c, *document, 0, kMaxPages);
    if (!after.ended) return;
    if (!c.expect(
            after.all().empty(), "relation/accounts",
            fmt::format("a document that was shared with {} still names an account after {} was removed", add,
                        remove))) {
      return;
    }
  }
}

// "If it isn't specified, the system chooses the Default version": it does not choose that of an earlier
// call.
void version_is_not_kept(ScenarioContext& c) {
  const auto document = new_document(c, "versions");
  if (!document) return;
  auto& shared = c.situation().knowledge.of(kDocument)[*document].holds.at(kAccounts);
  const auto share = [&](const char* account, const char* version) {
    Json input = {
        {"Name", *document}, {"PermissionType", "Share"}, {"AccountIdsToAdd", Json::array({account})}};
    if (version != nullptr) input["SharedDocumentVersion"] = version;
    if (!c.call(kModify, input).ok()) return false;
    shared.insert(account);
    return true;
  };
  if (!share("111122223333", "$LATEST") || !share("444455556666", nullptr)) return;
  std::string token;
  for (std::size_t page = 0; page < kMaxPages; ++page) {
    const Json more = token.empty() ? Json::object() : Json{{"NextToken", token}};
    const Reply reply = c.call(kDescribe, describe_input(*document, more));
    if (!reply.ok()) return;
    const auto versions = versions_of(reply);
    if (const auto it = versions.find("444455556666"); it != versions.end()) {
      c.expect(it->second != "$LATEST", "relation/shared-version",
               "an account that was added without a version has the version $LATEST of the call before");
      return;
    }
    token = next_token_of(reply);
    if (token.empty()) break;
    c.situation().knowledge.tokens[token] = *document;
  }
  c.expect(false, "relation/accounts", "an account that the document was shared with is on no page");
}

// What is deleted is gone.
void delete_twice(ScenarioContext& c) {
  const auto document = new_document(c, "twice");
  if (!document || !c.call("DeleteDocument", {{"Name", *document}}).ok()) return;
  c.situation().knowledge.of(kDocument)[*document].exists = false;
  c.call("DeleteDocument", {{"Name", *document}});
}

void delete_while_shared(ScenarioContext& c) {
  const auto document = new_document(c, "delete");
  if (!document || !share(c, *document, {"111122223333"})) return;
  const Reply refused = c.call("DeleteDocument", {{"Name", *document}});
  if (refused.ok() || c.failed()) return;
  const Shares still = read_shares(c, *document);
  if (!still.ok) return;
  c.expect(as_set(still.accounts) == std::set<std::string>{"111122223333"}, "relation/accounts",
           "the deletion that was refused changed whom the document is shared with");
  if (!unshare(c, *document, {"111122223333"})) return;
  if (!c.call("DeleteDocument", {{"Name", *document}}).ok()) return;
  c.situation().knowledge.of(kDocument)[*document].exists = false;
  c.call(kDescribe, describe_input(*document));
}

// Names at the ends of the documented pattern, as documents that exist.
void name_of(ScenarioContext& c, std::size_t length) {
  std::string name = c.name("name");
  if (length < name.size()) {
    // It cannot carry the run's prefix, and may exist already. AWS reserves names that begin with "aws".
    name = harness::run::letters_for(name, length);
    if (name.front() == 'a') name.front() = 'b';
  } else {
    name += std::string(length - name.size(), 'n');
  }
  if (!create_document(c, name)) return;
  const Shares reply = read_shares(c, name);
  if (reply.ok) {
    c.expect(reply.accounts.empty(), "relation/accounts",
             "a document that was never shared names an account");
  }
  c.discard(kDocument, name);
}
void name_of_3_characters(ScenarioContext& c) {
  name_of(c, 3);
}
void name_of_128_characters(ScenarioContext& c) {
  name_of(c, 128);
}

// Two documents that differ by one character, by case or by what a pattern's dot might match are two
// documents.
void documents_are_apart(ScenarioContext& c) {
  const std::string a = c.name("a.b");
  std::string b = a;
  b[b.rfind("a.b") + 1] = '-';
  if (!create_document(c, a) || !create_document(c, b) || !share(c, a, {"111122223333"}) ||
      !share(c, b, {"444455556666"}))
    return;
  const Shares ra = read_shares(c, a);
  const Shares rb = read_shares(c, b);
  if (!ra.ok || !rb.ok) return;
  c.expect(as_set(ra.accounts) == std::set<std::string>{"111122223333"} &&
               as_set(rb.accounts) == std::set<std::string>{"444455556666"},
           "relation/accounts", "two documents whose names differ in one character are mixed up");
}

// The same valid request from many connections at once: each gets its own document's answer.
void concurrent_documents(ScenarioContext& c) {
  constexpr std::size_t kReaders = 8;
  constexpr std::size_t kReadings = 8;
  std::vector<std::string> documents;
  for (std::size_t i = 0; i < kReaders; ++i) {
    const auto document = new_document(c, "lane");
    if (!document || !share(c, *document, account_ids(1, 200000000000 + i))) return;
    documents.push_back(*document);
  }
  c.concurrently(kReaders, [&](std::size_t i, ScenarioContext& lane) {
    for (std::size_t round = 0; round < kReadings && !lane.failed(); ++round) {
      const Shares reply = read_shares(lane, documents[i]);
      if (!reply.ok) return;
      lane.expect(reply.accounts == account_ids(1, 200000000000 + i), "relation/crossed",
                  "under concurrency the answer is that of another request");
    }
  });
}

}  // namespace

std::vector<Scenario> scenarios_sharing() {
  constexpr const char* op = kDescribe;
  return {
      {"DescribeDocumentPermission/scenario/example", op, "the documentation's example", sharing_example},
      {"DescribeDocumentPermission/scenario/not-shared", op, "a document that was never shared", not_shared},
      {"DescribeDocumentPermission/scenario/share-becomes-visible", op, "what is shared is named",
       share_becomes_visible},
      {"DescribeDocumentPermission/scenario/unshare-becomes-visible", op,
       "what is no longer shared is not named", unshare_becomes_visible},
      {"DescribeDocumentPermission/scenario/lists-agree", op, "AccountIds and AccountSharingInfoList agree",
       lists_agree},
      {"DescribeDocumentPermission/scenario/shared-version", op, "the version shared with each account",
       shared_version},
      {"DescribeDocumentPermission/scenario/public", op, "a public document", public_document},
      {"ModifyDocumentPermission/scenario/all-in-any-case", kModify,
       "everybody, in capital and small letters", all_in_any_case},
      {"ModifyDocumentPermission/scenario/version-is-not-kept", kModify,
       "sharing without a version, after sharing with one", version_is_not_kept},
      {"DeleteDocument/scenario/twice", "DeleteDocument", "deleting a document twice", delete_twice},
      {"DescribeDocumentPermission/scenario/delete-while-shared", op,
       "deleting a document that is still shared", delete_while_shared},
      {"DescribeDocumentPermission/scenario/name-of-3-characters", op, "a document with the shortest name",
       name_of_3_characters},
      {"DescribeDocumentPermission/scenario/name-of-128-characters", op, "a document with the longest name",
       name_of_128_characters},
      {"DescribeDocumentPermission/scenario/documents-are-apart", op, "names that differ in one character",
       documents_are_apart},
      {"DescribeDocumentPermission/scenario/concurrent", op,
       "the same request for different documents at once", concurrent_documents},
  };
}

}  // namespace conformance::ssm::documents
