#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "conformance/ssm/documents/scenario_support.h"
#include "conformance/ssm/scenarios.h"

namespace conformance::ssm::documents {
namespace {

// Following NextToken yields every account once, and ends.
void paging(ScenarioContext& c, std::size_t accounts, int max_results) {
  const auto document = new_document(c, "paging");
  const auto shared = account_ids(accounts);
  if (!document || (accounts > 0 && !share(c, *document, shared))) return;
  // One empty page more than there are accounts is as slow as paging may legitimately be.
  const Pages pages = read_pages(c, *document, max_results, 2 * accounts + 3);
  if (pages.broken) return;
  if (!c.expect(pages.ended, "relation/paging-ends",
                fmt::format("{} pages of {} accounts, and still there is a NextToken", pages.pages.size(),
                            accounts))) {
    return;
  }
  auto all = pages.all();
  std::sort(all.begin(), all.end());
  const auto twice = std::adjacent_find(all.begin(), all.end());
  c.expect(twice == all.end(), "relation/paging-repeats",
           fmt::format("{} stands on more than one page", twice == all.end() ? "" : *twice));
  all.erase(std::unique(all.begin(), all.end()), all.end());
  c.expect(all == shared, "relation/paging-loses",
           fmt::format("all pages together name {} of {} accounts", all.size(), shared.size()));
}

template <std::size_t kAccounts, int kMaxResults>
void paging_case(ScenarioContext& c) {
  paging(c, kAccounts, kMaxResults);
}

// A token of one document is not good for another.
void token_bound_to_document(ScenarioContext& c) {
  const auto a = new_document(c, "tokens");
  const auto b = new_document(c, "tokens");
  if (!a || !b || !share(c, *a, account_ids(5)) || !share(c, *b, account_ids(5, 300000000000))) return;
  const Reply first = c.call("DescribeDocumentPermission", describe_input(*a, {{"MaxResults", 1}}));
  const std::string token = next_token_of(first);
  if (!first.ok() || c.failed()) return;
  if (token.empty()) return c.blocked("the endpoint gave no NextToken for 5 accounts at MaxResults 1");
  c.situation().knowledge.tokens[token] = *a;
  // The control: it is good for its own.
  if (!c.call("DescribeDocumentPermission", describe_input(*a, {{"MaxResults", 1}, {"NextToken", token}}))
           .ok())
    return;
  c.call("DescribeDocumentPermission", describe_input(*b, {{"MaxResults", 1}, {"NextToken", token}}));
}

// Two readers of one document do not disturb each other.
void interleaved(ScenarioContext& c) {
  const auto document = new_document(c, "interleaved");
  const auto shared = account_ids(9);
  if (!document || !share(c, *document, shared)) return;
  std::array<std::string, 2> tokens;
  std::array<std::vector<std::string>, 2> seen;
  const std::array<int, 2> sizes = {2, 3};
  std::array<bool, 2> ended = {false, false};
  for (int round = 0; round < 64 && !(ended[0] && ended[1]); ++round) {
    for (std::size_t reader = 0; reader < 2; ++reader) {
      if (ended[reader]) continue;
      Json more = {{"MaxResults", sizes[reader]}};
      if (!tokens[reader].empty()) more["NextToken"] = tokens[reader];
      const Reply reply = c.call("DescribeDocumentPermission", describe_input(*document, more));
      if (!reply.ok() || c.failed()) return;
      for (const auto& id : account_ids_of(reply)) seen[reader].push_back(id);
      tokens[reader] = next_token_of(reply);
      ended[reader] = tokens[reader].empty();
      if (!ended[reader]) c.situation().knowledge.tokens[tokens[reader]] = *document;
    }
  }
  for (auto& list : seen) {
    std::sort(list.begin(), list.end());
    c.expect(list == shared, "relation/paging-loses",
             "two readers that page at the same time do not both see every account once");
  }
}

}  // namespace

std::vector<Scenario> scenarios_paging() {
  std::vector<Scenario> out;
#define PAGING(accounts, size)                                                                   \
  out.push_back({"DescribeDocumentPermission/scenario/paging/" #accounts "-accounts-by-" #size,  \
                 "DescribeDocumentPermission", #accounts " accounts on pages of at most " #size, \
                 paging_case<accounts, size>})
#define PAGING_SIZES(accounts) \
  PAGING(accounts, 1);         \
  PAGING(accounts, 2);         \
  PAGING(accounts, 3);         \
  PAGING(accounts, 20);        \
  PAGING(accounts, 200)
  PAGING_SIZES(0);
  PAGING_SIZES(1);
  PAGING_SIZES(20);
  PAGING_SIZES(21);
  PAGING_SIZES(45);
#undef PAGING_SIZES
#undef PAGING
  out.push_back({"DescribeDocumentPermission/scenario/paging/45-accounts-by-default",
                 "DescribeDocumentPermission", "45 accounts without MaxResults", paging_case<45, 0>});
  out.push_back({"DescribeDocumentPermission/scenario/token-bound-to-document", "DescribeDocumentPermission",
                 "a token of another document", token_bound_to_document});
  out.push_back({"DescribeDocumentPermission/scenario/paging/interleaved", "DescribeDocumentPermission",
                 "two readers page through one document at once", interleaved});
  return out;
}

}  // namespace conformance::ssm::documents
