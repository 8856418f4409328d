#include "conformance/ssm/documents/scenario_support.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "harness/base/ascii.h"

namespace conformance::ssm::documents {

std::vector<std::string> account_ids(std::size_t count, std::uint64_t first) {
  return harness::run::counted_up(fmt::format("{:012}", first), count);
}

Json document_input(const ScenarioContext& context, const std::string& name) {
  return context.situation().pack.catalogue->kind(kDocument)->create->filled(name);
}

std::optional<std::string> new_document(ScenarioContext& context, std::string_view purpose) {
  std::string name = context.name(purpose);
  if (!create_document(context, name)) return std::nullopt;
  return name;
}

bool create_document(ScenarioContext& context, const std::string& name) {
  return context.create(kDocument, name).has_value();
}

bool share(ScenarioContext& context, const std::string& document, const Accounts& accounts,
           const std::string& version) {
  const Json more = version.empty() ? Json() : Json{{"SharedDocumentVersion", version}};
  const auto shared = context.add(kDocument, document, kAccounts, accounts, more);
  if (!shared) context.blocked("the document cannot be shared: " + shared.error().message);
  return shared.has_value();
}

bool unshare(ScenarioContext& context, const std::string& document, const Accounts& accounts) {
  const auto taken = context.take(kDocument, document, kAccounts, accounts);
  if (!taken) context.blocked("sharing cannot be stopped: " + taken.error().message);
  return taken.has_value();
}

std::vector<std::string> account_ids_of(const Reply& reply) {
  return harness::wire::strings_member(reply.body, "AccountIds");
}

std::map<std::string, std::string> versions_of(const Reply& reply) {
  std::map<std::string, std::string> out;
  const Json* infos = harness::wire::member(reply.body, "AccountSharingInfoList");
  if (infos == nullptr || !infos->is_array()) return out;
  for (const Json& info : *infos) {
    const auto account = harness::wire::text_member(info, "AccountId");
    if (!account.empty()) out[account] = harness::wire::text_member(info, "SharedDocumentVersion");
  }
  return out;
}

Shares read_shares(ScenarioContext& context, const std::string& document) {
  // No scenario that reads shares has more than 20; one to a page, with an empty page in front of each.
  constexpr std::size_t kMaxPages = 64;
  Shares out;
  std::string token;
  for (std::size_t i = 0; i < kMaxPages; ++i) {
    Json more = Json::object();
    if (!token.empty()) more["NextToken"] = token;
    const Reply reply = context.call("DescribeDocumentPermission", describe_input(document, more));
    if (!reply.ok()) return out;
    const auto accounts = account_ids_of(reply);
    out.accounts.insert(out.accounts.end(), accounts.begin(), accounts.end());
    out.versions.merge(versions_of(reply));
    token = next_token_of(reply);
    if (token.empty()) {
      out.ok = true;
      return out;
    }
    context.situation().knowledge.tokens[token] = document;
  }
  context.expect(false, "relation/paging-ends",
                 "64 pages of at most 20 accounts, and still there is a NextToken");
  return out;
}

std::string next_token_of(const Reply& reply) {
  return harness::wire::text_member(reply.body, "NextToken");
}

std::vector<std::string> Pages::all() const {
  std::vector<std::string> out;
  for (const auto& page : pages) out.insert(out.end(), page.begin(), page.end());
  return out;
}

Pages read_pages(ScenarioContext& context, const std::string& document, int max_results,
                 std::size_t most_pages) {
  Pages out;
  std::string token;
  for (std::size_t i = 0; i < most_pages; ++i) {
    Json more = Json::object();
    if (max_results > 0) more["MaxResults"] = max_results;
    if (!token.empty()) more["NextToken"] = token;
    const Reply reply = context.call("DescribeDocumentPermission", describe_input(document, more));
    if (!reply.ok() || context.failed()) {
      out.broken = true;
      return out;
    }
    out.pages.push_back(account_ids_of(reply));
    out.versions.merge(versions_of(reply));
    token = next_token_of(reply);
    if (token.empty()) {
      out.ended = true;
      return out;
    }
    context.situation().knowledge.tokens[token] = document;
  }
  return out;
}

std::optional<Sharing> read_sharing(ScenarioContext& context, const std::string& document,
                                    std::size_t accounts) {
  auto known = std::exchange(context.situation().knowledge.of(kDocument)[document].holds, {});
  // A page of one account each, and as many empty ones besides, are as slow as paging may legitimately be.
  const Pages pages = read_pages(context, document, 0, 2 * accounts + 8);
  context.situation().knowledge.of(kDocument)[document].holds = std::move(known);
  if (pages.broken) return std::nullopt;
  if (!pages.ended) {
    context.blocked(fmt::format("{} pages, and still there is a NextToken", pages.pages.size()));
    return std::nullopt;
  }
  Sharing out{pages.all(), pages.versions};
  // Whoever has a document that is public may be written in any case.
  for (std::string& account : out.accounts) {
    if (harness::base::lower(account) == "all") account = "all";
  }
  std::sort(out.accounts.begin(), out.accounts.end());
  return out;
}

std::string names_of(const Accounts& accounts) {
  return accounts.empty() ? "nobody" : fmt::format("{}", fmt::join(accounts, ", "));
}

bool expect_sharing(ScenarioContext& context, const std::string& document, Accounts expected,
                    std::string_view rule, std::string_view what) {
  const auto sharing = read_sharing(context, document, expected.size());
  if (!sharing) return false;
  std::sort(expected.begin(), expected.end());
  return context.expect(sharing->accounts == expected, rule,
                        fmt::format("{}: it names {}, and should name {}", what, names_of(sharing->accounts),
                                    names_of(expected)));
}

bool is_shared_with(ScenarioContext& context, const std::string& document, Accounts expected) {
  const auto sharing = read_sharing(context, document, expected.size());
  if (!sharing) return false;
  std::sort(expected.begin(), expected.end());
  if (sharing->accounts == expected) return true;
  context.blocked(fmt::format("the document was shared with {}, but names {}", names_of(expected),
                              names_of(sharing->accounts)));
  return false;
}

}  // namespace conformance::ssm::documents
