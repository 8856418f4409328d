#include "conformance/scenarios/support.h"

#include <map>

#include "conformance/scenarios/scenarios.h"

namespace conformance {

std::vector<std::string> account_ids_of(const Reply& reply) {
  std::vector<std::string> out;
  if (!reply.body.is_object()) return out;
  const auto ids = reply.body.find("AccountIds");
  if (ids == reply.body.end() || !ids->is_array()) return out;
  for (const Json& id : *ids) {
    if (id.is_string()) out.push_back(id.get<std::string>());
  }
  return out;
}

std::map<std::string, std::string> versions_of(const Reply& reply) {
  std::map<std::string, std::string> out;
  if (!reply.body.is_object()) return out;
  const auto infos = reply.body.find("AccountSharingInfoList");
  if (infos == reply.body.end() || !infos->is_array()) return out;
  for (const Json& info : *infos) {
    if (!info.is_object()) continue;
    const auto id = info.find("AccountId");
    const auto version = info.find("SharedDocumentVersion");
    if (id == info.end() || !id->is_string()) continue;
    out[id->get<std::string>()] =
        version != info.end() && version->is_string() ? version->get<std::string>() : "";
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
  if (!reply.body.is_object()) return {};
  const auto token = reply.body.find("NextToken");
  return token != reply.body.end() && token->is_string() ? token->get<std::string>() : std::string();
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
    token = next_token_of(reply);
    if (token.empty()) {
      out.ended = true;
      return out;
    }
    context.situation().knowledge.tokens[token] = document;
  }
  return out;
}

std::vector<Scenario> all_scenarios() {
  std::vector<Scenario> out;
  for (auto family :
       {sharing_scenarios, paging_scenarios, connection_scenarios, protocol_scenarios, loss_scenarios}) {
    auto some = family();
    out.insert(out.end(), some.begin(), some.end());
  }
  return out;
}

}  // namespace conformance
